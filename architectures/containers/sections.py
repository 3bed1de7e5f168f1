"""The groups of keys that a system of containers has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.images import ImageDigest
from architectures.parts.sections import Key, Queue

_SECRET = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[\w/+=.@-]*){0,3}"  # noqa: S105
_PRINCIPAL = r"arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)"

Variable = Annotated[str, shaped(r"[A-Za-z_][A-Za-z0-9_]*", "letters, digits and _, no digit first")]
Secret = Annotated[str, shaped(_SECRET, "the ARN of a secret of Secrets Manager")]


Principal = Annotated[
    str,
    shaped(_PRINCIPAL, "the ARN of an IAM role or user, or of an account's root"),
]
VpcId = Annotated[
    str, shaped(r"vpc-[0-9a-f]{8}([0-9a-f]{9})?", "the id of a VPC, such as vpc-0123456789abcdef0")
]


Experiment = Literal["task"]
"""An experiment of AWS Fault Injection Service that somebody can start on a system of containers."""


class Lattice(Section):
    """A VPC Lattice service network of the region: services on it are called from other VPCs, past the load balancer."""

    auth: Literal["iam", "none"] = "iam"
    """iam: each request is signed by one of `callers`. none: whoever reaches the network calls."""
    callers: tuple[Principal, ...] = ()
    """Whose signed requests are let through; an account's root stands for all of that account. None: this account's. Each needs the
    permission `vpc-lattice-svcs:Invoke` of its own besides."""
    vpcs: dict[VpcId, str] = Field(default_factory=dict)
    """Other VPCs of this account and region whose clients reach it -> the IPv4 network that these are in. The stack's own does anyway."""


class Service(Section):
    """One service: tasks of one image."""

    image: ImageDigest | None = None
    """Digest of an image in the service's own repository, or in another: `public.ecr.aws/nginx/nginx@sha256:...`. None: the repository
    stands, and waits for its first image."""
    port: int | None = None
    """Where its containers listen. None: nowhere, as a worker."""
    path: str | None = None
    """Path of the load balancer that leads to it; `/` is all that no other path takes. None: it is called by its name alone."""
    health_path: str = "/health"
    """What the load balancer asks each task."""
    health_command: tuple[str, ...] = ()
    """What is run in each container to see whether it works; its words one by one. None: a task that ends is replaced."""
    cpu: int = 512
    memory: int = 1024
    """MiB; which there are depends on `cpu`."""
    architecture: Literal["ARM64", "X86_64"] = "ARM64"
    required_tasks: int = 2
    """Tasks that carry the load: so many more run that these are left with a zone gone."""
    maximum_tasks: int = 12
    """The most that scaling may reach."""
    scale_on: Literal["cpu", "requests", "backlog"] | None = None
    """None: `backlog` with a queue, else `cpu`."""
    scale_target: float | None = None
    """Percent of CPU, requests a minute for each task, or messages waiting for each task. None: 50, 1000, 10."""
    environment: dict[Variable, str] = Field(default_factory=dict)
    secrets: dict[Variable, Secret] = Field(default_factory=dict)
    """Variable -> secret of this stack's region."""
    secret_keys: tuple[Key, ...] = ()
    """Customer keys that those are encrypted with."""
    calls: tuple[Slug, ...] = ()
    """Services that it calls, at `http://<name>:<port>`."""
    lattice: bool = False
    """Whether it is on the system's service network."""
    discovered: bool = False
    """Whether its tasks are in the system's namespace of Cloud Map too, for those that call it to balance among them themselves."""
    sends: tuple[Slug, ...] = ()
    """Services to whose queues it sends."""
    queue: Queue | None = None
    """Its URL is the variable QUEUE_URL; for those that send to it, <NAME>_QUEUE_URL."""
    deployment: Literal["rolling", "blue-green"] = "rolling"
    bake_minutes: int = 10
    """With blue-green, how long the old tasks stay after the requests have moved."""
    spot_above_base: bool = False
    """Tasks beyond those that must run are Fargate Spot."""
    read_only: bool = True
    """Whether a container can't write to its own file system."""
