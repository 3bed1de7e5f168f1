"""Stores beside the database that a takeover moves, and the states that move them: run again, they leave alone what has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, allow, global_arn
from components.switch.calls import Pace, State, call, wait


@dataclass(frozen=True, kw_only=True)
class GlobalCache:
    """An ElastiCache Global Datastore, and its group in the machine's region.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html
    """

    identifier: pulumi.Input[str]
    group_id: pulumi.Input[str]
    group_arn: pulumi.Input[str]

    def states(self, region: str, pace: Pace) -> dict[str, State]:
        """Make the region's group the one that writes. AWS has one call for it, whether the other region answers or not."""
        role = f"$.GlobalReplicationGroups[0].Members[?(@.ReplicationGroupRegion == '{region}')].Role"
        busy = {"Variable": "$.cache.status", "StringEquals": "modifying", "Next": "AwaitCache"}
        writes = {"Variable": "$.cache.role", "StringMatches": "*PRIMARY*", "Next": "CacheWrites"}
        asked = {"GlobalReplicationGroupId": self.identifier}
        return {
            "LookAtCache": call(
                "elasticache:describeGlobalReplicationGroups",
                {**asked, "ShowMemberInfo": True},
                pace,
                ResultSelector={
                    "status.$": "$.GlobalReplicationGroups[0].Status",
                    "role.$": f"States.JsonToString({role})",
                },
                ResultPath="$.cache",
                Next="CacheRole",
            ),
            "CacheRole": {"Type": "Choice", "Choices": [busy, writes], "Default": "FailOverCache"},
            "FailOverCache": call(
                "elasticache:failoverGlobalReplicationGroup",
                {**asked, "PrimaryRegion": region, "PrimaryReplicationGroupId": self.group_id},
                pace,
                Next="AwaitCache",
            ),
            "AwaitCache": wait(pace, "LookAtCache"),
            "CacheWrites": {"Type": "Succeed"},
        }


@dataclass(frozen=True, kw_only=True)
class FollowingFiles:
    """A file system of the machine's region, which may follow another one.

    Source: https://docs.aws.amazon.com/efs/latest/ug/delete-replications.html
    """

    file_system_id: pulumi.Input[str]
    source_id: pulumi.Input[str]
    """The one of the other region that it follows, if it does."""
    arns: Sequence[pulumi.Input[str]]
    """Of both."""

    def states(self, pace: Pace, planned: State) -> dict[str, State]:
        """End the replication that comes here: then files can be written. What it had not brought yet is lost.

        `planned` is the condition under which there is time: then nothing is done yet, see `last`.
        """
        follows, ending = self._follows, self._ending
        return {
            "FilesMode": {
                "Type": "Choice",
                "Choices": [{**planned, "Next": "FilesLater"}],
                "Default": "LookAtFiles",
            },
            "FilesLater": {"Type": "Succeed"},
            "LookAtFiles": self._look(pace, "FilesFollow"),
            "FilesFollow": {
                "Type": "Choice",
                "Choices": [
                    {"And": [follows, ending], "Next": "AwaitFiles"},
                    {**follows, "Next": "EndReplication"},
                ],
                "Default": "FilesServe",
            },
            "EndReplication": self._end(pace, "AwaitFiles"),
            "AwaitFiles": wait(pace, "LookAtFiles"),
            "FilesServe": {"Type": "Succeed"},
        }

    def last(self, pace: Pace, then: str) -> dict[str, State]:
        """The same of a planned move, once the database writes here, so that nobody writes there any more: without loss.

        The replication is ended when its last sync began after that. Both moments are compared as texts, to the second; the wait
        before makes up for what is below.
        https://docs.aws.amazon.com/efs/latest/ug/API_Destination.html
        """
        later = {"Variable": "$.files.synced", "StringGreaterThanPath": "$.stopped.at"}
        known = {"Variable": "$.files.synced", "StringMatches": '["*'}
        follows = self._follows
        return {
            "LetWritesEnd": wait(pace, "WritesEnded"),
            "WritesEnded": {
                "Type": "Pass",
                "Parameters": {"at.$": "States.Format('[\"{}\"]', $$.State.EnteredTime)"},
                "ResultPath": "$.stopped",
                "Next": "LookAtSync",
            },
            "LookAtSync": self._look(pace, "Synced"),
            "Synced": {
                "Type": "Choice",
                "Choices": [
                    {"And": [follows, self._ending], "Next": "AwaitSync"},
                    {"And": [follows, known, later], "Next": "EndFollowing"},
                    {**follows, "Next": "AwaitSync"},
                ],
                "Default": then,
            },
            "EndFollowing": self._end(pace, "AwaitSync"),
            "AwaitSync": wait(pace, "LookAtSync"),
        }

    @property
    def _follows(self) -> State:
        ids = pulumi.Output.concat("*", self.file_system_id, "*")
        return {"Variable": "$.files.destinations", "StringMatches": ids}

    @property
    def _ending(self) -> State:
        return {"Variable": "$.files.destinations", "StringMatches": "*DELETING*"}

    def _look(self, pace: Pace, then: str) -> State:
        here = pulumi.Output.concat("$.Replications[?(@.SourceFileSystemId == '", self.source_id, "')]")
        synced = pulumi.Output.concat(here, ".Destinations[0].LastReplicatedTimestamp")
        return call(
            "efs:describeReplicationConfigurations",
            {},
            pace,
            ResultSelector={
                "destinations.$": pulumi.Output.concat("States.JsonToString(", here, ".Destinations)"),
                "synced.$": pulumi.Output.concat("States.JsonToString(", synced, ")"),
            },
            ResultPath="$.files",
            Next=then,
        )

    def _end(self, pace: Pace, then: str) -> State:
        return call(
            "efs:deleteReplicationConfiguration", {"SourceFileSystemId": self.source_id}, pace, Next=then
        )


def store_statements(
    cache: GlobalCache | None, files: FollowingFiles | None, parent: pulumi.Resource
) -> list[Statement]:
    """What whoever moves these may do: look at them, and make their region's the ones that write."""
    found = []
    if cache is not None:
        invoke = pulumi.InvokeOutputOptions(parent=parent)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        whole = global_arn(partition, account, "elasticache", "globalreplicationgroup", cache.identifier)
        found.append(allow("elasticache:DescribeGlobalReplicationGroups", whole))
        found.append(allow("elasticache:FailoverGlobalReplicationGroup", [whole, cache.group_arn]))
    if files is not None:
        # Without a file system it lists, for which there is no resource: one that follows nothing would be an error.
        found.append(allow("elasticfilesystem:DescribeReplicationConfigurations", "*"))
        found.append(allow("elasticfilesystem:DeleteReplicationConfiguration", list(files.arns)))
    return found
