"""What can't be of the settings of schedules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from architectures.faults import Fault, fault, refusals
from architectures.workers import arguments
from architectures.workers.sections import Schedule


def schedule_faults(given: Mapping[str, Schedule], workers: Collection[str]) -> Iterator[Fault]:
    """Pairs of a key within the system and what is said of it; `workers` are those that have a queue."""
    for each, one in given.items():
        if one.queue not in workers:
            yield fault(f"schedules.{each}.queue", repr(one.queue), f"a worker: {', '.join(sorted(workers))}")
        for key, said in refusals(arguments.placeholder_schedule(one).check, arguments.SCHEDULE_KEYS):
            yield f"schedules.{each}.{key}", said
