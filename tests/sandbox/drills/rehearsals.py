"""The table of drills in docs/recovery.md: what the estimator promises of each failure under each strategy, and what a drill came to.

Run `python -m tests.sandbox.drills.rehearsals` in the repository to write it; a test compares the file with what this module makes.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from architectures.strategies import Strategy
from policies.recovery.document import DOCUMENT, between
from policies.recovery.words import duration
from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.promise import Span
from sandbox.drills.rehearse import Result
from sandbox.drills.scenario import Break, Scenario
from sandbox.drills.scenarios import ALL
from tests.architectures.strategy_table import VARIANTS
from tests.sandbox.drills.examples import STACKS, configured_so
from tests.test_settings import configuration

ROOT = Path(__file__).resolve().parents[3]
PACES = (0.0, 1.0)
"""Both ends of each figure."""
JUDGED: Sequence[Scenario] = tuple(
    each for each in ALL if each.failure and not each.back and each.breaks is not Break.TIER
)
"""Drills of what the estimator makes a promise for; a planned move isn't lost, and these systems have one tier."""
EVERYWHERE, AUTOMATIC, STORED, PLANNED, BY_HAND = "dsql", "alone", "kept", "plan", "hand"
SYSTEMS = {
    "restore": Strategy.BACKUP_AND_RESTORE,
    "pilot": Strategy.PILOT_LIGHT,
    "warm": Strategy.WARM_STANDBY,
    "both": Strategy.ACTIVE_ACTIVE,
    AUTOMATIC: Strategy.WARM_STANDBY,
    EVERYWHERE: Strategy.ACTIVE_ACTIVE,
    STORED: Strategy.WARM_STANDBY,
    PLANNED: Strategy.WARM_STANDBY,
    BY_HAND: Strategy.WARM_STANDBY,
}
"""A system of each strategy, side by side in both stacks; one that nobody needs to move; one whose database both regions write; three
that have stores beside their database, which a state machine moves, or a plan, or a person by hand."""
VARIED = {
    AUTOMATIC: "automatic",
    EVERYWHERE: "Aurora DSQL",
    STORED: "cache, sessions, files",
    PLANNED: "cache, sessions, files, a plan",
    BY_HAND: "cache, files, by hand",
}
"""The variant of its strategy that a system is."""
BACKED_UP: Mapping[str, Any] = {
    "objectives": {
        "drTier": 1,
        "rtoHours": 4,
        "rpoMinutes": 15,
        "corruption": {"rtoHours": 24, "rpoMinutes": 2880},
    },
}
"""What is promised where a backup alone brings corrupted data back."""
STORES: Mapping[str, Any] = {"cache": {}, "sessions": {}, "files": {}}
MORE: Mapping[str, Mapping[str, Any]] = {
    STORED: {**STORES, **BACKED_UP, "switch": {"by": "data-plane"}},
    PLANNED: {**STORES, **BACKED_UP, "switch": {"by": "region-switch"}},
    BY_HAND: {"cache": {}, "files": {}, "switch": {"by": "none"}},
}
"""What such a system says that is no variant of the strategies' table."""


def _configured(stack: str, beside: Mapping[str, Any]) -> dict[str, Any]:
    found = configuration(stack)
    web = found["holdfast:systems"]["web"]
    del web["standbyFraction"]
    found["holdfast:systems"] = systems = {
        name: {**copy.deepcopy(web), "site": f"{name}.holdfast.example", "strategy": str(strategy)}
        for name, strategy in SYSTEMS.items()
    }
    for name, variant in VARIED.items():
        systems[name] |= copy.deepcopy(MORE[name] if name in MORE else VARIANTS[variant][1])
    systems |= copy.deepcopy(dict(beside))
    return found


def scenarios(name: str) -> Sequence[Scenario]:
    """The drills of a system. A variant differs from its strategy in the loss of a region; with Aurora DSQL also in corruption."""
    return [
        each
        for each in JUDGED
        if name not in VARIED or each.elsewhere or (name == EVERYWHERE and each.breaks is Break.ROWS)
    ]


@contextmanager
def ground(beside: Mapping[str, Any] | None = None) -> Iterator[Ground]:
    """Both stacks with a system of each strategy, deployed, and systems that stand beside them undrilled."""
    said = {stack: _configured(stack, beside or {}) for stack in STACKS}
    with tempfile.TemporaryDirectory() as made, configured_so(Path(made), said) as found:
        yield found


Rehearsed = Mapping[tuple[str, str], Sequence[Result]]
"""By system and drill: a result for each pace."""


def rehearse(found: Ground) -> Rehearsed:
    """Carry out every drill of every system, at both ends of the figures."""
    made: dict[tuple[str, str], list[Result]] = {}
    plain = [found.system(name) for name in SYSTEMS if name not in VARIED]
    varied = [found.system(name) for name in VARIED if name != EVERYWHERE]
    everywhere = [found.system(EVERYWHERE)]
    for pace in PACES:
        for what, systems in (
            (JUDGED, plain),
            (scenarios(AUTOMATIC), varied),
            (scenarios(EVERYWHERE), everywhere),
        ):
            for result in command.carry_out(found, what, systems, pace):
                made.setdefault((result.system.name, result.scenario.name), []).append(result)
    return made


def span(low: float | None, high: float | None) -> str:
    """Both ends in words."""
    if low is None or high is None:
        return "without limit"
    return duration(high) if low == high else f"{duration(low)} to {duration(high)}"


def ends(values: Iterable[float]) -> str:
    """From the least to the most."""
    found = sorted(values)
    return span(found[0], found[-1])


def _said(found: Span) -> str:
    return span(found.low, found.high)


def _cells(results: Sequence[Result]) -> list[str]:
    promised = results[0].promised
    if promised is None or any(each.seconds is None for each in results):
        raise ValueError(f"{results[0].name} has not ended, or nothing is promised for it")
    return [
        _said(promised.time),
        ends(each.seconds for each in results if each.seconds is not None),
        _said(promised.loss),
        ends(each.lost for each in results),
    ]


def table(made: Rehearsed) -> str:
    """The table, and what it leaves out."""
    head = ["strategy", "drill", "time, estimated", "rehearsed", "loss, estimated", "rehearsed"]
    rows = [
        [
            f"`{strategy}`{f', {VARIED[name]}' if name in VARIED else ''}",
            scenario.name,
            *_cells(made[name, scenario.name]),
        ]
        for name, strategy in SYSTEMS.items()
        for scenario in JUDGED
        if (name, scenario.name) in made
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def fill(text: str, made: Rehearsed) -> str:
    """The document with the table made anew. ValueError when a mark is missing."""
    return between(text, "drills", table(made))


if __name__ == "__main__":
    with ground() as deployment:
        text = fill(DOCUMENT.read_text(encoding="utf-8"), rehearse(deployment))
    DOCUMENT.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} written\n")
