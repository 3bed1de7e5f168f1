"""How a state machine starts the nodes of an EKS node group, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call, wait
from components.switch.servers import SERVING


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """A managed node group of the machine's region. It is told through EKS, which takes any other change of its sizes for a fault.

    https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html
    """

    label: str
    """Tells its states apart: letters, digits and hyphens, another for each group."""
    cluster_name: pulumi.Input[str]
    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    scaling_name: pulumi.Input[str]
    """Its Auto Scaling group, in which nodes are counted."""
    nodes: int
    """Nodes that carry the whole load, with a zone lost; 1 or more."""

    def states(self, pace: Pace) -> dict[str, State]:
        """Start nodes until that many are in service; never fewer than there are."""
        look, enough, start, rest, done = (
            f"{what}-{self.label}"
            for what in ("LookAtNodes", "EnoughNodes", "StartNodes", "AwaitNodes", "NodesServe")
        )
        few = {"Variable": "$.nodes.desired", "NumericLessThan": self.nodes, "Next": start}
        all_serve = {"Variable": "$.nodes.serving", "NumericGreaterThanEquals": self.nodes, "Next": done}
        counted = {
            "desired.$": "$.AutoScalingGroups[0].DesiredCapacity",
            "serving.$": f"States.ArrayLength({SERVING})",
        }
        return {
            look: call(
                "autoscaling:describeAutoScalingGroups",
                {"AutoScalingGroupNames": [self.scaling_name]},
                pace,
                ResultSelector=counted,
                ResultPath="$.nodes",
                Next=enough,
            ),
            enough: {"Type": "Choice", "Choices": [few, all_serve], "Default": rest},
            start: call(
                "eks:updateNodegroupConfig",
                {
                    "ClusterName": self.cluster_name,
                    "NodegroupName": self.name,
                    "ScalingConfig": {"MinSize": self.nodes, "DesiredSize": self.nodes},
                },
                pace,
                Next=rest,
            ),
            rest: wait(pace, look),
            done: {"Type": "Succeed"},
        }

    @property
    def statements(self) -> list[Statement]:
        """What the machine's role needs for it."""
        return [allow("eks:UpdateNodegroupConfig", self.arn)]
