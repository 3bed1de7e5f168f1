"""What an application, its version and its environment are, and how clients reach them."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from architectures.elastic_beanstalk import names
from components.compute import Bundle
from tests.architectures.conftest import outputs
from tests.architectures.elastic_beanstalk.conftest import (
    ENVIRONMENT,
    REGIONS,
    named,
    option,
)
from tests.pulumi_mocks import Deployment
from tests.test_settings import ROOT

SAMPLE = ROOT / "architectures" / "elastic_beanstalk" / "sample_app"
OPTIONS = {
    ("aws:autoscaling:asg", "MaxSize"): "24",
    ("aws:autoscaling:launchconfiguration", "DisableDefaultEC2SecurityGroup"): "true",
    ("aws:autoscaling:launchconfiguration", "DisableIMDSv1"): "true",
    ("aws:autoscaling:launchconfiguration", "SecurityGroups"): "greet-sg-instances-id",
    ("aws:autoscaling:trigger", "UpperBreachScaleIncrement"): "3",
    ("aws:autoscaling:trigger", "UpperThreshold"): "50",
    ("aws:ec2:instances", "InstanceTypes"): "m7g.large",
    ("aws:ec2:instances", "SupportedArchitectures"): "arm64",
    ("aws:ec2:vpc", "ELBScheme"): "public",
    ("aws:ec2:vpc", "AssociatePublicIpAddress"): "false",
    ("aws:elasticbeanstalk:application:environment", "GREETING"): "Good morning",
    ("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs"): "true",
    ("aws:elasticbeanstalk:cloudwatch:logs", "RetentionInDays"): "90",
    ("aws:elasticbeanstalk:cloudwatch:logs:health", "HealthStreamingEnabled"): "true",
    ("aws:elasticbeanstalk:command", "DeploymentPolicy"): "Immutable",
    ("aws:elasticbeanstalk:environment", "EnvironmentType"): "LoadBalanced",
    ("aws:elasticbeanstalk:environment", "LoadBalancerType"): "application",
    ("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath"): "/health",
    ("aws:elasticbeanstalk:healthreporting:system", "SystemType"): "enhanced",
    ("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled"): "true",
    ("aws:elasticbeanstalk:managedactions", "PreferredStartTime"): "Tue:09:00",
    ("aws:elasticbeanstalk:managedactions:platformupdate", "UpdateLevel"): "minor",
    ("aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType"): "Immutable",
    ("aws:elbv2:listener:443", "Protocol"): "HTTPS",
    ("aws:elbv2:listener:443", "SSLPolicy"): "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ("aws:elbv2:listener:default", "ListenerEnabled"): "false",
    ("aws:elbv2:loadbalancer", "SecurityGroups"): "greet-sg-load-balancer-id",
    ("aws:elbv2:loadbalancer", "AccessLogsS3Enabled"): "true",
    ("aws:elbv2:loadbalancer", "AccessLogsS3Bucket"): "greet-lb-logs-bucket-1234567",
}
"""What both regions' environments are told alike."""


@pytest.mark.parametrize(("place", "value"), OPTIONS.items(), ids=lambda each: str(each)[-30:])
def test_what_an_environment_is_told(
    place: tuple[str, str], value: str, example: dict[str, Deployment]
) -> None:
    assert [option(example[name], *place) for name in REGIONS] == [value, value]


def test_no_option_is_told_twice(stack: Deployment) -> None:
    rows = [(row["namespace"], row["name"]) for row in stack.one(ENVIRONMENT).inputs["settings"]]
    assert len(rows) == len(set(rows)) > 50
    assert rows == sorted(rows), "in one order, whatever the program's is"


def test_it_stands_in_private_subnets_of_every_zone(stack: Deployment) -> None:
    subnets = {r.inputs["availabilityZoneId"]: r.name for r in stack.all("aws:ec2/subnet:Subnet")}
    zones = sorted(subnets)
    assert option(stack, "aws:ec2:vpc", "Subnets") == ",".join(f"base-net-private-{z}-id" for z in zones)
    assert option(stack, "aws:ec2:vpc", "ELBSubnets") == ",".join(f"base-net-public-{z}-id" for z in zones)
    assert len(zones) == 3


def test_how_many_instances_run(example: dict[str, Deployment]) -> None:
    assert [option(example[name], "aws:autoscaling:asg", "MinSize") for name in REGIONS] == ["6", "3"]
    for name in REGIONS:
        tags = example[name].one(ENVIRONMENT).inputs["tags"]
        assert tags["dr:required-capacity"] == "4"


def test_a_version_is_what_its_bundle_is(example: dict[str, Deployment]) -> None:
    label = Bundle(SAMPLE).label
    for name, bucket in {"prod": "greet-bundles-bucket", "dr": "greet-bundles-copy-bucket"}.items():
        stack, region = example[name], REGIONS[name]
        made = stack.one("ApplicationVersion").inputs
        assert made["name"] == label == stack.one(ENVIRONMENT).inputs["version"]
        assert (made["bucket"], made["key"]) == (f"{bucket}-1234567", f"{region}/{label}.zip")
        uploaded = named(stack, "BucketObjectv2", "greet-application-bundle").inputs
        assert sorted(uploaded["source"]) == [".ebextensions/servers.config", "application.py"]
        assert uploaded["key"] == made["key"]


def test_old_versions_go_and_their_bundles_stay(stack: Deployment) -> None:
    kept = stack.one("aws:elasticbeanstalk/application:Application").inputs["appversionLifecycle"]
    assert (kept["maxCount"], kept["deleteSourceFromS3"]) == (50, False)
    assert kept["serviceRole"].endswith(":greet-application-service")


def test_bundles_are_copied_to_the_other_region(example: dict[str, Deployment]) -> None:
    prod = example["prod"]
    [rule] = named(prod, "BucketReplicationConfig", "greet-bundles-replication").inputs["rules"]
    assert rule["destination"]["bucket"].endswith(":greet-bundles-copy-bucket")
    assert rule["destination"]["replicationTime"]["status"] == "Enabled"
    copy = named(prod, "aws:s3/bucket:Bucket", "greet-bundles-copy-bucket")
    assert copy.inputs["region"] == "us-west-2"
    assert copy.protect
    for bucket in ("greet-bundles", "greet-bundles-copy"):
        versioning = named(prod, "BucketVersioning", f"{bucket}-versioning").inputs
        assert versioning["versioningConfiguration"] == {"status": "Enabled"}


def test_who_may_do_what(stack: Deployment) -> None:
    service = named(stack, "Role", "greet-application-service").inputs
    [trusted] = json.loads(service["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Service": "elasticbeanstalk.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"sts:ExternalId": "elasticbeanstalk"}}
    policies = {
        r.inputs["policyArn"].removeprefix("arn:aws:iam::aws:policy/")
        for r in stack.all("RolePolicyAttachment")
        if r.name.startswith("greet-")
    }
    assert policies == {
        "service-role/AWSElasticBeanstalkEnhancedHealth",
        "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
        "AWSElasticBeanstalkWebTier",
        "AmazonSSMManagedInstanceCore",
    }
    role = named(stack, "RolePolicy", "greet-takeover-role-policy").inputs["policy"]
    assert "elasticbeanstalk" not in role, "who takes over changes no environment"


def test_a_managed_update_is_not_taken_back(stack: Deployment) -> None:
    made = stack.one(ENVIRONMENT)
    assert made.inputs["solutionStackName"] == "64bit Amazon Linux 2023 v4.7.0 running Python 3.13"
    assert list(made.ignore_changes) == ["solutionStackName"]
    asked = next(args for token, args in stack.invokes if "getSolutionStack" in token)
    assert asked["nameRegex"] == r"^64bit Amazon Linux 2023 v[0-9.]+ running Python 3\.13$"
    assert asked["mostRecent"] is True


def test_clients_come_by_the_environments_own_load_balancer(stack: Deployment) -> None:
    here = REGIONS["prod" if stack.all("aws:route53/zone:Zone") else "dr"]
    record = named(stack, "Record", f"greet-site-{here}-record").inputs
    name = f"awseb-greet-python-3-13-env-1.{here}.elb.amazonaws.com"
    assert record["aliases"] == [{"name": name, "zoneId": "Z35SXDOTRQ7X7K", "evaluateTargetHealth": True}]
    for check, path in (("shallow", "/health"), ("deep", "/health/deep")):
        asked = named(stack, "HealthCheck", f"greet-check-{check}").inputs
        assert (asked["fqdn"], asked["resourcePath"]) == (name, path)
    firewall = stack.one("WebAclAssociation").inputs
    assert firewall["resourceArn"].endswith("/example-production-greet-python-3-13/50dc6c495c0c9188")


def test_its_health_is_an_alarm(stack: Deployment) -> None:
    alarm = named(stack, "MetricAlarm", "greet-python-3-13-severe").inputs
    assert (alarm["namespace"], alarm["metricName"], alarm["threshold"]) == (
        "AWS/ElasticBeanstalk",
        "EnvironmentHealth",
        15,
    )
    assert alarm["dimensions"] == {"EnvironmentName": "example-production-greet-python-3-13"}
    assert alarm["treatMissingData"] == "breaching"
    latency = named(stack, "MetricAlarm", "greet-health-latency").inputs["dimensions"]
    assert latency == {"LoadBalancer": "app/example-production-greet-python-3-13/50dc6c495c0c9188"}


OTHER = {
    ("aws:autoscaling:asg", "MinSize"): "3",
    ("aws:autoscaling:asg", "MaxSize"): "6",
    ("aws:ec2:instances", "InstanceTypes"): "m7i.large",
    ("aws:ec2:instances", "SupportedArchitectures"): "x86_64",
    ("aws:ec2:vpc", "ELBScheme"): "internal",
    ("aws:elasticbeanstalk:application:environment", "GREETING"): None,
    ("aws:elasticbeanstalk:command", "DeploymentPolicy"): "RollingWithAdditionalBatch",
    ("aws:elasticbeanstalk:command", "BatchSize"): "50",
    ("aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType"): "Health",
    ("aws:elasticbeanstalk:managedactions", "PreferredStartTime"): "Sun:03:30",
    ("aws:elasticbeanstalk:managedactions:platformupdate", "UpdateLevel"): "patch",
    ("aws:elasticbeanstalk:cloudwatch:logs", "RetentionInDays"): "365",
    ("aws:elasticbeanstalk:cloudwatch:logs:health", "RetentionInDays"): "365",
    ("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath"): "/up",
}


@pytest.mark.parametrize(("place", "value"), OTHER.items(), ids=lambda each: str(each)[-30:])
def test_each_key_changes_what_it_says(place: tuple[str, str], value: str | None, other: Deployment) -> None:
    assert option(other, *place) == value


def test_without_a_site_it_is_reached_from_inside_alone(other: Deployment) -> None:
    assert option(other, "aws:ec2:vpc", "ELBSubnets") == option(other, "aws:ec2:vpc", "Subnets")
    assert [r for r in other.all("Record") if r.name.startswith("greet-site")] == []
    assert other.all("WebAclAssociation") == []
    opened = {
        r.inputs["cidrIpv4"] for r in other.all("SecurityGroupIngressRule") if "load-balancer-http" in r.name
    }
    assert opened == {"10.10.0.0/16"}
    assert other.all("StateMachine") == []


def test_another_runtime_is_another_environment(other: Deployment, example: dict[str, Deployment]) -> None:
    before, after = example["prod"].one(ENVIRONMENT), other.one(ENVIRONMENT)
    assert before.urn != after.urn
    assert after.inputs["name"] == "example-production-greet-corretto-21"
    assert after.inputs["solutionStackName"].endswith(" running Corretto 21")
    told = [outputs(each)["systems"]["greet"]["environment"] for each in (example["prod"], other)]
    assert told == [before.inputs["name"], after.inputs["name"]]


def test_the_longest_names_that_settings_allow_fit() -> None:
    stack = SimpleNamespace(named=lambda *parts: "-".join(("s" * 20, "development", *parts)))
    name = names.environment(stack, "w" * 20, "Tomcat 11 Corretto 21")  # type: ignore[arg-type]
    assert 35 < len(name) <= 40, "shortened, with a hash of the rest"
    assert name.startswith(f"{'s' * 20}-development-")
    assert names.slug(".NET 9") == "net-9"
