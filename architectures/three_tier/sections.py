"""The groups of keys that a three-tier system has."""

from __future__ import annotations

from pydantic import Field

from architectures.keys import Section, Slug
from components.edge.web_acl import BODY_SIZE

_RECOVERY_POINT = r"^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster-snapshot:[\w:.-]+$"


class Compute(Section):
    """The application tier."""

    instance_types: tuple[str, ...] = ("m7g.large", "m6g.large", "c7g.large")
    required_instances: int = 4
    """Instances that carry the load; the group keeps this many with one zone gone."""
    maximum_instances: int = 24
    image_parameter: str = Field(
        default="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", pattern=r"^/[\w./-]+$"
    )
    image_release: str = "1"
    """The parameter is read once for each; another text takes the image that it holds then."""
    image_id: str | None = Field(default=None, pattern=r"^ami-[0-9a-f]{8}([0-9a-f]{9})?$")
    """An AMI of the stack's region, instead of the parameter."""
    spot_above_base: bool = False
    warm_pool: bool = False


class Firewall(Section):
    """What filters requests to a site."""

    rate_limit: int = 2000
    """Requests of one address within five minutes."""
    count_only: tuple[str, ...] = (BODY_SIZE,)
    """Rules of AWS's common group that count instead of blocking."""


class Restore(Section):
    """A database made from a recovery point, beside what was there before."""

    name: Slug
    """Part of its name: letters, digits and hyphens, another for each restore."""
    recovery_point: str | None = Field(default=None, pattern=_RECOVERY_POINT)
    """ARN of a cluster snapshot in this stack's region. None where the region follows one that is restored elsewhere."""


class Database(Section):
    """The Aurora cluster of this region."""

    engine: str = "aurora-postgresql"
    engine_version: str = "16.6"
    instance_class: str = "db.r6g.large"
    name: str = Field(default="app", pattern=r"^[a-z][a-z0-9_]{0,62}$")
    master_username: str = "holdfast"
    multi_az: bool = True
    """An instance in each of two zones. False: one alone, which the policies refuse in production."""
    backup_retention_days: int = 35
    rotation_days: int = 30
    """Days between rotations of the master password. Only read in the stack that founds the system."""
    restores: tuple[Restore, ...] = ()
    """Oldest first; the last one serves. What stands here is the program's: it goes when its line goes."""
    keep_original: bool = True
    """The database that stood before all restores stays beside them."""
    data_gib: int = Field(default=100, ge=1, le=262_144)
    """Expected size: a restore takes longer the more there is. Aurora holds up to 256 TiB."""
