"""How a state machine starts the servers of an Auto Scaling group, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call
from components.switch.growing import growing


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
        given = {
            "AutoScalingGroupName": self.name,
            "MinSize": self.servers,
            "DesiredCapacity": self.servers,
        }

        def start(look: str, _rest: str) -> State:
            return call("autoscaling:updateAutoScalingGroup", given, pace, Next=look)

        return growing(
            what="Servers",
            label=self.label,
            group_name=self.name,
            least=self.servers,
            pace=pace,
            start=start,
        )

    @property
    def statements(self) -> list[Statement]:
        """What the machine's role needs for it."""
        return [allow("autoscaling:UpdateAutoScalingGroup", self.arn)]
