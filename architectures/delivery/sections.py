"""The groups of keys that a system of delivery has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from architectures.keys import Section, shaped
from architectures.parts.images import Digest

_PROVIDER = r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com"

Provider = Annotated[
    str, shaped(_PROVIDER, "the ARN of the account's provider token.actions.githubusercontent.com")
]
Variable = Annotated[str, shaped(r"[A-Za-z][A-Za-z0-9_]+", "letters, digits and _, a letter first")]
"""https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html"""


class Jobs(Section):
    """Jobs of the repository that take a role: those of a branch, or those of an environment."""

    branch: str | None = None
    """Jobs on that branch that name no environment."""
    environment: str | None = None
    """Jobs that name that environment, which GitHub protects by its rules."""


class Function(Section):
    """One function, whose versions take over bit by bit."""

    image: Digest | None = None
    """Digest of an image in the function's own repository. None: the repository stands, and waits for its first image."""
    memory: int = 512
    """MiB."""
    timeout: int = 30
    """Seconds."""
    architecture: str = "arm64"
    environment: dict[Variable, str] = Field(default_factory=dict)
    shift: str = "Canary10Percent5Minutes"
    """How callers move to a new version, in CodeDeploy's words without its prefix."""
    error_percent: float = 1
    """Share of its invocations that fail above which a deployment is taken back."""
