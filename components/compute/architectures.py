"""Processors: an image runs on one kind of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from components.checks import need

ARM, X86 = "arm64", "x86_64"
_GRAVITON = re.compile(r"(a1|[a-z]+\d+g[a-z]*|p6e-gb\d+)\.|mac(2|-m\d)")
"""Families with processors of Arm: a `g` follows the generation.
https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html"""
_TOLD = {
    ARM: re.compile(r"(?<![a-z0-9])(arm64|aarch64)(?![a-z0-9])"),
    X86: re.compile(r"(?<![a-z0-9])(x86_64|amd64)(?![a-z0-9])"),
}
"""What in the name of an image's parameter tells its architecture."""


def of_type(instance_type: str) -> str:
    """The architecture of an instance type, by its name."""
    return ARM if _GRAVITON.match(instance_type) else X86


def of_parameter(name: str | None) -> str | None:
    """The architecture that the name of an image's parameter tells. None: it tells none, or both."""
    told = [architecture for architecture, words in _TOLD.items() if name and words.search(name)]
    return told[0] if len(told) == 1 else None


def check(instance_types: Sequence[str], parameter: str | None) -> None:
    """Raise ArgumentError unless all types have one architecture, the image's where the parameter's name tells it."""
    by_type = {name: of_type(name) for name in instance_types}
    first = next(iter(by_type.values()))
    wanted = of_parameter(parameter) or first
    odd = [name for name, architecture in by_type.items() if architecture != wanted]
    why = (
        f"as the image {parameter} is"
        if of_parameter(parameter)
        else f"as {instance_types[0]} is: a group has one image"
    )
    other = X86 if wanted == ARM else ARM
    need(not odd, "instance_types", f"{', '.join(odd)} ({other})", f"types of {wanted}, {why}")
