from __future__ import annotations

from typing import Any

from tests.policies.case import NOT_KNOWN, Case, R, subnets

ENVIRONMENT = "aws:elasticbeanstalk/environment:Environment"
GROUP, NETWORK = "aws:autoscaling:asg", "aws:ec2:vpc"
BALANCER = "aws:elbv2:loadbalancer"
HTTPS, HTTP = "aws:elbv2:listener:443", "aws:elbv2:listener:default"
MANAGED = "aws:elasticbeanstalk:managedactions"
LEVEL = f"{MANAGED}:platformupdate"
Said = dict[tuple[str, str], Any]


def environment(said: Said, **refs: list[str]) -> R:
    rows = [{"namespace": space, "name": name, "value": value} for (space, name), value in said.items()]
    return R(ENVIRONMENT, props={"application": "a", "settings": rows}, refs=refs)


def one(said: Said) -> list[R]:
    return [environment(said)]


def placed(least: Any, *zones: str) -> list[R]:
    """An environment whose subnets are in these zones, and whose ids aren't known yet."""
    named = [f"subnet-{place}" for place, _ in enumerate(zones)]
    said = {(GROUP, "MinSize"): least, (NETWORK, "Subnets"): NOT_KNOWN}
    return [environment(said, settings=named), *subnets(*zones)]


def updated(**changes: Any) -> list[R]:
    said = {
        "ManagedActionsEnabled": "true",
        "PreferredStartTime": "Tue:09:00",
        "UpdateLevel": "minor",
    } | changes
    return one({(LEVEL if name == "UpdateLevel" else MANAGED, name): value for name, value in said.items()})


def listening(**changes: Any) -> list[R]:
    said = {"Protocol": "HTTPS", "ListenerEnabled": "true", "first": "false"} | changes
    return one(
        {
            (HTTP if name == "first" else HTTPS, "ListenerEnabled" if name == "first" else name): value
            for name, value in said.items()
        }
    )


def opened(group: str, said: Said) -> list[R]:
    """A rule of a group that opens HTTPS to the world, and an environment that has the group `other`, or the one called `group`."""
    rule = {"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    rows = [{"namespace": space, "name": name, "value": value} for (space, name), value in said.items()]
    return [
        R(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            props={**rule, "securityGroupId": NOT_KNOWN},
            refs={"securityGroupId": [group]},
        ),
        R("aws:ec2/securityGroup:SecurityGroup", group, {"arn": f"arn:aws:ec2:::security-group/sg-{group}"}),
        R(ENVIRONMENT, "env", {"application": "a", "settings": rows}, {"settings": [group]}),
    ]


def single(kind: Any) -> list[R]:
    said = {("aws:elasticbeanstalk:environment", "EnvironmentType"): kind, (GROUP, "MinSize"): "2"}
    return [
        environment({**said, (NETWORK, "Subnets"): NOT_KNOWN}, settings=["subnet-0", "subnet-1"]),
        *subnets("a", "b"),
    ]


def flag(rule: str, namespace: str, name: str, good: str, bad: str) -> list[Case]:
    """A rule that wants one option to have one value: another one, none, and one that isn't known."""
    return [
        Case(
            rule=rule,
            bad=one({(namespace, name): bad}),
            good=one({(namespace, name): good}),
            unsure=one({(namespace, name): NOT_KNOWN}),
        ),
        Case(
            rule=rule,
            note="unsaid",
            bad=one({}),
            good=one({(namespace, name): good}),
            unsure=[R(ENVIRONMENT, props={"application": "a", "settings": NOT_KNOWN})],
        ),
    ]


CASES = [
    Case(
        rule="beanstalk-environment-multi-az",
        bad=placed("2", "a", "b", "c"),
        good=placed("3", "a", "b", "c"),
        unsure=placed(NOT_KNOWN, "a", "b", "c"),
    ),
    Case(
        rule="beanstalk-environment-multi-az",
        note="one-zone",
        bad=placed("4", "a", "a"),
        good=placed("4", "a", "b"),
        unsure=placed(NOT_KNOWN, "a", "b"),
    ),
    Case(
        rule="beanstalk-environment-multi-az",
        note="single",
        bad=single("SingleInstance"),
        good=single("LoadBalanced"),
        unsure=single(NOT_KNOWN),
    ),
    *flag(
        "beanstalk-enhanced-health",
        "aws:elasticbeanstalk:healthreporting:system",
        "SystemType",
        "enhanced",
        "basic",
    ),
    *flag("beanstalk-log-streaming", "aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs", "true", "false"),
    *flag("beanstalk-imdsv2", "aws:autoscaling:launchconfiguration", "DisableIMDSv1", "true", "false"),
    Case(
        rule="beanstalk-managed-updates",
        bad=updated(ManagedActionsEnabled="false"),
        good=updated(),
        unsure=updated(ManagedActionsEnabled=NOT_KNOWN),
    ),
    Case(
        rule="beanstalk-managed-updates",
        note="level",
        bad=updated(UpdateLevel=""),
        good=updated(UpdateLevel="patch"),
        unsure=updated(PreferredStartTime=NOT_KNOWN),
    ),
    Case(
        rule="beanstalk-https",
        bad=listening(Protocol="HTTP"),
        good=listening(),
        unsure=listening(Protocol=NOT_KNOWN),
    ),
    Case(
        rule="beanstalk-https",
        note="plain-beside",
        bad=listening(first="true"),
        good=listening(),
        unsure=listening(first=NOT_KNOWN),
    ),
    Case(
        rule="ec2-security-group-open-ingress",
        note="environment",
        bad=opened("web", {(BALANCER, "SecurityGroups"): "sg-other"}),
        good=opened("web", {(BALANCER, "SecurityGroups"): "sg-web,sg-other"}),
        unsure=opened("web", {(BALANCER, "SecurityGroups"): NOT_KNOWN}),
        then="good",
    ),
]
