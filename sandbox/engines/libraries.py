"""Loads the parts of pulumi_aws that a program uses before several threads ask for them."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from sandbox import awsx

_SERVICE = re.compile(r"\b(?:pulumi_)?aws\.(\w+)\.[A-Z]")


def _sources(program: Path) -> Iterator[Path]:
    """The program's own files: what hidden folders hold, a virtual environment above all, is not searched."""
    for folder, folders, files in os.walk(program):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        yield from (Path(folder) / name for name in files if name.endswith(".py"))


def load(program: Path) -> None:
    """Load the services of pulumi_aws that the program's text names.

    They take seconds, which can be spent while something else starts. And they are lazy modules that a second thread may see half
    loaded.
    """
    text = "".join(path.read_text(errors="replace") for path in _sources(program))
    # Components of awsx may also be used by what the program imports from elsewhere.
    services(*_SERVICE.findall(text), *awsx.SERVICES)


def services(*names: str) -> None:
    """Load services of pulumi_aws by name."""
    for name in sorted(set(names)):
        with contextlib.suppress(ModuleNotFoundError):  # the text may mean another `aws`
            # Importing such a module only promises it; the first look at an attribute loads it.
            getattr(importlib.import_module(f"pulumi_aws.{name}"), "__all__", None)
