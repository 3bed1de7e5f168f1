"""The rows of VPC endpoints and flow logs."""

from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN

from tests.sandbox.ec2.steps import SUBNET, VPC, change, refused, replaces, tags

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
TABLE = "aws:ec2/routeTable:RouteTable"
TAGS = {"Name": "net", "owner": "platform"}


@pytest.fixture
def vpc(make) -> str:
    return make(VPC, cidrBlock="10.0.0.0/16")[0]


def test_gateway_endpoint(provider, make, ec2, vpc) -> None:
    one, two = make(TABLE, vpcId=vpc), make(TABLE, vpcId=vpc)
    made = make(ENDPOINT, vpcId=vpc, serviceName="com.amazonaws.us-east-1.dynamodb", vpcEndpointType="Gateway",
                routeTableIds=[one[0]], tags=TAGS)  # fmt: skip
    id_ = made[0]

    def found() -> dict:
        return ec2.describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"][0]

    assert (found()["VpcEndpointType"], found()["RouteTableIds"]) == ("Gateway", [one[0]])
    assert tags(found()) == TAGS
    assert made[2]["state"] == "available"
    after = change(provider, ENDPOINT, made, routeTableIds=[two[0], one[0]], policy='{"Statement": []}')
    assert set(found()["RouteTableIds"]) == {one[0], two[0]}
    assert found()["PolicyDocument"] == '{"Statement": []}'
    last = change(provider, ENDPOINT, after, routeTableIds=[two[0]])
    assert found()["RouteTableIds"] == [two[0]]
    assert replaces(provider, ENDPOINT, last, serviceName="com.amazonaws.us-east-1.s3") == ["serviceName"]
    assert not provider.diff(ENDPOINT, after[1], after[1]).changes
    provider.delete(ENDPOINT, *last)
    assert provider.read(ENDPOINT, id_, last[1]) is None
    for table in (one, two):
        provider.delete(TABLE, *table)


def test_interface_endpoint(provider, make, ec2, vpc) -> None:
    one, two = (
        make(SUBNET, vpcId=vpc, cidrBlock=f"10.0.{n}.0/24", availabilityZoneId=f"use1-az{n}")[0]
        for n in (1, 2)
    )
    group = make(GROUP, vpcId=vpc)
    made = make(ENDPOINT, vpcId=vpc, serviceName="com.amazonaws.us-east-1.ssm", vpcEndpointType="Interface",
                privateDnsEnabled=True, subnetIds=[one], securityGroupIds=[group[0]], tags=TAGS)  # fmt: skip

    def found() -> dict:
        return ec2.describe_vpc_endpoints(VpcEndpointIds=[made[0]])["VpcEndpoints"][0]

    assert [g["GroupId"] for g in found()["Groups"]] == [group[0]]
    assert found()["PrivateDnsEnabled"] is True
    assert len(made[2]["networkInterfaceIds"]) == 1
    assert made[2]["dnsEntries"]
    after = change(provider, ENDPOINT, made, subnetIds=[one, two], privateDnsEnabled=False)
    assert len(after[2]["networkInterfaceIds"]) == 2
    assert found()["PrivateDnsEnabled"] is False
    provider.delete(ENDPOINT, *after)
    assert (
        ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkInterfaces"]
        == []
    )
    provider.delete(GROUP, *group)


def test_the_endpoint_service_of_another_region_is_refused(provider) -> None:
    inputs = {"vpcId": UNKNOWN, "serviceName": "com.amazonaws.us-west-2.s3"}
    assert refused(provider, ENDPOINT, **inputs) == [
        f"{ENDPOINT}: InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-west-2.s3' does not exist"
    ]
    assert refused(provider, ENDPOINT, **inputs, region="us-west-2") == []
    assert refused(provider, ENDPOINT, vpcId=UNKNOWN, serviceName=UNKNOWN) == []


def test_flow_log(provider, make, ec2, boto, vpc) -> None:
    boto("logs").create_log_group(logGroupName="flows")
    made = make(
        FLOW_LOG,
        vpcId=vpc,
        trafficType="ALL",
        logDestinationType="cloud-watch-logs",
        logDestination="arn:aws:logs:us-east-1:123456789012:log-group:flows",
        iamRoleArn="arn:aws:iam::123456789012:role/flows",
        maxAggregationInterval=60,
        tags=TAGS,
    )
    id_, inputs, outputs = made
    [found] = ec2.describe_flow_logs(FlowLogIds=[id_])["FlowLogs"]
    assert (found["ResourceId"], found["TrafficType"], found["MaxAggregationInterval"]) == (vpc, "ALL", 60)
    assert found["DeliverLogsPermissionArn"] == "arn:aws:iam::123456789012:role/flows"
    assert found["DeliverLogsStatus"] == "SUCCESS"
    assert tags(found) == TAGS
    change(provider, FLOW_LOG, made, tags={"Name": "other"})
    assert tags(ec2.describe_flow_logs(FlowLogIds=[id_])["FlowLogs"][0]) == {"Name": "other"}
    assert replaces(provider, FLOW_LOG, made, trafficType="REJECT") == ["trafficType"]
    provider.delete(FLOW_LOG, id_, inputs, outputs)
    assert provider.read(FLOW_LOG, id_, inputs) is None
    provider.delete(FLOW_LOG, id_, inputs, outputs)


def test_a_flow_log_watches_one_thing(provider) -> None:
    assert "exactly one of vpcId, subnetId, eniId is needed, got none" in refused(provider, FLOW_LOG)[0]
    assert "got vpcId, subnetId" in refused(provider, FLOW_LOG, vpcId="vpc-1", subnetId=UNKNOWN)[0]
    assert refused(provider, FLOW_LOG, vpcId=UNKNOWN) == []
