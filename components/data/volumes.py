"""Data volumes of servers that come and go: one in each zone, which whoever runs there attaches, and snapshots of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need, one_of
from components.facts import Fact, fact
from components.options import handed_down
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

SIZE_GIB = (1, 65_536)
"""Of gp3. https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"""
HOURLY, DAILY = "hourly", "daily"
KEPT = 48
"""Hourly snapshots: two days, longer than the daily backup's gap with its windows."""
MARK = "snapshots"
"""Tag of the volumes that the policy of hourly snapshots selects."""
OWNERS = ("environment", "system", "workload")
"""Tags that a system's servers and volumes have, and no other's."""


@dataclass(frozen=True, kw_only=True)
class SnapshotCopies:
    """Copies of hourly snapshots in another region, kept as long as here."""

    region: str
    key_arn: pulumi.Input[str]
    """Of that region."""


@dataclass(frozen=True, kw_only=True)
class DataVolumesArgs:
    """What the volumes need."""

    zone_names: Mapping[str, pulumi.Input[str]]
    """Zone id to the name the account has for it: a volume in each."""
    size_gib: int
    """1 to 65,536. One can grow, and not shrink."""
    snapshots: str = DAILY
    """"daily": by the stack's backup plan, which also copies them to the other region. "hourly": snapshots besides, of Data Lifecycle
    Manager, see `copies`."""
    mark: str
    """Value of the tag that hourly snapshots select by; unique in the account's region."""
    key_arn: pulumi.Input[str]
    snapshot_id: str | None = None
    """Snapshot in this region that they are made from. None: they are empty. Read when a volume is made."""
    copies: SnapshotCopies | None = None
    """Where hourly snapshots are copied to. None: they stay in their region."""
    fast_restore: bool = False
    """Whether the last hourly snapshot makes volumes of this region's zones that are fast at once: 0.75 USD an hour in each zone.
    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-fast-snapshot-restore.html"""
    tags: Tags
    protect: bool = True

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        at_least("zone_names", self.zone_names, 1, "a volume is in a zone")
        between("size_gib", self.size_gib, *SIZE_GIB, "GiB")
        one_of("snapshots", self.snapshots, (HOURLY, DAILY))
        allowed = f"False with snapshots {DAILY!r}: AWS Backup's have none"
        need(not self.fast_restore or self.snapshots == HOURLY, "fast_restore", "True", allowed)


class DataVolumes(pulumi.ComponentResource):
    """A volume in each zone. Each is its own: nothing copies what is written to one to the other.

    Creates: volumes, and for hourly snapshots a policy of Data Lifecycle Manager with its role. Survives: an instance, whose successor
    attaches the volume. The loss of a zone takes its volume along: what was written there since the last snapshot is lost, up to a day
    with windows of the backup plan, or up to two hours. Costs: the volumes, and their snapshots by what changed.
    Source: https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html
    """

    volume_ids: dict[str, pulumi.Output[str]]
    """By zone id."""
    volume_arns: dict[str, pulumi.Output[str]]
    recovery_facts: list[Fact]

    def __init__(self, name: str, args: DataVolumesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:DataVolumes", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        made = {zone: self._volume(zone) for zone in args.zone_names}
        self.volume_ids = {zone: volume.id for zone, volume in made.items()}
        self.volume_arns = {zone: volume.arn for zone, volume in made.items()}
        if args.snapshots == HOURLY:
            self._hourly()
        self.recovery_facts = [
            fact(
                "ebs",
                f"{name}-{zone}",
                args.tags.store(""),
                allocated_gib=args.size_gib,
                backups=self._hourly_facts() or None,
            )
            for zone in args.zone_names
        ]
        self.register_outputs({"volume_ids": self.volume_ids, "volume_arns": self.volume_arns})

    @property
    def attaching(self) -> Statement:
        """What instances with the component's tags need to attach them, by a script."""
        own = {
            f"aws:ResourceTag/{key}": tag
            for key, tag in self._args.tags.resource("").items()
            if key in OWNERS
        }
        volumes = list(self.volume_arns.values())
        instances = volumes[0].apply(lambda arn: arn.rsplit(":", 1)[0] + ":instance/*")
        return allow("ec2:AttachVolume", [*volumes, instances], {"StringEquals": own})

    def _volume(self, zone: str) -> aws.ebs.Volume:
        args, called = self._args, f"{self._name}-{zone}"
        marked = {MARK: args.mark} if args.snapshots == HOURLY else {}
        return aws.ebs.Volume(
            called,
            availability_zone=args.zone_names[zone],
            size=args.size_gib,
            type="gp3",
            encrypted=True,
            kms_key_id=args.key_arn,
            snapshot_id=args.snapshot_id,
            final_snapshot=args.protect,
            tags={**args.tags.store(called), **marked},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )

    def _hourly(self) -> None:
        args, name = self._args, f"{self._name}-hourly"
        role_arn = role_with_policy(
            f"{name}-role",
            _taking(args),
            policy=f"{name}-role-policy",
            about=f"Takes snapshots of {args.mark}",
            trusted=trust("dlm.amazonaws.com", self, of_account=True),
            tags=args.tags,
            opts=self._child,
        )
        schedule = aws.dlm.LifecyclePolicyPolicyDetailsScheduleArgs(
            name=HOURLY,
            create_rule=aws.dlm.LifecyclePolicyPolicyDetailsScheduleCreateRuleArgs(
                interval=1, interval_unit="HOURS"
            ),
            retain_rule=aws.dlm.LifecyclePolicyPolicyDetailsScheduleRetainRuleArgs(count=KEPT),
            cross_region_copy_rules=self._copied(),
            fast_restore_rule=self._fast(),
            copy_tags=False,  # the mark is the volumes' alone
            tags_to_add=args.tags.resource(name),
        )
        aws.dlm.LifecyclePolicy(
            name,
            description=f"Hourly snapshots of {args.mark}",
            execution_role_arn=role_arn,
            state="ENABLED",
            policy_details=aws.dlm.LifecyclePolicyPolicyDetailsArgs(
                policy_type="EBS_SNAPSHOT_MANAGEMENT",
                resource_types=["VOLUME"],
                target_tags={MARK: args.mark},
                schedules=[schedule],
            ),
            tags=args.tags.resource(name),
            opts=self._child,
        )

    def _hourly_facts(self) -> list[Fact]:
        args, hour = self._args, 3600
        if args.snapshots != HOURLY:
            return []
        kept = {"retention_s": KEPT * hour}
        return [
            {
                "plan": f"{self._name}-hourly",
                "gap_s": hour,
                "start_window_s": hour,
                **kept,
                "copies": [{"region": args.copies.region, **kept}] if args.copies else [],
            }
        ]

    def _copied(self) -> list[aws.dlm.LifecyclePolicyPolicyDetailsScheduleCrossRegionCopyRuleArgs] | None:
        copies = self._args.copies
        if copies is None:
            return None
        kept = aws.dlm.LifecyclePolicyPolicyDetailsScheduleCrossRegionCopyRuleRetainRuleArgs(
            interval=KEPT // 24, interval_unit="DAYS"
        )
        rule = aws.dlm.LifecyclePolicyPolicyDetailsScheduleCrossRegionCopyRuleArgs(
            target=copies.region, encrypted=True, cmk_arn=copies.key_arn, copy_tags=True, retain_rule=kept
        )
        return [rule]

    def _fast(self) -> aws.dlm.LifecyclePolicyPolicyDetailsScheduleFastRestoreRuleArgs | None:
        if not self._args.fast_restore:
            return None
        zones = list(self._args.zone_names.values())
        return aws.dlm.LifecyclePolicyPolicyDetailsScheduleFastRestoreRuleArgs(
            availability_zones=zones, count=1
        )


def _taking(args: DataVolumesArgs) -> list[Statement]:
    """What Data Lifecycle Manager needs to take snapshots of encrypted volumes, and to take old ones away.

    https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html
    """
    looking = ["ec2:DescribeSnapshots", "ec2:DescribeVolumes", "ec2:DescribeInstances"]
    changing = ["ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:DeleteSnapshot"]
    tagging = {"StringEquals": {"ec2:CreateAction": ["CreateSnapshot", "CreateSnapshots"]}}
    granting = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    using = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncrypt*",
    ]
    if args.fast_restore:
        looking.append("ec2:DescribeFastSnapshotRestores")
        changing += ["ec2:EnableFastSnapshotRestores", "ec2:DisableFastSnapshotRestores"]
    if args.copies:
        changing.append("ec2:CopySnapshot")
    keys = [args.key_arn, args.copies.key_arn] if args.copies else args.key_arn
    return [
        allow(looking, "*"),
        allow(changing, "arn:aws:ec2:*::snapshot/*"),
        allow(
            ["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
            ["arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*:*:instance/*"],
        ),
        allow("ec2:CreateTags", "arn:aws:ec2:*::snapshot/*", tagging),
        allow("kms:CreateGrant", keys, granting),
        allow(using, keys),
    ]
