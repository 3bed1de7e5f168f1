"""The groups of keys that an APEX system has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Section, shaped
from architectures.parts.images import ImageDigest
from architectures.parts.sections import Restore

_SECRET = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[\w/+=.@-]*){0,3}"  # noqa: S105
Variable = Annotated[str, shaped(r"[A-Za-z_][A-Za-z0-9_]*", "letters, digits and _, no digit first")]
Secret = Annotated[str, shaped(_SECRET, "the ARN of a secret of Secrets Manager")]


class Server(Section):
    """Oracle REST Data Services (ORDS), in tasks of one image."""

    image: ImageDigest | None = None
    """Digest of an image in the system's own repository, or in another. None: the repository stands, and waits for its first image."""
    port: int = 8080
    health_path: str = "/i/apex_version.txt"
    """What the load balancer asks each task, and Route 53 the load balancer: a file, which needs no database."""
    deep_health_path: str = "/ords/"
    """What Route 53 asks besides: it needs the database."""
    cpu: int = 1024
    memory: int = 2048
    """MiB; which there are depends on `cpu`."""
    architecture: Literal["ARM64", "X86_64"] = "X86_64"
    required_tasks: int = 2
    """Tasks that carry the load: so many more run that these are left with a zone gone."""
    maximum_tasks: int = 8
    """The most that scaling by CPU may reach."""
    environment: dict[Variable, str] = Field(default_factory=dict)
    secrets: dict[Variable, Secret] = Field(default_factory=dict)
    """Variable -> secret of this stack's region, such as the password of the user that ORDS signs in as."""
    read_only: bool = False
    """Whether a container can't write to its own file system. ORDS keeps its configuration there."""


class Database(Section):
    """RDS for Oracle: one instance that writes, with a standby in another zone."""

    edition: Literal["oracle-se2", "oracle-se2-cdb", "oracle-ee", "oracle-ee-cdb"] = "oracle-se2"
    license: Literal["license-included", "bring-your-own-license"] = "license-included"
    """Who holds the licence: AWS, or you. AWS holds none of Enterprise Edition."""
    engine_version: str = "19.0.0.0.ru-2025-10.rur-2025-10.r1"
    instance_class: str = "db.r6i.xlarge"
    multi_az: bool = True
    """A synchronous standby in another zone. False only where it isn't production."""
    apex_version: str = "24.2.v1"
    development: bool = False
    """The environment in which applications are built (APEX-DEV), beside that in which they run."""
    zone_file_upgrade: bool = False
    """Whether an upgrade of the engine brings the newest time zone file, too (TIMEZONE_FILE_AUTOUPGRADE)."""
    replica_mode: Literal["mounted", "open-read-only"] = "mounted"
    """How the other region's replica stands: mounted, which Enterprise Edition has, or open, which needs a licence of Active Data Guard."""
    name: str = "ORCL"
    """System identifier; of a container database (-cdb) the pluggable one's name."""
    master_username: str = "holdfast"
    storage_gib: int = 100
    maximum_storage_gib: int = 1000
    """Up to which storage grows by itself."""
    backup_retention_days: int = 35
    rotation_days: int = 30
    """Days between rotations of the master password."""
    restores: tuple[Restore, ...] = ()
    """Oldest first; the last one serves."""


class Hours(Section):
    """When a system that isn't production runs: cron expressions of EventBridge Scheduler."""

    start_database: str = "cron(30 6 ? * MON-FRI *)"
    """The database starts first: it takes minutes, or longer."""
    start: str = "cron(0 7 ? * MON-FRI *)"
    stop: str = "cron(0 20 ? * MON-FRI *)"
    timezone: str = "UTC"
