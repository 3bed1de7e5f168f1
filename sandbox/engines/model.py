"""What an engine reports, whichever it is: events while it works, and a result per stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.protocol import UNKNOWN_TEXT

UNKNOWN = UNKNOWN_TEXT
"""What stands for a value that is not known yet."""

HIDDEN = "[secret]"
"""What is shown in place of a secret."""


class EngineError(RuntimeError):
    """A command can't be carried out; the message is for the user."""


@dataclass(frozen=True)
class Violation:
    """One finding of the policy pack."""

    rule: str
    urn: str
    message: str
    level: str
    """`mandatory` or `advisory`."""

    @property
    def stops(self) -> bool:
        """Whether nothing may be created while it stands."""
        return self.level == "mandatory"


@dataclass(frozen=True)
class Resource:
    """One resource of a stack."""

    urn: str
    type: str
    name: str
    parent: str
    """URN of the parent; empty for the stack itself."""
    custom: bool = True
    """False for components and the stack."""
    kind: str = ""
    """`simulated`, `extended` or `recorded`; empty for what is no AWS resource."""
    unchecked: Sequence[str] = ()
    """Paths of properties that no member of AWS's API was found for, so that nothing judged them."""
    id: str = ""
    protect: bool = False
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    """Names of outputs that are secret."""
    dependencies: Sequence[str] = ()
    """URNs."""
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """URNs that each input comes from."""


@dataclass
class StackResult:
    """What one command did to one stack."""

    name: str
    resources: list[Resource] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    """Stack outputs; an unknown one is the text `UNKNOWN`."""
    secrets: frozenset[str] = frozenset()
    """Names of outputs that must not be shown."""
    violations: list[Violation] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Messages for the user; empty when all went well."""
    changes: dict[str, int] = field(default_factory=dict)
    """Count of resources by `create`, `update`, `replace`, `delete`, `same`."""
    steps: dict[str, str] = field(default_factory=dict)
    """What each resource that is not the same got or would get, by URN: `create`, `update`, `replace` or `delete`."""
    drift: dict[str, list[str]] = field(default_factory=dict)
    """What a refresh found to be otherwise than the state had it, by URN: paths of properties, none where the resource is gone."""
    policy_checked: bool = False
    """Whether a policy pack saw the stack to its end."""
    preview: bool = False

    @property
    def ok(self) -> bool:
        """Whether the command did what was asked of it."""
        return not self.errors and not any(violation.stops for violation in self.violations)


@dataclass(frozen=True)
class Event:
    """One step of an engine, to be shown while it works."""

    stack: str
    action: str
    """`preview`, `up`, `refresh`, `down`: the phase that begins; `planned`, `created`, ...: what a resource got; `log`."""
    type: str = ""
    name: str = ""
    message: str = ""
    since: float | None = None
    """When the phase began, by `time.monotonic()`, if that was before it is told: beside another stack's."""


Listener = Callable[[Event], None]


@dataclass(frozen=True)
class StackChoice:
    """A stack the user named, and how it is configured."""

    name: str
    config_file: Path | None = None
    """If it isn't the usual one."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Values over those of the file."""
    policy_config: Path | None = None
    """The policy pack's own configuration."""
