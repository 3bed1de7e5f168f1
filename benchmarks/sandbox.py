"""Time and memory of `up`: both stacks, from nothing, without the Pulumi CLI."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import command

ROOT = Path(__file__).parent.parent
MOST_SECONDS, MOST_GIB = 30.0, 1.2


def rows() -> list[tuple[str, str, str, bool]]:
    """Measure `up`, then take it down."""
    took, peak, done = command(
        [sys.executable, "-m", "sandbox", "up", "--engine", "runner", "--json"],
        detached=ROOT / ".sandbox" / "pid",
    )
    subprocess.run(
        [sys.executable, "-m", "sandbox", "down", "--engine", "runner"], check=True, capture_output=True
    )
    if done.returncode:
        return [("up of both stacks", f"failed: {done.stderr[-500:]}", "succeeds", False)]
    count = sum(len(stack["resources"]) for stack in json.loads(done.stdout)["stacks"].values())
    gib = peak / 2**30
    return [
        (
            f"up of both stacks, {count} resources",
            f"{took:.1f} s",
            f"at most {MOST_SECONDS:.0f} s",
            took <= MOST_SECONDS,
        ),
        ("peak memory of all its processes", f"{gib:.2f} GiB", f"at most {MOST_GIB} GiB", gib <= MOST_GIB),
    ]
