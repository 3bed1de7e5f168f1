"""An environment of Elastic Beanstalk: load balancer, instances in every zone, and what keeps their platform up to date."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.compute.beanstalk_args import CHECK, BeanstalkEnvironmentArgs
from components.compute.beanstalk_options import options
from components.compute.role import role_and_profile
from components.facts import Fact, fact
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.outputs import once, register
from components.roles import attached

WARNING = 15
"""The metric EnvironmentHealth of an environment that still answers; 20 is degraded, 25 severe.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-cloudwatch.html"""
LINUX = "64bit Amazon Linux 2023"
INSTANCE_POLICIES = ("AWSElasticBeanstalkWebTier", "AmazonSSMManagedInstanceCore")
"""What an instance of a web tier may do, and Session Manager instead of SSH.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-instanceprofile.html"""


class BeanstalkEnvironment(pulumi.ComponentResource):
    """An environment that one version of an application runs in.

    Creates: the instances' role and profile, the environment, and by it load balancer, target group, Auto Scaling group, launch
    template and alarms that scale it, which Elastic Beanstalk alone may change.
    Survives: an instance (replaced when EC2's status checks fail; of an ill application when the bundle asks for it), a zone (what is left
    carries the load, when sized by `statically_stable_size`). Costs: instances and load balancer.
    Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.as.html
    """

    environment: aws.elasticbeanstalk.Environment
    name: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    """The load balancer's own name, which no record moves."""
    zone_id: pulumi.Output[str]
    """Hosted zone of `dns_name`, for alias records; AWS's own and different in each region."""
    balancer_arn: pulumi.Output[str]
    balancer_arn_suffix: pulumi.Output[str]
    """The LoadBalancer dimension of its CloudWatch metrics."""
    group_name: pulumi.Output[str]
    """The Auto Scaling group that Elastic Beanstalk makes."""
    alarm: aws.cloudwatch.MetricAlarm
    """On the environment's health as Elastic Beanstalk sees it."""
    recovery_fact: Fact

    def __init__(
        self, name: str, args: BeanstalkEnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.validate()
        super().__init__("holdfast:compute:BeanstalkEnvironment", name, {}, handed_down(opts))
        invoke = pulumi.InvokeOutputOptions(parent=self)
        stack = aws.elasticbeanstalk.get_solution_stack_output(
            most_recent=True, name_regex=_stacks(args.runtime), opts=invoke
        )
        given = options(args, service_role=args.service_role, profile=_profile(name, args, self))
        self.environment = aws.elasticbeanstalk.Environment(
            f"{name}-env",
            name=args.environment_name,
            application=args.application_name,
            version=args.version_label,
            description=f"{args.runtime} of {args.environment_name}",
            solution_stack_name=stack.name,
            tier="WebServer",
            settings=[
                {"namespace": namespace, "name": option, "value": value}
                for namespace, each in sorted(given.items())
                for option, value in sorted(each.items())
            ],
            tags=_tags(f"{name}-env", args),
            opts=pulumi.ResourceOptions(
                parent=self,
                # Managed updates take the platform on within its runtime.
                ignore_changes=["solutionStackName"],
            ),
        )
        self.name = self.environment.name
        self.dns_name = self.environment.endpoint_url
        self.balancer_arn = self.environment.load_balancers.apply(_only)
        self.balancer_arn_suffix = self.balancer_arn.apply(_suffix)
        self.group_name = self.environment.autoscaling_groups.apply(_only)
        self.zone_id = aws.lb.get_hosted_zone_id_output(load_balancer_type="application", opts=invoke).id
        self.alarm = self._alarm(name, args)
        self.recovery_fact = fact(
            "compute",
            f"{name}-env",
            _tags(f"{name}-env", args),
            desired=args.running,
            required=args.required,
            max=args.most,
            launch="beanstalk",
            tracked=False,
            check=dict(CHECK),
        )
        register(self, "name", "dns_name", "zone_id", "balancer_arn", "balancer_arn_suffix", "group_name")

    def _alarm(self, name: str, args: BeanstalkEnvironmentArgs) -> aws.cloudwatch.MetricAlarm:
        return alarm(
            f"{name}-severe",
            Metric(
                namespace="AWS/ElasticBeanstalk",
                name="EnvironmentHealth",
                statistic="Maximum",
                dimensions={"EnvironmentName": self.name},
            ),
            Comparison.ABOVE,
            WARNING,
            missing=Missing.BREACHING,
            description=f"{args.environment_name} is degraded, or its health unknown",
            tags=args.tags,
            actions=[args.topic_arn],
            periods=2,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _stacks(runtime: str) -> str:
    """The solution stacks of that runtime, as a regular expression."""
    plain = runtime.replace(".", r"\.").replace("+", r"\+")
    return rf"^{LINUX} v[0-9.]+ running {plain}$"


def _only(found: Sequence[str]) -> str:
    [one] = found
    return str(one)


def _suffix(arn: str) -> str:
    return arn.partition(":loadbalancer/")[2]


def _tags(name: str, args: BeanstalkEnvironmentArgs) -> dict[str, str]:
    return {**args.tags.resource(name), "dr:required-capacity": str(args.required)}


def _profile(name: str, args: BeanstalkEnvironmentArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """Name of the instances' profile, known when its role's policies are attached: instances ask for them when they start."""
    role, profile = role_and_profile(name, args.tags, pulumi.ResourceOptions(parent=parent))
    return once(profile.name, attached(f"{name}-role", role, INSTANCE_POLICIES, parent))
