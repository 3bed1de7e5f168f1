# ruff: noqa: TRY004 - whatever is wrong with what was given is one kind of error
"""What a team may decide: tiers and their objectives, figures, and sizes that no property tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .figures import Figures
from .model import Failure

DEFAULT_TIERS: Mapping[str, Mapping[str, float]] = {
    # Objectives where tags say nothing. Grade C (a third-party digest of AWS guidance): declare rto-hours and rpo-minutes.
    "1": {"rto-hours": 0.25, "rpo-minutes": 5},
    "2": {"rto-hours": 1, "rpo-minutes": 15},
    # A daily backup is up to two days old when its windows and the copy count.
    "3": {"rto-hours": 24, "rpo-minutes": 2880},
}
OBJECTIVES = frozenset(
    f"{what}{suffix}" for what in ("rto-hours", "rpo-minutes") for suffix in ("", *(f"-{f}" for f in Failure))
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The estimator's configuration, checked. ValueError names setting, value and what is allowed."""

    tiers: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: DEFAULT_TIERS)
    default_tier: str = "3"
    figures: Figures = field(default_factory=Figures)
    data_gib: float | None = None
    """Size assumed for a store that says nothing of its own, in GiB; None leaves what depends on it undetermined."""
    home: str = ""
    """Region of the stacks that don't tell theirs."""


_KEYS = {"tiers", "default-tier", "figures", "data-gib", "region"}


def settings_from(config: Mapping[str, Any]) -> Settings:
    """Settings from plain configuration: keys tiers, default-tier, figures, data-gib, region, all of them optional."""
    for key in config:
        if key not in _KEYS:
            raise ValueError(
                f"recovery configuration: {key!r} is unknown: expected one of {', '.join(sorted(_KEYS))}"
            )
    tiers = {k: dict(v) for k, v in DEFAULT_TIERS.items()}
    for tier, given in _mapping(config.get("tiers"), "tiers").items():
        if tier not in tiers:
            raise ValueError(f"tiers: {tier!r} is no tier: expected 1, 2 or 3")
        for name, value in _mapping(given, f"tiers.{tier}").items():
            if name not in OBJECTIVES:
                raise ValueError(
                    f"tiers.{tier}: {name!r} is unknown: expected one of {', '.join(sorted(OBJECTIVES))}"
                )
            tiers[tier][name] = _number(value, f"tiers.{tier}.{name}")
    default = str(config.get("default-tier", "3")).removesuffix(".0")
    if default not in tiers:
        raise ValueError(f"default-tier: {default!r}, expected 1, 2 or 3")
    size = config.get("data-gib")
    home = config.get("region", "")
    if not isinstance(home, str):
        raise ValueError(f"region: {home!r}, expected a region's name")
    return Settings(
        tiers=tiers,
        default_tier=default,
        figures=Figures(_mapping(config.get("figures"), "figures")),
        data_gib=None if size is None else _number(size, "data-gib"),
        home=home,
    )


def settings_of_rule(given: Mapping[str, Any]) -> Settings:
    """Settings from those of the pack's rule `recovery-objectives`: tiers, defaultTier, figures and dataGib (0 is none), all optional."""
    size = given.get("dataGib")
    config = {"tiers": given.get("tiers"), "default-tier": given.get("defaultTier", 3)}
    return settings_from({**config, "figures": given.get("figures"), **({"data-gib": size} if size else {})})


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: {value!r}, expected an object")
    return value


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{name}: {value!r}, expected a number, 0 or more")
    return float(value)
