"""What must be so after a drill, each with the figures that it was judged by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.drills.client import Client, Try
from sandbox.drills.promise import Promise, Span
from sandbox.drills.scenario import Loss, Scenario
from sandbox.drills.system import Place
from sandbox.drills.world import World

BEFORE = 1.0
"""Seconds before the corruption that a restore goes back to."""
_MOMENT = 0.001
CACHE = "cache"


@dataclass(frozen=True)
class Check:
    """One assertion."""

    name: str
    holds: bool
    said: str

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "holds": self.holds, "said": self.said}


def serves(client: Client, place: Place) -> Check:
    """The name leads to the region that should serve, and the last row was acknowledged there."""
    host, last = client.resolve(), client.tries[-1]
    holds = last.region == place.region and not last.refused
    return Check(
        "serves", holds, f"the name leads to {host or 'nothing'}; last row: {last.refused or last.region}"
    )


def writer(found: Mapping[str, Any], place: Place) -> Check:
    """The database that the region's application writes to is there and writes. `found` is what the clock's verb `rows` tells of it."""
    return Check("writes", found["writer"], f"{found['cluster'] or 'no database'} in {place.region}")


def open_stores(found: Mapping[str, Any], place: Place) -> list[Check]:
    """The stores beside the database, where there are some, are written there, too: cache and files follow no other region's."""
    if not found["stores"]:
        return []
    said = found["refuses"] or f"{', '.join(found['stores'])} in {place.region}"
    return [Check("stores write", not found["refuses"], said)]


def capacity(found: dict[str, Any]) -> Check:
    """As many servers as the whole load needs are healthy, in each tier."""
    said = f"{found['healthy']} of {found['required']} needed are healthy, the group has {found['desired']}, at most {found['most']}"
    holds, inner = found["healthy"] >= found["required"] > 0, found.get("inner")
    if inner is not None:
        behind = capacity(inner)
        said, holds = f"{said}; of the next tier {behind.said}", holds and behind.holds
    return Check("capacity", holds, said)


def in_zones(client: Client, world: World) -> Check:
    """As long as nothing was lost no request left its zone, from the first tier to the replica that was read."""
    whole = [each for each in client.tries if each.at <= world.broke and each.zones]
    crossed = [each for each in whole if len(set(each.zones)) > 1]
    seen = {zone for each in whole for zone in each.zones}
    said = f"{len(crossed)} of {len(whole)} requests left their zone before the loss"
    said += f", such as {' -> '.join(crossed[0].zones)}" if crossed else f", in {', '.join(sorted(seen))}"
    return Check("in their zones", len(seen) > 1 and not crossed, said)


def alone(most: int) -> Check:
    """No two servers were registered at once, of a system that tolerates one."""
    return Check("one at a time", most == 1, f"at most {most} registered at once")


def in_time(seconds: float | None, promised: Promise) -> Check:
    """It took no longer than the estimator promises."""
    high = promised.time.high
    said = f"{'not back' if seconds is None else f'{seconds:.0f} s'}, promised at most {high} s"
    return Check("in time", seconds is not None and high is not None and seconds <= high, said)


def ends(seconds: float | None) -> Check:
    """All was well again at some time."""
    return Check("ends", seconds is not None, "never" if seconds is None else f"after {seconds:.0f} s")


def rows(
    found: Mapping[str, Any], world: World, client: Client, scenario: Scenario, promised: Promise | None
) -> Check:
    """What was expected to be lost is what was lost, and nothing that is there is corrupted."""
    there, spoilt = set(found["there"]), found["spoilt"]
    may, must, until = _bounds(world, scenario, promised)
    gone = missing(client, there)
    wrong = [each for each in gone if not may < each.at < until]
    # A row that had no time to get away and is there all the same was never lost: the drill broke nothing.
    kept = [each for each in client.acknowledged if must < each.at < until and each.number in there]
    said = f"{len(client.acknowledged)} rows acknowledged, {len(gone)} gone, may be gone: {scenario.loses}"
    said += _first("gone and should be there", wrong) + _first("there and should be gone", kept)
    said += f"; {len(spoilt)} corrupted" if spoilt else ""
    return Check("rows", bool(there) and not wrong and not kept and not spoilt, said)


def stores(
    found: Mapping[str, Any],
    world: World,
    client: Client,
    scenario: Scenario,
    promised: Mapping[str, Span],
) -> list[Check]:
    """Each store beside the database has every acknowledged row, but for what its replication may lose.

    A cache is promoted without a last look at the region that it leaves, whether that is there or not.
    """
    checks = []
    for kind, there in found["stores"].items():
        held, high = set(there), promised[kind].high or 0.0
        lossy = scenario.loses is Loss.LAG or (scenario.elsewhere and kind == CACHE)
        since = [world.broke] if scenario.loses is Loss.LAG else _promotions(world)
        gone = missing(client, held)
        wrong = [
            each
            for each in gone
            if not (lossy and any(at - high - _MOMENT < each.at < at + _MOMENT for at in since))
        ]
        said = f"{len(gone)} of {len(client.acknowledged)} acknowledged rows are gone"
        said += f", those of the last {high:g} s may be" if lossy else ""
        said += _first("gone and should be there", wrong) if held else ": nothing has ever come"
        checks.append(Check(kind, bool(held) and not wrong, said))
    return checks


def tables(
    found: Mapping[str, Any],
    world: World,
    client: Client,
    scenario: Scenario,
    promised: Mapping[str, Span],
) -> list[Check]:
    """The same of an API's table, where there is one."""
    made = stores(found, world, client, scenario, promised)
    return made or [Check("sessions", holds=False, said="no function that takes rows knows a table")]


def _promotions(world: World) -> list[float]:
    """When a cache became the one that writes."""
    return [line["at"] for line in world.timeline if line["who"] == "ElastiCache"]


def missing(client: Client, there: Collection[int]) -> list[Try]:
    """The acknowledged rows that are not among those."""
    return [each for each in client.acknowledged if each.number not in there]


def lost(found: Mapping[str, Any], world: World, client: Client) -> float:
    """Seconds from the oldest acknowledged row that is gone to the loss; 0 when all from before it are there."""
    gone = missing(client, set(found["there"]))
    return max((world.broke - each.at for each in gone if each.at < world.broke), default=0.0)


def failed_for(client: Client, world: World) -> float:
    """Seconds from the first row that was refused after the loss to the last one; 0 when none was."""
    refused = [each.at for each in client.tries if each.at > world.broke and each.refused]
    return refused[-1] - refused[0] if refused else 0.0


def _bounds(world: World, scenario: Scenario, promised: Promise | None) -> tuple[float, float, float]:
    """Rows acknowledged after the first moment may be gone, after the second they must be; until the third."""
    if scenario.loses is Loss.LAG and promised is not None:
        low, high = promised.loss.low or 0.0, promised.loss.high or 0.0
        return world.broke - high - _MOMENT, world.broke - low + _MOMENT, world.broke + _MOMENT
    if scenario.loses is Loss.BACKED_UP and promised is not None:
        return (
            world.broke - (promised.loss.high or 0.0) - _MOMENT,
            world.broke - BEFORE,
            world.broke + _MOMENT,
        )
    if scenario.loses is Loss.RESTORED:
        since = world.broke - BEFORE
        return since, since, world.restored
    return world.broke, world.broke, world.broke  # none


def _first(what: str, tries: list[Try]) -> str:
    return f"; {what}: row {tries[0].number} of {tries[0].at:.0f} s" if tries else ""
