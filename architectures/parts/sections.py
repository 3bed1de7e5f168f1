"""The groups of keys that several kinds of system have."""

from __future__ import annotations

from typing import Annotated, Literal

from architectures.keys import Section, Slug, shaped
from components.edge.web_acl import BODY_SIZE

_ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+"
_ALARM = r"arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+"
_KEY = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+"

Role = Annotated[str, shaped(_ROLE, "the ARN of an IAM role")]
Key = Annotated[str, shaped(_KEY, "the ARN of a KMS key")]


class Waits(Section):
    """How many minutes each step of a Region switch plan may take."""

    capacity: int = 10
    """Launch instances, and have them in service."""
    database: int = 10
    """Fail the database over."""
    stores: int | None = None
    """Make the cache and the files those that write. None: what the objective leaves."""
    traffic: int = 2
    """Turn the health checks of the site."""
    approval: int = 5
    """Wait for the answer of who approves."""


class Moved(Section):
    """What moves a system to the other region."""

    by: str
    """`none`: health checks alone."""


class Move(Moved):
    """What moves a system of which nothing needs more, deployed beforehand."""

    by: Literal["data-plane", "none"] = "data-plane"
    """A state machine in each region and a number that clients follow; health checks alone."""


class Switch(Moved):
    """What moves the system to the other region, deployed beforehand."""

    by: Literal["data-plane", "region-switch", "none"] = "data-plane"
    """A state machine in each region and a number that clients follow; a Region switch plan; health checks alone."""
    approval_role: Role | None = None
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


class Firewall(Section):
    """What filters requests to a site."""

    rate_limit: int = 2000
    """Requests of one address within five minutes."""
    count_only: tuple[str, ...] = (BODY_SIZE,)
    """Rules of AWS's common group that count instead of blocking."""


class Machine(Section):
    """What an instance is: of which types, from which image."""

    instance_types: tuple[str, ...] = ("m7g.large", "m6g.large", "c7g.large")
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


class Fleet(Machine):
    """Instances in every zone, in one Auto Scaling group."""

    required_instances: int = 4
    """Instances that carry the load; the group keeps this many with one zone gone."""
    maximum_instances: int = 24
    spot_above_base: bool = False


class Compute(Fleet):
    """A tier of instances in every zone."""

    warm_pool: bool = False


class Queue(Section):
    """A queue of work, and its dead letters."""

    visibility_seconds: int = 60
    """Time that who works on a message has for it before another one gets it."""
    receives: int = 5
    """How often a message is tried before it goes to the dead letters."""
    retention_seconds: int = 345_600
    """How long a message is kept."""
    age_seconds: int = 900
    """Age of the oldest message above which somebody is told."""


class Restore(Section):
    """A database made from automated backups, beside what was there before."""

    name: Slug
    """Part of its name: another for each restore."""
    time: str | None = None
    """Moment, UTC. None: the last one that there are backups of."""
