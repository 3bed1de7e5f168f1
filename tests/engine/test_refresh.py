"""`refresh` on the Pulumi CLI: what somebody changed in AWS is shown, and nothing else; `preview` shows the way back."""

from __future__ import annotations

import json

import pytest

from tests.engine.test_whole_program import STATEFUL, name_of, type_of

REGION = {"aws:region": "us-east-1"}
SMALL = """
roles = json.dumps({"Version": "2012-10-17", "Statement": []})
vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={"Name": "net"})
ignored = aws.cloudwatch.LogGroup("ignored", retention_in_days=30,
                                  opts=pulumi.ResourceOptions(ignore_changes=["retentionInDays"]))
watched = aws.cloudwatch.LogGroup("watched", retention_in_days=30)
queue = aws.sqs.Queue("queue", visibility_timeout_seconds=60)
"""


def drift(answer, stack):
    return {name_of(urn): paths for urn, paths in answer.stack(stack)["drift"].items()}


def steps(answer, stack):
    return {name_of(urn): op for urn, op in answer.stack(stack)["steps"].items()}


def test_drift_is_shown_taken_up_and_brought_back(sandbox):
    small = sandbox("import json\n" + SMALL, stacks={"prod": REGION})
    assert "not deployed here" in small("refresh").errors()
    small("up").ok()
    assert drift(small("refresh").ok(), "prod") == {}
    logs, (vpc,) = small.boto("logs"), small.vpcs()
    for group in logs.describe_log_groups()["logGroups"]:
        logs.put_retention_policy(logGroupName=group["logGroupName"], retentionInDays=1)
    small.boto("ec2").create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "Name", "Value": "other"}])
    sqs = small.boto("sqs")
    sqs.delete_queue(QueueUrl=sqs.list_queues()["QueueUrls"][0])
    found = small("refresh").ok()
    assert drift(found, "prod") == {"net": ["tags", "tagsAll"], "watched": ["retentionInDays"], "queue": []}
    assert drift(small("refresh").ok(), "prod") == {}, "it is in the state now"
    way_back = {"net": "update", "watched": "update", "queue": "create"}
    assert steps(small("preview").ok(), "prod") == way_back
    assert steps(small("up").ok(), "prod") == way_back
    assert small.vpcs()[0]["Tags"] == [{"Key": "Name", "Value": "net"}]
    assert drift(small("refresh").ok(), "prod") == steps(small("preview").ok(), "prod") == {}
    assert "needs the Pulumi CLI" in small("refresh", engine="runner").errors()


@pytest.fixture(scope="module")
def deployed(holdfast):
    holdfast("up").ok()
    return holdfast


def both(deployed):
    """What a refresh and then a preview show, by stack; nothing that keeps data is ever replaced or gone."""
    found, planned = deployed("refresh").ok(), deployed("preview").ok()
    lost = [
        urn
        for stack in ("prod", "dr")
        for urn, op in planned.stack(stack)["steps"].items()
        if op in ("replace", "delete") and type_of(urn).startswith(STATEFUL)
    ]
    assert lost == []
    return {stack: (drift(found, stack), steps(planned, stack)) for stack in ("prod", "dr")}


UNTOUCHED = {"prod": ({}, {}), "dr": ({}, {})}


def test_what_was_left_alone_shows_nothing(deployed):
    assert both(deployed) == UNTOUCHED


def test_nor_does_what_a_failover_changes(deployed):
    rds = {region: deployed.boto("rds", region) for region in ("us-east-1", "us-west-2")}
    (database,) = rds["us-east-1"].describe_global_clusters()["GlobalClusters"]
    name, members = database["GlobalClusterIdentifier"], database["GlobalClusterMembers"]
    east, west = (next(m["DBClusterArn"] for m in members if f":{r}:" in m["DBClusterArn"]) for r in rds)
    rds["us-east-1"].switchover_global_cluster(GlobalClusterIdentifier=name, TargetDbClusterIdentifier=west)
    assert both(deployed) == UNTOUCHED
    rds["us-east-1"].failover_global_cluster(
        GlobalClusterIdentifier=name, TargetDbClusterIdentifier=east, AllowDataLoss=True
    )
    scaling = deployed.boto("autoscaling")
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    scaling.set_desired_capacity(
        AutoScalingGroupName=group["AutoScalingGroupName"], DesiredCapacity=group["DesiredCapacity"] + 1
    )
    assert both(deployed) == UNTOUCHED
    rds["us-west-2"].remove_from_global_cluster(GlobalClusterIdentifier=name, DbClusterIdentifier=west)
    assert both(deployed) == UNTOUCHED, "a promoted member stays, whoever promoted it"


def test_everything_else_is_shown_and_brought_back(deployed):
    route53, ec2, s3, iam = (deployed.boto(service) for service in ("route53", "ec2", "s3", "iam"))
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    record = next(each for each in records if each["Type"] == "CNAME")
    change = {"Action": "UPSERT", "ResourceRecordSet": {**record, "TTL": 17}}
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": [change]})
    rule = next(
        each
        for each in ec2.describe_security_group_rules()["SecurityGroupRules"]
        if each.get("CidrIpv4", "0.0.0.0/0") != "0.0.0.0/0" and not each["IsEgress"]
    )
    same = {name: rule[name] for name in ("IpProtocol", "FromPort", "ToPort", "Description")}
    ec2.modify_security_group_rules(
        GroupId=rule["GroupId"],
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
                "SecurityGroupRule": {**same, "CidrIpv4": "0.0.0.0/0"},
            }
        ],
    )
    (bucket,) = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith("web-lb-logs")][:1]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    (role,) = [r["RoleName"] for r in iam.list_roles()["Roles"] if r["RoleName"].startswith("web-app-role")][
        :1
    ]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.put_role_policy(
        RoleName=role,
        PolicyName=policy,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )
    cloudwatch = deployed.boto("cloudwatch")
    alarm = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmName"]
    cloudwatch.delete_alarms(AlarmNames=[alarm])

    # Roles and buckets are the account's, so that either stack may have the one that was changed.
    (found, planned), (more, later) = both(deployed).values()
    found, planned = {**found, **more}, {**planned, **later}
    stacks = deployed("preview").ok().document["stacks"].values()
    by_type = {type_of(urn) for stack in stacks for urn in stack["steps"]}
    assert by_type == {
        "aws:route53/record:Record",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
    }
    assert sorted(found.values()) == [[], ["cidrIpv4"], ["policy"], ["ttl"], ["versioningConfiguration"]]
    assert sorted(planned.values()) == ["create", *["update"] * 4]
    deployed("up").ok()
    assert both(deployed) == UNTOUCHED
