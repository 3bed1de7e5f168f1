"""Connections to shards by a driver that is deployed beside this code: PG 8000 for PostgreSQL, PyMySQL for MySQL, both plain Python.

The folder `driver` of what is deployed has it, and `global-bundle.pem`, the certificates of RDS, without which nobody is trusted.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
"""

from __future__ import annotations

import importlib
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "driver"
AUTHORITIES = "global-bundle.pem"


@dataclass(frozen=True)
class Driver:
    """What one engine's driver is called and takes."""

    module: str
    """Has `connect`, as PEP 249 says; parameters of statements are %s."""
    tls: str
    """Argument that takes the context."""
    transactional: bool
    """Whether definitions of tables are undone with the transaction that they were made in. MySQL's end it.
    https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html"""


DRIVERS: Mapping[str, Driver] = {
    "postgres": Driver("pg8000.dbapi", "ssl_context", transactional=True),
    "mysql": Driver("pymysql", "ssl", transactional=False),
}
"""By engine."""


def connected(where: Mapping[str, Any], signed: Mapping[str, str], root: Path) -> Any:
    """A connection to a shard's database, by TLS, to whom `signed` has username and password; `root` is where all is deployed."""
    driver, folder = DRIVERS[str(where["engine"])], root / FOLDER
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # after all that Lambda has: boto3 keeps its own
    return importlib.import_module(driver.module).connect(
        host=where["host"],
        port=int(where["port"]),
        database=where["database"],
        user=signed["username"],
        password=signed["password"],
        **{driver.tls: ssl.create_default_context(cafile=str(folder / AUTHORITIES))},
    )
