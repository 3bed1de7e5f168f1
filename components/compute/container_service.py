"""A service of containers on Fargate, spread over zones and sized for the loss of one."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.compute.container_args import ContainerServiceArgs
from components.compute.container_cluster import ON_DEMAND, SPOT
from components.compute.container_roles import balancing_role, execution_role, lattice_role, task_role
from components.compute.container_scaling import scaling
from components.facts import Fact, fact
from components.outputs import once, register

CONTAINER = "app"
"""Name of the container in its task."""
PERIOD = 60  # seconds: how often Fargate reports
PERIODS = 3  # a task that is replaced is no failure yet
HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_RETRIES = 10, 5, 3
"""Seconds, and times: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html"""


class ContainerService(pulumi.ComponentResource):
    """Tasks of one container on AWS Fargate, as many as are left over when a zone is lost.

    Creates: `awsx.ecs.FargateService` with its task definition; the two roles, an encrypted log group, a cluster unless
    one is given, an alarm on the number of running tasks; with `scaling` a scalable target and its policy, with `blue_green` and
    `lattice_target_arn` the roles by which ECS moves requests and registers tasks.
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
    """Tasks that are kept running in all zones together, unless scaling or a takeover wants more."""
    cluster_name: pulumi.Output[str]
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
        self.cluster_name = self.cluster_arn.apply(lambda arn: arn.rsplit("/", 1)[-1])
        self.desired_count = args.count
        self.log_group_name = logs.name
        tags = {**args.tags.resource(f"{name}-service"), **_told(args), **args.task_tags}
        size = {"desired": args.count, "required": args.required, "tracked": args.scaling is not None}
        most = args.scaling.maximum if args.scaling else None
        self.recovery_fact = fact(
            "compute", f"{name}-service", tags, **size, max=most, launch="fargate", check=_check(args)
        )
        made = awsx.ecs.FargateService(
            f"{name}-service",
            cluster=self.cluster_arn,
            desired_count=self.desired_count,
            capacity_provider_strategies=_providers(args),
            availability_zone_rebalancing="ENABLED",
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_configuration=_deployment(args),
            alarms=_alarms(args),
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            enable_ecs_managed_tags=True,
            enable_execute_command=args.execute_command,
            propagate_tags="SERVICE",
            network_configuration={
                "subnets": list(args.subnet_ids.values()),
                "security_groups": list(args.security_group_ids),
                "assign_public_ip": False,
            },
            load_balancers=self._load_balancers(name, args),
            service_connect_configuration=_connect(args),
            service_registries={"registry_arn": args.registry_arn} if args.registry_arn is not None else None,
            vpc_lattice_configurations=self._lattice(name, args),
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
            opts=pulumi.ResourceOptions.merge(own, _transforms(args)),
        )
        self.service_name = made.service.apply(lambda service: service.name)
        self.service_arn = made.service.apply(lambda service: service.arn)
        self.task_definition_arn = made.task_definition.apply(_arn)
        self._alarm(name, args)
        if args.scaling is not None:
            scaling(
                name,
                args,
                args.scaling,
                cluster_name=self.cluster_name,
                service_name=self.service_name,
                parent=self,
            )
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

    def _load_balancers(self, name: str, args: ContainerServiceArgs) -> list[Any] | None:
        if args.target is None:
            return None
        # ECS refuses a target group that no listener forwards to yet.
        served = once(args.target.arn, args.target.listener_arn)
        found: dict[str, Any] = {
            "container_name": CONTAINER,
            "container_port": args.port,
            "target_group_arn": served,
        }
        if args.blue_green is not None:
            found["advanced_configuration"] = {
                "alternate_target_group_arn": args.blue_green.alternate_arn,
                "production_listener_rule": args.blue_green.rule_arn,
                "role_arn": balancing_role(name, args, self),
            }
        return [found]

    def _lattice(self, name: str, args: ContainerServiceArgs) -> list[Any] | None:
        if args.lattice_target_arn is None:
            return None
        role_arn = lattice_role(name, args, self)
        return [
            {
                "port_name": _port_name(args),
                "role_arn": role_arn,
                "target_group_arn": args.lattice_target_arn,
            }
        ]

    def _alarm(self, name: str, args: ContainerServiceArgs) -> None:
        """An alarm for fewer running tasks than are needed: each task reports its CPU once a minute.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
        """
        if args.alarm_topic_arn is None or not args.count:
            return
        least = min(args.required, args.count)
        aws.cloudwatch.MetricAlarm(
            f"{name}-running",
            alarm_description=f"{name}: fewer than {least} tasks run.",
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            dimensions={
                "ClusterName": self.cluster_name,
                "ServiceName": self.service_name,
            },
            statistic="SampleCount",
            comparison_operator="LessThanThreshold",
            threshold=least,
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


def _told(args: ContainerServiceArgs) -> dict[str, str]:
    # After a failover it runs tasks, and what the program asks of it is still that it may run none.
    off = {"dr:switched-off": "true"} if args.count == 0 else {}
    return {"dr:required-capacity": str(args.required), **off}


def _transforms(args: ContainerServiceArgs) -> pulumi.ResourceOptions:
    """Leave the number of tasks to what changes it after the first deployment: scaling, and a takeover of the region.

    awsx takes no `ignore_changes` for its children, but a component's transforms reach them.
    https://github.com/pulumi/pulumi-awsx/issues/856
    """
    if args.scaling is None:
        return pulumi.ResourceOptions()

    def left(given: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if given.type_ != "aws:ecs/service:Service":
            return None
        ignored = pulumi.ResourceOptions(ignore_changes=["desiredCount"])
        return pulumi.ResourceTransformResult(given.props, pulumi.ResourceOptions.merge(given.opts, ignored))

    return pulumi.ResourceOptions(transforms=[left])


def _providers(args: ContainerServiceArgs) -> list[Any] | None:
    """On demand as many as must run, in whichever region serves; Spot beyond."""
    if not args.spot_above_base:
        return None
    return [
        {"capacity_provider": ON_DEMAND, "base": args.size.total, "weight": 0},
        {"capacity_provider": SPOT, "weight": 1},
    ]


def _deployment(args: ContainerServiceArgs) -> Any:
    if args.blue_green is None:
        return None
    return {"strategy": "BLUE_GREEN", "bake_time_in_minutes": str(args.blue_green.bake_minutes)}


def _alarms(args: ContainerServiceArgs) -> Any:
    if not args.rollback_alarms:
        return None
    return {"alarm_names": list(args.rollback_alarms), "enable": True, "rollback": True}


def _connect(args: ContainerServiceArgs) -> Any:
    """The service's own name, if it listens; who has none still calls the others by theirs."""
    if args.connect is None:
        return None
    own = {
        "port_name": args.connect.name,
        "discovery_name": args.connect.name,
        "client_alias": [{"dns_name": args.connect.name, "port": args.port}],
    }
    return {
        "enabled": True,
        "namespace": args.connect.namespace_arn,
        "services": [own] if args.port is not None else [],
    }


def _port_name(args: ContainerServiceArgs) -> str | None:
    """What others call the port by; None where nobody does."""
    if args.connect is not None:
        return args.connect.name
    return CONTAINER if args.lattice_target_arn is not None else None


def _ports(args: ContainerServiceArgs) -> list[Any]:
    if args.port is None:
        return []
    named = {"name": _port_name(args), "app_protocol": "http"} if _port_name(args) else {}
    return [{**named, "container_port": args.port, "protocol": "tcp"}]


def _health(args: ContainerServiceArgs) -> Any:
    """A container that hangs is found in 30 s, and replaced."""
    if not args.health_command:
        return None
    return {
        "command": ["CMD", *args.health_command],
        "interval": HEALTH_INTERVAL,
        "timeout": HEALTH_TIMEOUT,
        "retries": HEALTH_RETRIES,
        "start_period": args.grace_period,
    }


def _check(args: ContainerServiceArgs) -> dict[str, int] | None:
    """How the container is watched, for the service's fact; the load balancer's check, where there is one, is told by who has it."""
    if not args.health_command:
        return None
    return {"interval_s": HEALTH_INTERVAL, "threshold": HEALTH_RETRIES, "timeout_s": HEALTH_TIMEOUT}


def _container(args: ContainerServiceArgs) -> Any:
    return {
        "name": CONTAINER,
        "image": args.image,
        "essential": True,
        "readonly_root_filesystem": args.read_only,
        "stop_timeout": args.stop_timeout,
        "port_mappings": _ports(args),
        "health_check": _health(args),
        "environment": [{"name": name, "value": value} for name, value in sorted(args.environment.items())],
        "secrets": [{"name": name, "value_from": arn} for name, arn in sorted(args.secrets.items())],
    }
