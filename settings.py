"""The stack configuration as typed, checked, frozen objects. The only reader of `pulumi.Config`.

Every key stands in the namespace `holdfast:` (and `aws:region`) and is explained in `Pulumi.prod.yaml`. A bad value stops
here, before anything is registered, with one line a fault: key, value, what is allowed.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pulumi
import pydantic
from pulumi.runtime import config as runtime_config
from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from components.compute.sizing import statically_stable_size
from components.network import NatMode
from components.network.cidr import validate_network
from components.network.regions import zone_id_prefix
from components.tags import Tags

NAMESPACE = "holdfast"
LOG_RETENTION_DAYS = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
"""What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html."""
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_STACK_NAME = re.compile(r"[\w.-]+/[\w.-]+/[\w.-]+")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,19}")


class SettingsError(ValueError):
    """The stack configuration is wrong; the message has one line for each fault."""


def _domain(value: str) -> str:
    labels = value.split(".")
    if len(value) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004  RFC 1035
        raise ValueError("allowed is a domain name in lower case, e.g. example.com")
    return value


def _region(value: str) -> str:
    zone_id_prefix(value)
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("allowed are 2 to 20 lower-case letters, digits and hyphens, a letter first")
    return value


def _stack_name(value: str) -> str:
    if not _STACK_NAME.fullmatch(value):
        raise ValueError("allowed is a stack's full name, organization/project/stack")
    return value


Domain = Annotated[str, AfterValidator(_domain)]
Region = Annotated[str, AfterValidator(_region)]
Slug = Annotated[str, AfterValidator(_slug)]
StackName = Annotated[str, AfterValidator(_stack_name)]
Text = Annotated[str, Field(min_length=1, max_length=256)]


class Section(pydantic.BaseModel):
    """A group of keys: frozen, camelCase in the configuration, no key unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=False)


class Strategy(enum.StrEnum):
    """How much of the system stands ready in the region that is not active."""

    WARM_STANDBY = "warm-standby"


class Objectives(Section):
    """What the system promises; tags carry it to AWS and to the policies."""

    dr_tier: Literal[1, 2, 3]
    rto_hours: float = Field(gt=0, le=720)
    rpo_minutes: float = Field(ge=0, le=43_200)


class Recovery(Section):
    """Which region serves, which one stands by, and with how much."""

    active_region: Region
    peer_region: Region
    peer_stack: StackName | None = None
    """The stack that this one joins; None for the stack that founds the system."""
    strategy: Strategy = Strategy.WARM_STANDBY
    standby_fraction: float = Field(default=0.34, gt=0, le=1)
    """Share of the active region's instances that the standby keeps running, never fewer than one a zone."""


class Network(Section):
    """The VPC."""

    cidr: str
    peer_cidr: str
    zones: tuple[str, ...]
    nat: NatMode = NatMode.ZONE
    interface_endpoints: tuple[str, ...] = ()
    flow_log_retention_days: LOG_RETENTION_DAYS = 90


class Dns(Section):
    """The names."""

    domain: Domain
    site: Domain
    existing_zone_id: str | None = Field(default=None, pattern=r"^Z[A-Z0-9]{5,31}$")
    withdrawn: bool = False
    """Leave the site's name to the other region: the first step of swapping roles, see docs/architecture.md."""


class Compute(Section):
    """The application tier."""

    instance_types: tuple[str, ...] = Field(default=("m7g.large", "m6g.large", "c7g.large"), min_length=1)
    required_instances: int = Field(default=4, ge=1, le=300)
    """Instances that carry the load; the group keeps this many with one zone gone."""
    maximum_instances: int = Field(default=24, ge=1, le=600)
    image_parameter: str = Field(
        default="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", pattern=r"^/[\w./-]+$"
    )
    spot_above_base: bool = False
    warm_pool: bool = False


class Database(Section):
    """The Aurora cluster of this region."""

    engine: Literal["aurora-postgresql", "aurora-mysql"] = "aurora-postgresql"
    engine_version: str = Field(default="16.6", pattern=r"^\d+\.\S+$")
    instance_class: str = Field(default="db.r6g.large", pattern=r"^db\.(serverless|[a-z0-9-]+\.[a-z0-9]+)$")
    name: str = Field(default="app", pattern=r"^[a-z][a-z0-9_]{0,62}$")
    master_username: str = Field(default="holdfast", pattern=r"^[a-z][a-z0-9_]{0,15}$")
    multi_az: bool = True
    backup_retention_days: int = Field(default=35, ge=1, le=35)
    password_version: int = Field(default=1, ge=1)
    data_gib: int = Field(default=100, ge=1, le=262_144)
    """Expected size: a restore takes longer the more there is. Aurora holds up to 256 TiB."""


class Backup(Section):
    """The backup plan: days each recovery point is kept."""

    daily_retention_days: int = Field(default=35, ge=1, le=36_500)
    weekly_retention_days: int = Field(default=120, ge=120, le=36_500)
    monthly_retention_days: int = Field(default=365, ge=120, le=36_500)
    vault_lock: Literal["governance", "compliance"] = "governance"


class Operations(Section):
    """Who is told."""

    alarm_emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()


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
    recovery: Recovery
    network: Network
    dns: Dns
    compute: Compute = Compute()
    database: Database = Database()
    backup: Backup = Backup()
    operations: Operations = Operations()

    @property
    def active(self) -> bool:
        """Whether this stack's region is the one that serves."""
        return self.region == self.recovery.active_region

    @property
    def tags(self) -> Tags:
        """The tags of every resource."""
        return Tags(
            environment=self.environment,
            system=self.system,
            owner=self.owner,
            cost_center=self.cost_center,
            dr_tier=self.objectives.dr_tier,
            rto_hours=self.objectives.rto_hours,
            rpo_minutes=self.objectives.rpo_minutes,
        )

    @pydantic.model_validator(mode="after")
    def _together(self) -> Settings:
        faults = [*self._region_faults(), *self._size_faults()]
        try:
            validate_network(self.network.cidr, self.network.zones, self.region, self.network.peer_cidr)
        except ValueError as error:
            faults.append(f"{NAMESPACE}:network.{_camel_head(str(error))}")
        if self.dns.site != self.dns.domain and not self.dns.site.endswith(f".{self.dns.domain}"):
            faults.append(
                f"{NAMESPACE}:dns.site: got {self.dns.site!r}, allowed is a name in {self.dns.domain}"
            )
        if faults:
            raise SettingsError("\n".join(faults))
        return self

    def _region_faults(self) -> list[str]:
        mine, recovery = self.region, self.recovery
        faults = []
        if recovery.peer_region == mine:
            faults.append(
                f"{NAMESPACE}:recovery.peerRegion: got {mine!r}, allowed is a region other than aws:region"
            )
        if recovery.active_region not in (mine, recovery.peer_region):
            faults.append(
                f"{NAMESPACE}:recovery.activeRegion: got {recovery.active_region!r}, allowed is {mine} or {recovery.peer_region}"
            )
        return faults

    def _size_faults(self) -> list[str]:
        zones, most = len(self.network.zones), self.compute.maximum_instances
        if zones < 2:  # noqa: PLR2004  the network's own check says so
            return []
        least = statically_stable_size(self.compute.required_instances, zones).total
        if most < least:
            allowed = f"at least {least}: requiredInstances in {zones} zones with one of them gone"
            return [f"{NAMESPACE}:compute.maximumInstances: got {most}, allowed is {allowed}"]
        return []

    @classmethod
    def load(cls) -> Settings:
        """Read this stack's configuration. Raises SettingsError."""
        given, unknown = _declared()
        if unknown:
            allowed = ", ".join(sorted(f"{NAMESPACE}:{_alias(n)}" for n in cls.model_fields if n != "region"))
            raise SettingsError("\n".join(f"{k}: unknown key; allowed are {allowed}" for k in unknown))
        try:
            return cls.model_validate({"region": pulumi.Config("aws").get("region"), **given})
        except pydantic.ValidationError as error:
            raise SettingsError("\n".join(_fault(e) for e in error.errors())) from None


def _alias(name: str) -> str:
    return to_camel(name)


def _camel_head(message: str) -> str:
    """The settings' spelling of the argument that a message of the network's checks begins with."""
    head, _, rest = message.partition(":")
    return f"{to_camel(head)}:{rest}"


def _declared() -> tuple[dict[str, Any], list[str]]:
    """The values of the namespace by key, and the keys that no setting has."""
    config, names = pulumi.Config(NAMESPACE), {_alias(n) for n in Settings.model_fields if n != "region"}
    keys = {*runtime_config.CONFIG.get(), *runtime_config.get_config_env()}
    mine = sorted(k for k in keys if k.startswith(f"{NAMESPACE}:"))
    given = {}
    for name in sorted(names):
        text = config.get(name)
        if text is not None:
            given[name] = _parsed(text)
    return given, [k for k in mine if k.split(":", 1)[1] not in names]


def _parsed(text: str) -> Any:
    """Objects and lists arrive as JSON; everything else is text, which pydantic converts."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _fault(error: Mapping[str, Any]) -> str:
    """One line: key, value, what is allowed."""
    cause = (error.get("ctx") or {}).get("error")
    if isinstance(cause, SettingsError):
        return str(cause)
    path = [str(p) for p in error["loc"]]
    key = "aws:region" if path == ["region"] else f"{NAMESPACE}:{'.'.join(path)}"
    if error["type"] == "extra_forbidden":
        return f"{key}: unknown key; allowed are {', '.join(_siblings(path))}"
    if error["type"] == "missing":
        return f"{key}: is not set, and has no default"
    said = str(cause) if cause is not None else f"allowed: {error['msg'][0].lower()}{error['msg'][1:]}"
    return f"{key}: got {error['input']!r}, {said.removeprefix('Value error, ')}"


def _siblings(path: list[str]) -> list[str]:
    """The keys that the section at `path` has."""
    model: Any = Settings
    for name in path[:-1]:
        model = next(f.annotation for n, f in model.model_fields.items() if _alias(n) == name)
    return [_alias(n) for n in model.model_fields]
