"""A cluster of containers on Fargate, and the names by which its services know each other."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.logs import check_retention
from components.options import handed_down
from components.outputs import once, register
from components.tags import Tags

ON_DEMAND, SPOT = "FARGATE", "FARGATE_SPOT"


@dataclass(frozen=True, kw_only=True)
class ContainerClusterArgs:
    """What a cluster needs."""

    tags: Tags
    cluster_name: str
    """Name of the cluster and of its namespace, unique in the account's region."""
    key_arn: pulumi.Input[str]
    """Customer key of the log of commands. Its policy must let CloudWatch Logs of the region use it."""
    execute_command: bool = False
    """Whether people may run commands in containers: each session is then encrypted, and logged."""
    log_retention_days: int = 90
    """Days that the log of commands is kept; CloudWatch Logs' own steps."""

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        check_retention("log_retention_days", self.log_retention_days)


class ContainerCluster(pulumi.ComponentResource):
    """An ECS cluster with Fargate and Fargate Spot, metrics of each task, and a namespace of Service Connect.

    Creates: cluster, its capacity providers, an HTTP namespace; with `execute_command` an encrypted log group. Survives: a zone; a
    cluster belongs to the region. Costs: the metrics of Container Insights; the namespace nothing.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html,
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    """

    arn: pulumi.Output[str]
    """Known when its capacity providers are there too."""
    name: pulumi.Output[str]
    namespace_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str] | None
    """Of the log of commands; None where nobody may run any."""

    def __init__(
        self, name: str, args: ContainerClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:compute:ContainerCluster", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        namespace = aws.servicediscovery.HttpNamespace(
            f"{name}-names",
            name=args.cluster_name,
            description=f"Services of {args.cluster_name}",
            tags=args.tags.resource(f"{name}-names"),
            opts=own,
        )
        logs = self._command_log(name, args) if args.execute_command else None
        cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            settings=[{"name": "containerInsights", "value": "enabled"}],
            service_connect_defaults={"namespace": namespace.arn},
            configuration=_audited(logs, args.key_arn) if logs else None,
            tags=args.tags.resource(f"{name}-cluster"),
            opts=own,
        )
        providers = aws.ecs.ClusterCapacityProviders(
            f"{name}-providers",
            cluster_name=cluster.name,
            capacity_providers=[ON_DEMAND, SPOT],
            default_capacity_provider_strategies=[{"capacity_provider": ON_DEMAND, "weight": 1}],
            opts=own,
        )
        self.arn, self.name = once(cluster.arn, providers.id), cluster.name
        self.namespace_arn = namespace.arn
        self.log_group_arn = logs.arn if logs else None
        register(self, "arn", "name", "namespace_arn", "log_group_arn")

    def _command_log(self, name: str, args: ContainerClusterArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{name}-commands",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            tags=args.tags.logs(f"{name}-commands"),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _audited(
    logs: aws.cloudwatch.LogGroup, key_arn: pulumi.Input[str]
) -> aws.ecs.ClusterConfigurationArgsDict:
    return {
        "execute_command_configuration": {
            "kms_key_id": key_arn,
            "logging": "OVERRIDE",
            "log_configuration": {
                "cloud_watch_log_group_name": logs.name,
                "cloud_watch_encryption_enabled": True,
            },
        }
    }
