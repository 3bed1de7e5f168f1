"""A global table: which regions have it, how they agree, and what its replicas share."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws import faults

SHARED = ("attr", "billing_mode", "global_indexes", "items", "throughput", "ttl", "warm_throughput")
"""What DynamoDB keeps alike in all replicas, by moto's names.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""
QUORUM = 2
"""Regions that must answer before a strongly consistent table is written."""


@dataclass
class Group:
    """The members of one global table."""

    account: str
    name: str
    regions: list[str]
    strong: bool = False
    witness: str | None = None
    keys: dict[str, str | None] = field(default_factory=dict)
    """The customer key of each region."""

    def writable(self) -> bool:
        """Whether a write can be agreed on."""
        if not self.strong:
            return True
        places = [*self.regions, *([self.witness] if self.witness else [])]
        return sum(not faults.TABLE.region_lost(place) for place in places) >= QUORUM


def refuse(message: str) -> Exception:
    """DynamoDB's refusal of a request."""
    from moto.dynamodb.exceptions import MockValidationException

    error: Exception = MockValidationException(message)
    return error


def tables(account: str, region: str) -> dict[str, Any]:
    """The tables of a region by name."""
    from moto.dynamodb.models import dynamodb_backends

    found: dict[str, Any] = dynamodb_backends[account][region].tables
    return found


def group_of(table: Any) -> Group | None:
    """The global table that a table belongs to."""
    found: Group | None = getattr(table, "group", None)
    return found


def others(table: Any) -> list[Any]:
    """The replicas of a table in other regions."""
    group = group_of(table)
    regions = [r for r in group.regions if r != table.region_name] if group else []
    return [tables(group.account, r)[group.name] for r in regions if group] if regions else []


def share(table: Any) -> None:
    """Give every replica what this one has of that which is shared."""
    for other in others(table):
        for name in SHARED:
            setattr(other, name, getattr(table, name))
        other.group = table.group


def encrypted_by(key: str) -> dict[str, Any]:
    """A table's encryption with a customer key."""
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}


def replica(source: Any, region: str, key: str | None, *, streams: bool) -> Any:
    """A table in another region that is the same as `source`: not its tags, its backups or its protection.

    `streams`: with its stream too, as replication reads it; strongly consistent replicas have streams of their own.
    """
    from moto.dynamodb.models.table import Table

    made = Table(
        source.name,
        account_id=source.account_id,
        region=region,
        schema=copy.deepcopy(source.schema),
        attr=source.attr,
        throughput=dict(source.throughput),
        billing_mode=source.billing_mode,
        streams=dict(source.stream_specification) if streams else None,
        sse_specification=encrypted_by(key) if key else None,
    )
    made.indexes = copy.deepcopy(source.indexes)
    return made


def customer_key(table: Any) -> str | None:
    """The customer key that a table is encrypted with."""
    specification = table.sse_specification or {}
    return specification.get("KMSMasterKeyId") if specification.get("Enabled") else None
