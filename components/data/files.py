"""A file system that many servers mount, with a replica in another region."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.files_args import SharedFilesArgs
from components.data.files_parts import file_system
from components.data.files_replication import declare_lag, replicate
from components.facts import Fact, fact
from components.options import handed_down
from components.permissions import Statement, allow


class SharedFiles(pulumi.ComponentResource):
    """One region's access to an Elastic File System, which is made here or was made by the founding stack.

    Creates: a mount target in each zone and an access point; where no file system is given: also the file system, encrypted, with
    a policy that admits only TLS and IAM, lifecycle and automatic backups; with `peer` the same file system once more in the other
    region, and replication. So one stack alone owns both file systems and what joins them; the other region's stack owns its
    mount targets and its access point, which stay the same whichever of the two file systems follows.

    Survives: an instance or a zone (EFS keeps files in three); a region with `peer` (files of the last 15 minutes lost, for most
    file systems), after the replication was deleted. Replication carries deletions too: backups bring those files back.

    Costs: storage twice with a peer, transfer between regions, and what is read and written with elastic throughput.
    Source: https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
    """

    file_system_id: pulumi.Output[str]
    arn: pulumi.Output[str] | None
    """The file system's; None when it was given."""
    access_point_id: pulumi.Output[str]
    access_point_arn: pulumi.Output[str]
    mount_target_ids: dict[str, pulumi.Output[str]]
    """By zone id."""
    mounted: pulumi.Output[str]
    """The file system's id, known once it can be mounted in every zone."""
    peer_file_system_id: pulumi.Output[str] | None
    """For the other region's stack; None without peer."""
    peer_file_system_arn: pulumi.Output[str] | None
    recovery_facts: list[Fact]
    """The file system's and its peer's; none where it was given, for the founding stack tells them."""

    def __init__(self, name: str, args: SharedFilesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:SharedFiles", name, {}, handed_down(opts))
        self.arn = self.peer_file_system_id = self.peer_file_system_arn = None
        self.recovery_facts = []
        told, told_of_peer = _told(name, args)
        if args.file_system_id is not None:
            self.file_system_id = pulumi.Output.from_input(args.file_system_id)
        else:
            own = file_system(
                name,
                args,
                args.kms_key_arn,
                self,
                open_=_opened(args, "from-peer"),
                more_tags=told,
            )
            self.file_system_id, self.arn = own.id.apply(str), own.arn
        if args.peer is not None:
            opened = _opened(args, "to-peer")
            peer = file_system(
                f"{name}-peer",
                args,
                args.peer.kms_key_arn,
                self,
                region=args.peer.region,
                open_=opened,
                more_tags=told_of_peer,
            )
            self.peer_file_system_id, self.peer_file_system_arn = peer.id.apply(str), peer.arn
            replicate(
                name, args, args.peer, own=self.file_system_id, theirs=self.peer_file_system_id, parent=self
            )
        if self.arn is not None:
            self.recovery_facts = self._facts(name, args, told, told_of_peer)
        if args.followed_by is not None:
            declare_lag(
                name,
                args,
                source=self.file_system_id,
                target=args.followed_by,
                actions=args.alarm_actions,
                region=None,
                opts=pulumi.ResourceOptions(parent=self),
            )
        targets = self._mount_targets(name, args)
        self.mount_target_ids = {zone: target.id.apply(str) for zone, target in targets.items()}
        self.mounted = outputs.once(self.file_system_id, *self.mount_target_ids.values())
        point = self._access_point(name, args)
        self.access_point_id, self.access_point_arn = point.id.apply(str), point.arn
        outputs.register(
            self,
            "file_system_id",
            "arn",
            "access_point_id",
            "access_point_arn",
            "mount_target_ids",
            "peer_file_system_id",
            "peer_file_system_arn",
        )

    def mounting_statements(self, file_system_arn: pulumi.Input[str]) -> list[Statement]:
        """Statements that let a role mount the file system through the access point, and write."""
        through = {"StringEquals": {"elasticfilesystem:AccessPointArn": self.access_point_arn}}
        actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        return [allow(actions, file_system_arn, through)]

    def _facts(
        self, name: str, args: SharedFilesArgs, told: Mapping[str, str], told_of_peer: Mapping[str, str]
    ) -> list[Fact]:
        tags, peer = args.tags.store(""), args.peer

        def known_as(arn: pulumi.Output[str] | None) -> pulumi.Output[str] | None:
            return None if arn is None else pulumi.Output.concat("efs:", arn)

        own = partial(fact, "efs", f"{name}-files", {**tags, **told}, group=known_as(self.arn))
        if peer is None:
            return [own()]
        theirs, group = {**tags, **told_of_peer}, known_as(self.peer_file_system_arn)
        other = partial(fact, "efs", f"{name}-peer-files", theirs, region=peer.region, group=group)
        if peer.replication == "off" or not peer.held:
            return [own(), other()]
        if peer.replication == "from-peer":
            return [own(role="replica"), other(replicas=[{"region": peer.home_region}])]
        return [own(replicas=[{"region": peer.region}]), other(role="replica")]

    def _mount_targets(self, name: str, args: SharedFilesArgs) -> Mapping[str, aws.efs.MountTarget]:
        return {
            zone: aws.efs.MountTarget(
                f"{name}-{zone}",
                file_system_id=self.file_system_id,
                subnet_id=args.subnet_ids[zone],
                security_groups=args.security_group_ids,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for zone in sorted(args.subnet_ids)
        }

    def _access_point(self, name: str, args: SharedFilesArgs) -> aws.efs.AccessPoint:
        # A file system that follows is read-only: there the directory comes with the files.
        return aws.efs.AccessPoint(
            f"{name}-access",
            file_system_id=self.file_system_id,
            posix_user={"uid": args.user_id, "gid": args.group_id},
            root_directory={
                "path": args.directory,
                "creation_info": {
                    "owner_uid": args.user_id,
                    "owner_gid": args.group_id,
                    "permissions": "0750",
                },
            },
            tags=args.tags.resource(f"{name}-access"),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _opened(args: SharedFilesArgs, direction: str) -> bool:
    """Whether files that go that way need a follower that is open to be overwritten, since it is made in this run."""
    return args.peer is not None and args.peer.new and args.peer.replication == direction


def _told(name: str, args: SharedFilesArgs) -> tuple[dict[str, str], dict[str, str]]:
    """What tags tell of the file system and of its peer's: whose plan backs that up, and that files wait to be overwritten by newer ones.

    The latter only where the other region serves, or writes at least: else nobody knows yet which of the two are newer.
    """
    own: dict[str, str] = {}
    theirs: dict[str, str] = {}
    if (peer := args.peer) is None:
        return own, theirs
    if peer.backup_plan is not None:
        theirs["dr:backup-plan"] = peer.backup_plan
    if not peer.held and (peer.left or peer.replication == "from-peer"):
        own["dr:rebuilt-from"] = f"{name}-peer-files"
    return own, theirs
