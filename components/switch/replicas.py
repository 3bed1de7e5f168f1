"""A read replica of an RDS instance that a takeover promotes, and the states that do it: run again, they leave alone what is promoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call, wait

PROBLEM = "problem"
"""What a branch that went wrong ends with."""


def reckoning(then: str) -> tuple[State, dict[str, State]]:
    """What the state that has the branches beside each other is given, and the states that fail the machine when one went wrong."""
    gathered = {
        "ResultSelector": {"said.$": "States.JsonToString($)"},
        "ResultPath": "$.moved",
        "Next": "EachMoved",
    }
    went_wrong = {"Variable": "$.moved.said", "StringMatches": f'*"{PROBLEM}"*', "Next": "OneLost"}
    cause = "One replica or more could not be promoted, all others are: the history says which"
    return gathered, {
        "EachMoved": {"Type": "Choice", "Choices": [went_wrong], "Default": then},
        "OneLost": {"Type": "Fail", "Error": "ReplicaLost", "Cause": cause},
    }


@dataclass(frozen=True, kw_only=True)
class PromotedReplica:
    """A replica of the machine's region. Once promoted it follows nobody, and nothing makes it a replica again.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
    """

    label: str = ""
    """Tells its states from those of other replicas: letters and digits, another for each. Empty where there is one. Labelled ones know
    nothing of each other: one that can't be promoted lets the others end, and the machine fails after them."""
    identifier: pulumi.Input[str]
    arn: pulumi.Input[str]
    option_group: pulumi.Input[str] | None = None
    """Given to it once it is promoted: the group that RDS made for a replica of Oracle lacks what listens for TLS. None: it keeps its own.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/oracle-read-replicas.limitations.html"""
    option_group_arn: pulumi.Input[str] | None = None

    def states(self, pace: Pace) -> dict[str, State]:
        """Promote it, unless it is; then give it its options, unless it has them."""
        named = {"DbInstanceIdentifier": self.identifier}
        look, follows, promote, rest, done = (
            self._state(each)
            for each in ("LookAtReplica", "Follows", "Promote", "AwaitReplica", "ReplicaWrites")
        )
        busy = {"Not": {"Variable": "$.replica.status", "StringEquals": "available"}, "Next": rest}
        reads = {"Variable": "$.replica.source", "StringMatches": '*"*', "Next": promote}
        choices, otherwise, given = [busy, reads], done, self._options(named, pace, done=done, rest=rest)
        if given is not None:
            has, otherwise, giving = given
            choices.append(has)
        # A filter of what isn't there is an empty list; the member itself would be an error.
        source = (
            "$.DbInstances[?(@.ReadReplicaSourceDbInstanceIdentifier)].ReadReplicaSourceDbInstanceIdentifier"
        )
        found = {
            look: call(
                "rds:describeDBInstances",
                named,
                pace,
                ResultSelector={
                    "status.$": "$.DbInstances[0].DbInstanceStatus",
                    "source.$": f"States.JsonToString({source})",
                    "options.$": "States.JsonToString($.DbInstances[0].OptionGroupMemberships[*].OptionGroupName)",
                },
                ResultPath="$.replica",
                Next=follows,
            ),
            follows: {"Type": "Choice", "Choices": choices, "Default": otherwise},
            promote: call("rds:promoteReadReplica", named, pace, Next=rest),
            **({otherwise: giving} if given is not None else {}),
            rest: wait(pace, look),
            done: {"Type": "Succeed"},
        }
        return self._alone(found) if self.label else found

    def _alone(self, states: Mapping[str, State]) -> dict[str, State]:
        """The same, which end with what went wrong instead of failing: a branch that fails ends all others."""
        lost = self._state("ReplicaLost")
        caught = {"Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": f"$.{PROBLEM}", "Next": lost}]}
        guarded = {name: {**s, **caught} if s["Type"] == "Task" else s for name, s in states.items()}
        return {**guarded, lost: {"Type": "Pass", "End": True}}

    def _state(self, name: str) -> str:
        return "-".join(filter(None, (name, self.label)))

    def _options(
        self, named: Mapping[str, pulumi.Input[str]], pace: Pace, *, done: str, rest: str
    ) -> tuple[State, str, State] | None:
        """How it is seen that it has its options, and the name and the state that gives them to it. None: it needs none."""
        if self.option_group is None:
            return None
        has = {
            "Variable": "$.replica.options",
            "StringMatches": pulumi.Output.concat('*"', self.option_group, '"*'),
            "Next": done,
        }
        giving = call(
            "rds:modifyDBInstance",
            {**named, "OptionGroupName": self.option_group, "ApplyImmediately": True},
            pace,
            Next=rest,
        )
        return has, self._state("GiveOptions"), giving

    @property
    def statements(self) -> Sequence[Statement]:
        """What the machine's role needs for it."""
        allowed = [allow(["rds:DescribeDBInstances", "rds:PromoteReadReplica"], self.arn)]
        if self.option_group_arn is not None:
            allowed.append(allow("rds:ModifyDBInstance", [self.arn, self.option_group_arn]))
        return allowed
