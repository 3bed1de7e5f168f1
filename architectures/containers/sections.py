"""The groups of keys that a system of containers has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.sections import Queue

DIGEST = r"sha256:[0-9a-f]{64}"
IMAGE = rf"({DIGEST}|[a-z0-9][a-z0-9.:/_-]*[a-z0-9]@{DIGEST})"
_SECRET = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[\w/+=.@-]*){0,3}"  # noqa: S105
_KEY = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+"

Image = Annotated[
    str,
    shaped(
        IMAGE,
        "a digest, sha256: and 64 hexadecimal digits, of the service's own repository or after the name of another and @: "
        "what a tag means can change",
    ),
]
Variable = Annotated[str, shaped(r"[A-Za-z_][A-Za-z0-9_]*", "letters, digits and _, no digit first")]
Secret = Annotated[str, shaped(_SECRET, "the ARN of a secret of Secrets Manager")]
Key = Annotated[str, shaped(_KEY, "the ARN of a KMS key")]


class Service(Section):
    """One service: tasks of one image."""

    image: Image | None = None
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
