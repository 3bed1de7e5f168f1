"""How a state machine starts the servers of an Auto Scaling group, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call, wait

SERVING = "$.AutoScalingGroups[0].Instances[?(@.LifecycleState == 'InService')]"


@dataclass(frozen=True, kw_only=True)
class ServerGroup:
    """An Auto Scaling group of the machine's region."""

    label: str = ""
    """Tells its states apart where there are several groups: letters, digits and hyphens, another for each."""
    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    servers: int
    """Servers that carry the whole load; 1 or more."""

    def states(self, pace: Pace) -> dict[str, State]:
        """Start servers until that many are in service; never fewer than there are."""
        look, enough, start, rest, done = (
            "-".join(filter(None, (what, self.label)))
            for what in ("LookAtServers", "EnoughServers", "StartServers", "AwaitServers", "ServersServe")
        )
        few = {"Variable": "$.group.desired", "NumericLessThan": self.servers, "Next": start}
        all_serve = {"Variable": "$.group.serving", "NumericGreaterThanEquals": self.servers, "Next": done}
        counted = {
            "desired.$": "$.AutoScalingGroups[0].DesiredCapacity",
            "serving.$": f"States.ArrayLength({SERVING})",
        }
        return {
            look: call(
                "autoscaling:describeAutoScalingGroups",
                {"AutoScalingGroupNames": [self.name]},
                pace,
                ResultSelector=counted,
                ResultPath="$.group",
                Next=enough,
            ),
            enough: {"Type": "Choice", "Choices": [few, all_serve], "Default": rest},
            start: call(
                "autoscaling:updateAutoScalingGroup",
                {"AutoScalingGroupName": self.name, "MinSize": self.servers, "DesiredCapacity": self.servers},
                pace,
                Next=look,
            ),
            rest: wait(pace, look),
            done: {"Type": "Succeed"},
        }

    @property
    def statements(self) -> list[Statement]:
        """What the machine's role needs for it."""
        return [allow("autoscaling:UpdateAutoScalingGroup", self.arn)]
