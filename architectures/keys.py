"""What the settings of every kind of system are made of: checked types, objectives, strategy."""

from __future__ import annotations

import abc
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import pydantic
from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from architectures.faults import Fault, held
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.edge import checks
from components.network.regions import zone_id_prefix

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHORTEST, _LONGEST = 2, 20
_RESERVED = {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    "internal-": "load balancers",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    "amzn-s3-demo-": "buckets",
    "sthree-": "buckets",
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    "aws": "parameters",
    "ssm": "parameters",
}
"""Beginnings that AWS keeps for itself, and what of ours has names which begin with a system's."""


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value) or not _SHORTEST <= len(value) <= _LONGEST:
        raise ValueError(
            f"{_SHORTEST} to {_LONGEST} lower-case letters, digits and single hyphens, a letter first"
        )
    for begins, what in _RESERVED.items():
        if f"{value}-".startswith(begins):
            raise ValueError(f"a name that doesn't begin with {begins}: AWS has no {what} that do")
    return value


def shaped(pattern: str, words: str) -> AfterValidator:
    """A pydantic validator of text that has that form, and how the form is told."""
    form = re.compile(pattern, re.ASCII)

    def validate(value: str) -> str:
        if not form.fullmatch(value):
            raise ValueError(words)
        return value

    return AfterValidator(validate)


_TAG_MARKS = "_.:/=+-@"
_TAG_RESERVED = ("aws:", "rds:")
"""What no tag's value may begin with: RDS refuses both, https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html."""


def _tag_value(value: str) -> str:
    """What every service takes as a tag's value: letters, digits and spaces of any script, and a few marks.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html and the patterns of ACM, CloudFront, Elastic Load Balancing
    and Systems Manager, which say the same; EC2 and S3 take more. Blanks at the ends are refused since nobody can see them.
    """
    odd = [mark for mark in value if unicodedata.category(mark)[0] not in "LNZ" and mark not in _TAG_MARKS]
    if odd:
        raise ValueError(f"letters, digits, spaces and {_TAG_MARKS}, as tags of AWS are: not {odd[0]!r}")
    if value != value.strip():
        raise ValueError("text without blanks at its ends")
    if value.lower().startswith(_TAG_RESERVED):
        raise ValueError(
            f"text that begins with neither {' nor '.join(_TAG_RESERVED)}, which AWS reserves for itself"
        )
    return value


Domain = Annotated[str, held(functools.partial(checks.domain, ""))]
Region = Annotated[str, held(zone_id_prefix)]
Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, Field(max_length=256), AfterValidator(_tag_value)]
"""Text that becomes a tag's value."""


class Section(pydantic.BaseModel):
    """A group of keys: frozen, camelCase in the configuration, no key unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=False)


class Promise(Section):
    """How long recovery may take, and how much may be lost."""

    rto_hours: float = Field(gt=0, le=720)
    rpo_minutes: float = Field(ge=0, le=43_200)


class Objectives(Section):
    """What a system promises; tags carry it to AWS and to the policies."""

    dr_tier: Literal[1, 2, 3]
    rto_hours: float = Field(gt=0, le=720)
    rpo_minutes: float = Field(ge=0, le=43_200)
    corruption: Promise | None = None
    """For corrupted or deleted data, whose recovery begins when somebody notices. None: the same."""


class SystemSettings(Section):
    """The keys that every kind of system has."""

    kind: str
    objectives: Objectives | None = None
    """None: the stack's."""
    strategy: Strategy | None = None
    """None: the stack's."""
    leaving: bool = False
    """The other region's stack may leave the system out: the first step of removing it."""

    def followed(self, stack: Stack) -> Strategy:
        """The strategy that holds for the system in that stack."""
        return self.strategy or stack.strategy

    CUT_KEY: ClassVar[str] = "experiments"
    """The key that names what cuts subnets."""

    @property
    def in_subnets(self) -> bool:
        """Whether anything of it stands in the network."""
        return True

    @property
    def backed_up_alone(self) -> bool:
        """Whether a backup is all that brings its database back when data is corrupted: it has no point in time in between."""
        return False

    @property
    def sole(self) -> Mapping[str, str]:
        """What it takes that a stack has once, and the key that says so."""
        return {}

    @property
    def cuts(self) -> frozenset[str]:
        """Experiments of the system that cut subnets, which all systems of a stack share: every one of them must name these."""
        return frozenset()

    def rehearsed(self, _stack: Stack) -> tuple[str, ...]:
        """The experiments that can be started in that stack's region."""
        return ()

    def parts(self, _name: str) -> list[str]:
        """What its parts are called that another system's could be called too."""
        return []

    def image_prefixes(self, _stack: Stack) -> list[str]:
        """How the names of the repositories begin whose images this stack copies to the other region."""
        return []

    def logs_rest_api(self, _stack: Stack) -> bool:
        """Whether this stack has a REST API of it, whose logs the account's region must let API Gateway write."""
        return False

    @abc.abstractmethod
    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""

    def reference_faults(self, _systems: Mapping[str, SystemSettings]) -> Iterator[Fault]:
        """What it names of the stack's other systems and they don't have: pairs of a key within the system and what is said of it."""
        yield from ()

    @property
    def refers(self) -> bool:
        """Whether it is placed after others, whose parts it names."""
        return False

    @abc.abstractmethod
    def looks_back(self, stack: Stack) -> bool:
        """Whether the program needs what this stack put out of the system when it was last deployed."""

    @property
    @abc.abstractmethod
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""

    @abc.abstractmethod
    def hosts(self, name: str, stack: Stack) -> list[str]:
        """DNS names that the system takes in the hosted zone."""

    @abc.abstractmethod
    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
