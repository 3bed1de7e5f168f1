"""What the resources of a program cost a month, resource by resource, and what stays open."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from policies.graph import Graph, Resource, Unknown

from .free import USED, is_free
from .prices import Prices
from .quantities import OF, Quantity, quantities


@dataclass(frozen=True)
class Item:
    """What one resource costs for one price, in one region."""

    resource: Resource
    region: str
    price: str
    number: float
    monthly: float
    """US dollars."""


@dataclass(frozen=True)
class Cost:
    """What the resources of one or more regions cost a month."""

    items: tuple[Item, ...]
    by_use: tuple[str, ...]
    """Types that are paid by use alone."""
    unpriced: tuple[str, ...]
    """What the table has no price for, or what isn't known: resource and reason."""

    def of(self, region: str) -> float:
        """US dollars a month of what is paid for in that region."""
        # The engine says in no order what it has made: a plain sum would differ by a rounding.
        return math.fsum(item.monthly for item in self.items if item.region == region)


def cost(resources: Iterable[Resource] | Graph, prices: Prices | None = None) -> Cost:
    """What the resources cost a month that are paid for being there."""
    graph = resources if isinstance(resources, Graph) else Graph(resources)
    table = prices or Prices.table()
    items: list[Item] = []
    used: set[str] = set()
    unpriced: list[str] = []
    for resource in graph.resources:
        if not resource.type.startswith("aws:") or not resource.declared or is_free(resource.type):
            continue
        if resource.type in USED:
            used.add(resource.type)
        elif resource.type not in OF:
            unpriced.append(f"{resource.name}: {resource.type} is not in the table")
        for quantity in quantities(graph, resource):
            found = _item(table, resource, quantity)
            if isinstance(found, Item):
                items.append(found)
            else:
                unpriced.append(f"{resource.name}: {found}")
    return Cost(tuple(items), tuple(sorted(used)), tuple(dict.fromkeys(unpriced)))


def _item(table: Prices, resource: Resource, found: Quantity) -> Item | str:
    """What is paid, or why that can't be said."""
    number, region = found.number, found.region or resource.region
    if isinstance(number, Unknown):
        return f"{number.path} isn't known yet"
    if region not in table.regions:
        return f"no prices of {region or 'a region that is not told'}"
    if found.price not in table.of:
        return f"no price of {found.price.partition('.')[2]}"
    return Item(resource, region, found.price, number, number * table.of[found.price].monthly)
