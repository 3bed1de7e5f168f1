"""Loads the parts of pulumi_aws and pulumi_awsx that a program uses before several threads ask for them."""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sandbox import awsx

_SANDBOX = Path(__file__).resolve().parents[1]
_COMPONENTS = "pulumi_awsx"
_SERVICE = re.compile(r"\b(?:pulumi_)?aws\.(\w+)\.[A-Z]")
_BY_NAME = re.compile(r"\bpulumi_aws[\s\\]*(?:\.|import\b)")
"""What stands in every file that imports services by name. Only those are parsed: to parse all took a fifth of the loading."""


def _apart(folder: Path) -> bool:
    """Whether a folder in the program's is no part of it: hidden, its tests, a policy pack, another project, the sandbox itself."""
    return (
        folder.name.startswith((".", "__"))
        or folder.name == "tests"
        or folder.resolve() == _SANDBOX
        or any((folder / name).is_file() for name in ("PulumiPolicy.yaml", "Pulumi.yaml"))
    )


def _sources(program: Path) -> Iterator[Path]:
    """The program's own files."""
    for folder, folders, files in os.walk(program):
        folders[:] = [name for name in folders if not _apart(Path(folder) / name)]
        yield from (Path(folder) / name for name in files if name.endswith(".py"))


def load(program: Path) -> None:
    """Load the services of pulumi_aws that the program's text names.

    They take seconds, which can be spent while something else starts, and each its megabytes. And they are lazy modules that a second
    thread may see half loaded.
    """
    texts = (path.read_text(errors="replace") for path in _sources(program))
    named = {name for text in texts for name in (*_SERVICE.findall(text), *_imported(text))}
    services(*named, *awsx.SERVICES)
    # Components of awsx may also be used by what the program imports from elsewhere, which its text doesn't show.
    components()


def _imported(text: str) -> Iterator[str]:
    """The services that a file imports by name: `from pulumi_aws import ec2`, `import pulumi_aws.ec2`."""
    if not _BY_NAME.search(text):
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # told when the program runs
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "pulumi_aws":
            yield from (alias.name for alias in node.names if alias.name.islower())
        elif isinstance(node, ast.ImportFrom | ast.Import):
            modules = (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            )
            yield from (module.split(".")[1] for module in modules if module.startswith("pulumi_aws."))


_LOADED: set[str] = set()
"""What this process has loaded: to freeze again would keep what meanwhile became garbage for ever."""


def services(*names: str) -> None:
    """Load services of pulumi_aws by name."""
    new = set(names) - _LOADED
    if not new:
        return
    _LOADED.update(new)
    with _no_collection():
        for name in sorted(new):
            with contextlib.suppress(ModuleNotFoundError):  # the text may mean another `aws`
                # Importing such a module only promises it; the first look at an attribute loads it.
                getattr(importlib.import_module(f"pulumi_aws.{name}"), "__all__", None)


def components() -> None:
    """Load pulumi_awsx, whose modules are as lazy."""
    if _COMPONENTS in _LOADED:
        return
    _LOADED.add(_COMPONENTS)
    with _no_collection(), contextlib.suppress(ModuleNotFoundError):  # it may not be installed
        found = importlib.import_module(_COMPONENTS)
        for name in [each for each in sys.modules if each.startswith(f"{found.__name__}.")]:
            getattr(sys.modules[name], "__all__", None)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """What is made in the block is there to stay: looking for garbage in it would take a quarter of the time, now and ever after."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
