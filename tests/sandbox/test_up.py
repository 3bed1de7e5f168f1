"""Both stacks up without the Pulumi CLI, then seen from outside with boto3 alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from functions.master_password import handler
from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.drills.world import World, copied
from sandbox.provider.assets import content
from tests.sandbox.conftest import Whole

ROOT = Path(__file__).parent.parent.parent
REGIONS = ("us-east-1", "us-west-2")
REQUIRED = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"}


@pytest.fixture(scope="module")
def deployed(whole: Whole) -> dict[str, Any]:
    return {"endpoint": whole.endpoint, **whole.said}


@pytest.fixture
def aws(deployed: dict[str, Any]) -> Callable[..., Any]:
    return lambda service, region="us-east-1": client(deployed["endpoint"], service, region)


def test_recovery_is_judged_over_both_stacks(deployed: dict[str, Any]) -> None:
    found = deployed["recovery"]
    assert found["stacks"] == ["dr", "prod"]
    verdicts = {name: failure["verdict"] for name, failure in found["failures"].items()}
    assert set(verdicts) == {"instance", "zone", "region", "corruption"}
    assert set(verdicts.values()) <= {"met", "met-if"}
    assert found["failures"]["region"]["rto"]["high"] < 4 * 3600
    assert found["failures"]["region"]["rpo"]["high"] <= 15 * 60


def test_both_stacks_are_up_and_no_policy_is_violated(deployed: dict[str, Any]) -> None:
    assert deployed["engine"] == "runner"
    assert list(deployed["stacks"]) == ["prod", "dr"]
    for name, stack in deployed["stacks"].items():
        assert [v for v in stack["violations"] if v["level"] == "mandatory"] == []
        assert len(stack["resources"]) > 100
        assert all(set(r) >= {"urn", "type"} for r in stack["resources"])
        assert stack["outputs"]["foundation"]["region"] == REGIONS[name == "dr"]


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_a_vpc_with_nine_subnets_over_three_zones(
    aws: Callable[..., Any], region: str
) -> None:
    ec2 = aws("ec2", region)
    [vpc] = [v for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    assert len(subnets) == 9
    zones = [s["AvailabilityZoneId"] for s in subnets]
    assert sorted(zones.count(z) for z in set(zones)) == [3, 3, 3]


@pytest.mark.parametrize(("region", "size"), [("us-east-1", 6), ("us-west-2", 3)])
def test_the_load_balancers_targets_are_the_groups_instances_in_three_zones(
    aws: Callable[..., Any], region: str, size: int
) -> None:
    elb, ec2 = aws("elbv2", region), aws("ec2", region)
    [group] = elb.describe_target_groups()["TargetGroups"]
    health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    targets = {h["Target"]["Id"] for h in health if h["TargetHealth"]["State"] == "healthy"}
    [tier] = aws("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
    assert targets == {i["InstanceId"] for i in tier["Instances"]}
    assert len(targets) == size
    found = [
        i for r in ec2.describe_instances(InstanceIds=sorted(targets))["Reservations"] for i in r["Instances"]
    ]
    assert len({i["Placement"]["AvailabilityZone"] for i in found}) == 3
    assert {i["MetadataOptions"]["HttpTokens"] for i in found} == {"required"}


def test_one_global_database_writes_in_the_east_and_follows_in_the_west(aws: Callable[..., Any]) -> None:
    for region in REGIONS:
        [found] = aws("rds", region).describe_global_clusters()["GlobalClusters"]
        members = {m["DBClusterArn"].split(":")[3]: m["IsWriter"] for m in found["GlobalClusterMembers"]}
        assert members == {"us-east-1": True, "us-west-2": False}
        [cluster] = aws("rds", region).describe_db_clusters()["DBClusters"]
        assert len(cluster["DBClusterMembers"]) == 2
        instances = aws("rds", region).describe_db_instances()["DBInstances"]
        assert len({i["AvailabilityZone"] for i in instances}) == 2


def application(aws: Callable[..., Any], region: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the instances of a region are told of their database, found as their script finds it, and the statements of their role."""
    ec2 = aws("ec2", region)
    [template] = ec2.describe_launch_templates()["LaunchTemplates"]
    [version] = ec2.describe_launch_template_versions(
        LaunchTemplateId=template["LaunchTemplateId"], Versions=["$Latest"]
    )["LaunchTemplateVersions"]
    data = version["LaunchTemplateData"]
    script = base64.b64decode(data["UserData"]).decode()
    [parameter] = re.findall(r"aws ssm get-parameter .*--name '(/[^']+)'", script)
    told = json.loads(aws("ssm", region).get_parameter(Name=parameter)["Parameter"]["Value"])
    profile = data["IamInstanceProfile"]["Arn"].rsplit("/", 1)[-1]
    [role] = aws("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
    found = []
    for name in aws("iam").list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
        policy = aws("iam").get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
        found += policy["Statement"]
    return told, found


@pytest.mark.parametrize("region", REGIONS)
def test_each_regions_application_can_open_its_database(aws: Callable[..., Any], region: str) -> None:
    told, statements = application(aws, region)
    secret = aws("secretsmanager", region).describe_secret(SecretId=told["secret"])
    assert secret["ARN"].split(":")[3] == region
    value = json.loads(
        aws("secretsmanager", region).get_secret_value(SecretId=told["secret"])["SecretString"]
    )
    assert value["username"] == "holdfast"
    assert len(value["password"]) == 30
    allowed = {
        (action, each["Resource"])
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert ("secretsmanager:GetSecretValue", secret["ARN"]) in allowed
    assert ("kms:Decrypt", secret["KmsKeyId"]) in allowed, "the key of this region's copy"
    [cluster] = aws("rds", region).describe_db_clusters()["DBClusters"]
    assert told["hosts"] == [cluster["Endpoint"], cluster["ReaderEndpoint"]]
    assert told["port"] == cluster["Port"]


@pytest.fixture
def copy(whole: Whole) -> Iterator[World]:
    running = server.running(whole.state)
    assert running is not None
    world = World(copied(running))
    yield world
    world.end()


def test_the_deployed_function_rotates_the_password_for_both_regions(
    copy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def aws(service: str, region: str = "us-east-1") -> Any:
        return copy.boto(service, region)

    [function] = aws("lambda").list_functions()["Functions"]
    environment = {
        **function["Environment"]["Variables"],
        "AWS_ENDPOINT_URL": copy.aws.endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code = pulumi.AssetArchive({"handler.py": pulumi.FileAsset(handler.__file__)})
    assert base64.b64decode(function["CodeSha256"]) == hashlib.sha256(content(code, "code")).digest()
    [secret] = aws("secretsmanager").list_secrets()["SecretList"]
    token = str(uuid.uuid4())
    new = json.dumps({"username": "holdfast", "password": "set-by-a-rotation"})
    aws("secretsmanager").put_secret_value(
        SecretId=secret["ARN"], ClientRequestToken=token, SecretString=new, VersionStages=["AWSPENDING"]
    )
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    for step in handler.STEPS:
        handler.handler({"Step": step, "SecretId": secret["ARN"], "ClientRequestToken": token}, context)
    for region in REGIONS:
        told, _ = application(aws, region)
        assert aws("secretsmanager", region).get_secret_value(SecretId=told["secret"])["SecretString"] == new


def test_the_site_has_one_primary_and_one_secondary_alias_with_health_checks(aws: Callable[..., Any]) -> None:
    r53 = aws("route53")
    [zone] = r53.list_hosted_zones()["HostedZones"]
    records = r53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    site = [r for r in records if r["Name"] == "www.holdfast.example." and r["Type"] == "A"]
    assert sorted(r["Failover"] for r in site) == ["PRIMARY", "SECONDARY"]
    known = {h["Id"] for h in r53.list_health_checks()["HealthChecks"]}
    assert all("AliasTarget" in r and r["HealthCheckId"] in known for r in site)


def test_backups_lie_in_both_regions_and_are_copied_to_the_other(aws: Callable[..., Any]) -> None:
    for region, other in (REGIONS, REGIONS[::-1]):
        backup = aws("backup", region)
        [vault] = backup.list_backup_vaults()["BackupVaultList"]
        assert vault["BackupVaultName"] == f"shop-production-{region}"
        [plan] = backup.list_backup_plans()["BackupPlansList"]
        rules = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
        copies = {c["DestinationBackupVaultArn"].split(":")[3] for r in rules for c in r["CopyActions"]}
        assert copies == {other}
        [selection] = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
        assert selection["SelectionId"]


def pairs(tags: Any) -> set[str]:
    if isinstance(tags, dict):
        return set(tags)
    return {t.get("Key") or t.get("key") for t in tags}


def tagged(aws: Callable[..., Any], region: str) -> Iterator[tuple[str, set[str]]]:
    """Every resource of the region that boto3 finds, with its tag keys."""
    yield from tagged_network(aws("ec2", region))
    yield from tagged_servers(aws, region)
    yield from tagged_stores(aws, region)
    yield from tagged_alarms(aws, region)
    if region == REGIONS[0]:
        yield from tagged_globally(aws)


def tagged_network(ec2: Any) -> Iterator[tuple[str, set[str]]]:
    default = {v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if v["IsDefault"]}
    for call, key, id_ in (
        ("describe_vpcs", "Vpcs", "VpcId"),
        ("describe_subnets", "Subnets", "SubnetId"),
        ("describe_route_tables", "RouteTables", "RouteTableId"),
        ("describe_security_groups", "SecurityGroups", "GroupId"),
        ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
        ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
        ("describe_flow_logs", "FlowLogs", "FlowLogId"),
        ("describe_addresses", "Addresses", "AllocationId"),
        ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    ):
        for found in getattr(ec2, call)()[key]:
            main = any(a.get("Main") for a in found.get("Associations", []))
            if found.get("VpcId") not in default and not main:
                yield found[id_], pairs(found.get("Tags", []))


def tagged_servers(aws: Callable[..., Any], region: str) -> Iterator[tuple[str, set[str]]]:
    for reservation in aws("ec2", region).describe_instances()["Reservations"]:
        for instance in reservation["Instances"]:
            yield instance["InstanceId"], pairs(instance["Tags"])
    for group in aws("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]:
        yield group["AutoScalingGroupName"], pairs(group["Tags"])
    elb = aws("elbv2", region)
    arns = [b["LoadBalancerArn"] for b in elb.describe_load_balancers()["LoadBalancers"]]
    arns += [g["TargetGroupArn"] for g in elb.describe_target_groups()["TargetGroups"]]
    for found in elb.describe_tags(ResourceArns=arns)["TagDescriptions"]:
        yield found["ResourceArn"], pairs(found["Tags"])


def tagged_stores(aws: Callable[..., Any], region: str) -> Iterator[tuple[str, set[str]]]:
    rds, backup, kms, s3 = (aws(service, region) for service in ("rds", "backup", "kms", "s3"))
    for call, key, arn in (
        ("describe_db_clusters", "DBClusters", "DBClusterArn"),
        ("describe_db_instances", "DBInstances", "DBInstanceArn"),
        ("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupArn"),
    ):
        for found in getattr(rds, call)()[key]:
            yield found[arn], pairs(rds.list_tags_for_resource(ResourceName=found[arn])["TagList"])
    for vault in backup.list_backup_vaults()["BackupVaultList"]:
        yield vault["BackupVaultArn"], pairs(backup.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"])
    for bucket in s3.list_buckets()["Buckets"]:
        yield bucket["Name"], pairs(s3.get_bucket_tagging(Bucket=bucket["Name"])["TagSet"])
    for key in kms.list_keys()["Keys"]:
        if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["MultiRegion"]:
            yield key["KeyArn"], {t["TagKey"] for t in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}


def tagged_alarms(aws: Callable[..., Any], region: str) -> Iterator[tuple[str, set[str]]]:
    sns, watch = aws("sns", region), aws("cloudwatch", region)
    for topic in sns.list_topics()["Topics"]:
        yield topic["TopicArn"], pairs(sns.list_tags_for_resource(ResourceArn=topic["TopicArn"])["Tags"])
    alarms = watch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    for alarm in alarms["MetricAlarms"] + alarms["CompositeAlarms"]:
        arn = alarm["AlarmArn"]
        if ":alarm:TargetTracking-" not in arn:  # made by Auto Scaling, not by the program
            yield arn, pairs(watch.list_tags_for_resource(ResourceARN=arn)["Tags"])


def tagged_globally(aws: Callable[..., Any]) -> Iterator[tuple[str, set[str]]]:
    r53, iam, cdn = aws("route53"), aws("iam"), aws("cloudfront")
    for check in r53.list_health_checks()["HealthChecks"]:
        tags = r53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=check["Id"])
        yield check["Id"], pairs(tags["ResourceTagSet"]["Tags"])
    for zone in r53.list_hosted_zones()["HostedZones"]:
        short = zone["Id"].rsplit("/", 1)[-1]
        tags = r53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=short)
        yield short, pairs(tags["ResourceTagSet"]["Tags"])
    for role in iam.list_roles()["Roles"]:
        if not role["Path"].startswith("/aws-service-role/"):
            yield role["Arn"], pairs(iam.list_role_tags(RoleName=role["RoleName"])["Tags"])
    for found in cdn.list_distributions()["DistributionList"]["Items"]:
        yield found["ARN"], pairs(cdn.list_tags_for_resource(Resource=found["ARN"])["Tags"]["Items"])


@pytest.mark.parametrize("region", REGIONS)
def test_every_taggable_resource_has_every_required_tag(aws: Callable[..., Any], region: str) -> None:
    found = dict(tagged(aws, region))
    assert len(found) > 60
    assert {name: sorted(REQUIRED - keys) for name, keys in found.items() if not keys >= REQUIRED} == {}
