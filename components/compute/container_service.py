"""A service of containers on Fargate, spread over zones and sized for the loss of one."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.compute.container_args import ContainerServiceArgs
from components.compute.container_roles import execution_role, task_role
from components.facts import Fact, fact
from components.outputs import once, register

CONTAINER = "app"
"""Name of the container in its task."""
PERIOD = 60  # seconds: how often Fargate reports
PERIODS = 3  # a task that is replaced is no failure yet


class ContainerService(pulumi.ComponentResource):
    """Tasks of one container on AWS Fargate, as many as are left over when a zone is lost.

    Creates: `awsx.ecs.FargateService` with its task definition; the two roles, an encrypted log group, a cluster unless
    one is given, an alarm on the number of running tasks.
    Survives: a task (replaced), a zone (without new capacity), a bad image (rolled back by the circuit breaker).
    Costs: virtual CPU and memory of the tasks that run, logs.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    """

    service_name: pulumi.Output[str]
    service_arn: pulumi.Output[str]
    cluster_arn: pulumi.Output[str]
    task_definition_arn: pulumi.Output[str]
    task_role_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]
    desired_count: int
    """Tasks that are kept running in all zones together."""
    recovery_fact: Fact

    def __init__(
        self, name: str, args: ContainerServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:compute:ContainerService", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            tags=args.tags.logs(f"{name}-logs"),
            opts=own,
        )
        self.cluster_arn = self._cluster(name, args)
        self.task_role_arn = task_role(name, args, self)
        self.desired_count = args.size.total
        self.log_group_name = logs.name
        tags = {**args.tags.resource(f"{name}-service"), "dr:required-capacity": str(args.required)}
        size = {"desired": self.desired_count, "required": args.required}
        self.recovery_fact = fact("compute", f"{name}-service", tags, **size, launch="fargate")
        made = awsx.ecs.FargateService(
            f"{name}-service",
            cluster=self.cluster_arn,
            desired_count=self.desired_count,
            availability_zone_rebalancing="ENABLED",
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            enable_ecs_managed_tags=True,
            enable_execute_command=False,
            propagate_tags="SERVICE",
            network_configuration={
                "subnets": list(args.subnet_ids.values()),
                "security_groups": list(args.security_group_ids),
                "assign_public_ip": False,
            },
            load_balancers=_load_balancers(args),
            health_check_grace_period_seconds=args.grace_period if args.target else None,
            tags=tags,
            task_definition_args={
                "cpu": str(args.cpu),
                "memory": str(args.memory),
                "runtime_platform": {
                    "cpu_architecture": args.architecture,
                    "operating_system_family": "LINUX",
                },
                "container": _container(args),
                # Roles that only this account's tasks can take, a group that one of them may write to: ours.
                "log_group": {"existing": {"name": logs.name}},
                "task_role": {"role_arn": self.task_role_arn},
                "execution_role": {"role_arn": execution_role(name, args, logs.arn, self)},
                "tags": args.tags.resource(f"{name}-service"),
            },
            opts=own,
        )
        self.service_name = made.service.apply(lambda service: service.name)
        self.service_arn = made.service.apply(lambda service: service.arn)
        self.task_definition_arn = made.task_definition.apply(_arn)
        self._alarm(name, args)
        register(
            self,
            *("service_name", "service_arn", "cluster_arn", "task_definition_arn", "task_role_arn"),
            *("log_group_name", "desired_count"),
        )

    def _cluster(self, name: str, args: ContainerServiceArgs) -> pulumi.Output[str]:
        if args.cluster_arn is not None:
            return pulumi.Output.from_input(args.cluster_arn)
        return aws.ecs.Cluster(
            f"{name}-cluster",
            settings=[{"name": "containerInsights", "value": "enabled"}],
            tags=args.tags.resource(f"{name}-cluster"),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn

    def _alarm(self, name: str, args: ContainerServiceArgs) -> None:
        """An alarm for fewer running tasks than are needed: each task reports its CPU once a minute.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
        """
        if args.alarm_topic_arn is None:
            return
        aws.cloudwatch.MetricAlarm(
            f"{name}-running",
            alarm_description=f"{name}: fewer than {args.required} tasks run.",
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            dimensions={
                "ClusterName": self.cluster_arn.apply(lambda arn: arn.rsplit("/", 1)[-1]),
                "ServiceName": self.service_name,
            },
            statistic="SampleCount",
            comparison_operator="LessThanThreshold",
            threshold=args.required,
            period=PERIOD,
            evaluation_periods=PERIODS,
            datapoints_to_alarm=PERIODS,
            treat_missing_data="breaching",  # the metric proves life: silence is the failure
            alarm_actions=[args.alarm_topic_arn],
            ok_actions=[args.alarm_topic_arn],
            tags=args.tags.resource(f"{name}-running"),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _arn(definition: aws.ecs.TaskDefinition | None) -> pulumi.Output[str]:
    if definition is None:
        raise pulumi.RunError("awsx made no task definition for the arguments of one")
    return definition.arn


def _load_balancers(args: ContainerServiceArgs) -> list[Any] | None:
    if args.target is None:
        return None
    # ECS refuses a target group that no listener forwards to yet.
    served = once(args.target.arn, args.target.listener_arn)
    return [{"container_name": CONTAINER, "container_port": args.port, "target_group_arn": served}]


def _container(args: ContainerServiceArgs) -> Any:
    return {
        "name": CONTAINER,
        "image": args.image,
        "essential": True,
        "readonly_root_filesystem": args.read_only,
        "stop_timeout": args.stop_timeout,
        "port_mappings": [{"container_port": args.port, "protocol": "tcp"}],
        "environment": [{"name": name, "value": value} for name, value in sorted(args.environment.items())],
        "secrets": [{"name": name, "value_from": arn} for name, arn in sorted(args.secrets.items())],
    }
