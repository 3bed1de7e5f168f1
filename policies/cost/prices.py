"""The table of prices: read from prices.json."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOURS = 730
"""Of a month, as AWS's own calculator counts."""
_FILE = Path(__file__).with_name("prices.json")
_MONTHLY = {"hour": HOURS, "month": 1, "GB-month": 1}


@dataclass(frozen=True, kw_only=True)
class Price:
    """A list price of AWS: `usd` for each `per` (an hour, a month, a GB and month).

    `source` is AWS's page. `grade`: B when a public copy of AWS's price list had it, C when a third party's page had it, D when nothing
    at hand did and it must be looked up before it is relied on.
    """

    usd: float
    per: str
    about: str
    source: str
    grade: str

    @property
    def monthly(self) -> float:
        """US dollars a month of one, all month long."""
        return self.usd * _MONTHLY[self.per]


@dataclass(frozen=True)
class Prices:
    """Prices of some regions, which charge the same."""

    date: str
    """Month of the table."""
    regions: tuple[str, ...]
    of: Mapping[str, Price]

    @classmethod
    @functools.cache
    def table(cls) -> Prices:
        """The table that comes with the program."""
        raw: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
        prices = {key: Price(**row) for key, row in raw["prices"].items()}
        return cls(raw["date"], tuple(raw["regions"]), prices)
