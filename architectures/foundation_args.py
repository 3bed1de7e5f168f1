"""What the foundation of one region needs, and what it gives its components. Settings are checked by the same arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pulumi

from architectures.faults import PLACEHOLDER, Fault, refusals
from architectures.peer import Outputs
from architectures.stack import Stack
from components.edge import HostedZoneArgs
from components.network import NatMode, VpcArgs
from components.network.vpc import validate_vpc
from components.operations import TopicArgs
from components.operations.topic import validate_topic
from components.recovery import (
    BackupPlanArgs,
    BackupRule,
    ExistingVault,
    RestoreHome,
    RestoreTest,
    VaultLock,
    validate_plan,
)
from components.recovery.rules import validate_rules
from components.security import PUBLISHERS, MultiRegionKeyArgs
from components.security.key import validate_key
from components.switch import SUBNETS, opt_in
from components.tags import Tags

KEYS = {
    "cidr": "network.cidr",
    "peer_cidr": "network.peerCidr",
    "zones": "network.zones",
    "interface_endpoints": "network.interfaceEndpoints",
    "flow_log_retention_days": "network.flowLogRetentionDays",
    "emails": "operations.alarmEmails",
    "rules[daily].retention.delete_after_days": "backup.dailyRetentionDays",
    "rules[weekly].retention.delete_after_days": "backup.weeklyRetentionDays",
    "rules[monthly].retention.delete_after_days": "backup.monthlyRetentionDays",
    "name": "system",
    "alias": "system",
}
"""Argument of a component that a setting decides -> the setting's key."""


@dataclass(frozen=True, kw_only=True)
class FoundationArgs:
    """What the foundation of one region needs."""

    stack: Stack
    tags: Tags
    cidr: str
    peer_cidr: str
    backup_rules: Sequence[BackupRule]
    vault_lock: VaultLock
    nat: NatMode = NatMode.ZONE
    interface_endpoints: Sequence[str] = ()
    flow_log_retention_days: int = 90
    existing_zone_id: str | None = None
    """Adopt this hosted zone instead of creating one."""
    alarm_emails: Sequence[str] = ()
    experiments: Sequence[str] = ()
    """Experiments that systems here can start; subnets agree to those that hit them."""
    restored_types: Collection[str] = ("Aurora",)
    """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
    image_prefixes: Sequence[str] = ()
    """How the names of the repositories begin whose images are copied to the other region. None: this stack says nothing of it."""
    rest_logs: bool = False
    """Whether a system here has a REST API, whose logs the account's region must let API Gateway write."""
    peer: Outputs | None = None
    """The foundation of the stack that founded the system. None: this one does."""

    def vpc(self, key_arn: pulumi.Input[str]) -> VpcArgs:
        """The network's arguments."""
        return VpcArgs(
            cidr=self.cidr,
            peer_cidr=self.peer_cidr,
            zones=self.stack.zones,
            region=self.stack.region,
            nat=self.nat,
            interface_endpoints=self.interface_endpoints,
            flow_log_retention_days=self.flow_log_retention_days,
            logs_key_arn=key_arn,
            tags=self.tags,
            subnet_tags=opt_in(SUBNETS, self.experiments),
        )

    def key(self) -> MultiRegionKeyArgs:
        """The arguments of the key that both regions share."""
        return MultiRegionKeyArgs(
            region=self.stack.region,
            peer_region=self.stack.peer_region,
            alias=self.stack.named(),
            publishers=PUBLISHERS,
            tags=self.tags,
            protect=self.stack.protect,
        )

    def zone(self, log_key_arn: pulumi.Input[str] | None) -> HostedZoneArgs:
        """The hosted zone's arguments."""
        return HostedZoneArgs(
            domain=self.stack.domain,
            existing_zone_id=self.existing_zone_id,
            log_key_arn=log_key_arn,
            tags=self.tags,
            protect=self.stack.protect,
        )

    def topic(self, key_arn: pulumi.Input[str]) -> TopicArgs:
        """The arguments of the topic that alarms go to."""
        return TopicArgs(key_arn=key_arn, emails=self.alarm_emails, tags=self.tags)

    def backup_plan(
        self,
        *,
        key_arn: pulumi.Input[str],
        peer_key_arn: pulumi.Input[str],
        topic_arn: pulumi.Input[str],
        vault: ExistingVault | None,
        peer_vault: ExistingVault | None,
        restore_home: RestoreHome,
    ) -> BackupPlanArgs:
        """The backup plan's arguments."""
        return BackupPlanArgs(
            prefix=self.stack.named(),
            region=self.stack.region,
            peer_region=self.stack.peer_region,
            key_arn=key_arn,
            peer_key_arn=peer_key_arn,
            topic_arn=topic_arn,
            rules=self.backup_rules,
            lock=self.vault_lock,
            vault=vault,
            peer_vault=peer_vault,
            restore_test=RestoreTest(resource_types=sorted(self.restored_types)),
            restore_home=restore_home,
            tags=self.tags,
            protect=self.stack.protect,
        )

    def faults(self) -> Iterator[Fault]:
        """What components would refuse: pairs of a setting's key and what is said of it."""
        for check in (
            lambda: validate_vpc(self.vpc(PLACEHOLDER)),
            lambda: validate_topic(self.topic(PLACEHOLDER)),
            lambda: validate_key(self.key(), self.stack.named()),
            self._check_backups,
        ):
            yield from refusals(check, KEYS)

    def _check_backups(self) -> None:
        # Days beyond all limits are the rule's own fault first: the lock is as long as the longest rule.
        validate_rules(self.backup_rules, None)
        home = RestoreHome(vpc_id=PLACEHOLDER, subnet_ids=dict.fromkeys(self.stack.zones, PLACEHOLDER))
        plan = self.backup_plan(
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
            vault=None,
            peer_vault=None,
            restore_home=home,
        )
        validate_plan("", plan)
