"""What each unit promises: the tags of the resource, else its tier's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .model import Failure, Unknown
from .settings import Settings
from .unit import Unit


@dataclass(frozen=True)
class Objective:
    """Seconds allowed for one failure; None where nothing is promised, Unknown where the promise can't be read."""

    tier: str
    rto: float | Unknown | None
    rpo: float | Unknown | None


def objective_of(unit: Unit, failure: Failure, settings: Settings) -> Objective:
    """Tag `dr:rto-hours-<failure>`, tag `rto-hours`, the tier's default for the failure, the tier's default: the first there is."""
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
    for tag in (f"dr:{name}-{failure}", name):
        value = unit.tag_number(tag)
        if value is not None:
            return value if isinstance(value, Unknown) else value * scale
    default = defaults.get(f"{name}-{failure}", defaults.get(name))
    return None if default is None else default * scale
