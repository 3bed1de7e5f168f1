"""How a state machine starts the tasks of an ECS service, as data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.compute.container_scaling import NAMESPACE, SCALABLE, resource_id
from components.permissions import Statement, allow
from components.switch.calls import Pace, State, call, wait


@dataclass(frozen=True, kw_only=True)
class ScaledService:
    """A service of the machine's region whose number of tasks follows its load."""

    label: str
    """Tells its states apart: letters, digits and hyphens, another for each service."""
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    arn: pulumi.Input[str]
    tasks: int
    """Tasks that carry the whole load, with a zone lost; 1 or more."""

    def states(self, pace: Pace) -> dict[str, State]:
        """Start tasks until that many run; never fewer than there are. Scaling must not take them back: its least number rises first."""
        look, enough, least, more, rest, done = (
            f"{what}-{self.label}"
            for what in ("LookAtTasks", "EnoughTasks", "KeepTasks", "StartTasks", "AwaitTasks", "TasksRun")
        )
        named = {"Cluster": self.cluster_name, "Service": self.service_name}
        few = {"Variable": "$.service.desired", "NumericLessThan": self.tasks, "Next": more}
        all_run = {"Variable": "$.service.running", "NumericGreaterThanEquals": self.tasks, "Next": done}
        counted = {"desired.$": "$.Services[0].DesiredCount", "running.$": "$.Services[0].RunningCount"}
        scalable = {
            "ServiceNamespace": NAMESPACE,
            "ScalableDimension": SCALABLE,
            "ResourceId": resource_id(self.cluster_name, self.service_name),
            "MinCapacity": self.tasks,
        }
        return {
            least: call("applicationautoscaling:registerScalableTarget", scalable, pace, Next=look),
            look: call(
                "ecs:describeServices",
                {"Cluster": self.cluster_name, "Services": [self.service_name]},
                pace,
                ResultSelector=counted,
                ResultPath="$.service",
                Next=enough,
            ),
            enough: {"Type": "Choice", "Choices": [few, all_run], "Default": rest},
            more: call("ecs:updateService", {**named, "DesiredCount": self.tasks}, pace, Next=look),
            rest: wait(pace, look),
            done: {"Type": "Succeed"},
        }

    @property
    def statements(self) -> list[Statement]:
        """What the machine's role needs for it."""
        return [
            allow(["ecs:DescribeServices", "ecs:UpdateService"], self.arn),
            # A scalable target's ARN has an id that only AWS knows.
            allow(
                "application-autoscaling:RegisterScalableTarget",
                "*",
                {"StringEquals": {"application-autoscaling:service-namespace": NAMESPACE}},
            ),
        ]
