"""No circle of files: nobody who reads one has to read another that leads back to it.

What counts is every import that is written in a file, at its top, inside a function or for type checkers only. An import of a package is one of its
`__init__.py`, an import of a module out of it one of that module; that Python loads the packages around a module first doesn't count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def modules(root: Path, room: str) -> dict[str, Path]:
    """The files of a room by module name."""
    found = {}
    for path in sorted((root / room).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports, as module and name in it; the name is empty where the module itself is imported."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from ((".".join([*base, *filter(None, [node.module])]), alias.name) for alias in node.names)


def links(files: Mapping[str, Path]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        wanted = {f"{m}.{n}" if f"{m}.{n}" in files else m for m, n in imported(name, path)}
        found[name] = (wanted & files.keys()) - {name}
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The files of each circle, by what can be reached from what."""
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        todo = list(graph[start])
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += graph[here]
        reach[start] = seen
    groups = {frozenset(n for n in reach[m] if m in reach[n]) for m in graph if m in reach[m]}
    return sorted(sorted(group) for group in groups)


@pytest.mark.parametrize("room", ["policies", "components", "architectures", "functions", "sandbox"])
def test_a_room_has_no_circle_of_files(room: str) -> None:
    assert circles(links(modules(ROOT, room))) == []


def test_a_circle_is_found(tmp_path: Path) -> None:
    texts = {
        "__init__": "",
        "a": "from .b import x",
        "b": "def f():\n    import room.c",
        "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from room import a",
        "d": "from . import a",
    }
    (tmp_path / "room").mkdir()
    for name, text in texts.items():
        (tmp_path / "room" / f"{name}.py").write_text(text, "utf-8")
    assert circles(links(modules(tmp_path, "room"))) == [["room.a", "room.b", "room.c"]]
