"""One unit in one failure: which option is used, what its terms are, how it compares with the objective."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass, replace
from typing import Any

from policies.graph import Unknown

from .advice import advice
from .kinds import KINDS
from .model import NOTHING, UNRECOVERABLE, Estimate, Failure, Option, Step, Term, Verdict
from .objectives import Objective, objective_of
from .unit import Unit
from .verdict import judge, worst
from .ways import failover, term
from .world import World


@dataclass(frozen=True)
class Node:
    """A unit's result in one failure."""

    unit: Unit
    failure: Failure
    option: str
    rto: Estimate
    rpo: Estimate | None
    """None where the unit keeps no data."""
    terms: tuple[Term, ...]
    objective: Objective
    verdict: Verdict
    rto_verdict: Verdict
    rpo_verdict: Verdict
    unknown: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        return {
            "urn": self.unit.urn,
            "name": self.unit.name,
            "kind": KINDS[self.unit.kind].words,
            "region": self.unit.region,
            "tier": self.objective.tier,
            "option": self.option,
            "rto": self.rto.as_json(),
            "rpo": None if self.rpo is None else self.rpo.as_json(),
            "objective": {"rto": _limit(self.objective.rto), "rpo": _limit(self.objective.rpo)},
            "verdict": str(self.verdict),
            "terms": [t.as_json() for t in self.terms],
            "unknown": list(self.unknown),
        }


def _limit(value: float | Unknown | None) -> float | None:
    return None if value is None or isinstance(value, Unknown) else value


@dataclass(frozen=True)
class _Way:
    """An option with all its terms."""

    option: Option
    terms: tuple[Term, ...]
    rto: Estimate
    unknown: tuple[str, ...]
    verdicts: tuple[Verdict, Verdict]

    @functools.cached_property
    def rank(self) -> tuple[Any, ...]:
        """Best verdict, then the fastest that keeps the objective for loss, else the one that loses least."""
        keeps = self.verdicts[1].severity <= Verdict.MET_IF.severity
        order = (self.rto.high, self.option.rpo.high) if keeps else (self.option.rpo.high, self.rto.high)
        return (
            worst(self.verdicts).severity,
            not keeps,
            *order,
            self.rto.low,
            self.option.rpo.low,
            self.option.name,
        )


def estimate(unit: Unit, failure: Failure, world: World) -> Node | None:
    """The result, or None when the failure is none of this unit's: it doesn't serve, or keeps no data to corrupt."""
    kind = KINDS[unit.kind]
    kept = kind.store and not kind.passes
    if kind.words == KINDS["region-switch"].words or (failure is Failure.CORRUPTION and not kept):
        return None
    awaits = failure is Failure.REGION and world.awaits(unit)
    if not world.serving(unit) and not awaits:
        return None
    objective = objective_of(unit, failure, world.settings)
    if failure is Failure.REGION and unit.region in world.standby and not awaits:
        return None  # the loss of the region that doesn't serve is no outage
    options = [*world.options(unit), *_rebuilt(unit, world)]
    if awaits:
        options.append(_awaited(unit, world))
    ways = [w for o in options if (w := _way(unit, failure, o, objective, world)) is not None]
    return _node(unit, failure, ways, objective)


def _rebuilt(unit: Unit, world: World) -> list[Option]:
    """A store whose content comes from elsewhere (tag dr:rebuilt-from) is filled again, and loses nothing of its own."""
    source = unit.tag("dr:rebuilt-from")
    if source is None or not KINDS[unit.kind].store:
        return []
    unsure = (source.path,) if isinstance(source, Unknown) else ()
    again = failover(
        world.figures["restore.infra"], unit, f"filled again from {source if not unsure else 'its source'}"
    )
    return [
        Option(
            name="rebuilt from its source",
            survives=frozenset(Failure),
            rpo=NOTHING,
            terms=(again,),
            unsure=unsure,
        )
    ]


def _awaited(unit: Unit, world: World) -> Option:
    return Option(
        name="member in another region, not at hand",
        survives=frozenset({Failure.REGION}),
        rpo=NOTHING,
        managed=True,
        manual=False,
        unsure=(world.missing(unit),),
    )


def _way(unit: Unit, failure: Failure, option: Option, objective: Objective, world: World) -> _Way | None:
    if failure not in option.survives:
        return None
    terms, vague = _terms(unit, failure, option, world)
    unsure = option.unsure
    if failure is Failure.CORRUPTION and option.retention is not None:
        noticed = next(t.time for t in terms if t.step is Step.DETECT)
        if isinstance(option.retention, Unknown):
            unsure = (*unsure, option.retention.path)
        elif noticed.low > option.retention:
            return None  # it is noticed when no recovery point from before is kept any more
    option = replace(option, unsure=tuple(dict.fromkeys(unsure)))
    rto = functools.reduce(operator.add, (t.time for t in terms), NOTHING)
    rto = _measured(unit, failure, rto)
    if rto.grade == "measured":
        terms = (term(Step.FAIL_OVER, rto, unit, "measured in a game day"),)
    unknown = tuple(dict.fromkeys((*option.vague, *vague)))
    loss = option.rpo if KINDS[unit.kind].store else None
    return _Way(option, terms, rto, unknown, _verdicts(rto, loss, terms, unknown, objective))


def _verdicts(
    rto: Estimate,
    rpo: Estimate | None,
    terms: tuple[Term, ...],
    unknown: tuple[str, ...],
    objective: Objective,
) -> tuple[Verdict, Verdict]:
    time = judge(rto, objective.rto, unknown, [t.time for t in terms])
    return time, Verdict.MET if rpo is None else judge(rpo, objective.rpo, unknown, [rpo], loss=True)


def _measured(unit: Unit, failure: Failure, rto: Estimate) -> Estimate:
    """A game day's time replaces the high end: tag dr:measured-rto-seconds-<failure>; without suffix it is of the region."""
    found = unit.tag_number(f"dr:measured-rto-seconds-{failure}")
    if found is None and failure is Failure.REGION:
        found = unit.tag_number("dr:measured-rto-seconds")
    if found is None or isinstance(found, Unknown) or not rto.recoverable:
        return rto
    return Estimate(min(rto.low, found), found, "measured", rto.sources)


def _terms(
    unit: Unit, failure: Failure, option: Option, world: World
) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    detect, vague = _detect(unit, failure, option, world)
    decide, more = _decide(unit, failure, option, world)
    own = [t for t in option.terms if t.step not in (Step.DETECT, Step.DECIDE)]
    found = [*detect, *decide, *own]
    order = list(Step)
    return tuple(sorted(found, key=lambda t: order.index(t.step))), (*vague, *more)


def _detect(unit: Unit, failure: Failure, option: Option, world: World) -> tuple[list[Term], tuple[str, ...]]:
    if failure is Failure.CORRUPTION:
        tagged = unit.tag_number("dr:detect-corruption-minutes")
        if isinstance(tagged, Unknown):
            return [
                term(Step.DETECT, world.figures["detect.corruption"], unit, "the corruption is noticed")
            ], (tagged.path,)
        time = (
            world.figures["detect.corruption"]
            if tagged is None
            else Estimate(tagged * 60, tagged * 60, "declared")
        )
        return [
            term(Step.DETECT, time, unit, "the corruption is noticed", "the tag dr:detect-corruption-minutes")
        ], ()
    own = [t for t in option.terms if t.step is Step.DETECT]
    if own or option.managed:
        return own, ()
    if failure is Failure.REGION:
        plan = world.automation(unit, option)
        if plan is not None:
            return [world.trigger(plan[0])], ()
        watched = world.region_watch()
        if watched is not None:
            return [watched[0]], watched[1]
    return [
        term(
            Step.DETECT,
            world.figures["detect.human"],
            unit,
            "nothing watches it",
            "aws.route53.HealthCheck(...) on a failover record that leads to it"
            if failure is Failure.REGION
            else f"the tag dr:measured-rto-seconds-{failure} after a game day",
        )
    ], ()


def _decide(unit: Unit, failure: Failure, option: Option, world: World) -> tuple[list[Term], tuple[str, ...]]:
    if not option.manual:
        return [t for t in option.terms if t.step is Step.DECIDE], ()
    tagged = unit.tag_number("dr:decision-minutes")
    time = world.figures["decide.person"]
    vague: tuple[str, ...] = ()
    if isinstance(tagged, Unknown):
        vague = (tagged.path,)
    elif tagged is not None:
        time = Estimate(tagged * 60, tagged * 60, "declared")
    plan = world.automation(unit, option) if failure is Failure.REGION else None
    if plan is not None:
        if plan[1] is True:
            return [], ()
        time, vague = Estimate(0, time.high, time.grade, time.sources), (f"{plan[0].name}.triggers",)
    agreed = "the tag dr:decision-minutes"
    if failure is Failure.REGION:
        setting = f"aws.arcregionswitch.Plan(triggers=[...]) that moves it, or {agreed}"
    elif failure is Failure.CORRUPTION:
        setting = agreed
    else:
        setting = advice(unit.kind, failure) or agreed
    return [term(Step.DECIDE, time, unit, f"somebody decides: {option.name}", setting)], vague


def _node(unit: Unit, failure: Failure, ways: list[_Way], objective: Objective) -> Node:
    store = KINDS[unit.kind].store
    sure = [w for w in ways if not w.option.unsure]
    used = min(sure, key=lambda w: w.rank, default=None)
    better = [w for w in ways if w.option.unsure and (used is None or w.rank < used.rank)]
    unknown = tuple(
        dict.fromkeys(
            (*(used.unknown if used else ()), *(p for w in better for p in (*w.option.unsure, *w.unknown)))
        )
    )
    if used is None and not better:
        return Node(
            unit, failure, "none", UNRECOVERABLE, UNRECOVERABLE if store else None, (), objective,
            Verdict.UNATTAINABLE, Verdict.UNATTAINABLE, Verdict.UNATTAINABLE if store else Verdict.MET,
        )  # fmt: skip
    shown = used or min(better, key=lambda w: w.rank)
    rto, rpo = (used.rto, used.option.rpo) if used else (UNRECOVERABLE, UNRECOVERABLE)
    for w in better:
        rto, rpo = _widen(rto, w.rto), _widen(rpo, w.option.rpo)
    time = judge(rto, objective.rto, unknown, [t.time for t in shown.terms])
    loss = judge(rpo, objective.rpo, unknown, [rpo], loss=True) if store else Verdict.MET
    name = shown.option.name if used else f"{shown.option.name} (not known yet)"
    return Node(
        unit, failure, name, rto, rpo if store else None, shown.terms, objective,
        worst((time, loss)), time, loss, unknown, shown.option.findings,
    )  # fmt: skip


def _widen(sure: Estimate, maybe: Estimate) -> Estimate:
    """It may be as good as `maybe` and as bad as `sure`."""
    return Estimate(min(sure.low, maybe.low), sure.high, sure.grade, sure.sources | maybe.sources)
