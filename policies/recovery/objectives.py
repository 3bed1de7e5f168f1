"""What each unit promises: the tags of the resource, else its tier's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policies.graph import Unknown

from .model import Failure
from .settings import Settings
from .unit import Unit


@dataclass(frozen=True)
class Objective:
    """Seconds allowed for one failure; None where nothing is promised, Unknown where the promise can't be read."""

    tier: str
    rto: float | Unknown | None
    rpo: float | Unknown | None


def objective_of(unit: Unit, failure: Failure, settings: Settings) -> Objective:
    """The most specific there is: tag `dr:rto-hours-<failure>`, the tier's for the failure, tag `rto-hours`, the tier's."""
    tier = tier_of(unit, settings)
    return Objective(
        tier=tier,
        rto=_limit(unit, failure, settings.tiers[tier], "rto-hours", 3600),
        rpo=_limit(unit, failure, settings.tiers[tier], "rpo-minutes", 60),
    )


def tier_of(unit: Unit, settings: Settings) -> str:
    """The tag `dr-tier`; the default tier where it is missing, not known yet or none of the tiers."""
    tag = unit.tag("dr-tier")
    tier = (
        str(tag).strip().removesuffix(".0") if isinstance(tag, str | int | float) else settings.default_tier
    )
    return tier if tier in settings.tiers else settings.default_tier


def _limit(
    unit: Unit, failure: Failure, defaults: Mapping[str, float], name: str, scale: int
) -> float | Unknown | None:
    value: float | Unknown | None = unit.tag_number(f"dr:{name}-{failure}")
    for found in (defaults.get(f"{name}-{failure}"), unit.tag_number(name), defaults.get(name)):
        value = found if value is None else value
    return value if value is None or isinstance(value, Unknown) else value * scale
