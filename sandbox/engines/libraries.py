"""Loads the parts of pulumi_aws that a program uses before several threads ask for them."""

from __future__ import annotations

import contextlib
import importlib
import re
from pathlib import Path

_SERVICE = re.compile(r"\b(?:pulumi_)?aws\.(\w+)\.[A-Z]")


def load(program: Path) -> None:
    """Load the services of pulumi_aws that the program's text names.

    They take seconds, which can be spent while something else starts. And they are lazy modules that a second thread may see half
    loaded.
    """
    files = (path for path in program.rglob("*.py") if ".venv" not in path.parts)
    text = "".join(path.read_text(errors="replace") for path in files)
    for name in sorted(set(_SERVICE.findall(text))):
        with contextlib.suppress(ModuleNotFoundError):  # the text may mean another `aws`
            # Importing such a module only promises it; the first look at an attribute loads it.
            getattr(importlib.import_module(f"pulumi_aws.{name}"), "__all__", None)
