"""What a DynamoDB table with replicas needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import ArgumentError, between, each_once, need, one_of
from components.data.region_sets import check_one_set
from components.tags import Tags

EVENTUAL, STRONG = "eventual", "strong"
STRONG_REGIONS = 3
"""A table with multi-Region strong consistency is in exactly so many regions: replicas, or two of them and a witness.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""
RECOVERY_DAYS = (1, 35)
"""Days that point-in-time recovery reaches back.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
"""
REPLICA_RECOVERY_DAYS = 35
"""What it is for a replica: the provider switches it on there, and takes no number of days.

Source: https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/table/
"""
TYPES = ("S", "N", "B")
"""Types of key attributes: text, number, bytes."""
INDEXES_AT_MOST = {"indexes": 20, "local_indexes": 5}
"""Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""


@dataclass(frozen=True, kw_only=True)
class TableReplica:
    """A region that has the table too, and may write it."""

    region: str
    """Another region than the table's own, e.g. "us-west-2"."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of that region. Read when the replica is made: another one would make it anew."""
    topic_arn: pulumi.Input[str] | None = None
    """Topic of that region for the alarms there. None: no alarms there."""


@dataclass(frozen=True, kw_only=True)
class LocalTableIndex:
    """An index with the table's hash key and another range key. Can't be added or removed later."""

    name: str
    range_key: str
    projected: Sequence[str] | None = None
    """Attributes kept in it besides the keys; none when empty. None: all."""


@dataclass(frozen=True, kw_only=True)
class TableIndex:
    """A global secondary index: keys of its own."""

    name: str
    hash_key: str
    range_key: str | None = None
    projected: Sequence[str] | None = None
    """Attributes kept in it besides the keys; none when empty. None: all."""


@dataclass(frozen=True, kw_only=True)
class GlobalTableArgs:
    """What a table and its replicas need."""

    tags: Tags
    region: str
    """The stack's own, which the table is made in."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of this region."""
    attributes: Mapping[str, str]
    """Key attributes of table and indexes, and no others, by name: "S" text, "N" number, "B" bytes."""
    hash_key: str
    range_key: str | None = None
    replicas: Sequence[TableReplica] = ()
    """Other regions. None: only backups take the data to another region."""
    consistency: str = EVENTUAL
    """"eventual": written in any region, seen in the others about a second later, the last writer wins. "strong": what is written
    is in two regions before the write returns; no transactions, no expiry, no local indexes. Can't be changed later."""
    witness_region: str | None = None
    """With "strong" and one replica: third region, which keeps what a decision needs and can't be read."""
    indexes: Sequence[TableIndex] = ()
    local_indexes: Sequence[LocalTableIndex] = ()
    ttl_attribute: str | None = None
    """Attribute with the second (since 1970) after which an item expires. None: items stay."""
    recovery_days: int = 35
    """Point-in-time recovery reaches back so far in this region, 1 to 35; in replicas it is 35."""
    topic_arn: pulumi.Input[str] | None = None
    """Topic of this region for the alarms here. None: no alarms here."""
    deletion_protection: bool = True
    """AWS refuses to delete the table or a replica."""
    protect: bool = True
    """Pulumi refuses to delete or replace the table."""

    @property
    def strong(self) -> bool:
        """Whether regions agree before a write returns."""
        return self.consistency == STRONG

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        one_of("consistency", self.consistency, (EVENTUAL, STRONG))
        each_once("replicas.region", [replica.region for replica in self.replicas])
        for position, replica in enumerate(self.replicas):
            elsewhere = replica.region != self.region
            need(
                elsewhere,
                f"replicas[{position}].region",
                repr(replica.region),
                "another than the table's own",
            )
        self._check_strong() if self.strong else self._check_eventual()
        self._check_keys()
        between("recovery_days", self.recovery_days, *RECOVERY_DAYS, "days")

    def _check_eventual(self) -> None:
        promised = "strong with tags.rpo_minutes 0: the last second of writes is lost with an eventual table's region"
        need(self.tags.rpo_minutes > 0, "consistency", repr(self.consistency), promised)
        none = "None with consistency 'eventual', which asks nobody before a write"
        need(self.witness_region is None, "witness_region", repr(self.witness_region), none)

    def _check_strong(self) -> None:
        regions = {"region": self.region}
        regions |= {f"replicas[{i}].region": replica.region for i, replica in enumerate(self.replicas)}
        if self.witness_region is not None:
            regions["witness_region"] = self.witness_region
        check_one_set(regions)
        held = f"{len(regions)} regions ({', '.join(regions.values())})"
        allowed = (
            f"{STRONG_REGIONS} regions with consistency 'strong': two replicas, or one and a witness_region"
        )
        need(len(regions) == STRONG_REGIONS and bool(self.replicas), "replicas", held, allowed)
        if self.ttl_attribute is not None:
            allowed = "None with consistency 'strong': DynamoDB doesn't let items of such a table expire"
            raise ArgumentError("ttl_attribute", repr(self.ttl_attribute), allowed)
        allowed = "none with consistency 'strong': DynamoDB gives such a table no local indexes"
        need(
            not self.local_indexes, "local_indexes", repr([each.name for each in self.local_indexes]), allowed
        )

    def _check_keys(self) -> None:
        for name, kind in self.attributes.items():
            one_of(f"attributes[{name}]", kind, TYPES)
        used = {"hash_key": self.hash_key, "range_key": self.range_key}
        for argument in ("indexes", "local_indexes"):
            indexes: Sequence[TableIndex | LocalTableIndex] = getattr(self, argument)
            most = INDEXES_AT_MOST[argument]
            need(len(indexes) <= most, argument, len(indexes), f"{most} or fewer")
            for index in indexes:
                where = f"{argument}[{index.name}]"
                used |= {f"{where}.range_key": index.range_key}
                if isinstance(index, TableIndex):
                    used |= {f"{where}.hash_key": index.hash_key}
        names = [index.name for index in self.indexes] + [index.name for index in self.local_indexes]
        each_once("indexes.name", names)
        need(not self.local_indexes or bool(self.range_key), "range_key", "None", "a key, with local_indexes")
        for argument, key in used.items():
            if key is not None:
                one_of(argument, key, self.attributes)
        # AWS refuses attributes that no key is made of.
        unused = sorted(set(self.attributes) - {key for key in used.values() if key})
        need(not unused, "attributes", ", ".join(unused), "keys of the table and its indexes only")
