"""The runbook of a system: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pulumi

HERE = Path(__file__).parent
_MARK = re.compile(r"@([A-Z_]+)@")


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or `restore`; in Markdown.

    Raises KeyError for a name that the text has and `values` lack.
    """
    parts = ["restore"] if kind == "restore" else ["look", kind, "end"]
    whole = "".join((HERE / f"{part}.md").read_text(encoding="utf-8") for part in parts)
    return _MARK.sub(lambda found: values[found[1]], whole)


def runbook(kind: str, values: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """The same, of names that are known once AWS has made them."""
    return pulumi.Output.all(**values).apply(lambda known: text(kind, known))


def moved(kind: str, own: Mapping[str, pulumi.Input[str]], **more: pulumi.Input[str]) -> pulumi.Output[str]:
    """The runbook of a region whose parts are `own`, by the names of a system's output `parts`."""
    named = {_upper(name): value for name, value in own.items()}
    return runbook(kind, {**named, **more})


def _upper(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
