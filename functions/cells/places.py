"""Which cell has a key: where its place is written down, there; else by a hash over the cells that take new keys.

The hash is rendezvous hashing: each cell has a weight for each key, and the heaviest one gets it. A cell that is added takes its share from
every other one and moves nothing between those; one that goes leaves its keys to all others alike.
Source: https://doi.org/10.1109/90.663936 (Thaler and Ravishankar, Using name-based mappings to increase hit rates, 1998)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a cell does with keys."""

    TAKES = "takes"
    """It gets new ones."""
    FULL = "full"
    """It keeps those that it has."""
    DRAINED = "drained"
    """It answers for none: what is still written down as its own waits to be moved."""


@dataclass(frozen=True)
class Cell:
    """One copy of the system."""

    address: str
    """Its URL, without a path."""
    state: State = State.TAKES


@dataclass(frozen=True)
class Held:
    """A key's place, as it is written down."""

    cell: str
    epoch: int
    """Grows with each step of a move."""
    moving: bool = False


class NotNowError(Exception):
    """The key has no cell that may answer for it at the moment; the text says why."""


def chosen(key: str, cells: Iterable[str]) -> str:
    """The cell of a key among those, whatever their order. Raises ValueError for none."""
    return max(sorted(cells), key=lambda cell: hashlib.sha256(f"{cell}/{key}".encode()).digest())


@dataclass(frozen=True)
class Places:
    """The cells by name; a name has no slash."""

    cells: Mapping[str, Cell]

    def first(self, key: str) -> str:
        """The cell that a new key gets. Raises NotNowError when none takes any."""
        taking = [name for name, cell in self.cells.items() if cell.state is State.TAKES]
        if not taking:
            raise NotNowError("no cell takes new keys")
        return chosen(key, taking)

    def of(self, held: Held) -> Cell:
        """The cell that answers for a key that is written down. Raises NotNowError while it moves, or must be moved.

        It is sent nowhere else: another cell lacks its data.
        """
        if held.moving:
            raise NotNowError("it is being moved to another cell")
        cell = self.cells.get(held.cell)
        if cell is None or cell.state is State.DRAINED:
            raise NotNowError(f"its cell {held.cell} answers for none: it must be moved")
        return cell
