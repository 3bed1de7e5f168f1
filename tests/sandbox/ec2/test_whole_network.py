"""The network components deployed to the sandbox: what boto3 then sees, and what taking them down leaves."""

from __future__ import annotations

import pytest

from components.network import subnet_plan
from sandbox.provider import Provider
from tests.sandbox.ec2.steps import tags
from tests.sandbox.projects import Runner, project, state_of

PROGRAM = """
from components.network import NatMode, SecurityGroupChain, SecurityGroupChainArgs, Store, Tier, Vpc, VpcArgs
from components.tags import Tags

tags = Tags(environment="prod", system="shop", owner="platform", cost_center="1", dr_tier=1, rto_hours=1, rpo_minutes=5)
vpc = Vpc("net", VpcArgs(cidr="10.0.0.0/16", zones=("use1-az1", "use1-az2", "use1-az4"), tags=tags, region="us-east-1",
                         nat=NatMode("{nat}"), interface_endpoints=("ssm", "ecr.api")))
chain = SecurityGroupChain("site", SecurityGroupChainArgs(vpc_id=vpc.vpc_id, tags=tags,
    tiers=(Tier(name="web", port=8080), Tier(name="app", port=9000)), stores=(Store(name="database", port=5432),)))
pulumi.export("vpc", vpc.vpc_id)
pulumi.export("zones", vpc.zone_names)
pulumi.export("private", vpc.private_subnet_ids)
pulumi.export("addresses", vpc.nat_public_ips)
"""
ZONES = ("use1-az1", "use1-az2", "use1-az4")
TAGGED = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours", "Name"}


@pytest.fixture(scope="module", params=["zone", "regional"])
def nat(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def deployed(nat, tmp_path_factory, aws_server, aws_endpoint):
    """The network, up; the last test takes it down."""
    aws_server.app.reset()
    home = tmp_path_factory.mktemp(nat)
    root = project(home / "project", PROGRAM.replace("{nat}", nat))
    with pytest.MonkeyPatch.context() as patch:
        (result,) = Runner(root, state_of(aws_endpoint, home / "state"), patch).up()
    assert result.errors == []
    return result


def of_vpc(ec2, operation: str, key: str, vpc: str) -> list[dict]:
    return getattr(ec2, operation)(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[key]


def default_target(routes: dict) -> str | None:
    found = [r for r in routes["Routes"] if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
    assert all(r["State"] == "active" for r in found)
    return next((r.get("NatGatewayId") or r.get("GatewayId") for r in found), None)


def test_the_network_as_boto3_sees_it(deployed, nat, ec2, boto) -> None:
    vpc = deployed.outputs["vpc"]
    subnets = of_vpc(ec2, "describe_subnets", "Subnets", vpc)
    plan = subnet_plan("10.0.0.0/16", ZONES)
    assert {(s["AvailabilityZoneId"], s["CidrBlock"]) for s in subnets} == {
        (z, c) for z in ZONES for c in plan[z]
    }
    assert {s["AvailabilityZoneId"]: s["AvailabilityZone"] for s in subnets} == deployed.outputs["zones"]
    assert not any(s["MapPublicIpOnLaunch"] for s in subnets)

    tables = of_vpc(ec2, "describe_route_tables", "RouteTables", vpc)
    table_of = {a["SubnetId"]: t for t in tables for a in t["Associations"] if a.get("SubnetId")}
    zone_of = {s["SubnetId"]: s["AvailabilityZoneId"] for s in subnets}
    targets = {tags(s)["Name"]: default_target(table_of[s["SubnetId"]]) for s in subnets}
    gateways = {g["NatGatewayId"]: g for g in ec2.describe_nat_gateways()["NatGateways"]}
    for zone in ZONES:
        assert targets[f"net-public-{zone}"].startswith("igw-")
        assert targets[f"net-data-{zone}"] is None
        gateway = gateways[targets[f"net-private-{zone}"]]
        if nat == "zone":
            assert zone_of[gateway["SubnetId"]] == zone
        else:
            assert zone in {a["AvailabilityZoneId"] for a in gateway["NatGatewayAddresses"]}
    assert len(gateways) == {"zone": 3, "regional": 1}[nat]
    seen = {a["PublicIp"] for a in ec2.describe_addresses()["Addresses"]}
    assert seen == set(deployed.outputs["addresses"].values())

    endpoints = of_vpc(ec2, "describe_vpc_endpoints", "VpcEndpoints", vpc)
    ours = {t["RouteTableId"] for t in table_of.values()}
    for endpoint in endpoints:
        if endpoint["VpcEndpointType"] == "Gateway":
            assert set(endpoint["RouteTableIds"]) == ours
        else:
            assert set(endpoint["SubnetIds"]) == set(deployed.outputs["private"].values())
    assert len(endpoints) == 4

    [log] = ec2.describe_flow_logs()["FlowLogs"]
    assert (log["ResourceId"], log["DeliverLogsStatus"]) == (vpc, "SUCCESS")
    [group] = boto("logs").describe_log_groups(logGroupNamePrefix=log["LogGroupName"])["logGroups"]
    assert group["retentionInDays"] == 90


def test_security_groups_as_boto3_sees_them_and_tags_on_everything(deployed, ec2, boto) -> None:
    vpc = deployed.outputs["vpc"]
    groups = {
        g["GroupId"]: tags(g)["Name"] for g in of_vpc(ec2, "describe_security_groups", "SecurityGroups", vpc)
    }
    rules = [r for r in ec2.describe_security_group_rules()["SecurityGroupRules"] if r["GroupId"] in groups]
    assert all(r["Description"] for r in rules)
    links = {
        (groups[r["ReferencedGroupInfo"]["GroupId"]], groups[r["GroupId"]], r["ToPort"])
        for r in rules
        if not r["IsEgress"] and "ReferencedGroupInfo" in r
    }
    assert links == {
        ("site-load-balancer", "site-web", 8080),
        ("site-web", "site-app", 9000),
        ("site-app", "site-database", 5432),
    }
    assert not [
        r for r in rules if groups[r["GroupId"]] in ("net-default", "site-database") and r["IsEgress"]
    ]
    tagged = [
        *of_vpc(ec2, "describe_subnets", "Subnets", vpc),
        *of_vpc(ec2, "describe_vpc_endpoints", "VpcEndpoints", vpc),
        *of_vpc(ec2, "describe_security_groups", "SecurityGroups", vpc),
        *ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"],
        *ec2.describe_nat_gateways()["NatGateways"],
        *ec2.describe_addresses()["Addresses"],
        *ec2.describe_flow_logs()["FlowLogs"],
        *rules,
        *[t for t in of_vpc(ec2, "describe_route_tables", "RouteTables", vpc) if not is_main_or_own(t, ec2)],
    ]
    assert all(tags(found).keys() >= TAGGED for found in tagged)
    assert len(tagged) > 30


def is_main_or_own(table: dict, ec2) -> bool:
    """A VPC's main route table and a regional gateway's own are AWS's, not ours."""
    own = {g.get("RouteTableId") for g in ec2.describe_nat_gateways()["NatGateways"]}
    return any(a["Main"] for a in table["Associations"]) or table["RouteTableId"] in own


def test_taking_it_down_leaves_nothing(deployed, aws_endpoint, ec2, boto) -> None:
    vpc = deployed.outputs["vpc"]
    provider = Provider(aws_endpoint, "us-east-1")
    for resource in reversed([r for r in deployed.resources if r.type.startswith("aws:")]):
        provider.delete(resource.type, resource.id, resource.inputs, resource.outputs)
    assert vpc not in {v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"]}
    assert not ec2.describe_addresses()["Addresses"]
    assert not ec2.describe_flow_logs()["FlowLogs"]
    assert not boto("logs").describe_log_groups()["logGroups"]
    assert not boto("iam").list_roles()["Roles"]
    for operation, key in (
        ("describe_subnets", "Subnets"),
        ("describe_route_tables", "RouteTables"),
        ("describe_security_groups", "SecurityGroups"),
        ("describe_network_interfaces", "NetworkInterfaces"),
    ):
        assert of_vpc(ec2, operation, key, vpc) == []
    assert {g["State"] for g in ec2.describe_nat_gateways()["NatGateways"]} <= {"deleted"}
    assert {e["State"] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]} == {"deleted"}
    assert not ec2.describe_internet_gateways()["InternetGateways"]
