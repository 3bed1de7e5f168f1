"""How many connections a database takes by default, by its class."""

from __future__ import annotations

import math
import re

from components.checks import ArgumentError

GIB = 1 << 30
_LARGE_GIB = {"r": 16, "x2g": 32, "x2i": 32, "x2ied": 64, "m": 8, "t": 8}
"""Memory of a `large` by family. A name that begins with several takes the longest.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""
_SIZES = {"micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1, "xlarge": 2}
"""Memory in `large`s; n xlarges have n times an xlarge's."""
POSTGRESQL_BYTES, POSTGRESQL_MOST = 9_531_392, 5000
MYSQL_BYTES, MYSQL_SMALL_BYTES = 8_187_281_408, 805_306_368
"""Of the formulas for max_connections:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections,
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html"""
UNIT_GIB = 2
"""Memory of an Aurora capacity unit, in GiB."""
SHRUNK_UNITS, SHRUNK_MOST = 0.5, 2000
"""Aurora PostgreSQL of Serverless v2 that may shrink to so many units takes no more connections than that."""
MYSQL_PER_BYTE = 12_582_880
"""The same outside Aurora: bytes of memory a connection."""


def memory_gib(instance_class: str) -> float:
    """Memory of a class in GiB. Raises ArgumentError for one whose name doesn't tell."""
    found = re.fullmatch(r"db\.([a-z]+\d?[a-z-]*)\.(\d*)(micro|small|medium|x?large)", instance_class)
    families = sorted((f for f in _LARGE_GIB if found and found[1].startswith(f)), key=len)
    if not found or not families:
        raise ArgumentError("instance_class", repr(instance_class), "a class of the families r, x2, m and t")
    return _LARGE_GIB[families[-1]] * _SIZES[found[3]] * int(found[2] or 1)


def max_connections(engine: str, instance_class: str) -> int:
    """The default of max_connections. AWS reckons with a little less memory, what the system itself takes: some 10 % fewer."""
    return _connections(engine, memory_gib(instance_class) * GIB)


def serverless_connections(engine: str, min_units: float, max_units: float) -> int:
    """The same of Serverless v2, which goes by its largest capacity; PostgreSQL takes fewer where it may shrink to almost nothing.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
    """
    most = _connections(engine, max_units * UNIT_GIB * GIB)
    capped = engine == "aurora-postgresql" and min_units <= SHRUNK_UNITS
    return min(most, SHRUNK_MOST) if capped else most


def _connections(engine: str, memory: float) -> int:
    if engine in ("aurora-postgresql", "postgres"):
        return int(min(memory / POSTGRESQL_BYTES, POSTGRESQL_MOST))
    if engine == "aurora-mysql":
        return int(max(math.log2(memory / MYSQL_SMALL_BYTES) * 45, math.log2(memory / MYSQL_BYTES) * 1000))
    return int(memory / MYSQL_PER_BYTE)
