"""Ways back that several kinds of store share, as options with their terms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from policies.graph import Unknown

from .model import NOTHING, Estimate, Failure, I, Option, R, Step, Term, X, Z, survive
from .surroundings import Surroundings
from .unit import GIB, Unit

MIB = 1024**2
Timed = tuple[Estimate, tuple[str, ...]]
"""A duration and the properties not known yet that it depends on."""


def term(step: Step, time: Estimate, unit: Unit, why: str, setting: str = "") -> Term:
    """A term charged to a unit."""
    return Term(step, time, unit.urn, why, setting)


def failover(time: Estimate, unit: Unit, why: str, setting: str = "") -> Term:
    """The time the act itself takes."""
    return term(Step.FAIL_OVER, time, unit, why, setting)


def endpoint(unit: Unit, world: Surroundings) -> tuple[Term, ...]:
    """Clients follow a database's endpoint by DNS, unless RDS Proxy holds their connections."""
    if unit.fact("proxy") is True:
        return ()
    time = world.figures["propagate.database_endpoint"] + world.figures["propagate.client_cache"]
    return (
        term(Step.PROPAGATE, time, unit, "clients follow the endpoint's address", "aws.rds.Proxy in front"),
    )


def new_endpoint(unit: Unit, world: Surroundings) -> Term:
    """A restored store is a new store: the application must be pointed at it."""
    time = world.figures["propagate.new_endpoint"]
    return term(
        Step.PROPAGATE, time, unit, "a restored store has a new endpoint", "script the change of endpoint"
    )


def data_bytes(unit: Unit, world: Surroundings) -> float | Unknown:
    """How much data a restore moves: tag dr:data-gib, else the allocated storage, else the configured size."""
    tagged = unit.tag_number("dr:data-gib")
    if tagged is not None:
        return tagged if isinstance(tagged, Unknown) else tagged * GIB
    allocated = unit.fact("allocated_gib")
    if allocated is not None:
        return allocated if isinstance(allocated, Unknown) else allocated * GIB
    if world.settings.data_gib is not None:
        return world.settings.data_gib * GIB
    return Unknown(f"{unit.name}: its size, which the tag dr:data-gib tells")


def database_restore(unit: Unit, world: Surroundings) -> Timed:
    """Base + size / rate; twice that at worst."""
    base, margin = world.figures["restore.base"], world.figures.number("restore.margin")
    size = data_bytes(unit, world)
    keys = frozenset({"restore.base", "restore.rate", "restore.margin"})
    if isinstance(size, Unknown):
        return Estimate(base.low, math.inf, "D", keys), (size.path,)
    seconds = size / (world.figures.number("restore.rate") * MIB)
    return Estimate(base.low + seconds, (base.high + seconds) * margin, "D", keys), ()


def pitr(unit: Unit, world: Surroundings, *, lag: str, retention: float | Unknown, restore: Timed) -> Option:
    """Point-in-time restore in the store's own region."""
    time, vague = restore
    unsure = (retention.path,) if isinstance(retention, Unknown) else ()
    return Option(
        name="point-in-time restore",
        survives=survive(I, Z, X),
        rpo=world.figures[lag],
        terms=(
            failover(time, unit, "restore to a point in time", "the tag dr:data-gib where it holds less"),
            new_endpoint(unit, world),
        ),
        retention=retention,
        unsure=unsure,
        vague=vague,
    )


def backups(
    unit: Unit,
    world: Surroundings,
    restore: Timed,
    *,
    survives_zone: bool = True,
    then: Term | None = None,
) -> list[Option]:
    """Scheduled backups of AWS Backup, in the region and as copies in others.

    `then` is what comes after the restore, where that isn't to point the application at the restored store.
    """
    found: list[Option] = []
    after = then or new_endpoint(unit, world)
    for backup in unit.fact("backups", []):
        found += _backup(unit, world, backup, restore, after, survives_zone=survives_zone)
    return found


def _backup(
    unit: Unit,
    world: Surroundings,
    backup: dict[str, Any],
    restore: Timed,
    after: Term,
    *,
    survives_zone: bool,
) -> list[Option]:
    gap = backup.get("gap_s")
    if gap is None:
        return []
    time, vague = restore
    figures = world.figures
    start, start_vague = _start_window(backup, world)
    vague = vague + start_vague
    if isinstance(gap, Unknown):
        age, vague = Estimate(0, math.inf, "D"), (*vague, gap.path)
    else:
        age = Estimate(gap, gap)
    here = Option(
        name=f"restore of a backup ({backup.get('plan', 'plan')})",
        survives=survive(I, Z, X) if survives_zone else survive(I, X),
        rpo=age + start + figures["backup.job"],
        terms=(
            failover(
                time,
                unit,
                "restore of a scheduled backup",
                "enable_continuous_backup=True in the backup rule where the store takes it",
            ),
            after,
        ),
        retention=backup.get("retention_s"),
        unsure=tuple(backup.get("unsure", ())),
        vague=vague,
    )
    found = [here]
    if backup.get("continuous") is True and unit.kind == "s3":
        found.append(replace(here, name="restore of a continuous backup", rpo=figures["s3.continuous_lag"]))
    for copy, where, unsure in elsewhere(unit, backup.get("copies", [])):
        found.append(
            replace(
                here,
                name=f"restore of a backup's copy in {where}",
                survives=survive(I, Z, R, X),
                rpo=here.rpo + figures["backup.copy"],
                retention=copy.get("retention_s"),
                unsure=here.unsure + unsure,
            )
        )
    return found


def _start_window(backup: dict[str, Any], world: Surroundings) -> Timed:
    window = backup.get("start_window_s")
    if window is None:
        return world.figures["backup.start_window"], ()
    if isinstance(window, Unknown):
        return Estimate(0, math.inf, "D"), (window.path,)
    return Estimate(0, window), ()


def always_on(unit: Unit, time: Estimate, name: str = "regional service over several zones") -> Option:
    """A service that goes on through the loss of an instance or a zone."""
    terms = (failover(time, unit, name),) if time.high else ()
    return Option(name=name, survives=survive(I, Z), rpo=NOTHING, terms=terms, managed=True, manual=False)


def by_itself(
    name: str, reach: frozenset[Failure], rpo: Estimate, act: Term, sure: bool | Unknown
) -> Option | None:
    """What AWS does without anybody's doing; None where it is certain that it can't."""
    if sure is False:
        return None
    return Option(
        name=name, survives=reach, rpo=rpo, terms=(act,), managed=True, manual=False, unsure=unsure_of(sure)
    )


def follower(unit: Unit, what: str, lag: Estimate, terms: tuple[Term, ...]) -> list[Option]:
    """Copies of a unit in other regions that its clients have to move to: `what` (a domain) in each."""
    return [
        Option(name=f"{what} in {where}", survives=survive(I, Z, R), rpo=lag, terms=terms, unsure=unsure)
        for _, where, unsure in elsewhere(unit, unit.fact("replicas", []))
    ]


def elsewhere(
    unit: Unit, copies: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], str, tuple[str, ...]]]:
    """Those of a unit's copies that are in another region: each with where it is, and with what isn't known of that."""
    for copy in copies:
        region = copy.get("region")
        if region != unit.region:
            yield copy, place(region), unsure_of(region)


def place(region: str | Unknown | None) -> str:
    """A region in words."""
    return "another region" if isinstance(region, Unknown) else str(region)


def unsure_of(*values: Any) -> tuple[str, ...]:
    """The names of those values that are not known yet."""
    return tuple(v.path for v in values if isinstance(v, Unknown))


def present(options: Iterable[Option | None]) -> list[Option]:
    """Without those that don't exist."""
    return [o for o in options if o is not None]
