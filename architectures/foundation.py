"""What every system of a region stands on: key, network, hosted zone, topic, backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from architectures.peer import Peer
from components.edge import HostedZone, HostedZoneArgs
from components.network import NatMode, Vpc, VpcArgs
from components.operations import Topic, TopicArgs
from components.recovery import BackupPlan, BackupPlanArgs, BackupRule, ExistingVault, VaultLock
from components.security import PUBLISHERS, MultiRegionKey, MultiRegionKeyArgs
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class FoundationArgs:
    """What the foundation of one region needs."""

    system: str
    """Names the key's alias and the vaults."""
    tags: Tags
    region: str
    peer_region: str
    cidr: str
    peer_cidr: str
    zones: Sequence[str]
    """Zone ids, at least two."""
    domain: str
    """The hosted zone's domain."""
    backup_rules: Sequence[BackupRule]
    vault_lock: VaultLock
    nat: NatMode = NatMode.ZONE
    interface_endpoints: Sequence[str] = ()
    flow_log_retention_days: int = 90
    existing_zone_id: str | None = None
    """Adopt this hosted zone instead of creating one."""
    alarm_emails: Sequence[str] = ()
    protect: bool = True
    peer: Peer | None = None
    """The stack that founded the system. None: this one does."""


class Foundation(pulumi.ComponentResource):
    """The ground of one region.

    The founding stack creates what both regions share or what must exist before the other stack does: the multi-Region key with
    its replica, the hosted zone, and a locked vault in each region. The joining stack reads these.

    Creates: key, VPC, hosted zone, topic, backup plan. Survives: each region's part stands without the other region.
    Costs: NAT gateways and interface endpoints dominate. Source:
    https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html
    """

    key_arn: pulumi.Output[str]
    """Key of this region."""
    peer_key_arn: pulumi.Output[str]
    """Its replica in the other region."""
    zone_id: pulumi.Output[str]
    network: Vpc
    topic: Topic
    backups: BackupPlan

    def __init__(self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:architectures:Foundation", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.key_arn, self.peer_key_arn = self._keys(name, args)
        self.zone_id, self.name_servers = self._zone(name, args)
        self.network = Vpc(
            f"{name}-net",
            VpcArgs(
                cidr=args.cidr,
                peer_cidr=args.peer_cidr,
                zones=args.zones,
                region=args.region,
                nat=args.nat,
                interface_endpoints=args.interface_endpoints,
                flow_log_retention_days=args.flow_log_retention_days,
                logs_key_arn=self.key_arn,
                tags=args.tags,
            ),
            self._child,
        )
        self.topic = Topic(
            f"{name}-alerts",
            TopicArgs(key_arn=self.key_arn, emails=args.alarm_emails, tags=args.tags),
            self._child,
        )
        self.backups = self._backups(args)
        self.register_outputs(
            {"key_arn": self.key_arn, "zone_id": self.zone_id, "vpc_id": self.network.vpc_id}
        )

    def _keys(self, name: str, args: FoundationArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if args.peer:
            return args.peer.text("peerKeyArn"), args.peer.text("keyArn")
        key = MultiRegionKey(
            f"{name}-key",
            MultiRegionKeyArgs(
                region=args.region,
                peer_region=args.peer_region,
                alias=args.system,
                publishers=PUBLISHERS,
                tags=args.tags,
                protect=args.protect,
            ),
            self._child,
        )
        return key.arn, key.peer_arn

    def _zone(
        self, name: str, args: FoundationArgs
    ) -> tuple[pulumi.Output[str], pulumi.Output[Sequence[str]] | None]:
        if args.peer:
            return args.peer.text("zoneId"), None
        zone = HostedZone(
            f"{name}-zone",
            HostedZoneArgs(
                domain=args.domain,
                existing_zone_id=args.existing_zone_id,
                tags=args.tags,
                protect=args.protect,
            ),
            self._child,
        )
        return zone.zone_id, zone.name_servers

    def _backups(self, args: FoundationArgs) -> BackupPlan:
        # A region has one vault. The founder declared both; to the joining stack its peer's vault is the founder's own.
        mine = theirs = None
        if args.peer:
            mine = ExistingVault(name=args.peer.text("peerVaultName"), arn=args.peer.text("peerVaultArn"))
            theirs = ExistingVault(name=args.peer.text("vaultName"), arn=args.peer.text("vaultArn"))
        return BackupPlan(
            args.system,
            BackupPlanArgs(
                region=args.region,
                peer_region=args.peer_region,
                key_arn=self.key_arn,
                peer_key_arn=self.peer_key_arn,
                topic_arn=self.topic.arn,
                rules=args.backup_rules,
                lock=args.vault_lock,
                vault=mine,
                peer_vault=theirs,
                tags=args.tags,
                protect=args.protect,
            ),
            self._child,
        )
