"""What the readers ask of the whole: the part of a world that the options of one unit depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .figures import Figures
from .settings import Settings
from .unit import Unit


class Surroundings(Protocol):
    """Everything around a unit."""

    figures: Figures
    settings: Settings

    def siblings(self, unit: Unit) -> Sequence[Unit]:
        """Its members in other regions."""
        ...

    def needs(self, unit: Unit) -> Sequence[Unit]:
        """The units that it can't work without, with their members elsewhere."""
        ...

    def other_sides(self, unit: Unit) -> Sequence[Unit]:
        """The records that answer for the same name when this one doesn't."""
        ...

    def awaits(self, unit: Unit) -> bool:
        """Whether a member in another region is declared, and nothing is known of it here."""
        ...

    def missing(self, unit: Unit) -> str:
        """Why the loss of its region can't be judged."""
        ...

    def reaches_beyond(self, unit: Unit) -> bool:
        """Whether any data or traffic is declared outside the unit's region."""
        ...

    def region_of_key(self, key: str) -> str | None:
        """The region of the unit with this identity, of whichever stack."""
        ...

    def check_behind(self, unit: Unit) -> Mapping[str, Any]:
        """The health check of the servers that a record leads to."""
        ...
