"""What every system of a region stands on: key, network, hosted zone, topic, backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from architectures.foundation_args import FoundationArgs
from components.compute import ImageReplication, ImageReplicationArgs
from components.edge import HostedZone, RestLogs
from components.edge.hosted_zone import LOG_REGION
from components.network import Vpc
from components.operations import Topic
from components.recovery import BackupPlan, ExistingVault, RestoreHome
from components.security import MultiRegionKey, RegionDefaults


class Foundation(pulumi.ComponentResource):
    """The ground of one region.

    The founding stack creates what both regions share or what must exist before the other stack does: the multi-Region key with
    its replica, the hosted zone, and a locked vault in each region. The joining stack reads these.

    Creates: defaults of the region, key, VPC, hosted zone, topic, backup plan. Survives: each region's part stands without the other.
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
    rest_logs: pulumi.Output[str] | None
    """Known once REST APIs may write logs. None: no system here has one."""
    outputs: Mapping[str, pulumi.Input[Any]]
    """What people and the other region's stack read of it."""

    def __init__(self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:architectures:Foundation", name, {}, opts)
        self._stack, self._child = args.stack, pulumi.ResourceOptions(parent=self)
        RegionDefaults(f"{name}-defaults", self._child)
        self.key_arn, self.peer_key_arn = self._keys(name, args)
        self.zone_id, self.name_servers = self._zone(name, args)
        self.network = Vpc(f"{name}-net", args.vpc(self.key_arn), self._child)
        self.topic = Topic(f"{name}-alerts", args.topic(self.key_arn), self._child)
        self.backups = self._backups(name, args)
        if args.image_prefixes:
            copied = ImageReplicationArgs(peer_region=args.stack.peer_region, prefixes=args.image_prefixes)
            ImageReplication(f"{name}-images", copied, self._child)
        self.rest_logs = (
            RestLogs(f"{name}-rest-logs", args.tags, self._child).ready if args.rest_logs else None
        )
        self.outputs = self._outputs(args)
        self.register_outputs(dict(self.outputs))

    def _keys(self, name: str, args: FoundationArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if args.peer:
            return args.peer.text("peerKeyArn"), args.peer.text("keyArn")
        key = MultiRegionKey(f"{name}-key", args.key(), self._child)
        return key.arn, key.peer_arn

    def key_in(self, region: str) -> pulumi.Output[str] | None:
        """The key in that region; None in a third one."""
        stack = self._stack
        return {stack.region: self.key_arn, stack.peer_region: self.peer_key_arn}.get(region)

    def _zone(
        self, name: str, args: FoundationArgs
    ) -> tuple[pulumi.Output[str], pulumi.Output[Sequence[str]] | None]:
        if args.peer:
            return args.peer.text("zoneId"), None
        zone = HostedZone(f"{name}-zone", args.zone(self.key_in(LOG_REGION)), self._child)
        return zone.zone_id, zone.name_servers

    def _backups(self, name: str, args: FoundationArgs) -> BackupPlan:
        # A region has one vault. The founder declared both; to the joining stack its peer's vault is the founder's own.
        mine = theirs = None
        if args.peer:
            mine = ExistingVault(name=args.peer.text("peerVaultName"), arn=args.peer.text("peerVaultArn"))
            theirs = ExistingVault(name=args.peer.text("vaultName"), arn=args.peer.text("vaultArn"))
        plan = args.backup_plan(
            key_arn=self.key_arn,
            peer_key_arn=self.peer_key_arn,
            topic_arn=self.topic.arn,
            vault=mine,
            peer_vault=theirs,
            restore_home=RestoreHome(vpc_id=self.network.vpc_id, subnet_ids=self.network.data_subnet_ids),
        )
        return BackupPlan(f"{name}-backup", plan, self._child)

    def _outputs(self, args: FoundationArgs) -> dict[str, Any]:
        found: dict[str, Any] = {
            "region": args.stack.region,
            "vpcId": self.network.vpc_id,
            "keyArn": self.key_arn,
            "peerKeyArn": self.peer_key_arn,
            "zoneId": self.zone_id,
            "vaultName": self.backups.vault_name,
            "vaultArn": self.backups.vault_arn,
            "peerVaultName": self.backups.peer_vault_name,
            "peerVaultArn": self.backups.peer_vault_arn,
        }
        if self.name_servers is not None:
            found["nameServers"] = self.name_servers
        return found
