"""A region's backup plan, with copies in the other region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import ArgumentError, between, need
from components.facts import Fact
from components.options import handed_down
from components.recovery.restore_home import RestoreHome, declare_home
from components.recovery.restore_test import (
    RestoreTest,
    declare_restore_test,
    testing_name,
    validate_restore_test,
)
from components.recovery.role import declare_role
from components.recovery.rules import DAILY, MONTHLY, WEEKLY, BackupRule, Retention, validate_rules
from components.recovery.services import declare_services
from components.recovery.vault import ExistingVault, VaultLock, declare_vault, validate_lock, vault_name
from components.recovery.watch import declare_alarms, declare_failed_jobs
from components.tags import Tags

MOST_SILENCE_HOURS = 168


@dataclass(frozen=True, kw_only=True)
class BackupPlanArgs:
    """What a backup plan needs. `key_arn` and `peer_key_arn` may be left out for existing vaults only."""

    region: str
    """The stack's own region."""
    peer_region: str
    """Region of the copies, another one."""
    topic_arn: pulumi.Input[str]
    """Topic of this region that failures go to."""
    tags: Tags
    prefix: str | None = None
    """Begins the names of vaults and restore test, which are unique in an account's region. Default: the component's name."""
    key_arn: pulumi.Input[str] | None = None
    """Customer key of this region."""
    peer_key_arn: pulumi.Input[str] | None = None
    """Customer key of the peer region."""
    peer_topic_arn: pulumi.Input[str] | None = None
    """Topic of the peer region, for the notifications of the vault there. Default: that vault notifies
    nobody."""
    rules: Sequence[BackupRule] = (DAILY, WEEKLY, MONTHLY)
    lock: VaultLock = field(default_factory=VaultLock)
    """Lock of both vaults."""
    vault: ExistingVault | None = None
    """This region's vault, when another stack declared it (as the peer of its own)."""
    peer_vault: ExistingVault | None = None
    """The peer region's vault, when another stack declared it."""
    restore_test: RestoreTest | None = field(default_factory=RestoreTest)
    """Default: weekly."""
    restore_home: RestoreHome | None = None
    """Where the test puts databases; needed when it restores any."""
    silence_hours: int | None = 30
    """Alarm when no backup was finished for so many hours, 1 to 168. None: no such alarm, for a region
    without stores."""
    protect: bool = True
    """Whether Pulumi refuses to delete the vaults."""


@dataclass(frozen=True, kw_only=True)
class _NewVault:
    name: str
    key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str] | None
    region: str | None


def _vault(name: str, args: BackupPlanArgs, *, peer: bool) -> ExistingVault | _NewVault:
    existing = args.peer_vault if peer else args.vault
    if existing is not None:
        return existing
    region = args.peer_region if peer else args.region
    key_arn = args.peer_key_arn if peer else args.key_arn
    if key_arn is None:
        argument = "peer_key_arn" if peer else "key_arn"
        raise ArgumentError(argument, "None", f"a customer key of {region}, where the plan makes a vault")
    return _NewVault(
        name=vault_name(args.prefix or name, region),
        key_arn=key_arn,
        topic_arn=args.peer_topic_arn if peer else args.topic_arn,
        region=region if peer else None,
    )


def validate_plan(name: str, args: BackupPlanArgs) -> None:
    """Raise ArgumentError when AWS would refuse the plan `name`, its vaults or its test."""
    for peer in (False, True):
        _vault(name, args, peer=peer)
    need(
        args.region != args.peer_region, "peer_region", repr(args.peer_region), "another than the plan's own"
    )
    validate_lock(args.lock)
    validate_rules(args.rules, None if args.vault and args.peer_vault else args.lock)
    if args.silence_hours is not None:
        between("silence_hours", args.silence_hours, 1, MOST_SILENCE_HOURS, "or None")
    if args.restore_test:
        validate_restore_test(args.restore_test, at_home=args.restore_home is not None)
        testing_name(args.prefix or name, args.region)


def _told(plan: str, rule: BackupRule, peer_region: str) -> Fact:
    return {
        "plan": f"{plan}, {rule.name}",
        "gap_s": rule.gap_hours * 3600,
        "start_window_s": rule.start_window_minutes * 60,
        "retention_s": rule.retention.delete_after_days * 86_400,
        "copies": [{"region": peer_region, "retention_s": rule.copy_retention.delete_after_days * 86_400}],
    }


class BackupPlan(pulumi.ComponentResource):
    """Scheduled backups of this system's and environment's stores tagged `backup=required`, each copied to the other region.

    Creates: the region's choice of services that AWS Backup works for, a locked vault here and in the peer
    region (unless handed in), plan, selection, the role of AWS Backup, a weekly restore test, and
    notifications and alarms for jobs that fail or never run.
    Survives: corruption and deletion (recovery points can't be deleted by hand), and the loss of the region,
    from whose last copy the peer region restores. Loses at most: the interval between backups, plus start
    window, job and copy.
    Costs: backup storage per GB and month in both regions, transfer of the copies, and what a restore test
    runs.
    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
    """

    vault_name: pulumi.Output[str]
    vault_arn: pulumi.Output[str]
    peer_vault_name: pulumi.Output[str]
    peer_vault_arn: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    recovery_backups: list[Fact]
    """What the plan does for a store that it selects: an entry a rule, for the store's own fact."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        validate_plan(name, args)
        super().__init__("holdfast:recovery:BackupPlan", name, {}, handed_down(opts))
        here, there = _vault(name, args, peer=False), _vault(name, args, peer=True)
        child = pulumi.ResourceOptions(parent=self)
        self.vault_name, self.vault_arn = self._declare(f"{name}-vault", here, args)
        self.peer_vault_name, self.peer_vault_arn = self._declare(f"{name}-peer-vault", there, args)
        role, policies = declare_role(f"{name}-role", args.tags, self)
        plan = aws.backup.Plan(
            f"{name}-plan",
            rules=[self._rule(rule) for rule in args.rules],
            tags=args.tags.resource(f"{name}-plan"),
            opts=child,
        )
        services = declare_services(f"{name}-services", self)
        ready = pulumi.ResourceOptions(parent=self, depends_on=[*policies, services])
        aws.backup.Selection(
            f"{name}-selection",
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=["*"],
            # All must hold; tags given as `selection_tags` would add up.
            conditions=[
                {
                    "string_equals": [
                        {"key": f"aws:ResourceTag/{tag}", "value": value}
                        for tag, value in args.tags.backed_up.items()
                    ]
                }
            ],
            opts=ready,
        )
        if args.restore_test:
            declare_restore_test(
                f"{name}-test",
                args.restore_test,
                prefix=args.prefix or name,
                region=args.region,
                vault_arn=self.vault_arn,
                role_arn=role.arn,
                inside=declare_home(f"{name}-test", args.restore_home, args.tags, child)
                if args.restore_home
                else {},
                tags=args.tags,
                opts=ready,
            )
        declare_failed_jobs(f"{name}-failed-jobs", args.topic_arn, args.tags, child)
        declare_alarms(
            name,
            vault=self.vault_name,
            topic_arn=args.topic_arn,
            silence_hours=args.silence_hours,
            tags=args.tags,
            opts=child,
        )

        self.plan_id, self.role_arn = plan.id, role.arn
        self.recovery_backups = [_told(f"{name}-plan", rule, args.peer_region) for rule in args.rules]
        self.register_outputs(
            {
                "vault_name": self.vault_name,
                "vault_arn": self.vault_arn,
                "peer_vault_name": self.peer_vault_name,
                "peer_vault_arn": self.peer_vault_arn,
                "plan_id": self.plan_id,
                "role_arn": self.role_arn,
            }
        )

    def _declare(
        self, logical: str, vault: ExistingVault | _NewVault, args: BackupPlanArgs
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if isinstance(vault, ExistingVault):
            return pulumi.Output.from_input(vault.name), pulumi.Output.from_input(vault.arn)
        declared = declare_vault(
            logical,
            name=vault.name,
            key_arn=vault.key_arn,
            topics=[] if vault.topic_arn is None else [vault.topic_arn],
            lock=args.lock,
            tags=args.tags,
            parent=self,
            protect=args.protect,
            region=vault.region,
        )
        return declared.name, declared.arn

    def _rule(self, rule: BackupRule) -> aws.backup.PlanRuleArgs:
        copied: Retention = rule.copy_retention
        return aws.backup.PlanRuleArgs(
            rule_name=rule.name,
            target_vault_name=self.vault_name,
            schedule=rule.schedule,
            start_window=rule.start_window_minutes,
            completion_window=rule.completion_window_minutes,
            enable_continuous_backup=rule.continuous,
            lifecycle=aws.backup.PlanRuleLifecycleArgs(
                cold_storage_after=rule.retention.cold_after_days,
                delete_after=rule.retention.delete_after_days,
            ),
            copy_actions=[
                aws.backup.PlanRuleCopyActionArgs(
                    destination_vault_arn=self.peer_vault_arn,
                    lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(
                        cold_storage_after=copied.cold_after_days,
                        delete_after=copied.delete_after_days,
                    ),
                )
            ],
        )
