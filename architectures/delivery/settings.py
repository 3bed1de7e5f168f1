"""The keys of a system of delivery, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.containers.settings import ContainersSettings
from architectures.delivery import arguments, names
from architectures.delivery.sections import Function, Jobs, Provider
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.keys import Slug, SystemSettings
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.images import prefix
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from components.delivery import branch_subject, check_repository, environment_subject, parsed
from components.operations.topic import validate_topic


class DeliverySettings(SystemSettings):
    """One system of delivery."""

    kind: Literal["delivery"]
    repository: str
    """On GitHub, OWNER/NAME."""
    existing_provider: Provider | None = None
    """GitHub as the account knows it already: an account has it once. None: the founding stack makes it."""
    build: Jobs
    """Who may push images and put releases down."""
    deploy: Jobs
    """Who may start what moves callers."""
    functions: Annotated[dict[Slug, Function], Field(min_length=1)]
    services: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    """System of containers -> its services that deploy blue/green, whose deployments those jobs may watch and take back."""
    approval: bool = True
    """Whether somebody must say yes before a new version gets its first caller."""
    approvers: tuple[str, ...] = ()
    """E-mail addresses that are asked."""
    replicate_images: bool = True
    """Whether this stack sets the replication of its account's registry, which is one for the region: false where another one does."""
    rebuild: bool = False
    """With backup-and-restore, in the joining stack: build what deploys there, the other region being lost."""

    @property
    def in_subnets(self) -> bool:
        """Its functions stand outside the network."""
        return False

    @property
    def placed(self) -> Mapping[str, Function]:
        """The functions that have an image."""
        return {each: given for each, given in self.functions.items() if given.image is not None}

    @property
    def sole(self) -> Mapping[str, str]:
        """What it takes that a stack has once, and the key that says so."""
        return {} if self.existing_provider else {"GitHub's provider": "existingProvider"}

    def posture(self, stack: Stack) -> Posture:
        """How the system stands in that stack's region: whole, or not at all: nothing of it runs while nobody calls it."""
        rebuilt = self.rebuild and not stack.founder
        return posture(
            self.followed(stack), active=stack.active, share=1, rebuilt=rebuilt, kept=stack.founder
        )

    def subject(self, jobs: Jobs) -> str:
        """Whose token takes a role. Raises ArgumentError."""
        if jobs.branch is not None:
            return branch_subject(self.repository, jobs.branch)
        return environment_subject(self.repository, jobs.environment or "")

    def faults(self, _name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        wrong = list(refusals(lambda: check_repository(self.repository), {"repository": "repository"}))
        yield from wrong
        for key, jobs in (("build", self.build), ("deploy", self.deploy)):
            yield from self._job_faults(key, jobs, known=not wrong)
        if self.build == self.deploy:
            yield fault("deploy", "the jobs of build", "others: who builds doesn't deploy")
        if self.existing_provider and not stack.founder:
            allowed = "nothing in the joining stack: it takes the founding one's"
            yield fault("existingProvider", repr(self.existing_provider), allowed)
        if self.rebuild and (stack.founder or self.followed(stack) is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        yield from self._approval_faults()
        for each, given in self.functions.items():
            for key, said in self._function_faults(given):
                yield f"functions.{each}.{key}", said

    def _job_faults(self, key: str, jobs: Jobs, *, known: bool) -> Iterator[Fault]:
        given = [each for each in ("branch", "environment") if getattr(jobs, each) is not None]
        if len(given) != 1:
            yield fault(key, " and ".join(given) or "neither", "a branch or an environment, one of the two")
        elif known:
            keys = {each: f"{key}.{each}" for each in ("branch", "environment")}
            yield from refusals(lambda: self.subject(jobs), keys)

    def _approval_faults(self) -> Iterator[Fault]:
        if self.approval and not self.approvers:
            allowed = "one e-mail address or more with an approval: else the topic tells nobody that it waits"
            yield fault("approvers", "none", allowed)
        elif self.approvers and not self.approval:
            yield fault("approvers", repr(list(self.approvers)), "none without an approval: nobody is asked")
        topic = arguments.approvals(self.approvers, key_arn=PLACEHOLDER, tags=PLACEHOLDER_TAGS)
        yield from refusals(lambda: validate_topic(topic), {"emails": "approvers"})

    def _function_faults(self, given: Function) -> Iterator[Fault]:
        args = arguments.placeholder_function(given)
        yield from refusals(args.check, arguments.FUNCTION_KEYS)
        wrong = list(refusals(lambda: parsed(given.shift), {"shift": "shift"}))
        yield from wrong
        if not wrong and (first := parsed(given.shift).percent) <= given.error_percent:
            allowed = f"below {first}, the share of the invocations that {given.shift} begins with: their failures must ring"
            yield fault("errorPercent", f"{given.error_percent:g}", allowed)

    def reference_faults(self, systems: Mapping[str, SystemSettings]) -> Iterator[Fault]:
        """What it names of the stack's other systems and they don't have."""
        for other, chosen in self.services.items():
            there = systems.get(other)
            if not isinstance(there, ContainersSettings):
                kinds = sorted(
                    each for each, given in systems.items() if isinstance(given, ContainersSettings)
                )
                allowed = f"a system of containers of this stack: {', '.join(kinds) or 'there is none'}"
                yield fault("services", repr(other), allowed)
                continue
            fit = [each for each, given in there.services.items() if given.deployment == "blue-green"]
            for each in chosen:
                if each not in fit:
                    allowed = f"a service of {other} that deploys blue-green: {', '.join(fit) or 'none does'}"
                    yield fault(f"services.{other}", repr(each), allowed)

    @property
    def refers(self) -> bool:
        """Whether it is placed after others, whose parts it names."""
        return bool(self.services)

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.function(name, each) for each in self.functions]

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed: releases are made again from their commits."""
        return set()

    def hosts(self, _name: str, _stack: Stack) -> list[str]:
        """DNS names that the system takes in the hosted zone: none."""
        return []

    def image_prefixes(self, stack: Stack) -> list[str]:
        """How the names of the repositories begin whose images are copied to the other region."""
        return [prefix(stack)] if self.replicate_images else []

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "repository": self.repository,
            "functions": sorted(self.functions),
        }
