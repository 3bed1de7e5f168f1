"""The options of an Elastic Beanstalk environment: namespace, name, value, as its API has them.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.compute import architectures
from components.compute.beanstalk_args import CHECK, PORT, BeanstalkEnvironmentArgs
from components.edge.load_balancer import TLS_POLICY

Options = dict[str, Mapping[str, pulumi.Input[str]]]
"""By namespace, then by name."""
CPU_HIGH, CPU_LOW = 50, 20
"""Per cent, between which nothing is added or taken: at 50, in three zones, the loss of one leaves 75."""
SCALE_MINUTES = 2
"""How long the processors must be above or below that."""
YES, NO = "true", "false"
ENVIRONMENT = "aws:elasticbeanstalk:environment"
GROUP = "aws:autoscaling:asg"
NETWORK = "aws:ec2:vpc"
LISTENER = "aws:elbv2:listener:443"


def options(
    args: BeanstalkEnvironmentArgs, *, service_role: pulumi.Input[str], profile: pulumi.Input[str]
) -> Options:
    """All of them."""
    return {
        **_servers(args, profile),
        **_network(args),
        **_balancer(args),
        **_operated(args, service_role),
        "aws:elasticbeanstalk:application:environment": dict(args.variables),
    }


def _servers(args: BeanstalkEnvironmentArgs, profile: pulumi.Input[str]) -> Options:
    """What instances are, how many there are, and what makes them more."""
    return {
        GROUP: {"MinSize": str(args.running), "MaxSize": str(args.most)},
        "aws:autoscaling:launchconfiguration": {
            "IamInstanceProfile": profile,
            "SecurityGroups": args.security_group_id,
            # Its own would let in SSH, where there is a key, and whatever else it is told.
            "DisableDefaultEC2SecurityGroup": YES,
            "DisableIMDSv1": YES,
            "MonitoringInterval": "1 minute",
            # Encrypted, as all volumes of the region are by default.
            "RootVolumeType": "gp3",
        },
        "aws:ec2:instances": {
            "InstanceTypes": args.instance_type,
            "SupportedArchitectures": architectures.of_type(args.instance_type),
            "EnableSpot": NO,
        },
        "aws:autoscaling:trigger": {
            "MeasureName": "CPUUtilization",
            "Statistic": "Average",
            "Unit": "Percent",
            "Period": "1",
            "EvaluationPeriods": str(SCALE_MINUTES),
            "BreachDuration": str(SCALE_MINUTES),
            "UpperThreshold": str(CPU_HIGH),
            # One in each zone: the zones stay even.
            "UpperBreachScaleIncrement": str(len(args.subnet_ids)),
            "LowerThreshold": str(CPU_LOW),
            "LowerBreachScaleIncrement": "-1",
        },
    }


def _network(args: BeanstalkEnvironmentArgs) -> Options:
    return {
        NETWORK: {
            "VPCId": args.vpc_id,
            "Subnets": _joined(args.subnet_ids),
            "ELBSubnets": _joined(args.balancer_subnet_ids),
            "ELBScheme": "internal" if args.internal else "public",
            "AssociatePublicIpAddress": NO,
        }
    }


def _balancer(args: BeanstalkEnvironmentArgs) -> Options:
    """The load balancer speaks TLS alone: Elastic Beanstalk has no option that redirects plain HTTP."""
    return {
        "aws:elbv2:loadbalancer": {
            "SecurityGroups": args.balancer_security_group_id,
            "ManagedSecurityGroup": args.balancer_security_group_id,
            "AccessLogsS3Bucket": args.log_bucket,
            "AccessLogsS3Enabled": YES,
            "IdleTimeout": "60",
        },
        "aws:elbv2:listener:default": {"ListenerEnabled": NO},
        LISTENER: {
            "ListenerEnabled": YES,
            "Protocol": "HTTPS",
            "SSLCertificateArns": args.certificate_arn,
            "SSLPolicy": TLS_POLICY,
            "DefaultProcess": "default",
        },
        "aws:elasticbeanstalk:environment:process:default": {
            "Port": str(PORT),
            "Protocol": "HTTP",
            "HealthCheckPath": args.health_path,
            "HealthCheckInterval": str(CHECK["interval_s"]),
            "HealthCheckTimeout": str(CHECK["timeout_s"]),
            "HealthyThresholdCount": "2",
            "UnhealthyThresholdCount": str(CHECK["threshold"]),
            "MatcherHTTPCode": "200",
            "DeregistrationDelay": "60",
        },
        "aws:elasticbeanstalk:application": {"Application Healthcheck URL": args.health_path},
    }


def _operated(args: BeanstalkEnvironmentArgs, service_role: pulumi.Input[str]) -> Options:
    """How it is watched, changed and kept up to date."""
    kept = {"RetentionInDays": str(args.log_days), "DeleteOnTerminate": NO}
    return {
        ENVIRONMENT: {
            "EnvironmentType": "LoadBalanced",
            "LoadBalancerType": "application",
            "ServiceRole": service_role,
        },
        "aws:elasticbeanstalk:healthreporting:system": {"SystemType": "enhanced"},
        "aws:elasticbeanstalk:cloudwatch:logs": {"StreamLogs": YES, **kept},
        "aws:elasticbeanstalk:cloudwatch:logs:health": {"HealthStreamingEnabled": YES, **kept},
        "aws:elasticbeanstalk:command": {
            "DeploymentPolicy": args.deployment,
            "BatchSizeType": "Percentage",
            "BatchSize": str(args.batch_percent),
        },
        "aws:autoscaling:updatepolicy:rollingupdate": {
            "RollingUpdateEnabled": YES,
            "RollingUpdateType": "Immutable" if args.deployment == "Immutable" else "Health",
        },
        "aws:elasticbeanstalk:managedactions": {
            "ManagedActionsEnabled": YES,
            "PreferredStartTime": args.update_window,
            "ServiceRoleForManagedUpdates": service_role,
        },
        "aws:elasticbeanstalk:managedactions:platformupdate": {"UpdateLevel": args.update_level},
    }


def _joined(subnet_ids: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*(subnet_ids[zone] for zone in sorted(subnet_ids))).apply(",".join)
