"""Print every measurement with its floor and bound. Exit status 1 when a bound is broken."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import active_standby, again, policies, programs, sandbox
from benchmarks.measure import seconds

SIZES = (250, 1_000, 3_000)
Row = tuple[str, str, str, bool]


def preview() -> list[Row]:
    """The program against the bare SDK."""
    work = programs.prod()
    count = len(work().resources)
    ours, floor = seconds(work, 7), seconds(programs.bare(count), 7)
    ratio = ours / floor
    shown = f"{ours:.2f} s, floor {floor:.2f} s: {ratio:.2f} times"
    return [
        (
            f"preview of prod, {count} resources, against as many plain ones",
            shown,
            "at most 1.5",
            ratio <= 1.5,
        )
    ]


def growth() -> list[Row]:
    """Cost per resource at growing sizes."""
    each = {}
    for size in SIZES:
        work = programs.chains(size)
        each[size] = seconds(work, 3) / len(work().resources) * 1e3
    low, high = min(each.values()), max(each.values())
    shown = ", ".join(f"{size}: {cost:.2f} ms" for size, cost in each.items())
    return [("cost per resource", f"{shown}; spread {high / low - 1:.0%}", "at most 20%", high / low <= 1.2)]


def main() -> int:
    """Measure, print, judge."""
    parts: list[Callable[[], list[Row]]] = [
        preview,
        growth,
        policies.rows,
        sandbox.rows,
        again.rows,
        active_standby.rows,
    ]
    good = True
    for part in parts:
        for what, shown, bound, kept in part():
            good &= kept
            print(f"{'ok ' if kept else 'BAD'}  {what}\n       {shown}   (bound: {bound})", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
