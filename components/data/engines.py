"""What differs between the engines of RDS: parameter families, how TLS is demanded, logs, ports."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Facts of one engine."""

    name: str
    family: str
    """Prefix of the parameter group families."""
    version: str
    """Pattern of versions; its first group is what follows the prefix in the family."""
    parameters: tuple[tuple[str, str], ...]
    """Parameters every group of ours sets: TLS demanded of clients, and what the exported logs need."""
    logs: tuple[str, ...]
    """Logs exported to CloudWatch Logs unless said otherwise."""
    all_logs: frozenset[str]
    port: int
    proxy_family: str
    """Engine family of RDS Proxy."""

    def parameter_family(self, version: str) -> str:
        """Parameter group family of `version`, e.g. aurora-postgresql16 of 16.8.

        Raises ValueError when the version isn't one of the engine's.
        """
        found = re.match(self.version, version)
        if not found:
            example = VERSION_EXAMPLES[self.name]
            msg = f"engine_version {version!r} is no version of {self.name}: give one like {example!r}"
            raise ValueError(msg)
        return f"{self.family}{found[1]}"


VERSION_EXAMPLES = {
    "aurora-mysql": "8.0.mysql_aurora.3.08.2",
    "aurora-postgresql": "16.8",
    "mysql": "8.4.5",
    "mariadb": "11.4.5",
    "postgres": "16.8",
}

_AURORA_LOGS = frozenset({"iam-db-auth-error", "instance"})
_MYSQL_LOGS = frozenset({"audit", "error", "general", "slowquery", "iam-db-auth-error"})
_TLS_MYSQL = ("require_secure_transport", "ON")
_TLS_POSTGRESQL = ("rds.force_ssl", "1")
# The slow query log goes to CloudWatch Logs only when it is switched on and written to a file.
_SLOW_QUERIES = (("slow_query_log", "1"), ("log_output", "FILE"))
# Aurora MySQL fills the audit log only when Advanced Auditing is on.
_AUDIT = (("server_audit_logging", "1"), ("server_audit_events", "CONNECT,QUERY_DCL,QUERY_DDL"))

# Parameters and logs:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html,
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html,
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            name="aurora-mysql",
            family="aurora-mysql",
            version=r"^(8\.0)\.mysql_aurora\.3\.\d+",
            parameters=(_TLS_MYSQL, *_SLOW_QUERIES, *_AUDIT),
            logs=("audit", "error", "slowquery"),
            all_logs=_MYSQL_LOGS | _AURORA_LOGS,
            port=3306,
            proxy_family="MYSQL",
        ),
        Engine(
            name="aurora-postgresql",
            family="aurora-postgresql",
            version=r"^(1[3-9]|[2-9]\d)\.\d+",
            parameters=(_TLS_POSTGRESQL,),
            logs=("postgresql",),
            all_logs=_AURORA_LOGS | {"postgresql"},
            port=5432,
            proxy_family="POSTGRESQL",
        ),
        Engine(
            name="mysql",
            family="mysql",
            version=r"^(8\.[04])(\.\d+)?$",
            parameters=(_TLS_MYSQL, *_SLOW_QUERIES),
            logs=("error", "slowquery"),
            all_logs=_MYSQL_LOGS,
            port=3306,
            proxy_family="MYSQL",
        ),
        Engine(
            name="mariadb",
            family="mariadb",
            version=r"^(10\.(?:5|6|11)|11\.\d)(\.\d+)?$",
            parameters=(_TLS_MYSQL, *_SLOW_QUERIES),
            logs=("error", "slowquery"),
            all_logs=_MYSQL_LOGS,
            port=3306,
            proxy_family="MYSQL",
        ),
        Engine(
            name="postgres",
            family="postgres",
            version=r"^(1[3-9]|[2-9]\d)(\.\d+)?$",
            parameters=(_TLS_POSTGRESQL,),
            logs=("postgresql", "upgrade"),
            all_logs=frozenset({"postgresql", "upgrade", "iam-db-auth-error"}),
            port=5432,
            proxy_family="POSTGRESQL",
        ),
    )
}

AURORA = ("aurora-mysql", "aurora-postgresql")
INSTANCE = ("mariadb", "mysql", "postgres")
MULTI_AZ_CLUSTER = ("mysql", "postgres")


def engine_of(name: str, allowed: tuple[str, ...]) -> Engine:
    """Facts of the engine `name`; raises ValueError when it isn't among `allowed`."""
    if name not in allowed:
        msg = f"engine {name!r} is unknown here: allowed are {', '.join(allowed)}"
        raise ValueError(msg)
    return ENGINES[name]
