"""What an Aurora DSQL cluster needs, and the checks on it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.checks import ArgumentError, need
from components.data.region_sets import check_one_set
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class DsqlPeer:
    """The other region's cluster, which is the same database."""

    region: str
    """Another region of the same set, e.g. "us-west-2"."""
    witness_region: str
    """Third region of the set, which keeps the transaction log and has no endpoint."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of the peer's region."""
    topic_arn: pulumi.Input[str] | None = None
    """Topic of that region for the alarms there. None: no alarms there."""


@dataclass(frozen=True, kw_only=True)
class DsqlClusterArgs:
    """What a cluster and its peer need."""

    tags: Tags
    region: str
    """The stack's own."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of this region; its policy admits the service itself (publisher `dsql` of `MultiRegionKeyArgs`)."""
    peer: DsqlPeer | None = None
    """None: only backups take the data to another region. A cluster can't be given a peer later: AWS would want a new one."""
    topic_arn: pulumi.Input[str] | None = None
    """Topic of this region for the alarms here. None: no alarms here."""
    deletion_protection: bool = True
    """AWS refuses to delete the clusters."""
    protect: bool = True
    """Pulumi refuses to delete or replace the clusters."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        if self.peer is None:
            allowed = "a peer with tags.rpo_minutes 0: one region's cluster is lost with its region"
            if self.tags.rpo_minutes == 0:
                raise ArgumentError("peer", "None", allowed)
            return
        elsewhere = f"another than region and peer.region ({self.region}, {self.peer.region})"
        used = (self.region, self.peer.region)
        need(
            self.peer.region != self.region,
            "peer.region",
            repr(self.peer.region),
            "another than the cluster's own",
        )
        witness = self.peer.witness_region
        need(witness not in used, "peer.witness_region", repr(witness), elsewhere)
        check_one_set(
            {"region": self.region, "peer.region": self.peer.region, "peer.witness_region": witness}
        )
