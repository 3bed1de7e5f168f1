"""Names that engines of RDS keep for themselves: a user or a database can't be called so."""

from __future__ import annotations

import re

from components.checks import need

_POSTGRESQL_WORDS = frozenset(
    """all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog
    current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false
    fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset
    on only or order placing primary references returning select session_user some symmetric system_user table then to trailing true
    union unique user using variadic when where window with""".split()  # noqa: SIM905 - a hundred words in lines read better than in quotes
)
"""https://www.postgresql.org/docs/current/sql-keywords-appendix.html, those that are reserved."""
_MYSQL_SCHEMAS = frozenset({"information_schema", "mysql", "performance_schema", "sys"})
"""https://dev.mysql.com/doc/refman/8.0/en/system-schema.html and what stands beside it."""
_RDS = frozenset({"rdsadmin"})
"""RDS' own user and database."""
_POSTGRESQL_RDS = frozenset({"admin", *_RDS})
"""`admin` is no word of PostgreSQL's, but RDS refuses it: https://github.com/aws/aws-cdk/pull/10597."""
_POSTGRESQL_ROLES = re.compile(r"(pg|rds)_", re.IGNORECASE)
"""Roles of PostgreSQL and of RDS begin so.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html"""

_ORACLE = frozenset({"anonymous", "dbsnmp", "outln", "public", "rdsadmin", "sys", "system", "xdb"})
"""Oracle's own users and RDS's, and a role:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Oracle.html"""


def _kept(engine: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names that neither users nor databases have, and those that databases alone don't."""
    if "postgres" in engine:
        return _POSTGRESQL_WORDS | _POSTGRESQL_RDS, frozenset({"template0", "template1"})
    if engine.startswith("oracle"):
        return _ORACLE, frozenset({"null"})
    return _RDS, _MYSQL_SCHEMAS


def check_user(engine: str, name: str) -> None:
    """Raise ArgumentError when the engine doesn't let a master user have the name."""
    taken = name.lower() in _kept(engine)[0]
    role = "postgres" in engine and bool(_POSTGRESQL_ROLES.match(name))
    need(not (taken or role), "username", repr(name), f"a name that {engine} doesn't keep for itself")


def check_database(engine: str, name: str) -> None:
    """Raise ArgumentError when the engine doesn't let a database have the name."""
    neither, databases = _kept(engine)
    allowed = f"a name that {engine} doesn't keep for itself"
    need(name.lower() not in neither | databases, "database_name", repr(name), allowed)
