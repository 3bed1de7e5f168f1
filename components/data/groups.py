"""Children that every database has: a subnet group, parameter groups, a role for Enhanced Monitoring."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.data.engines import Engine
from components.tags import Tags

_APPLY_AT_ONCE = frozenset({"rds.force_ssl", "require_secure_transport", "slow_query_log"})


def _settings(engine: Engine, extra: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, value, apply method) of each parameter; `extra` may add and tune but not take TLS away."""
    fixed = dict(engine.parameters)
    tls = engine.parameters[0][0]
    if tls in extra and extra[tls] != fixed[tls]:
        msg = f"parameters set {tls} to {extra[tls]!r}: allowed is {fixed[tls]!r}, clients must use TLS"
        raise ValueError(msg)
    merged = {**fixed, **extra}
    # "pending-reboot" is accepted for static and dynamic parameters alike; TLS must not wait for a reboot.
    return [
        (k, v, "immediate" if k in _APPLY_AT_ONCE else "pending-reboot") for k, v in sorted(merged.items())
    ]


def check_parameters(engine: Engine, extra: Mapping[str, str]) -> None:
    """Raise ValueError when `extra` would switch TLS off."""
    _settings(engine, extra)


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
    name: str,
    engine: Engine,
    version: str,
    extra: Mapping[str, str],
    *,
    tags: Tags,
    parent: pulumi.Resource,
) -> aws.rds.ClusterParameterGroup:
    """Cluster parameter group: TLS required, logs on, and `extra`."""
    return aws.rds.ClusterParameterGroup(
        f"{name}-cluster-parameters",
        family=engine.parameter_family(version),
        description=f"Cluster parameters of {name}: TLS required",
        parameters=[
            aws.rds.ClusterParameterGroupParameterArgs(name=k, value=v, apply_method=method)
            for k, v, method in _settings(engine, extra)
        ],
        tags=tags.resource(f"{name}-cluster-parameters"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def parameter_group(
    name: str,
    engine: Engine,
    version: str,
    extra: Mapping[str, str],
    *,
    tags: Tags,
    parent: pulumi.Resource,
    region: str | None = None,
) -> aws.rds.ParameterGroup:
    """Parameter group of a DB instance outside any cluster: TLS required, logs on, and `extra`."""
    return aws.rds.ParameterGroup(
        f"{name}-parameters",
        family=engine.parameter_family(version),
        description=f"Parameters of {name}: TLS required",
        parameters=[
            aws.rds.ParameterGroupParameterArgs(name=k, value=v, apply_method=method)
            for k, v, method in _settings(engine, extra)
        ],
        region=region,
        tags=tags.resource(f"{name}-parameters"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def member_parameter_group(
    name: str,
    engine: Engine,
    version: str,
    extra: Mapping[str, str],
    *,
    tags: Tags,
    parent: pulumi.Resource,
) -> aws.rds.ParameterGroup:
    """Parameter group of a cluster's instances: only `extra`, TLS is the cluster's own parameter."""
    return aws.rds.ParameterGroup(
        f"{name}-parameters",
        family=engine.parameter_family(version),
        description=f"Instance parameters of {name}",
        parameters=[
            aws.rds.ParameterGroupParameterArgs(name=k, value=v, apply_method="pending-reboot")
            for k, v in sorted(extra.items())
        ],
        tags=tags.resource(f"{name}-parameters"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def monitoring_role_arn(
    name: str,
    interval: int,
    given: pulumi.Input[str] | None,
    tags: Tags,
    parent: pulumi.Resource,
) -> pulumi.Input[str] | None:
    """Role that Enhanced Monitoring writes with: none when it is off, the given one, or one made here."""
    if interval == 0:
        return None
    if given is not None:
        return given
    role = aws.iam.Role(
        f"{name}-monitoring",
        description=f"Enhanced Monitoring of {name} writes to CloudWatch Logs",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "monitoring.rds.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
        tags=tags.resource(f"{name}-monitoring"),
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
