"""What a Vpc registers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pulumi
import pytest

from components.network import NatMode, Vpc, VpcArgs
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod",
    system="shop",
    owner="platform",
    cost_center="1",
    dr_tier=1,
    rto_hours=0.5,
    rpo_minutes=5,
)
ZONES = ("use1-az1", "use1-az2", "use1-az4")
ARGS = VpcArgs(cidr="10.0.0.0/16", zones=ZONES, tags=TAGS, region="us-east-1")
TIERS = ("public", "private", "data")


def vpc(preview: bool = False, outputs: Callable[[Vpc], None] | None = None, **changes) -> Deployment:
    def program() -> None:
        made = Vpc("main", replace(ARGS, **changes))
        if outputs:
            outputs(made)

    return deploy(program, preview=preview)


@pytest.fixture(scope="module")
def standard() -> Deployment:
    return vpc(interface_endpoints=("ssm", "ecr.api"))


def facts(deployment: Deployment) -> dict[str, dict]:
    """Every resource's inputs by URN."""
    return {r.urn: r.inputs for r in deployment.resources}


def test_the_vpc_has_dns(standard: Deployment) -> None:
    inputs = standard.one("aws:ec2/vpc:Vpc", "main").inputs
    assert inputs["cidrBlock"] == "10.0.0.0/16"
    assert inputs["enableDnsSupport"] is True
    assert inputs["enableDnsHostnames"] is True


def test_everything_is_a_child_of_the_component_and_in_the_stack_s_region(standard: Deployment) -> None:
    component = standard.one("holdfast:network:Vpc", "main")
    children = [r for r in standard.resources if r is not component]
    assert {r.parent for r in children} == {component.urn}
    assert all(r.name == "main" or r.name.startswith("main-") for r in children)
    assert not any("region" in r.inputs for r in children)


def test_everything_taggable_is_tagged(standard: Deployment) -> None:
    taggable = standard.taggable()
    assert {r.type.rsplit(":", 1)[1] for r in taggable} == {
        "Vpc", "Subnet", "InternetGateway", "Eip", "NatGateway", "RouteTable", "VpcEndpoint", "SecurityGroup",
        "SecurityGroupIngressRule", "DefaultSecurityGroup", "LogGroup", "Role", "FlowLog",
    }  # fmt: skip
    for resource in taggable:
        assert resource.tags == TAGS.resource(resource.name), resource.name


def test_three_subnets_a_zone_by_zone_id(standard: Deployment) -> None:
    subnets = standard.all("Subnet")
    assert {s.name for s in subnets} == {f"main-{tier}-{zone}" for tier in TIERS for zone in ZONES}
    for subnet in subnets:
        assert subnet.inputs["availabilityZoneId"] == subnet.name[-8:]
        assert "availabilityZone" not in subnet.inputs
        assert subnet.inputs["mapPublicIpOnLaunch"] is False
        assert subnet.inputs["vpcId"] == "main-id"
    assert standard.one("Subnet", "main-private-use1-az4").inputs["cidrBlock"] == "10.0.64.0/20"


def route_table_of(deployment: Deployment, tier: str, zone: str) -> str:
    found = [
        r.inputs["routeTableId"]
        for r in deployment.all("RouteTableAssociation")
        if r.inputs["subnetId"] == f"main-{tier}-{zone}-id"
    ]
    assert len(found) == 1
    return found[0]


def routes(deployment: Deployment, table: str) -> list[dict]:
    return [
        {k: v for k, v in r.inputs.items() if k != "routeTableId"}
        for r in deployment.all("Route")
        if r.inputs["routeTableId"] == table
    ]


def test_further_tags_are_the_subnets_alone(standard: Deployment) -> None:
    tagged = vpc(interface_endpoints=("ssm", "ecr.api"), subnet_tags={"fis-ready": "true"})
    before, after = facts(standard), facts(tagged)
    changed = {urn for urn in after if after[urn] != before[urn]}
    assert changed == {subnet.urn for subnet in tagged.all("Subnet")}
    assert all(after[urn]["tags"] == {**before[urn]["tags"], "fis-ready": "true"} for urn in changed)


def test_public_subnets_share_a_way_to_the_internet(standard: Deployment) -> None:
    tables = {route_table_of(standard, "public", zone) for zone in ZONES}
    assert tables == {"main-public-id"}
    assert routes(standard, "main-public-id") == [
        {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "main-internet-id"}
    ]


def test_each_private_subnet_leaves_by_its_own_zone_s_nat(standard: Deployment) -> None:
    internet = standard.one("InternetGateway").urn
    for zone in ZONES:
        gateway = standard.one("NatGateway", f"main-nat-{zone}")
        assert gateway.inputs["subnetId"] == f"main-public-{zone}-id"
        assert gateway.inputs["connectivityType"] == "public"
        assert "availabilityMode" not in gateway.inputs
        address = standard.one("Eip", f"main-nat-{zone}")
        assert address.inputs["domain"] == "vpc"
        assert gateway.property_dependencies["allocationId"] == {address.urn}
        assert gateway.inputs["allocationId"] == f"main-nat-{zone}-id"
        assert internet in gateway.dependencies
        assert internet in address.dependencies
        table = route_table_of(standard, "private", zone)
        assert table == f"main-private-{zone}-id"
        assert routes(standard, table) == [
            {"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": f"main-nat-{zone}-id"}
        ]


def test_data_subnets_have_no_route_out(standard: Deployment) -> None:
    assert {route_table_of(standard, "data", zone) for zone in ZONES} == {"main-data-id"}
    assert routes(standard, "main-data-id") == []


def test_regional_nat_has_no_subnet_and_an_address_in_each_zone() -> None:
    deployment = vpc(nat=NatMode.REGIONAL)
    gateway = deployment.one("NatGateway")
    assert gateway.name == "main-nat-regional"
    assert gateway.inputs["availabilityMode"] == "regional"
    assert gateway.inputs["vpcId"] == "main-id"
    assert "subnetId" not in gateway.inputs
    assert "allocationId" not in gateway.inputs
    assert [a["availabilityZoneId"] for a in gateway.inputs["availabilityZoneAddresses"]] == list(ZONES)
    assert gateway.property_dependencies["availabilityZoneAddresses"] == {
        deployment.one("Eip", f"main-nat-regional-{zone}").urn for zone in ZONES
    }
    assert deployment.one("InternetGateway").urn in gateway.dependencies
    for zone in ZONES:
        table = route_table_of(deployment, "private", zone)
        assert [r["natGatewayId"] for r in routes(deployment, table)] == ["main-nat-regional-id"]


def test_zonal_and_regional_gateways_can_stand_side_by_side_while_one_takes_over() -> None:
    zonal, regional = facts(vpc(nat=NatMode.ZONE)), facts(vpc(nat=NatMode.REGIONAL))
    kinds = ("natGateway:NatGateway", "eip:Eip")
    assert not {urn for urn in zonal.keys() & regional.keys() if urn.split("::")[2].endswith(kinds)}
    routes = {urn for urn in zonal if "route:Route::" in urn}
    assert routes == {urn for urn in regional if "route:Route::" in urn}


def test_a_single_nat_serves_every_zone_from_the_first_listed() -> None:
    deployment = vpc(nat=NatMode.SINGLE, zones=("use1-az4", "use1-az1"))
    assert deployment.one("NatGateway").inputs["subnetId"] == "main-public-use1-az4-id"
    assert len(deployment.all("Eip")) == 1
    for zone in ("use1-az1", "use1-az4"):
        table = route_table_of(deployment, "private", zone)
        assert [r["natGatewayId"] for r in routes(deployment, table)] == ["main-nat-use1-az4-id"]


def test_without_nat_private_subnets_have_no_route_out() -> None:
    deployment = vpc(nat=NatMode.NONE)
    assert not deployment.all("NatGateway")
    assert not deployment.all("Eip")
    assert [r.name for r in deployment.all("Route")] == ["main-public-internet"]


def test_gateway_endpoints_are_in_every_route_table(standard: Deployment) -> None:
    tables = {f"{r.name}-id" for r in standard.all("RouteTable")}
    assert len(tables) == 5
    for service in ("s3", "dynamodb"):
        endpoint = standard.one("VpcEndpoint", f"main-endpoint-{service}").inputs
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["serviceName"] == f"com.amazonaws.us-east-1.{service}"
        assert set(endpoint["routeTableIds"]) == tables


@pytest.mark.parametrize(
    ("name", "sids"),
    [
        ("main-endpoint-s3", ["OwnPrincipals", "Reading"]),
        ("main-endpoint-dynamodb", ["OwnPrincipals"]),
        ("main-endpoint-ssm", ["OwnPrincipals"]),
        ("main-endpoint-ecr-api", None),
    ],
)
def test_endpoints_let_this_accounts_principals_through(
    standard: Deployment, name: str, sids: list[str] | None
) -> None:
    policy = standard.one("VpcEndpoint", name).inputs.get("policy")
    if sids is None:
        assert policy is None
        return
    statements = json.loads(policy)["Statement"]
    assert [s["Sid"] for s in statements] == sids
    assert statements[0]["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    for other in statements[1:]:
        assert other["Action"] == "s3:GetObject"


def test_interface_endpoints_stand_in_every_zone_behind_a_group_of_their_own(standard: Deployment) -> None:
    for name, service in (("main-endpoint-ssm", "ssm"), ("main-endpoint-ecr-api", "ecr.api")):
        endpoint = standard.one("VpcEndpoint", name).inputs
        assert endpoint["vpcEndpointType"] == "Interface"
        assert endpoint["serviceName"] == f"com.amazonaws.us-east-1.{service}"
        assert endpoint["privateDnsEnabled"] is True
        assert set(endpoint["subnetIds"]) == {f"main-private-{zone}-id" for zone in ZONES}
        assert endpoint["securityGroupIds"] == ["main-endpoints-id"]
    group = standard.one("SecurityGroup").inputs
    assert "ingress" not in group
    assert "egress" not in group
    rule = standard.one("SecurityGroupIngressRule").inputs
    assert (rule["securityGroupId"], rule["cidrIpv4"]) == ("main-endpoints-id", "10.0.0.0/16")
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)
    assert rule["description"]
    assert not standard.all("SecurityGroupEgressRule")


def test_without_interface_endpoints_there_is_no_group_for_them() -> None:
    assert not vpc().all("SecurityGroup")


def test_the_default_security_group_is_closed(standard: Deployment) -> None:
    inputs = standard.one("DefaultSecurityGroup").inputs
    assert inputs["vpcId"] == "main-id"
    assert "ingress" not in inputs
    assert "egress" not in inputs


def test_flow_logs_of_all_traffic_go_to_a_group_with_retention(standard: Deployment) -> None:
    log = standard.one("FlowLog")
    group = standard.one("LogGroup")
    assert log.inputs["vpcId"] == "main-id"
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["logDestinationType"] == "cloud-watch-logs"
    assert log.inputs["logDestination"] == "arn:aws:mock:us-east-1:123456789012:main-flow-logs"
    assert log.inputs["maxAggregationInterval"] == 60
    assert log.property_dependencies["iamRoleArn"] == {standard.one("Role").urn}
    assert standard.one("RolePolicy").urn in log.dependencies
    assert group.inputs["retentionInDays"] == 90
    assert "kmsKeyId" not in group.inputs


def test_flow_logs_are_encrypted_with_the_key_given_and_kept_as_long_as_told() -> None:
    group = vpc(logs_key_arn="arn:aws:kms:us-east-1:123456789012:key/k", flow_log_retention_days=365).one(
        "LogGroup"
    )
    assert group.inputs["kmsKeyId"] == "arn:aws:kms:us-east-1:123456789012:key/k"
    assert group.inputs["retentionInDays"] == 365


def test_the_flow_log_role_is_for_this_account_s_flow_logs_and_this_group(standard: Deployment) -> None:
    trust = json.loads(standard.one("Role").inputs["assumeRolePolicy"])["Statement"]
    assert [s["Principal"] for s in trust] == [{"Service": "vpc-flow-logs.amazonaws.com"}]
    assert trust[0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"},
    }
    policy = standard.one("RolePolicy")
    assert policy.inputs["role"] == "main-flow-logs-id"
    allowed = json.loads(policy.inputs["policy"])["Statement"]
    group = "arn:aws:mock:us-east-1:123456789012:main-flow-logs"
    assert [s["Resource"] for s in allowed] == [[group, f"{group}:*"]]
    assert set(allowed[0]["Action"]) == {
        "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"
    }  # fmt: skip


def test_outputs() -> None:
    seen: dict[str, object] = {}

    def note(made: Vpc) -> None:
        assert made.cidr == "10.0.0.0/16"
        for attribute in ("vpc_id", "public_subnet_ids", "private_subnet_ids", "data_subnet_ids", "zone_names",
                          "endpoint_ids", "flow_log_group_name", "nat_public_ips"):  # fmt: skip
            value = getattr(made, attribute)
            pulumi.Output.from_input(value).apply(lambda v, a=attribute: seen.update({a: v}))

    deployment = vpc(outputs=note, interface_endpoints=("ssm",))
    assert seen["vpc_id"] == "main-id"
    for tier in TIERS:
        assert seen[f"{tier}_subnet_ids"] == {zone: f"main-{tier}-{zone}-id" for zone in ZONES}
    assert seen["zone_names"] == {zone: f"zone-{zone}" for zone in ZONES}
    assert seen["endpoint_ids"] == {s: f"main-endpoint-{s}-id" for s in ("s3", "dynamodb", "ssm")}
    assert seen["nat_public_ips"] == dict.fromkeys(ZONES, "203.0.113.1")
    registered = deployment.outputs[deployment.one("holdfast:network:Vpc").urn]
    assert registered["vpcId"] == "main-id"
    assert registered["privateSubnetIds"] == seen["private_subnet_ids"]


@pytest.mark.parametrize("nat", list(NatMode))
def test_a_fourth_zone_changes_only_lists_that_name_every_zone(nat: NatMode) -> None:
    before = facts(vpc(nat=nat, interface_endpoints=("ssm",)))
    after = facts(vpc(nat=nat, interface_endpoints=("ssm",), zones=("use1-az4", "use1-az1", "use1-az3", "use1-az2")
                      if nat is not NatMode.SINGLE else (*ZONES, "use1-az3")))  # fmt: skip
    assert set(before) < set(after)
    changed = {
        (urn.rsplit("::", 1)[1], key)
        for urn in before
        for key in before[urn].keys() | after[urn].keys()
        if before[urn].get(key) != after[urn].get(key)
    }
    lists = {
        ("main-endpoint-s3", "routeTableIds"),
        ("main-endpoint-dynamodb", "routeTableIds"),
        ("main-endpoint-ssm", "subnetIds"),
    }
    assert changed == lists | (
        {("main-nat-regional", "availabilityZoneAddresses")} if nat is NatMode.REGIONAL else set()
    )


def test_another_endpoint_changes_nothing_there_is() -> None:
    before = facts(vpc(interface_endpoints=("ssm",)))
    after = facts(vpc(interface_endpoints=("kms", "ssm")))
    assert {urn: after[urn] for urn in before} == before
    assert {urn.rsplit("::", 1)[1] for urn in set(after) - set(before)} == {"main-endpoint-kms"}


@pytest.mark.parametrize("nat", list(NatMode))
def test_a_first_preview_knows_no_output(nat: NatMode) -> None:
    full = vpc(nat=nat, interface_endpoints=("ssm",))
    preview = vpc(preview=True, nat=nat, interface_endpoints=("ssm",))
    assert {r.urn for r in preview.resources} == {r.urn for r in full.resources}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cidr": "10.0.0.0/8"}, "cidr: got '10.0.0.0/8'"),
        ({"zones": ["use1-az1"]}, "zones: got"),
        ({"region": "us-east-9"}, "region: got 'us-east-9'"),
        ({"peer_cidr": "10.0.128.0/17"}, "peer_cidr '10.0.128.0/17'"),
        (
            {"interface_endpoints": ["ssm", "ssm"]},
            "interface_endpoints: got ssm more than once, allowed is each once",
        ),
        ({"interface_endpoints": ["s3"]}, "interface_endpoints: got 's3', allowed is a service without"),
        ({"interface_endpoints": ["SSM"]}, "interface_endpoints: got 'SSM', allowed is what follows"),
        ({"interface_endpoints": ["com.amazonaws.us-east-1.ssm"]}, "interface_endpoints: got 'com.amazonaws"),
        ({"flow_log_retention_days": 100}, "flow_log_retention_days: got 100, allowed is one of 1, 3, 5"),
        ({"flow_log_retention_days": 0}, "flow_log_retention_days: got 0"),
    ],
)
def test_a_bad_argument_stops_before_anything_is_registered(changes: dict, message: str) -> None:
    registered: list[Deployment] = []

    def program() -> None:
        with pytest.raises(ValueError, match=message):
            Vpc("main", replace(ARGS, **changes))

    registered.append(deploy(program))
    assert registered[0].resources == []
