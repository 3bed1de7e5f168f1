"""What the components of a system on Elastic Beanstalk are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.elastic_beanstalk import names
from architectures.elastic_beanstalk.sections import Application
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM
from architectures.stack import Stack
from components.compute import (
    BeanstalkApplicationArgs,
    BeanstalkEnvironmentArgs,
    Bundle,
    Size,
    standby_size,
    statically_stable_size,
)
from components.compute.beanstalk_args import PORT
from components.network import SecurityGroupChainArgs, Tier
from components.tags import Tags

APPLICATION_KEYS = {"bundle": "bundle", "kept_versions": "keptVersions", "application_name": ""}
"""Argument of the application that a setting decides -> key within the system."""
ENVIRONMENT_KEYS = {
    "environment_name.length": "",
    "runtime": "runtime",
    "most": "instances.maximumInstances",
    "health_path": "healthPath",
    "batch_percent": "deployments.batchPercent",
    "update_window": "updates.window",
    "log_days": "logRetentionDays",
    "variables": "variables",
}
"""The same of the environment."""
DEPLOYMENTS = {"immutable": "Immutable", "rolling-with-additional-batch": "RollingWithAdditionalBatch"}
"""As Elastic Beanstalk spells them."""


def bundle(path: str) -> Bundle:
    """The folder or zip that settings name."""
    return Bundle(PROGRAM / path)


def full_size(given: Application, stack: Stack) -> Size:
    """The instances that carry the whole load, with a zone lost."""
    return statically_stable_size(given.instances.required_instances, len(stack.zones))


def running(given: Application, stack: Stack, share: float) -> int:
    """Instances that run in the region: that share of those."""
    return standby_size(full_size(given, stack), share).total


def application(
    given: Application,
    name: str,
    stack: Stack,
    *,
    bucket: pulumi.Input[str],
    tags: Tags,
) -> BeanstalkApplicationArgs:
    """The arguments of the application and its version."""
    return BeanstalkApplicationArgs(
        tags=tags,
        application_name=stack.named(name),
        bundle=bundle(given.bundle),
        bucket=bucket,
        folder=stack.region,
        kept_versions=given.kept_versions,
    )


def environment(
    given: Application,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    internal: bool,
    running: int,
    application_name: pulumi.Input[str],
    version_label: pulumi.Input[str],
    service_role: pulumi.Input[str],
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    balancer_subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
    balancer_security_group_id: pulumi.Input[str],
    certificate_arn: pulumi.Input[str],
    log_bucket: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> BeanstalkEnvironmentArgs:
    """The arguments of the environment."""
    return BeanstalkEnvironmentArgs(
        tags=tags,
        environment_name=names.environment(stack, name, given.runtime),
        application_name=application_name,
        version_label=version_label,
        runtime=given.runtime,
        service_role=service_role,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        balancer_subnet_ids=balancer_subnet_ids,
        internal=internal,
        security_group_id=security_group_id,
        balancer_security_group_id=balancer_security_group_id,
        certificate_arn=certificate_arn,
        log_bucket=log_bucket,
        topic_arn=topic_arn,
        instance_type=given.instances.instance_type,
        required=given.instances.required_instances,
        running=running,
        most=given.instances.maximum_instances,
        health_path=given.health_path,
        variables=given.variables,
        deployment=DEPLOYMENTS[given.deployments.policy],
        batch_percent=given.deployments.batch_percent,
        update_window=given.updates.window,
        update_level=given.updates.level,
        log_days=given.log_retention_days,
    )


def placeholder_application(given: Application, name: str, stack: Stack) -> BeanstalkApplicationArgs:
    """The application's arguments for its checks: the bucket isn't there yet."""
    return application(given, name, stack, bucket=PLACEHOLDER, tags=PLACEHOLDER_TAGS)


def placeholder_environment(
    given: Application, name: str, stack: Stack, *, internal: bool
) -> BeanstalkEnvironmentArgs:
    """The same of the environment, at the size of a region that serves."""
    ids = dict.fromkeys(stack.zones, PLACEHOLDER)
    return environment(
        given,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        internal=internal,
        running=full_size(given, stack).total,
        application_name=PLACEHOLDER,
        version_label=PLACEHOLDER,
        service_role=PLACEHOLDER,
        vpc_id=PLACEHOLDER,
        subnet_ids=ids,
        balancer_subnet_ids=ids,
        security_group_id=PLACEHOLDER,
        balancer_security_group_id=PLACEHOLDER,
        certificate_arn=PLACEHOLDER,
        log_bucket=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )


def groups(*, vpc_id: pulumi.Input[str], ingress_cidrs: list[str], tags: Tags) -> SecurityGroupChainArgs:
    """The arguments of the security groups."""
    return SecurityGroupChainArgs(
        vpc_id=vpc_id,
        tiers=[Tier(name=names.INSTANCES, port=PORT)],
        ingress_cidrs=ingress_cidrs,
        tags=tags,
    )
