"""What Python compiles anew each time a program's modules are loaded: the methods of its dataclasses, which are made from text.

A program is loaded for the plan and again for the deployment, and with the same texts. To compile them was half of the second loading.
"""

from __future__ import annotations

import builtins
import dataclasses
import functools
from types import CodeType
from typing import Any


@functools.cache
def _compiled(text: str) -> CodeType:
    return compile(
        text, "<string>", "exec", dont_inherit=True
    )  # as `exec` there: without this file's own futures


def _run(text: str, names: dict[str, Any], found: dict[str, Any]) -> None:
    builtins.exec(_compiled(text), names, found)  # noqa: S102  it stands in for the one there


def once() -> None:
    """Have dataclasses compile each text once in this process."""
    dataclasses.exec = _run  # type: ignore[attr-defined]  # the module's own name for what it calls
