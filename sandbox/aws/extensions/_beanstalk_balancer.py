"""Elastic Beanstalk: the load balancer, the listeners and the target group of an environment, as its options say."""

from __future__ import annotations

from typing import Any

from sandbox.aws.clockwork.instances import ENVIRONMENT
from sandbox.aws.extensions._beanstalk_options import Options

NETWORK = "aws:ec2:vpc"
PROCESS, BALANCER = "aws:elasticbeanstalk:environment:process:default", "aws:elbv2:loadbalancer"
LISTENER, FIRST = "aws:elbv2:listener:", "default"


def owned(made: Any) -> list[dict[str, str]]:
    """The tags of everything that belongs to it."""
    own = {
        ENVIRONMENT: made.environment_name,
        "elasticbeanstalk:environment-id": made.environment_id,
        "Name": made.environment_name,
    }
    return [{"Key": key, "Value": value} for key, value in {**made.tags, **own}.items()]


def targets_of(elb: Any, made: Any, mark: str) -> str:
    """Make the target group; its ARN."""
    options: Options = made.options
    group = elb.create_target_group(
        f"awseb-AWSEB-{mark}",
        vpc_id=options[NETWORK, "VPCId"],
        protocol=options.get((PROCESS, "Protocol"), "HTTP"),
        protocol_version="HTTP1",
        port=options.get((PROCESS, "Port"), "80"),
        target_type="instance",
        tags=owned(made),
        **checks(options),
    )
    delay = options.get((PROCESS, "DeregistrationDelay"), "20")
    elb.modify_target_group_attributes(group.arn, {"deregistration_delay.timeout_seconds": delay})
    return str(group.arn)


def checks(options: Options) -> dict[str, Any]:
    """How instances are asked."""
    return {
        "healthcheck_protocol": "HTTP",
        "healthcheck_port": "traffic-port",
        "healthcheck_path": options.get((PROCESS, "HealthCheckPath"), "/"),
        "healthcheck_interval_seconds": int(options.get((PROCESS, "HealthCheckInterval"), "15")),
        "healthcheck_timeout_seconds": int(options.get((PROCESS, "HealthCheckTimeout"), "5")),
        "healthcheck_enabled": "true",
        "healthy_threshold_count": options.get((PROCESS, "HealthyThresholdCount"), "3"),
        "unhealthy_threshold_count": options.get((PROCESS, "UnhealthyThresholdCount"), "5"),
        "matcher": {"HttpCode": options.get((PROCESS, "MatcherHTTPCode"), "200")},
    }


def balancer_of(elb: Any, made: Any, mark: str, targets: str) -> Any:
    """Make the load balancer, whose listeners lead to those targets."""
    options: Options = made.options
    internal = options.get((NETWORK, "ELBScheme")) == "internal"
    found = elb.create_load_balancer(
        name=f"awseb--AWSEB-{mark}",
        security_groups=listed(options.get((BALANCER, "SecurityGroups"))),
        subnet_ids=listed(options.get((NETWORK, "ELBSubnets")) or options[NETWORK, "Subnets"]),
        scheme="internal" if internal else "internet-facing",
        loadbalancer_type="application",
        tags=owned(made),
    )
    attributes = {"idle_timeout.timeout_seconds": options.get((BALANCER, "IdleTimeout"), "60")}
    if options.get((BALANCER, "AccessLogsS3Enabled")) == "true":
        bucket = options[BALANCER, "AccessLogsS3Bucket"]
        attributes |= {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": bucket}
    elb.modify_load_balancer_attributes(found.arn, attributes)
    for port in _ports(options):
        _listener(elb, options, found.arn, port, targets)
    return found


def _ports(options: Options) -> list[str]:
    """Of the listeners: the first one on port 80, unless it is switched off, and those that options name."""
    named = {namespace.removeprefix(LISTENER) for namespace, _ in options if namespace.startswith(LISTENER)}
    return sorted(
        port
        for port in named | {FIRST}
        if options.get((f"{LISTENER}{port}", "ListenerEnabled"), "true") == "true"
    )


def _listener(elb: Any, options: Options, balancer: str, port: str, targets: str) -> None:
    space = f"{LISTENER}{port}"
    elb.create_listener(
        load_balancer_arn=balancer,
        protocol=options.get((space, "Protocol"), "HTTP"),
        port="80" if port == FIRST else port,
        ssl_policy=options.get((space, "SSLPolicy"), "ELBSecurityPolicy-2016-08"),
        certificate=options.get((space, "SSLCertificateArns")),
        actions=[{"Type": "forward", "TargetGroupArn": targets, "Order": 1}],
        alpn_policy=[],
        tags=[],
    )


def listed(text: str | None) -> list[str]:
    """The values of an option that has several."""
    return [each for each in (text or "").split(",") if each]
