"""The groups of keys that only a system of this kind has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from architectures.keys import Section
from architectures.parts.aurora.sections import AuroraDatabase


class ZonalDatabase(AuroraDatabase):
    """An Aurora cluster in each region, with an instance in every zone."""

    engine: Literal["aurora-postgresql", "aurora-mysql"] = "aurora-postgresql"


class Traffic(Section):
    """What clients ask, for the estimate of what stays in its zone. Nothing is built by it: measure, and say it here."""

    requests_per_second: float = Field(default=100, ge=0, le=1_000_000)
    """Of all clients, the average of a month."""
    write_share: float = Field(default=0.1, ge=0, le=1)
    """Share of the requests that write; all others read."""
    application_kilobytes: float = Field(default=20, ge=0, le=1_000_000)
    """Between web and application for a request, both ways together, in thousands of bytes."""
    database_kilobytes: float = Field(default=10, ge=0, le=1_000_000)
    """The same between application and database."""
