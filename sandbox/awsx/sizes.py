"""The sizes that a Fargate task can have, and the one that awsx chooses for what its containers ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.awsx.arguments import ArgumentError

_UNITS = 1024
"""CPU units a virtual CPU, and MiB a GiB."""
SIZES: Mapping[float, Iterable[float]] = {
    0.25: (0.5, 1, 2),
    0.5: range(1, 5),
    1: range(2, 9),
    2: range(4, 17),
    4: range(8, 31),
    8: range(16, 61),
    16: range(32, 121),
    32: (60, 120, 244),
}
"""GiB of memory by virtual CPUs, as awsx has them. AWS has fewer for 8 (steps of 4 GiB) and 16 (steps of 8):
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"""


def task_size(containers: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """CPU units and MiB for a task: of the sizes that hold what its containers ask for, the one with least memory, then least CPU."""
    asked = list(containers)
    cpu = sum(each.get("cpu") or 0 for each in asked) / _UNITS
    memory = sum(each.get("memoryReservation") or each.get("memory") or 0 for each in asked) / _UNITS
    fitting = [
        (gib, cpus) for cpus, choice in SIZES.items() for gib in choice if cpus >= cpu and gib >= memory
    ]
    if not fitting:
        raise ArgumentError(
            f"containers: they ask for {cpu:g} vCPU and {memory:g} GB together; no Fargate task is that large"
        )
    gib, cpus = min(fitting)
    return f"{cpus * _UNITS:g}", f"{gib * _UNITS:g}"
