"""Whether a system serves in a region: alarms on symptoms and causes, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need
from components.operations.alarms import Comparison, Expression, Metric, Missing, alarm
from components.operations.aurora_alarms import AuroraLimits, aurora_alarms, percent
from components.operations.hosts import hosts_alarm
from components.options import handed_down
from components.tags import Tags

_NAMESPACE = "AWS/ApplicationELB"


@dataclass(frozen=True, kw_only=True)
class RegionHealthArgs:
    """What the alarms of a region watch."""

    region: str
    """The stack's own region."""
    load_balancer_arn_suffix: pulumi.Input[str]
    target_group_arn_suffix: pulumi.Input[str] | None = None
    """The one target group that serves all. None: there are several, each with an alarm among `others`."""
    others: Mapping[str, aws.cloudwatch.MetricAlarm] = field(default_factory=dict)
    """Further alarms by symptom, any of which means that the region does not serve as it should."""
    tags: Tags
    actions: Sequence[pulumi.Input[str]]
    """Topics of this region that every alarm notifies; at least one."""
    error_percent: float = 5
    """Share of requests answered 5xx by targets or load balancer, above 0 to 100."""
    latency_seconds: float = 2
    """99th percentile of the targets' response time, above 0."""
    periods: int = 3
    """Minutes in a row that errors or latency must last, 1 to 60."""
    prefix: str | None = None
    """Begins the name of the composite alarm, which is unique in an account's region. Default: the component's name."""
    idle_group: pulumi.Input[str] | None = None
    """Auto Scaling group of the targets, with its group metrics on, where it may stand at zero: no host is missed then."""
    aurora: AuroraLimits | None = None
    automation: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Name -> ARN of what EventBridge calls when the verdict changes (topic, function, queue): targets in
    this region whose own policy admits EventBridge."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        at_least("actions", self.actions, 1, "an alarm that notifies nobody is none")
        percent("error_percent", self.error_percent)
        need(self.latency_seconds > 0, "latency_seconds", self.latency_seconds, "above 0")
        between("periods", self.periods, 1, 60, "minutes: later is no alarm")
        if self.aurora is not None:
            self.aurora.check()


class RegionHealth(pulumi.ComponentResource):
    """The alarms of one region and their verdict.

    Creates: alarms on healthy hosts, errors and latency (symptoms) and on the Aurora writer's CPU and
    connections and the global replication lag (causes); a composite alarm over the symptoms, which notifies
    and, with `automation`, raises an EventBridge rule.
    Survives: the loss of a zone; a lost region's alarms are lost with it, so nothing in another region waits
    for them.
    Costs: 0.10 USD a month an alarm metric, 0.50 USD a composite alarm.

    Route 53 can't use the composite alarm: a health check of type CLOUDWATCH_METRIC reads the data of one
    metric (namespace, name, basic statistic, period of 60 s or more) instead of the alarm's state, so neither
    composite alarms nor metric math, percentiles or M of N fit. `health_check_alarm_name` is the alarm that
    does fit, on healthy hosts. Give that check `insufficient_data_health_status="Unhealthy"`: no data means
    no load balancer.
    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html,
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CloudWatchAlarmConfiguration.html
    """

    name: pulumi.Output[str]
    """Of the composite alarm."""
    arn: pulumi.Output[str]
    """Of the composite alarm, for Region switch plans and alarm-based rollbacks."""
    symptom_arns: Mapping[str, pulumi.Output[str]]
    """Of the alarms that make up the verdict, by symptom: for what takes no composite alarm."""
    health_check_alarm_name: pulumi.Output[str]
    """Alarm for a Route 53 health check of type CLOUDWATCH_METRIC, in `health_check_alarm_region`; there with one target group. With
    `idle_group` it is metric math, which such a check doesn't take."""
    health_check_alarm_region: str

    def __init__(self, name: str, args: RegionHealthArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:operations:RegionHealth", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        symptoms = {"hosts": self._hosts()} if args.target_group_arn_suffix is not None else {}
        symptoms |= {"errors": self._errors(), "latency": self._latency(), **args.others}
        if args.aurora:
            aurora_alarms(name, args.aurora, tags=args.tags, actions=args.actions, opts=self._child)

        named = [pulumi.Output.concat('ALARM("', each.name, '")') for each in symptoms.values()]
        rule = pulumi.Output.all(*named).apply(" OR ".join)
        verdict = aws.cloudwatch.CompositeAlarm(
            f"{name}-unhealthy",
            alarm_name=f"{args.prefix or name}-unhealthy-{args.region}",
            alarm_rule=rule,
            alarm_description=f"{args.region} does not serve as it should",
            alarm_actions=args.actions,
            ok_actions=args.actions,
            tags=args.tags.resource(f"{name}-unhealthy"),
            opts=self._child,
        )
        if args.automation:
            self._automate(verdict)

        self.name, self.arn = verdict.alarm_name, verdict.arn
        self.symptom_arns = {symptom: each.arn for symptom, each in symptoms.items()}
        found: dict[str, Any] = {"name": self.name, "arn": self.arn, "symptom_arns": self.symptom_arns}
        self.health_check_alarm_region = args.region
        if "hosts" in symptoms:
            self.health_check_alarm_name = symptoms["hosts"].name
            found["health_check_alarm_name"] = self.health_check_alarm_name
            found["health_check_alarm_region"] = self.health_check_alarm_region
        self.register_outputs(found)

    def _dimensions(self, *, of_targets: bool) -> dict[str, pulumi.Input[str]]:
        dimensions: dict[str, pulumi.Input[str]] = {"LoadBalancer": self._args.load_balancer_arn_suffix}
        if of_targets and self._args.target_group_arn_suffix is not None:
            dimensions["TargetGroup"] = self._args.target_group_arn_suffix
        return dimensions

    def _metric(self, name: str, statistic: str, *, of_targets: bool = False) -> Metric:
        return Metric(
            namespace=_NAMESPACE,
            name=name,
            statistic=statistic,
            dimensions=self._dimensions(of_targets=of_targets),
        )

    def _hosts(self) -> aws.cloudwatch.MetricAlarm:
        return hosts_alarm(
            f"{self._name}-hosts",
            _NAMESPACE,
            self._dimensions(of_targets=True),
            idle_group=self._args.idle_group,
            tags=self._args.tags,
            actions=self._args.actions,
            opts=self._child,
        )

    def _errors(self) -> aws.cloudwatch.MetricAlarm:
        # RequestCount leaves out requests for which no target could be chosen, so those are added: without a
        # target every request is such an error, and the rate 100 %.
        rate = Expression(
            expression="100 * (FILL(target, 0) + FILL(elb, 0)) / (FILL(requests, 0) + FILL(elb, 0))",
            label="5xx answers, per cent",
            metrics={
                "target": self._metric("HTTPCode_Target_5XX_Count", "Sum"),
                "elb": self._metric("HTTPCode_ELB_5XX_Count", "Sum"),
                "requests": self._metric("RequestCount", "Sum"),
            },
        )
        return alarm(
            f"{self._name}-errors",
            rate,
            Comparison.ABOVE,
            self._args.error_percent,
            missing=Missing.NOT_BREACHING,  # no requests, no errors
            description=f"More than {self._args.error_percent:g} % of requests are answered 5xx",
            tags=self._args.tags,
            actions=self._args.actions,
            periods=self._args.periods,
            opts=self._child,
        )

    def _latency(self) -> aws.cloudwatch.MetricAlarm:
        return alarm(
            f"{self._name}-latency",
            self._metric("TargetResponseTime", "p99", of_targets=True),
            Comparison.ABOVE,
            self._args.latency_seconds,
            missing=Missing.NOT_BREACHING,  # no requests, no wait
            description=f"One request in a hundred waits longer than {self._args.latency_seconds:g} s",
            tags=self._args.tags,
            actions=self._args.actions,
            periods=self._args.periods,
            opts=self._child,
        )

    def _automate(self, verdict: aws.cloudwatch.CompositeAlarm) -> None:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
        pattern = {
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "resources": [verdict.arn],
        }
        rule = aws.cloudwatch.EventRule(
            f"{self._name}-verdict",
            description=f"The verdict on {self._args.region} changed",
            event_pattern=pulumi.Output.json_dumps(pattern),
            tags=self._args.tags.resource(f"{self._name}-verdict"),
            opts=self._child,
        )
        for target, arn in self._args.automation.items():
            aws.cloudwatch.EventTarget(f"{self._name}-{target}", rule=rule.name, arn=arn, opts=self._child)
