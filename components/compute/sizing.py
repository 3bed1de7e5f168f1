"""How many instances a tier needs: pure arithmetic, no Pulumi."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from components.checks import need


@dataclass(frozen=True)
class Size:
    """An even spread of instances over zones."""

    per_zone: int
    zones: int

    @property
    def total(self) -> int:
        """Instances in all zones together."""
        return self.per_zone * self.zones

    def left(self, lost: int = 1) -> int:
        """Instances that remain when `lost` zones are gone."""
        return self.per_zone * (self.zones - lost)


def _spread(required: int | Fraction, zones: int) -> Size:
    return Size(per_zone=max(1, math.ceil(Fraction(required) / zones)), zones=zones)


def statically_stable_size(required: int, zones: int) -> Size:
    """Return the smallest even spread that still has `required` instances with any one zone lost.

    Static stability: the lost zone's share is running before the failure, because the control planes that
    would launch it may be impaired in the same event. A need of 6 is 9 over three zones (3 each), 12 over two
    (6 each); each zone has at least one.

    Raises ArgumentError for a need below 1 or fewer than two zones, where no size survives the loss of a zone.

    https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html
    """
    need(required >= 1, "required", required, "1 or more instances")
    need(zones >= 2, "zones", zones, "2 or more: with fewer nothing is left when a zone is lost")  # noqa: PLR2004
    return Size(per_zone=_spread(required, zones - 1).per_zone, zones=zones)


def standby_size(full: Size, fraction: float) -> Size:
    """Return `fraction` (0 to 1) of the full size, rounded up evenly: at least one a zone, or nothing of 0.

    Raises ArgumentError for a fraction outside that range.
    """
    need(0 <= fraction <= 1, "fraction", fraction, "0 to 1")
    if fraction == 0:
        return Size(per_zone=0, zones=full.zones)
    # The decimal is what was meant: 0.1 of 30 is 3, but the binary product is a little more, up to 4.
    return _spread(full.total * Fraction(str(fraction)), full.zones)
