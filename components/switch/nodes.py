"""How a state machine starts the nodes of an EKS node group, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call
from components.switch.growing import growing


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
        sizes = {"MinSize": self.nodes, "DesiredSize": self.nodes}
        given = {"ClusterName": self.cluster_name, "NodegroupName": self.name, "ScalingConfig": sizes}

        def start(_look: str, rest: str) -> State:
            return call("eks:updateNodegroupConfig", given, pace, Next=rest)

        return growing(
            what="Nodes",
            label=self.label,
            group_name=self.scaling_name,
            least=self.nodes,
            pace=pace,
            start=start,
        )

    @property
    def statements(self) -> list[Statement]:
        """What the machine's role needs for it."""
        return [allow("eks:UpdateNodegroupConfig", self.arn)]
