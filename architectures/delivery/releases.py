"""A function with what releases it: its alias's alarm, CodeDeploy, its pipeline."""

from __future__ import annotations

import pulumi

from architectures.delivery import arguments, names
from architectures.delivery.artifacts import Artifacts
from architectures.delivery.sections import Function
from architectures.parts.images import Images
from architectures.system import Place
from components.delivery import (
    FunctionDeployment,
    FunctionDeploymentArgs,
    Pipeline,
    PipelineArgs,
    ReleasedFunction,
    parsed,
)


class Release:
    """One function's, as children of the system."""

    function: ReleasedFunction
    deployment: FunctionDeployment
    pipeline: Pipeline

    def __init__(
        self,
        name: str,
        each: str,
        given: Function,
        place: Place,
        *,
        image: str,
        images: Images,
        artifacts: Artifacts,
        approval_topic_arn: pulumi.Output[str] | None,
        parent: pulumi.Resource,
    ) -> None:
        """`image` is the digest of the settings."""
        child, ground = pulumi.ResourceOptions(parent=parent), place.ground
        called, physical = names.function(name, each), names.physical(place.stack, name, each)
        shift = parsed(given.shift)
        args = arguments.function(
            given,
            image=images.of(each, image).image,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            tags=place.tags,
        )
        self.function = ReleasedFunction(called, args, child)
        self.deployment = FunctionDeployment(
            f"{called}-deploy",
            FunctionDeploymentArgs(
                physical_name=physical,
                function_arn=self.function.arn,
                shift=shift,
                alarms=[self.function.alarm_name],
                topic_arn=ground.topic.arn,
                key_arn=ground.key_arn,
                tags=place.tags,
            ),
            child,
        )
        self.pipeline = Pipeline(
            f"{called}-release",
            PipelineArgs(
                physical_name=physical,
                bucket=artifacts.bucket,
                bucket_arn=artifacts.arn,
                release_key=names.release(each),
                key_arn=ground.key_arn,
                approval_topic_arn=approval_topic_arn,
                topic_arn=ground.topic.arn,
                function=self.function.name,
                function_arn=self.function.arn,
                application=self.deployment.application,
                application_arn=self.deployment.application_arn,
                group=self.deployment.group,
                group_arn=self.deployment.group_arn,
                shift_minutes=shift.lasts_minutes,
                tags=place.tags,
            ),
            child,
        )

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """What people and workflows need of it."""
        return {
            "function": self.function.name,
            "alias": self.function.alias_arn,
            "pipeline": self.pipeline.name,
            "application": self.deployment.application,
            "group": self.deployment.group,
            "alarm": self.function.alarm_name,
        }
