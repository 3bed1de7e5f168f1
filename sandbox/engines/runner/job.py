"""What one run of a program needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """What to run. Everything is plain JSON."""

    project: str
    stack: str
    root: str
    """The directory of `Pulumi.yaml`."""
    program: str
    """The directory of `__main__.py`, or the program's file."""
    directory: str
    """Where the program runs."""
    preview: bool
    endpoint: str
    """Address of the sandbox's AWS."""
    config: dict[str, str]
    secret_keys: list[str] = field(default_factory=list)
    policy_pack: str | None = None
    policy_config: dict[str, Any] = field(default_factory=dict)
    """What configures the policy pack, as in a `--policy-pack-config` file."""
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Outputs of other stacks by full name, for stack references."""
    secret_outputs: dict[str, list[str]] = field(default_factory=dict)
    known: list[dict[str, Any]] = field(default_factory=list)
    """What the stack consists of already: `urn`, `type`, `id`, `inputs` and `outputs` of each of its resources."""
    simulated: bool = False
    """Whether the AWS has a simulated clock, on which whoever waits lets time pass."""
