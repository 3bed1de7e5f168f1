"""What differs between the engines of RDS: parameter families, how TLS is demanded, logs, ports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from components.checks import ArgumentError, one_of

PENDING = "pending-reboot"
_APPLY_AT_ONCE = frozenset({"rds.force_ssl", "require_secure_transport", "slow_query_log"})


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What engines of one family of databases have in common."""

    port: int
    proxy_family: str | None
    """Engine family of RDS Proxy. None: there is none."""
    tls: tuple[str, str] | None
    """Parameter that demands TLS of clients, and its value. None: an option listens for TLS at a port of its own, and the security group
    lets clients to no other."""
    iam: bool = True
    """Whether users may sign in with IAM tokens."""
    all_logs: frozenset[str]


@dataclass(frozen=True)
class Engine:
    """Facts of one engine."""

    name: str
    """Also the prefix of its parameter group families."""
    dialect: Dialect
    version: str
    """Pattern of versions; its first group is what follows the prefix in the family."""
    example: str
    """A version."""
    logs: tuple[str, ...]
    """Logs exported to CloudWatch Logs unless said otherwise."""
    more_logs: frozenset[str]
    """Logs that it has beside its dialect's."""
    more_parameters: tuple[tuple[str, str], ...]
    """Parameters that its exported logs need."""
    joint: str = ""
    """What stands between name and version in a family."""

    @property
    def port(self) -> int:
        """Port that clients connect to unless said otherwise."""
        return self.dialect.port

    @property
    def all_logs(self) -> frozenset[str]:
        """Logs that can be exported."""
        return self.dialect.all_logs | self.more_logs

    def parameter_family(self, version: str) -> str:
        """Parameter group family of `version`, e.g. aurora-postgresql16 of 16.8.

        Raises ArgumentError when the version isn't one of the engine's.
        """
        found = re.match(self.version, version)
        if not found:
            allowed = f"a version of {self.name} like {self.example!r}"
            raise ArgumentError("engine_version", repr(version), allowed)
        return f"{self.name}{self.joint}{found[1]}"

    def major(self, version: str) -> str:
        """What option groups call the major version of `version`, e.g. 19 of 19.0.0.0.ru-2025-10.rur-2025-10.r1."""
        return self.parameter_family(version).removeprefix(f"{self.name}{self.joint}")

    def settings(self, extra: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """(name, value, apply method) of each parameter; `extra` may add and tune.

        Raises ArgumentError when it would take TLS away.
        """
        demanded = dict([self.dialect.tls] if self.dialect.tls else [])
        for tls, value in demanded.items():
            if extra.get(tls, value) != value:
                raise ArgumentError(f"parameters.{tls}", repr(extra[tls]), f"{value!r}: clients must use TLS")
        # "pending-reboot" is accepted for static and dynamic parameters alike; TLS must not wait for a reboot.
        return [
            (name, value, "immediate" if name in _APPLY_AT_ONCE else PENDING)
            for name, value in sorted({**demanded, **dict(self.more_parameters), **extra}.items())
        ]


# The slow query log goes to CloudWatch Logs only when it is switched on and written to a file.
_SLOW_QUERIES = (("slow_query_log", "1"), ("log_output", "FILE"))
# Aurora MySQL fills the audit log only when Advanced Auditing is on.
_AUDIT = (("server_audit_logging", "1"), ("server_audit_events", "CONNECT,QUERY_DCL,QUERY_DDL"))

_MYSQL = Dialect(
    port=3306,
    proxy_family="MYSQL",
    tls=("require_secure_transport", "ON"),
    all_logs=frozenset({"audit", "error", "general", "slowquery", "iam-db-auth-error"}),
)
_POSTGRESQL = Dialect(
    port=5432,
    proxy_family="POSTGRESQL",
    tls=("rds.force_ssl", "1"),
    all_logs=frozenset({"postgresql", "iam-db-auth-error"}),
)
_ORACLE = Dialect(
    port=1521,
    proxy_family=None,
    tls=None,
    all_logs=frozenset({"alert", "audit", "listener", "oemagent", "trace"}),
    iam=False,
)
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.Oracle.html"""
_ORACLE_LOGS = ("alert", "listener")
"""The audit log is a file only if the parameter audit_trail says so."""
_RELEASE = r"\.0\.0\.0\.ru-\d{4}-\d\d\.(rur-\d{4}-\d\d|spb-\d+)\.r\d+$"
"""How AWS writes release updates: https://docs.aws.amazon.com/AmazonRDS/latest/OracleReleaseNotes/oracle-version-19-0.html"""
_INSTANCE_LOG = frozenset({"instance"})
_UPGRADE_LOG = frozenset({"upgrade"})

# Parameters and logs:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html,
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html,
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
ENGINES = {
    name: Engine(name, dialect, version, example, logs, more_logs, more_parameters)
    for name, dialect, version, example, logs, more_logs, more_parameters in (
        ("aurora-mysql", _MYSQL, r"^(8\.0)\.mysql_aurora\.3\.\d+", "8.0.mysql_aurora.3.08.2", ("audit", "error", "slowquery"),
         _INSTANCE_LOG, (*_SLOW_QUERIES, *_AUDIT)),
        ("aurora-postgresql", _POSTGRESQL, r"^(1[3-9]|[2-9]\d)\.\d+", "16.8", ("postgresql",), _INSTANCE_LOG, ()),
        ("mysql", _MYSQL, r"^(8\.[04])(\.\d+)?$", "8.4.5", ("error", "slowquery"), frozenset[str](), _SLOW_QUERIES),
        ("mariadb", _MYSQL, r"^(10\.(?:5|6|11)|11\.\d)(\.\d+)?$", "11.4.5", ("error", "slowquery"), frozenset[str](), _SLOW_QUERIES),
        ("postgres", _POSTGRESQL, r"^(1[3-9]|[2-9]\d)(\.\d+)?$", "16.8", ("postgresql", "upgrade"), _UPGRADE_LOG, ()),
    )
}  # fmt: skip
# 21c is only a container database: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Oracle.Concepts.database-versions.html
ENGINES |= {
    name: Engine(
        name,
        _ORACLE,
        f"^({releases}){_RELEASE}",
        "19.0.0.0.ru-2025-10.rur-2025-10.r1",
        _ORACLE_LOGS,
        frozenset[str](),
        (),
        joint="-",
    )
    for name, releases in (
        ("oracle-ee", "19"),
        ("oracle-ee-cdb", "19|21"),
        ("oracle-se2", "19"),
        ("oracle-se2-cdb", "19|21"),
    )
}
VERSION_EXAMPLES = {engine.name: engine.example for engine in ENGINES.values()}

AURORA = ("aurora-mysql", "aurora-postgresql")
ORACLE_REPLICATED = ("oracle-ee", "oracle-ee-cdb")
"""Editions that have Data Guard, and so replicas: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/oracle-read-replicas.limitations.html"""
ORACLE = (*ORACLE_REPLICATED, "oracle-se2", "oracle-se2-cdb")
REPLICATED = ("mariadb", "mysql", *ORACLE_REPLICATED, "postgres")
"""Engines whose instances have read replicas."""
INSTANCE = ("mariadb", "mysql", *ORACLE, "postgres")
MULTI_AZ_CLUSTER = ("mysql", "postgres")


def engine_of(name: str, allowed: tuple[str, ...]) -> Engine:
    """Facts of the engine `name`; raises ArgumentError when it isn't among `allowed`."""
    one_of("engine", name, allowed)
    return ENGINES[name]
