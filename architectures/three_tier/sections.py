"""The groups of keys that a three-tier system has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Region, Section, Slug, shaped
from components.edge.web_acl import BODY_SIZE

DSQL = "aurora-dsql"
_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+"
_ALARM = r"arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+"
_RECOVERY_POINT = r"arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster-snapshot:[\w:.-]+"


class Waits(Section):
    """How many minutes each step of a Region switch plan may take."""

    capacity: int = 10
    """Launch instances, and have them in service."""
    database: int = 10
    """Fail the database over."""
    traffic: int = 2
    """Turn the health checks of the site."""
    approval: int = 5
    """Wait for the answer of who approves."""


class Switch(Section):
    """What moves the system to the other region, deployed beforehand."""

    by: Literal["data-plane", "region-switch", "none"] = "data-plane"
    """A state machine in each region and a number that clients follow; a Region switch plan; health checks alone."""
    approval_role: Annotated[str, shaped(_ROLE, "the ARN of an IAM role")] | None = None
    """Whose users must say yes before a plan moves anything. None: nobody."""
    started_by: tuple[Annotated[str, shaped(_ALARM, "the ARN of a CloudWatch alarm")], ...] = ()
    """Alarms, all of them, that start the plan. None: a person does."""
    automatic: bool = False
    """The region that stands by watches the other one, and is brought up without a person when that has not answered for two minutes."""
    minutes: Waits = Waits()


class Autoshift(Section):
    """AWS takes the load balancer's traffic from an ill zone, and rehearses it about weekly, for half an hour."""

    enabled: bool = True
    """It costs nothing, and what AWS asks of its users holds here: what runs is enough with a zone gone. Only where servers run."""
    blocked_windows: tuple[str, ...] = ()
    """UTC, within a day each, such as Mon:08:00-Mon:18:00: no practice run starts then. An autoshift may."""
    blocked_dates: tuple[str, ...] = ()
    """UTC, YYYY-MM-DD: the same."""


Experiment = Literal["instance", "database", "zone-power", "cross-region"]
"""An experiment of AWS Fault Injection Service that somebody can start on a three-tier system."""


class Compute(Section):
    """The application tier."""

    instance_types: tuple[str, ...] = ("m7g.large", "m6g.large", "c7g.large")
    required_instances: int = 4
    """Instances that carry the load; the group keeps this many with one zone gone."""
    maximum_instances: int = 24
    image_parameter: Annotated[
        str, shaped(r"/[\w./-]{1,1010}", "the name of an SSM parameter, which begins with /")
    ] = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    image_release: str = "1"
    """The parameter is read once for each; another text takes the image that it holds then."""
    image_id: (
        Annotated[
            str, shaped(r"ami-[0-9a-f]{8}([0-9a-f]{9})?", "the id of an AMI, such as ami-0123456789abcdef0")
        ]
        | None
    ) = None
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
    recovery_point: Annotated[str, shaped(_RECOVERY_POINT, "the ARN of a cluster snapshot")] | None = None
    """ARN of a cluster snapshot in this stack's region. None where the region follows one that is restored elsewhere."""


class Serverless(Section):
    """Range in which instances of Aurora Serverless v2 scale, in capacity units of about 2 GiB of memory."""

    min_capacity: float
    max_capacity: float


class Database(Section):
    """The database: an Aurora cluster in each region, one of which writes, or an Aurora DSQL cluster in each, which both write."""

    engine: Literal["aurora-postgresql", "aurora-mysql", "aurora-dsql"] = "aurora-postgresql"
    engine_version: str = "17.7"
    """A version that AWS keeps for long. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html"""
    instance_class: str = "db.r6g.large"
    serverless: Serverless | None = None
    """With the class db.serverless, and only with it."""
    name: Annotated[
        str,
        shaped(r"[a-z][a-z0-9_]{0,62}", "a lower-case letter and up to 62 letters, digits or underscores"),
    ] = "app"
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
    role: Annotated[
        str,
        shaped(r"[a-z][a-z0-9_]{0,62}", "a lower-case letter and up to 62 letters, digits or underscores"),
    ] = "app"
    """Aurora DSQL: the database role that the application signs in as, by IAM."""
    witness_region: Region | None = None
    """Aurora DSQL: third region, which keeps the log that decides. None: the first that AWS allows beside the two."""

    @property
    def everywhere(self) -> bool:
        """Whether both regions write it: Aurora DSQL."""
        return self.engine == DSQL


class Cache(Section):
    """A Valkey cache in each region, which follows the one of the region that writes."""

    engine_version: str = "8.1"
    node_type: str = "cache.r7g.large"
    shards: int = 1
    """Parts that the keys are spread over. From 2 on clients must speak the cluster's protocol."""
    replicas: int = 1
    """Of each shard, in each region."""
    snapshot_days: int = 7
    holds: Literal["copies", "data"] = "copies"
    """Whether it is filled again from the database when it is lost, or recovery counts on what stands in it."""


class Sessions(Section):
    """A DynamoDB table of sessions, which both regions write."""

    consistency: Literal["eventual", "strong"] = "eventual"
    """Whether the other region sees a write a second later, or before it returns."""
    witness_region: Region | None = None
    """Third region of a strong table, which keeps what a decision needs. None: the nearest in the alphabet that AWS allows."""


class Files(Section):
    """A file system that all servers mount, replicated to the other region's."""

    directory: str = "/data"
    """What servers see of it."""
    data_gib: int = Field(default=100, ge=1)
    """Expected size, and number of files: a restore takes longer the more there is."""
    count: int = Field(default=1_000_000, ge=1)
