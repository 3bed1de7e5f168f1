"""The table of strategies in docs/recovery.md, made from what both stacks of the three-tier system register under each.

Run `python -m tests.architectures.strategy_table` in the repository to write it; a test compares the file with what this module makes.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from typing import Any

from architectures.strategies import Strategy
from policies.cost import Prices, cost
from policies.recovery import Resource, judge
from policies.recovery.document import DOCUMENT, between
from policies.recovery.model import Failure
from policies.recovery.words import span
from tests.architectures.conftest import PEER, outputs, run
from tests.policies.recovery.test_program import EAST, WEST, resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

CORRUPTION = {"rtoHours": 24, "rpoMinutes": 1440}
OBJECTIVES: dict[Strategy, dict[str, Any]] = {
    Strategy.BACKUP_AND_RESTORE: {"drTier": 3, "rtoHours": 24, "rpoMinutes": 24 * 60},
    Strategy.PILOT_LIGHT: {"drTier": 2, "rtoHours": 1, "rpoMinutes": 5},
    Strategy.WARM_STANDBY: {"drTier": 1, "rtoHours": 0.25, "rpoMinutes": 1},
    Strategy.ACTIVE_ACTIVE: {"drTier": 1, "rtoHours": 2 / 60, "rpoMinutes": 5 / 60},
}
"""What each strategy is asked to keep."""
GROUP = "aws:autoscaling/group:Group"


EVERYWHERE, AUTOMATIC = "Aurora DSQL", "automatic"
VARIANTS: dict[str, tuple[Strategy, dict[str, Any]]] = {
    AUTOMATIC: (
        Strategy.WARM_STANDBY,
        {"standbyFraction": 0.67, "switch": {"by": "region-switch", "automatic": True}},
    ),
    EVERYWHERE: (Strategy.ACTIVE_ACTIVE, {"database": {"engine": "aurora-dsql"}, "switch": {}}),
}
"""What a strategy needs to keep its own objectives where its defaults don't: by name, the keys of the system."""


def changes(stack: str, strategy: Strategy, **more: Any) -> dict[str, Any]:
    """Changes of the stack's configuration by which it follows that strategy, with the objectives that it is asked to keep."""
    systems = configuration(stack)["holdfast:systems"]
    systems["web"].pop("standbyFraction")
    return {
        "strategy": str(strategy),
        "objectives": {**OBJECTIVES[strategy], "corruption": CORRUPTION},
        "systems": systems,
        **more,
    }


@functools.cache
def pair(strategy: Strategy, variant: str = "") -> dict[str, Deployment]:
    """Both stacks under that strategy, run once, with the keys of a variant."""
    found: dict[str, Deployment] = {}
    for stack in ("prod", "dr"):
        given = changes(stack, strategy)
        given["systems"]["web"] |= VARIANTS[variant][1] if variant else {}
        found[stack] = run(stack, {PEER: outputs(found["prod"])} if found else {}, **given)
    return found


def servers(stack: Deployment) -> int | None:
    """How many the stack's group runs; None: it has none."""
    groups = [group.inputs for group in stack.all(GROUP)]
    return int(groups[0]["desiredCapacity"]) if groups else None


def _made(stack: Deployment) -> int:
    return sum(resource.type.startswith("aws:") for resource in stack.resources)


@functools.cache
def registered(strategy: Strategy, variant: str = "") -> list[Resource]:
    """What both stacks register, as the estimator reads it."""
    stacks = pair(strategy, variant)
    return [*resources(stacks["prod"], EAST), *resources(stacks["dr"], WEST)]


def _cells(strategy: Strategy, variant: str = "") -> Iterator[str]:
    stacks, found = pair(strategy, variant), registered(strategy, variant)
    report, paid = judge(found), cost(found)
    yield f"`{strategy}`{variant and f', {variant}'}"
    yield f"{_made(stacks['prod'])} / {_made(stacks['dr'])}"
    yield " / ".join("none" if n is None else str(n) for n in map(servers, stacks.values()))
    for failure in Failure:
        result = report.failures[failure]
        yield f"{span(result.rto)}, {span(result.rpo)}: {result.verdict}"
    yield f"{paid.of(WEST):,.0f}"
    yield f"{paid.of(WEST) / paid.of(EAST):.0%}"


def _told(prices: Prices, by_use: str, unpriced: str) -> str:
    return (
        f"Prices: `policies/cost/prices.json` of {prices.date}, list prices of {' and '.join(prices.regions)}, for what is paid for "
        f"being there. Paid by use, and so left out: {by_use}, traffic, requests and the backups' storage. Without a price: {unpriced}."
    )


def _class(token: str) -> str:
    """A type as Python spells it, without the package."""
    return f"{token.split(':')[1].split('/', maxsplit=1)[0]}.{token.rsplit(':', 1)[-1]}"


def table() -> str:
    """The table, and what its last columns leave out."""
    prices = Prices.table()
    head = [
        "strategy",
        "resources",
        "servers",
        *(f"{failure}: time, loss" for failure in Failure),
        "USD a month, second region",
        "of the first",
    ]
    rows = [
        *(list(_cells(strategy)) for strategy in Strategy),
        *(list(_cells(strategy, variant)) for variant, (strategy, _) in VARIANTS.items()),
    ]
    lines = [head, ["---"] * len(head), *rows]
    left = [
        cost(registered(Strategy.WARM_STANDBY)),
        *(cost(registered(strategy, variant)) for variant, (strategy, _) in VARIANTS.items()),
    ]
    unpriced = "; ".join(dict.fromkeys(each for found in left for each in found.unpriced)) or "nothing else"
    used = dict.fromkeys(each for found in left for each in found.by_use)
    by_use = ", ".join(f"`{_class(each)}`" for each in used)
    return "\n".join(
        [
            *("| " + " | ".join(line) + " |" for line in lines),
            "",
            _told(prices, by_use, unpriced),
        ]
    )


def fill(text: str) -> str:
    """The document with the table made anew. ValueError when a mark is missing."""
    return between(text, "strategies", table())


if __name__ == "__main__":
    DOCUMENT.write_text(fill(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} written\n")
