"""The groups of keys that a system of workers has."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.images import ImageDigest
from architectures.parts.sections import Fleet, Queue
from components.messaging.schedules import AGE_SECONDS, RETRIES

Variable = Annotated[str, shaped(r"[A-Za-z][A-Za-z0-9_]*", "a letter, then letters, digits and _")]


class Function(Section):
    """A Lambda function that works off the queue; Lambda calls as many at once as the backlog asks for."""

    handler: str = "functions.workers.consume.handler"
    """Module and function in its code."""
    code: str | None = None
    """Folder or zip, from the program's folder. None: the sample in functions/workers."""
    runtime: str = "python3.13"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    memory_mib: int = 512
    timeout_seconds: int = 30
    """Time for one batch."""
    reserved: int | None = None
    """Executions that are kept free for it, and the most that it gets. None: what is left in the account."""
    at_once: int | None = None
    """The most invocations at one time. None: what is free."""
    batch: int = 10
    """Messages for one invocation."""
    environment: dict[Variable, str] = Field(default_factory=dict)


class Container(Section):
    """Tasks on Fargate that take from the queue; as many as the backlog asks for."""

    image: ImageDigest | None = None
    """Digest of an image in the worker's own repository, or in another one. None: the repository stands, and waits for its first image."""
    work_seconds: int = 30
    """The longest that a task takes for what it has received."""
    required_tasks: int = 2
    """Tasks that carry the usual load: so many more run that these are left with a zone gone."""
    maximum_tasks: int = 12
    """The most that scaling may reach."""
    backlog_per_task: float = 10
    """Messages that wait for each running task, which scaling keeps."""
    cpu: int = 512
    memory: int = 1024
    """MiB; which there are depends on `cpu`."""
    architecture: Literal["ARM64", "X86_64"] = "ARM64"
    environment: dict[Variable, str] = Field(default_factory=dict)
    spot_above_base: bool = False
    """Tasks beyond those that must run are Fargate Spot."""
    read_only: bool = True
    """Whether a container can't write to its own file system."""
    health_command: tuple[str, ...] = ()
    """What is run in each container to see whether it works; its words one by one."""


class Servers(Fleet):
    """Instances of an Auto Scaling group that take from the queue; as many as the backlog asks for."""

    required_instances: int = 2
    """Instances that carry the usual load: so many more run that these are left with a zone gone."""
    maximum_instances: int = 12
    """The most that scaling may reach."""
    work_seconds: int = 30
    """The longest that an instance takes for what it has received; so long it is kept when it is to go."""
    backlog_per_instance: float = 10
    """Messages that wait for each instance in service, which scaling keeps."""
    environment: dict[Variable, str] = Field(default_factory=dict)
    user_data: str | None = None
    """Script of the first start. None: the sample's, with Python's packages of Amazon Linux and boto3."""


class Worker(Section):
    """A queue and who works it off: a function, containers or servers."""

    queue: Queue = Queue()
    function: Function | None = None
    container: Container | None = None
    servers: Servers | None = None
    events: dict[str, Any] | None = None
    """Pattern of the events of the bus that it gets. None: none."""

    @property
    def who(self) -> list[str]:
        """Who works it off, by key."""
        named = {"function": self.function, "container": self.container, "servers": self.servers}
        return [key for key, given in named.items() if given is not None]


class Bus(Section):
    """An event bus of the same name in each region, which sends on to the other one what is put in its own."""

    archive_days: int = 14
    """How long events are kept, in both regions, to be replayed."""


class Stream(Section):
    """A Kinesis data stream of each region, whose records a function counts and sums, window by window."""

    retention_hours: int = 168
    """How long records are kept."""
    shards: int | None = None
    """Shards, each for 1 MB or 1,000 records a second. None: on demand."""
    window_seconds: int = 60
    """Length of a window."""
    behind_seconds: int = 600
    """How far the function may be behind before somebody is told."""
    timeout_seconds: int = 60
    """Time for one batch."""


class Topic(Section):
    """A topic whose messages go to the queues of several workers, to each its own copy."""

    to: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Workers."""


class Schedule(Section):
    """What sends a message to a worker's queue by the clock, from the region that is active."""

    schedule: str
    """`rate(..)`, `cron(..)` or `at(..)` of EventBridge Scheduler."""
    timezone: str = "UTC"
    """Of cron and at."""
    queue: Slug
    """The worker that gets it."""
    message: dict[str, Any] | str
    """JSON, or a text."""
    flexible_minutes: int | None = None
    """Minutes within which the moment may lie. None: at once."""
    retries: int = RETRIES[1]
    """How often a message that the queue doesn't take is sent again."""
    age_seconds: int = AGE_SECONDS[1]
    """How long it is sent again."""


class KafkaTopic(Section):
    """A topic that a function works off, in the region that is active."""

    partitions: int = 6
    """More may be added later, none taken away."""
    retention_hours: int = 168
    """How long messages are kept."""
    behind_seconds: int = 600
    """How far the function may be behind before somebody is told."""
    handler: str = "functions.workers.topic.handler"
    """Module and function in its code."""
    code: str | None = None
    """Folder or zip, from the program's folder. None: the sample in functions/workers."""
    timeout_seconds: int = 60
    """Time for one batch."""
    batch: int = 100
    """Messages for one invocation."""


class Kafka(Section):
    """A cluster of Amazon MSK in each region, whose topics are copied to the other one, in both directions."""

    version: str = "3.8.x"
    instance_type: str = "kafka.m7g.large"
    brokers: int = 3
    """As many in each of three zones."""
    storage_gib: int = 100
    """Of each broker, to begin with."""
    storage_maximum_gib: int = 1000
    """The most that it grows to."""
    lag_seconds: int = 300
    """How far a replicator may be behind before somebody is told."""
    topics: Annotated[dict[Slug, KafkaTopic], Field(min_length=1)]
    """By name."""
