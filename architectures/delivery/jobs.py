"""What jobs of the repository may do in a region: those that build, and those that deploy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pulumi

from architectures.delivery.releases import Release
from components.permissions import Statement, allow

PUSH = (
    "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
)  # fmt: skip
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"""


def building(
    repositories: Sequence[pulumi.Input[str]], bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str]
) -> list[Statement]:
    """Push images to those repositories, and put releases down."""
    return [
        allow("ecr:GetAuthorizationToken", "*"),  # knows no resource
        allow(list(PUSH), list(repositories)),
        allow("s3:PutObject", pulumi.Output.concat(bucket_arn, "/releases/*")),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key_arn),
    ]


def deploying(releases: Iterable[Release], services: Sequence[pulumi.Input[str]]) -> list[Statement]:
    """Start pipelines, and take back what they, or a service's deployment, began. Past an approval leads no way."""
    found: list[Statement] = []
    for each in releases:
        found.append(
            allow(
                [
                    "codepipeline:GetPipelineExecution",
                    "codepipeline:GetPipelineState",
                    "codepipeline:StartPipelineExecution",
                    "codepipeline:StopPipelineExecution",
                ],
                each.pipeline.arn,
            )
        )
        found.append(
            allow(
                ["codedeploy:GetDeployment", "codedeploy:ListDeployments", "codedeploy:StopDeployment"],
                each.deployment.group_arn,
            )
        )
        found.append(
            allow(
                ["lambda:GetAlias", "lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction"],
                [each.function.arn, pulumi.Output.concat(each.function.arn, ":*")],
            )
        )
    if services:
        deployments = [_deployments(arn) for arn in services]
        found.append(allow(["ecs:DescribeServices", "ecs:ListServiceDeployments"], list(services)))
        found.append(allow(["ecs:DescribeServiceDeployments", "ecs:StopServiceDeployment"], deployments))
    return found


def _deployments(service_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """The ARNs of a service's deployments."""
    return pulumi.Output.from_input(service_arn).apply(
        lambda arn: arn.replace(":service/", ":service-deployment/", 1) + "/*"
    )


def within(services: Sequence[str], region: str) -> list[Statement]:
    """A boundary: those services' actions, in that region alone."""
    return [
        allow([f"{each}:*" for each in services], "*", {"StringEquals": {"aws:RequestedRegion": region}}),
    ]
