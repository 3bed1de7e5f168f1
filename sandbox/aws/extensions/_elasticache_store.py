"""What ElastiCache keeps beside moto's users, subnet groups and snapshots, and how its operations answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Operation = Callable[[Any], Any]

PREFIXES = {
    "us-east-1": "ldgnf",
    "us-east-2": "fpkhr",
    "us-west-1": "virxk",
    "us-west-2": "sgaui",
    "ca-central-1": "bxodz",
    "ap-south-1": "erpgt",
    "ap-northeast-1": "quwsw",
    "ap-northeast-2": "lfqnh",
    "ap-northeast-3": "nlapn",
    "ap-southeast-1": "vlqxn",
    "ap-southeast-2": "vbgxd",
    "eu-central-1": "iudkw",
    "eu-west-1": "gxeiz",
    "eu-west-2": "okuqm",
    "eu-west-3": "fgjhi",
    "sa-east-1": "juxlw",
}
"""What a datastore's id begins with, by the region that founded it.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html"""


@dataclass
class Group:
    """A replication group."""

    account: str
    region: str
    id: str
    said: Document
    """What was asked for at creation and by changes, in AWS's names."""
    engine: str
    version: str
    node_type: str
    parameters: str
    shards: int
    replicas: int
    sharded: bool
    zones: list[str]
    automatic_failover: bool
    multi_az: bool
    encrypted: bool
    tls: bool
    datastore: str | None = None
    role: str = "PRIMARY"
    """Of its datastore; without one it says nothing."""
    primaries: dict[int, int] = field(default_factory=dict)
    """The node that writes, by shard, where it isn't the first any more."""

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:elasticache:{self.region}:{self.account}:replicationgroup:{self.id}"

    @property
    def full_version(self) -> str:
        """The engine's version with its patch level."""
        return self.version if self.version.count(".") > 1 else f"{self.version}.0"


@dataclass
class Datastore:
    """A Global Datastore."""

    id: str
    account: str
    description: str
    members: list[Group]
    moving: bool = False
    """Whether another member is being promoted."""

    @property
    def status(self) -> str:
        """What AWS says of it."""
        if self.moving:
            return "modifying"
        return "available" if len(self.members) > 1 else "primary-only"

    @property
    def primary(self) -> Group:
        """The member that writes."""
        return next(member for member in self.members if member.role == "PRIMARY")


@dataclass
class Store:
    """One account's and region's groups."""

    groups: dict[str, Group] = field(default_factory=dict)
    parameters: dict[str, Document] = field(default_factory=dict)
    """Parameter groups by name: `Family`, `Description`, `ARN` and `Values`."""
    user_groups: dict[str, Document] = field(default_factory=dict)
    """By id, in AWS's names."""


_stores: dict[tuple[str, str], Store] = {}
DATASTORES: dict[str, Datastore] = {}
"""By id, of all regions."""


def store_of(response: Any) -> Store:
    """The groups of the account and region of a request."""
    return store(response.current_account, response.region)


def store(account: str, region: str) -> Store:
    """The groups of an account and region."""
    return _stores.setdefault((account, region), Store())


def refuse(code: str, message: str) -> Exception:
    """An error of ElastiCache."""
    from moto.elasticache.exceptions import ElastiCacheException

    class Refused(ElastiCacheException):  # type: ignore[misc]
        pass

    Refused.code = code
    error: Exception = Refused(message)
    return error


def answer(document: Mapping[str, Any]) -> Any:
    """A response of that content."""
    from moto.core.responses import ActionResult

    return ActionResult(dict(document))


def tag(response: Any, arn: str) -> None:
    """Keep the tags that a request brings."""
    if tags := response.params.get("Tags"):
        response.elasticache_backend.tagging_service.tag_resource(arn, tags)


def install() -> None:
    """Let ElastiCache's tags be asked for by the ARN of whatever has some."""
    from moto.elasticache.models import ElastiCacheBackend

    anything = re.compile(r"^arn:aws:elasticache:[\w-]*:\d+:[a-z]+:.+$")
    ElastiCacheBackend.arn_regex = property(lambda _backend: anything, lambda _backend, _given: None)


def reset() -> None:
    """Forget everything."""
    _stores.clear()
    DATASTORES.clear()
