"""No file of an engine needs itself by way of others: each knows a small protocol of what it needs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path, modules):
    """The modules of `modules` that a file imports anywhere, within functions and for types alone as well."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            )
            source = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                found = f"{source}.{alias.name}"
                yield from (each for each in ((found,) if found in modules else (source,)) if each in modules)


def graph(folder):
    files = {name_of(path): path for path in (ROOT / folder).rglob("*.py")}
    return {name: set(imported(path, files)) for name, path in files.items()}


def circles(graph):
    """Every module that reaches itself."""

    def reached(name, seen):
        for other in graph.get(name, ()):
            if other not in seen:
                seen.add(other)
                reached(other, seen)
        return seen

    return sorted(name for name in graph if name in reached(name, set()))


@pytest.mark.parametrize("folder", ["sandbox/engines", "sandbox/policy", "sandbox/report", "sandbox/random"])
def test_no_circle(folder):
    found = graph(folder)
    assert len(found) > 2
    assert circles(found) == []


def test_a_circle_would_be_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]
