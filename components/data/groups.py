"""Children that every database has: a subnet group, parameter groups, a role for Enhanced Monitoring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pulumi
import pulumi_aws as aws

from components.data.database_args import DatabaseArgs, OwnDatabaseArgs
from components.data.engines import PENDING
from components.tags import Tags
from components.trust import trust

Group = TypeVar("Group", aws.rds.ParameterGroup, aws.rds.ClusterParameterGroup)


def subnet_group(
    name: str,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    tags: Tags,
    parent: pulumi.Resource,
    region: str | None = None,
) -> aws.rds.SubnetGroup:
    """Subnet group over the subnets, in the order of their zone ids."""
    return aws.rds.SubnetGroup(
        f"{name}-subnets",
        subnet_ids=[subnet_ids[zone] for zone in sorted(subnet_ids)],
        description=f"Data subnets of {name}",
        region=region,
        tags=tags.resource(f"{name}-subnets"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def cluster_parameter_group(
    name: str, args: DatabaseArgs, parent: pulumi.Resource, more: Mapping[str, str] | None = None
) -> aws.rds.ClusterParameterGroup:
    """Cluster parameter group: TLS required, logs on, the arguments' parameters and `more`."""
    return _parameter_group(
        aws.rds.ClusterParameterGroup,
        f"{name}-cluster-parameters",
        args,
        args.facts.settings({**args.parameters, **(more or {})}),
        opts=pulumi.ResourceOptions(parent=parent),
        description=f"Cluster parameters of {name}: TLS required",
    )


def parameter_group(
    name: str, args: DatabaseArgs, parent: pulumi.Resource, region: str | None = None
) -> aws.rds.ParameterGroup:
    """Parameter group of a DB instance outside any cluster: TLS required, logs on, the arguments' parameters."""
    return _parameter_group(
        aws.rds.ParameterGroup,
        f"{name}-parameters",
        args,
        args.facts.settings(args.parameters),
        opts=pulumi.ResourceOptions(parent=parent),
        description=f"Parameters of {name}: TLS required",
        region=region,
    )


def member_parameter_group(
    name: str, args: DatabaseArgs, parameters: Mapping[str, str], parent: pulumi.Resource
) -> aws.rds.ParameterGroup:
    """Parameter group of a cluster's instances: only `parameters`, TLS is the cluster's own parameter."""
    return _parameter_group(
        aws.rds.ParameterGroup,
        f"{name}-parameters",
        args,
        [(key, value, PENDING) for key, value in sorted(parameters.items())],
        opts=pulumi.ResourceOptions(parent=parent),
        description=f"Instance parameters of {name}",
    )


def _parameter_group(
    make: Callable[..., Group],
    name: str,
    args: DatabaseArgs,
    settings: Sequence[tuple[str, str, str]],
    *,
    opts: pulumi.ResourceOptions,
    description: str,
    region: str | None = None,
) -> Group:
    return make(
        name,
        family=args.facts.parameter_family(args.engine_version),
        description=description,
        parameters=[{"name": key, "value": value, "apply_method": method} for key, value, method in settings],
        region=region,
        tags=args.tags.resource(name),
        opts=opts,
    )


def monitoring(name: str, args: DatabaseArgs, parent: pulumi.Resource) -> dict[str, Any]:
    """Properties of Enhanced Monitoring, and the role that it writes with: given, made here, or none when it is off."""
    role = args.monitoring_role_arn
    if args.monitoring_interval == 0:
        role = None
    elif role is None:
        role = _monitoring_role(name, args, parent)
    return {"monitoring_interval": args.monitoring_interval, "monitoring_role_arn": role}


def _monitoring_role(name: str, args: DatabaseArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    role = aws.iam.Role(
        f"{name}-monitoring",
        description=f"Enhanced Monitoring of {name} writes to CloudWatch Logs",
        assume_role_policy=trust("monitoring.rds.amazonaws.com", parent, of_account=True),
        tags=args.tags.resource(f"{name}-monitoring"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    attachment = aws.iam.RolePolicyAttachment(
        f"{name}-monitoring",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    # Through the attachment: RDS refuses a role that can't write yet.
    return pulumi.Output.all(role.arn, attachment.id).apply(lambda made: str(made[0]))


def identifier(args: DatabaseArgs, unique_name: pulumi.Output[str], what: str) -> pulumi.Input[str]:
    """Physical name of the database: the given one, or what Pulumi made unique for its group, without the group's own `what`."""
    return args.identifier or unique_name.apply(lambda known: known.replace(what, "", 1))


def log_groups(
    name: str,
    kind: str,
    identifier: pulumi.Input[str],
    args: DatabaseArgs,
    parent: pulumi.Resource,
    *,
    key_arn: pulumi.Input[str] | None,
    region: str | None = None,
) -> list[aws.cloudwatch.LogGroup]:
    """Log groups of the exported logs. RDS would make them itself: without a key, and kept for ever.

    `kind` is cluster or instance. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
    """
    return [
        aws.cloudwatch.LogGroup(
            f"{name}-log-{log}",
            name=pulumi.Output.concat(f"/aws/rds/{kind}/", identifier, f"/{log}"),
            retention_in_days=args.log_retention_days,
            kms_key_id=key_arn,
            region=region,
            tags=args.tags.resource(f"{name}-log-{log}"),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for log in args.logs
    ]


def home(
    name: str, kind: str, args: OwnDatabaseArgs, parent: pulumi.Resource
) -> tuple[aws.rds.SubnetGroup, pulumi.Input[str], list[aws.cloudwatch.LogGroup]]:
    """What a cluster or an instance (`kind`) that is no copy finds in place: subnets, its name, and its log groups."""
    subnets = subnet_group(name, args.subnet_ids, args.tags, parent)
    named = identifier(args, subnets.name, "-subnets")
    return subnets, named, log_groups(name, kind, named, args, parent, key_arn=args.kms_key_arn)


EVENTS = {
    "db-cluster": ("failover", "failure", "maintenance", "notification"),
    "db-instance": (
        "availability",
        "failover",
        "failure",
        "low storage",
        "maintenance",
        "notification",
        "read replica",
    ),
}
"""Categories of events that somebody should know of, by kind of source.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"""


def event_subscription(
    name: str,
    source: str,
    identifier: pulumi.Input[str],
    args: DatabaseArgs,
    parent: pulumi.Resource,
    *,
    region: str | None = None,
) -> None:
    """Have the topic, if there is one, told of what happens to the database."""
    if args.event_topic_arn is None:
        return
    aws.rds.EventSubscription(
        f"{name}-events",
        sns_topic=args.event_topic_arn,
        source_type=source,
        source_ids=[identifier],
        event_categories=list(EVENTS[source]),
        region=region,
        tags=args.tags.resource(f"{name}-events"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
