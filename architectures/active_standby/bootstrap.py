"""The script of an instance's first start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

SAMPLE = Path(__file__).parent / "sample_app"


def script(given: str | None, port: int, disks: Mapping[str, pulumi.Input[str]]) -> pulumi.Input[str]:
    """What is given, else the sample server's; after the disk of the zone was attached, where there are `disks`, by zone id."""
    start = sample(port) if given is None else given
    if not disks:
        return start
    return pulumi.Output.all(**disks).apply(lambda known: with_disk(start, known))


def sample(port: int) -> str:
    """The sample server's."""
    start = (SAMPLE / "start.sh").read_text()
    return start.replace("@APPLICATION@\n", (SAMPLE / "app.py").read_text()).replace("@PORT@", str(port))


def with_disk(start: str, disks: Mapping[str, str]) -> str:
    """The script that attaches first; `disks` has the volume of each zone."""
    cases = "\n".join(f"{zone}) disk={volume} ;;" for zone, volume in disks.items())
    whole = (SAMPLE / "disk.sh").read_text()
    return whole.replace("@DISKS@", cases).replace("@START@\n", start.rstrip("\n") + "\n")
