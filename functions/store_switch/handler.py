"""Moves a system's cache and files to the function's own region, as steps of an ARC Region switch plan, which has no blocks for them.

Region switch invokes it with the plan's ARN, the execution's id and the name of the step, which says what is to be done (`STEPS`). Every
invocation looks, and does what is left to do; what AWS has not ended yet raises `NotYetError`, and Region switch, which waits for a
success, invokes it anew. It calls its own region alone, so the other one may be lost.

Environment: DATASTORE and CACHE_GROUP (the Global Datastore, and its group of this region), or FILES and PEER_FILES (the file systems of
this region and of the other one), or all four.
https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import boto3

UNGRACEFUL = "ungraceful"


class NotYetError(Exception):
    """What was begun goes on; another invocation looks whether it is done."""


class Step:
    """One step of an execution."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event

    def move_cache(self) -> bool:
        """Make this region's group the one that writes. AWS has one call for it, whether the other region answers or not."""
        cache, whole = boto3.client("elasticache"), os.environ["DATASTORE"]
        [found] = cache.describe_global_replication_groups(
            GlobalReplicationGroupId=whole, ShowMemberInfo=True
        )["GlobalReplicationGroups"]
        here = os.environ["AWS_REGION"]
        [role] = [each["Role"] for each in found["Members"] if each["ReplicationGroupRegion"] == here]
        if found["Status"] == "modifying":
            return False
        if role == "PRIMARY":
            return True
        cache.failover_global_replication_group(
            GlobalReplicationGroupId=whole,
            PrimaryRegion=here,
            PrimaryReplicationGroupId=os.environ["CACHE_GROUP"],
        )
        return False

    def open_files(self) -> bool:
        """Let the files of this region be written: what had not come yet is lost."""
        return self._opened(lambda _following: True)

    def open_files_unless_planned(self) -> bool:
        """The same where the execution is ungraceful. In a planned one there is time: `follow_files` comes later."""
        return self._execution()["mode"] != UNGRACEFUL or self.open_files()

    def follow_files(self) -> bool:
        """Let them be written once all has come that was written before this step began, when the database wrote here already."""
        started = self._started()
        return self._opened(lambda following: _later(following.get("LastReplicatedTimestamp"), started))

    def _opened(self, may: Callable[[Mapping[str, Any]], bool]) -> bool:
        """Whether this region's files follow no others. Ends the replication that comes here where it `may` be."""
        efs = boto3.client("efs")
        # Of a named file system that is in no replication EFS says that there is none; listed, it is not among those that are.
        for each in efs.describe_replication_configurations()["Replications"]:
            for following in each["Destinations"]:
                if following["FileSystemId"] != os.environ["FILES"]:
                    continue
                if following["Status"] != "DELETING" and may(following):
                    efs.delete_replication_configuration(SourceFileSystemId=os.environ["PEER_FILES"])
                return False
        return True

    def _execution(self) -> Any:
        return boto3.client("arc-region-switch").get_plan_execution(
            planArn=self._event["PlanArn"], executionId=self._event["ExecutionId"]
        )

    def _started(self) -> datetime:
        name = self._event["StepName"]
        [found] = [each["startTime"] for each in self._execution()["stepStates"] if each["name"] == name]
        return found  # type: ignore[no-any-return]


def _later(synced: datetime | None, started: datetime) -> bool:
    return synced is not None and synced > started


STEPS: Mapping[str, Callable[[Step], bool]] = {
    "move-cache": Step.move_cache,
    "open-files": Step.open_files,
    "open-files-unless-planned": Step.open_files_unless_planned,
    "follow-files": Step.follow_files,
}
"""By the name that the plan gives a step: whether it is done, when it was looked at."""


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, str]:
    """Do a step. Raises KeyError for one that isn't known, NotYetError while AWS is at work."""
    name = event["StepName"]
    if not STEPS[name](Step(event)):
        raise NotYetError(f"{name} goes on")
    return {"done": name}
