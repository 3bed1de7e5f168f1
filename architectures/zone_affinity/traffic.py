"""What it saves that requests stay in their zone: an estimate beside a design that spreads each of them over all zones. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from architectures.zone_affinity.sections import Traffic

USD_EACH_WAY = 0.01
"""Per GB that leaves a zone for another one of its region, and again per GB that comes in there.

Source: https://aws.amazon.com/ec2/pricing/on-demand/ (data transfer within the same AWS Region)
"""
CROSSING_MS = 1.0
"""Milliseconds that a question and its answer take longer from zone to zone: AWS says single-digit milliseconds, users see about one.

Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html
"""
SECONDS = 730 * 3600
"""Of a month, as AWS's price lists have it."""
GB = 1e9
_KB = 1e3
_DIGITS = 2


@dataclass(frozen=True)
class Crossing:
    """What crosses from zone to zone under one design."""

    gb: float
    """A month."""
    read_ms: float
    """That a request which reads waits for it, on the average."""
    write_ms: float
    """The same of one that writes."""

    @property
    def usd(self) -> float:
        """A month: each GB is paid for where it leaves and where it comes in."""
        return self.gb * 2 * USD_EACH_WAY

    def shown(self) -> dict[str, float]:
        """As outputs have it."""
        found = {
            "gbPerMonth": self.gb,
            "usdPerMonth": self.usd,
            "readMilliseconds": self.read_ms,
            "writeMilliseconds": self.write_ms,
        }
        return {name: round(value, _DIGITS) for name, value in found.items()}


def crossing(traffic: Traffic, zones: int, *, affine: bool) -> Crossing:
    """What crosses among `zones` zones: with affinity, or where the next tier's server is any of all zones.

    Of n zones an even spread meets another one than its own n-1 times in n. Writes go to the one instance that writes, under both
    designs; whose zone that is, the database decides.
    """
    away = (zones - 1) / zones
    to_application, to_read = (0.0, 0.0) if affine else (away, away)
    writes = traffic.write_share
    of_a_request = (
        to_application * traffic.application_kilobytes
        + (writes * away + (1 - writes) * to_read) * traffic.database_kilobytes
    )
    return Crossing(
        gb=traffic.requests_per_second * SECONDS * of_a_request * _KB / GB,
        read_ms=(to_application + to_read) * CROSSING_MS,
        write_ms=(to_application + away) * CROSSING_MS,
    )


def estimate(traffic: Traffic, zones: int) -> dict[str, dict[str, float]]:
    """Both designs beside each other, and the difference."""
    even, affine = crossing(traffic, zones, affine=False), crossing(traffic, zones, affine=True)
    saved = Crossing(
        gb=even.gb - affine.gb,
        read_ms=even.read_ms - affine.read_ms,
        write_ms=even.write_ms - affine.write_ms,
    )
    return {"evenSpread": even.shown(), "zoneAffinity": affine.shown(), "saved": saved.shown()}
