"""The stack configuration as typed, checked, frozen objects. The only reader of `pulumi.Config`.

Every key stands in the namespace `holdfast:` (and `aws:region`) and is explained in `Pulumi.prod.yaml`; those of a kind of system are
defined in that kind's folder of `architectures/`. A bad value stops here, before anything is registered, with one line a fault: key,
value, what is allowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pulumi
import pydantic
from pulumi.runtime import config as runtime_config
from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from architectures import together
from architectures.agreement import Agreement
from architectures.faults import Fault, fault
from architectures.foundation_args import FoundationArgs
from architectures.ground import Backup, Dns, Network, Operations
from architectures.keys import Objectives, Region, Section, Slug, SystemSettings, Text
from architectures.peer import Outputs, organization_faults
from architectures.registry import KINDS
from architectures.stack import Stack
from architectures.strategies import Strategy, backups_a_day
from architectures.telling import NAMESPACE, SettingsError, lines, told
from components.tags import Tags

GROUND = "base"
"""What the foundation is called, and so no system."""
_STACK_NAME = re.compile(r"[\w.-]+/[\w.-]+/[\w.-]+")


def _stack_name(value: str) -> str:
    if not _STACK_NAME.fullmatch(value):
        raise ValueError("a stack's full name, organization/project/stack")
    return value


def _free(value: str) -> str:
    if value == GROUND:
        raise ValueError(f"any other name: {GROUND} is what all systems stand on")
    return value


class _OfSomeKind:
    """The settings of whatever kind of system the key `kind` names."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {name: handler.generate_schema(kind.settings) for name, kind in KINDS.items()}
        return core_schema.tagged_union_schema(choices, discriminator="kind")


StackName = Annotated[str, AfterValidator(_stack_name)]
Words = Annotated[str, Field(min_length=1)]
SystemName = Annotated[Slug, AfterValidator(_free)]


class Recovery(Section):
    """Which region serves, and who the other one is."""

    active_region: Region
    peer_region: Region
    peer_stack: StackName | None = None
    """The stack that this one joins; None for the stack that founds the systems."""


class Exemption(Section):
    """Where a rule of the policy pack need not hold.

    The program makes nothing of it: the pack reads the key itself, and refuses an unknown rule or a last day that can't be.
    """

    rule: Words
    resource: Words
    """URN or name, or a pattern of either."""
    system: Words | None = None
    failure: Words | None = None
    reason: Words
    until: Words
    """Last day, YYYY-MM-DD."""


class Settings(Section):
    """The whole configuration of one stack."""

    region: Region
    system: Slug
    environment: Literal["production", "staging", "development"]
    owner: Text
    cost_center: Text
    protect: bool = True
    """Whether stateful resources are protected against deletion, in Pulumi and in AWS."""
    objectives: Objectives
    strategy: Strategy = Strategy.WARM_STANDBY
    recovery: Recovery
    network: Network
    dns: Dns
    backup: Backup = Backup()
    operations: Operations = Operations()
    unlisted: tuple[str, ...] = ()
    """Names of instance types, instance classes, engine versions and interface endpoints that AWS takes and our lists lack."""
    exemptions: tuple[Exemption, ...] = ()
    systems: dict[SystemName, Annotated[SystemSettings, _OfSomeKind()]] = Field(default_factory=dict)

    @property
    def stack(self) -> Stack:
        """What systems need to know of the stack."""
        return Stack(
            system=self.system,
            environment=self.environment,
            region=self.region,
            peer_region=self.recovery.peer_region,
            active=self.region == self.recovery.active_region,
            founder=self.recovery.peer_stack is None,
            zones=self.network.zones,
            domain=self.dns.domain,
            strategy=self.strategy,
            rto_hours=self.objectives.rto_hours,
            rpo_minutes=self.objectives.rpo_minutes,
            unlisted=self.unlisted,
            networks=(self.network.cidr, self.network.peer_cidr),
            protect=self.protect,
        )

    def tags(self, name: str | None = None) -> Tags:
        """The tags of what belongs to that system, with its objectives; without a name, of what all systems share."""
        promised = (self.systems[name].objectives if name else None) or self.objectives
        return Tags(
            environment=self.environment,
            system=self.system,
            workload=name,
            owner=self.owner,
            cost_center=self.cost_center,
            dr_tier=promised.dr_tier,
            rto_hours=promised.rto_hours,
            rpo_minutes=promised.rpo_minutes,
            corruption=(promised.corruption.rto_hours, promised.corruption.rpo_minutes)
            if promised.corruption
            else None,
        )

    def foundation(self, peer: Outputs | None) -> FoundationArgs:
        """What the foundation is given; `peer` is the foundation that the other stack laid."""
        return FoundationArgs(
            stack=self.stack,
            tags=self.tags(),
            cidr=self.network.cidr,
            peer_cidr=self.network.peer_cidr,
            nat=self.network.nat,
            interface_endpoints=self.network.interface_endpoints,
            flow_log_retention_days=self.network.flow_log_retention_days,
            existing_zone_id=self.dns.existing_zone_id,
            backup_rules=self.backup.rules(self.backup.times_a_day or self._backups_a_day()),
            vault_lock=self.backup.lock,
            alarm_emails=self.operations.alarm_emails,
            experiments=sorted({each for s in self.placed.values() for each in s.rehearsed(self.stack)}),
            restored_types=self._restored_types(),
            image_prefixes=sorted(
                {each for s in self.placed.values() for each in s.image_prefixes(self.stack)}
            ),
            rest_logs=any(s.logs_rest_api(self.stack) for s in self.placed.values()),
            peer=peer,
        )

    def _strategies(self) -> set[Strategy]:
        return {system.followed(self.stack) for system in self.systems.values()}

    def _backups_a_day(self) -> int:
        alone = any(system.backed_up_alone for system in self.systems.values())
        return backups_a_day(self._strategies(), alone=alone)

    def _restored_types(self) -> set[str]:
        return set().union(*(system.restored_types for system in self.systems.values())) or {"Aurora"}

    def agreement(self) -> Agreement:
        """What the other region's stack must say alike."""
        return Agreement(
            stack={
                "system": self.system,
                "environment": self.environment,
                "aws:region": self.region,
                "recovery.peerRegion": self.recovery.peer_region,
                "recovery.activeRegion": self.recovery.active_region,
                "network.cidr": self.network.cidr,
                "network.peerCidr": self.network.peer_cidr,
                "dns.domain": self.dns.domain,
            },
            systems={
                name: {"strategy": str(system.followed(self.stack)), **system.agreement(self.stack)}
                for name, system in self.placed.items()
            },
        )

    @pydantic.model_validator(mode="after")
    def _together(self) -> Settings:
        faults = [*self._region_faults(), *self._zone_faults()]
        if not faults:
            faults += self.foundation(None).faults()
            faults += self.network.faults(self.unlisted)
            for name, system in self.systems.items():
                faults += [
                    (f"systems.{name}.{key}".rstrip("."), said)
                    for key, said in system.faults(name, self.stack)
                ]
        if not faults:
            faults += together.faults(self.systems, self.stack)
        if faults:
            raise SettingsError(lines(faults))
        return self

    def _zone_faults(self) -> Iterator[Fault]:
        if self.dns.delegated:
            return
        if self.recovery.peer_stack is not None:
            yield fault("dns.delegated", "false", "true in a stack that joins another, whose zone it uses")
        elif self.dns.existing_zone_id is not None:
            yield fault("dns.delegated", "false", "true with existingZoneId, a zone that is there already")

    @property
    def placed(self) -> Mapping[str, SystemSettings]:
        """The systems to place, those that name parts of others last: none before the zone is delegated."""
        in_order = sorted(self.systems.items(), key=lambda each: each[1].refers)
        return dict(in_order) if self.dns.delegated else {}

    def _region_faults(self) -> Iterator[Fault]:
        mine, recovery = self.region, self.recovery
        if recovery.peer_region == mine:
            yield fault("recovery.peerRegion", repr(mine), "a region other than aws:region")
        if recovery.active_region not in (mine, recovery.peer_region):
            either = f"{mine} or {recovery.peer_region}"
            yield fault("recovery.activeRegion", repr(recovery.active_region), either)

    @classmethod
    def load(cls) -> Settings:
        """Read this stack's configuration. Raises SettingsError."""
        given, unknown = _declared()
        if unknown:
            known = ", ".join(sorted(f"{NAMESPACE}:{key}" for key in _keys()))
            raise SettingsError(lines((key, f"unknown key; allowed are {known}") for key in unknown))
        if empty := list(_empty(given)):
            raise SettingsError(
                lines((key, "is empty; give it a value, or leave the key out") for key in empty)
            )
        try:
            found = cls.model_validate({"region": pulumi.Config("aws").get("region"), **given})
        except pydantic.ValidationError as error:
            raise SettingsError("\n".join(told(each, cls) for each in error.errors())) from None
        if faults := list(organization_faults(found.recovery.peer_stack)):
            raise SettingsError(lines(faults))
        return found


def _keys() -> set[str]:
    return {to_camel(name) for name in Settings.model_fields if name != "region"}


def _declared() -> tuple[dict[str, Any], list[str]]:
    """The values of the namespace by key, and the keys that no setting has."""
    config, names = pulumi.Config(NAMESPACE), _keys()
    keys = {*runtime_config.CONFIG.get(), *runtime_config.get_config_env()}
    mine = sorted(key for key in keys if key.startswith(f"{NAMESPACE}:"))
    given = {name: _parsed(text) for name in sorted(names) if (text := config.get(name)) is not None}
    return given, [key for key in mine if key.split(":", 1)[1] not in names]


def _parsed(text: str) -> Any:
    """Objects and lists arrive as JSON; everything else is text, which pydantic converts."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _empty(given: Any, path: str = "") -> Iterator[str]:
    """Keys that stand without a value: a null within a section; Pulumi makes empty text of one in the first place."""
    if given is None or (given == "" and "." not in path):
        yield path
    elif isinstance(given, dict):
        for key, value in given.items():
            yield from _empty(value, f"{path}.{key}" if path else str(key))
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from _empty(value, f"{path}[{index}]")
