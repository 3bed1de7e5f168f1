"""A read replica of an RDS instance that a takeover promotes, and the states that do it: run again, they leave alone what is promoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call, wait


@dataclass(frozen=True, kw_only=True)
class PromotedReplica:
    """A replica of the machine's region. Once promoted it follows nobody, and nothing makes it a replica again.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
    """

    identifier: pulumi.Input[str]
    arn: pulumi.Input[str]
    option_group: pulumi.Input[str]
    """Given to it once it is promoted: the group that RDS made for the replica lacks what listens for TLS.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/oracle-read-replicas.limitations.html"""
    option_group_arn: pulumi.Input[str]

    def states(self, pace: Pace) -> dict[str, State]:
        """Promote it, unless it is; then give it its options, unless it has them."""
        named = {"DbInstanceIdentifier": self.identifier}
        busy = {"Not": {"Variable": "$.replica.status", "StringEquals": "available"}, "Next": "AwaitReplica"}
        follows = {"Variable": "$.replica.source", "StringMatches": '*"*', "Next": "Promote"}
        given = {
            "Variable": "$.replica.options",
            "StringMatches": pulumi.Output.concat('*"', self.option_group, '"*'),
            "Next": "ReplicaWrites",
        }
        # A filter of what isn't there is an empty list; the member itself would be an error.
        source = (
            "$.DbInstances[?(@.ReadReplicaSourceDbInstanceIdentifier)].ReadReplicaSourceDbInstanceIdentifier"
        )
        return {
            "LookAtReplica": call(
                "rds:describeDBInstances",
                named,
                pace,
                ResultSelector={
                    "status.$": "$.DbInstances[0].DbInstanceStatus",
                    "source.$": f"States.JsonToString({source})",
                    "options.$": "States.JsonToString($.DbInstances[0].OptionGroupMemberships[*].OptionGroupName)",
                },
                ResultPath="$.replica",
                Next="Follows",
            ),
            "Follows": {"Type": "Choice", "Choices": [busy, follows, given], "Default": "GiveOptions"},
            "Promote": call("rds:promoteReadReplica", named, pace, Next="AwaitReplica"),
            "GiveOptions": call(
                "rds:modifyDBInstance",
                {**named, "OptionGroupName": self.option_group, "ApplyImmediately": True},
                pace,
                Next="AwaitReplica",
            ),
            "AwaitReplica": wait(pace, "LookAtReplica"),
            "ReplicaWrites": {"Type": "Succeed"},
        }

    @property
    def statements(self) -> Sequence[Statement]:
        """What the machine's role needs for it."""
        changes = [self.arn, self.option_group_arn]
        return [
            allow(["rds:DescribeDBInstances", "rds:PromoteReadReplica"], self.arn),
            allow("rds:ModifyDBInstance", changes),
        ]
