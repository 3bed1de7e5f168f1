"""ECS services and Lambda functions."""

from __future__ import annotations

from sandbox.provider.deviations.deviation import Deviation

_LOST = (
    "alarms",
    "availabilityZoneRebalancing",
    "deploymentCircuitBreaker",
    "deploymentMaximumPercent",
    "deploymentMinimumHealthyPercent",
    "enableEcsManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
)

DEVIATIONS = {
    "aws:ecs/service:Service": Deviation(
        told={
            "cluster": "in.cluster || clusterArn",
            "networkConfiguration": "networkConfiguration.awsvpcConfiguration.{subnets: subnets,"
            " securityGroups: securityGroups, assignPublicIp: assignPublicIp == 'ENABLED'}",
        },
        silent=dict.fromkeys(_LOST, "moto keeps no such setting"),
    ),
    "aws:lambda/function:Function": Deviation(
        silent={
            "code": "AWS tells a checksum; the real provider reads no code back",
            "loggingConfig": "moto keeps no such setting",
        }
    ),
    "aws:lambda/permission:Permission": Deviation(
        told={
            "action": "Action",
            "principal": "Principal.Service || Principal.AWS || Principal",
            "sourceAccount": 'Condition.StringEquals."AWS:SourceAccount"',
            "sourceArn": 'Condition.ArnLike."AWS:SourceArn"',
        }
    ),
}
