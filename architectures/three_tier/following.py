"""Which of two file systems follows the other, as EFS says: after a takeover neither does, until somebody lets one be overwritten."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

FOLLOWS, OPEN = "REPLICATING", "DISABLED"
"""Replication overwrite protection of what follows, and of what may come to.
https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemProtectionDescription.html"""
TO_PEER, FROM_PEER = "to-peer", "from-peer"


def protection(file_system_id: str, region: str) -> str | None:
    """What protects a file system from being overwritten. None: its region doesn't answer, which must not stop the other one's stack."""
    try:
        found = aws.efs.get_file_system(file_system_id=file_system_id, region=region)
    except Exception as error:  # noqa: BLE001  all that Pulumi raises of a function that failed
        pulumi.log.warn(
            f"{file_system_id} of {region} does not answer, its replication is left as it is: {error}"
        )
        return None
    return found.protections[0].replication_overwrite


def writer_region(global_cluster: str, region: str) -> str | None:
    """Where a global database is written, as RDS says in `region`. None: it doesn't say, and then the settings are believed."""
    try:
        found = aws.rds.get_global_cluster(identifier=global_cluster, region=region)
    except Exception as error:  # noqa: BLE001  all that Pulumi raises of a function that failed
        pulumi.log.warn(
            f"{global_cluster} is not told of, where it is written is taken from the settings: {error}"
        )
        return None
    return next((each.db_cluster_arn.split(":")[3] for each in found.members if each.is_writer), None)


def direction(
    wanted: str, own: str | None, peers: str | None, written: str | None = None
) -> tuple[str, bool]:
    """Which way files go, and whether they do or may, from the protection of both: the stack's own, and its peer's.

    A replication that is there stays as it is: only a takeover ends it. One is made where what shall follow is open, and never from a
    region that the database has left: `written` is the way from the one that it writes in, None where nobody knows.
    """
    for way, follower in ((TO_PEER, peers), (FROM_PEER, own)):
        if follower == FOLLOWS:
            return way, True
    follower = peers if wanted == TO_PEER else own
    return wanted, follower is None or (follower == OPEN and written in (None, wanted))


def tell(
    wanted: str, found: tuple[str, bool], ids: Mapping[str, tuple[str, str]], newer: str | None = None
) -> None:
    """Warn of files that don't follow as the settings want. `ids`: by direction, id and region of the one that should follow.

    `newer` is the way from the newer files to the older ones; None where nobody knows.
    """
    (way, held), (follower, region) = found, ids[wanted]
    if way != wanted:
        pulumi.log.warn(
            f"{ids[way][0]} of {ids[way][1]} still follows {follower} of {region}: take its files over before that region's are "
            "to follow"
        )
    elif not held and newer not in (None, wanted):
        pulumi.log.warn(
            f"{follower} of {region} has the newer files and follows nothing: name that region in holdfast:recovery.activeRegion"
        )
    elif not held:
        pulumi.log.warn(
            f"{follower} of {region} follows nothing, and has files. When they may be overwritten: aws efs "
            f"update-file-system-protection --region {region} --file-system-id {follower} "
            "--replication-overwrite-protection DISABLED; the next `pulumi up` has it follow"
        )
