"""Every duration and count of the watch: default, range, and what follows from them. Nothing but the standard library is needed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """A setting of TIMING."""

    default: int
    low: int
    high: int
    what: str


FIELDS: Mapping[str, Field] = {
    "poll": Field(2, 1, 10, "seconds between two looks"),
    "watch": Field(120, 60, 600, "seconds that one invocation watches; 120 leaves no gap, see below"),
    "coolDown": Field(120, 0, 3600, "seconds after a swap without another one, unless nothing is lost by it"),
    "unhealthyPolls": Field(2, 1, 10, "looks in a row that must find the active instance ill"),
    "healthyPolls": Field(2, 1, 10, "looks in a row that must find an instance healthy before it may serve"),
    "drain": Field(5, 0, 300, "seconds: deregistration delay of the serving target group"),
    "request": Field(2, 1, 5, "seconds: the unit of what a call to AWS may take, see the package"),
}
"""By key of TIMING. Scheduler invokes with 60-second precision, anywhere in m:00 to m:59, so up to 119 seconds lie between two
invocations. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The values. Seconds, but for the two counts of polls."""

    poll: int
    watch: int
    cool_down: int
    unhealthy_polls: int
    healthy_polls: int
    drain: int
    request: int

    @property
    def socket(self) -> float:
        """Timeout of connecting, of TLS, and of waiting for an answer: a call is given up after three of them."""
        return self.request / 2

    @property
    def fresh(self) -> float:
        """How old a reading of the lease may be when something is registered by it."""
        return float(self.request)

    @property
    def settle(self) -> float:
        """After which nothing can land any more that was sent by an older epoch: `fresh`, and twice `request` from there."""
        return 3.0 * self.request

    @property
    def stale(self) -> float:
        """How old a look may be when something is done by it: the time of its four calls at most."""
        return 12 * self.socket

    @property
    def hurry(self) -> float:
        """Between two looks while something is under way."""
        return self.poll / 2

    @property
    def reserve(self) -> float:
        """What must be left of the function's time for another look, and for telling of it."""
        return self.poll + self.stale

    @property
    def timeout(self) -> int:
        """The function's timeout: a watch, one more look that is as slow as can be, and as much again for a slow start."""
        return self.watch + self.poll + 12 * self.request

    @property
    def swap(self) -> float:
        """How long a swap by hand is waited for: settling, draining, and three health checks of 10 seconds."""
        return self.settle + self.drain + 30


def timing(given: Any) -> Timing:
    """Values by the keys of FIELDS; what isn't given has its default. Raises ValueError that names key, value and what is allowed."""
    if not isinstance(given, Mapping):
        raise ValueError(f"TIMING is {given!r}: allowed is an object with {', '.join(FIELDS)}")  # noqa: TRY004 - one error type
    unknown = [key for key in given if key not in FIELDS]
    if unknown:
        raise ValueError(f"TIMING has {unknown[0]!r}: allowed are {', '.join(FIELDS)}")
    values = {key: _checked(key, field, given.get(key, field.default)) for key, field in FIELDS.items()}
    return Timing(**{_snake(key): value for key, value in values.items()})


def _checked(key: str, field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not field.low <= value <= field.high:
        raise ValueError(
            f"TIMING.{key} is {value!r}: allowed are whole numbers from {field.low} to {field.high} ({field.what})"
        )
    return value


def _snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)
