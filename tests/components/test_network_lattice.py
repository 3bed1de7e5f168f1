from __future__ import annotations

import json

import pulumi
import pytest

from components.checks import ArgumentError
from components.network import (
    ClientVpc,
    LatticeService,
    LatticeServiceArgs,
    ServiceNetwork,
    ServiceNetworkArgs,
)
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, Registered, deploy

VPCS = {
    "own": ClientVpc(vpc_id="vpc-1", cidr="10.10.0.0/16"),
    "billing": ClientVpc(vpc_id="vpc-2", cidr="10.30.0.0/16"),
}
CALLER = "arn:aws:iam::123456789012:role/billing"


def network(**more) -> ServiceNetworkArgs:
    given = {"network_name": "shop-prod", "vpcs": VPCS, "key_arn": "arn:key", "tags": TAGS}
    return ServiceNetworkArgs(**{**given, **more})


def service(**more) -> LatticeServiceArgs:
    given = {
        "service_name": "shop-prod-orders",
        "network_arn": "arn:network",
        "vpc_id": "vpc-1",
        "port": 8000,
        "callers": [CALLER],
        "tags": TAGS,
    }
    return LatticeServiceArgs(**{**given, **more})


def both(found: dict[str, str], **more) -> Deployment:
    def program() -> None:
        made = ServiceNetwork("net", network(signed=more.get("callers", [CALLER]) is not None))
        on_it = LatticeService("orders", service(network_arn=made.arn, **more))
        pulumi.Output.all(on_it.url, on_it.target_group_arn, made.log_group_name).apply(
            lambda known: found.update(zip(("url", "targets", "log"), known, strict=True))
        )

    return deploy(program)


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def made(known: dict[str, str]) -> Deployment:
    return both(known)


def statement(policy: Registered) -> dict:
    (found,) = json.loads(policy.inputs["policy"])["Statement"]
    return found


def test_requests_are_signed_and_each_service_names_who_may_call(made: Deployment):
    own, on_it = (
        made.one("aws:vpclattice/serviceNetwork:ServiceNetwork", "net-network"),
        made.one("aws:vpclattice/service:Service"),
    )
    assert (own.inputs["authType"], on_it.inputs["authType"]) == ("AWS_IAM", "AWS_IAM")
    of_network, of_service = made.one("AuthPolicy", "net-auth"), made.one("AuthPolicy", "orders-auth")
    assert of_network.inputs["resourceIdentifier"] == made.made[own.urn]["arn"]
    assert of_service.inputs["resourceIdentifier"] == made.made[on_it.urn]["arn"]
    invoke = {"Effect": "Allow", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}
    assert statement(of_service) == {**invoke, "Principal": {"AWS": [CALLER]}}
    assert statement(of_network) == {
        **invoke,
        "Principal": "*",
        "Condition": {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "anonymous"}},
    }


def test_nobody_is_asked_where_that_is_said():
    found = both({}, callers=None)
    assert not found.all("AuthPolicy")
    for what in ("aws:vpclattice/serviceNetwork:ServiceNetwork", "aws:vpclattice/service:Service"):
        assert found.one(what).inputs["authType"] == "NONE"


def test_each_vpc_lets_in_its_own_clients_alone(made: Deployment):
    joined = {a.name: a.inputs for a in made.all("ServiceNetworkVpcAssociation")}
    assert set(joined) == {"net-own", "net-billing"}
    for name, vpc in VPCS.items():
        group = made.one("aws:ec2/securityGroup:SecurityGroup", f"net-{name}")
        rule = made.one("SecurityGroupIngressRule", f"net-{name}-https")
        assert group.inputs["vpcId"] == joined[f"net-{name}"]["vpcIdentifier"] == vpc.vpc_id
        assert joined[f"net-{name}"]["securityGroupIds"] == [made.made[group.urn]["id"]]
        assert rule.inputs["securityGroupId"] == made.made[group.urn]["id"]
        assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
            vpc.cidr,
            443,
            443,
        )
        # Nobody joins before he may get through, or before it is said who calls.
        association = made.one("ServiceNetworkVpcAssociation", f"net-{name}")
        assert {rule.urn, made.one("AuthPolicy", "net-auth").urn} <= set(association.dependencies)


def test_every_request_is_logged_encrypted(made: Deployment, known: dict[str, str]):
    logs = made.one("aws:cloudwatch/logGroup:LogGroup")
    assert logs.inputs["name"] == "/aws/vendedlogs/vpc-lattice/shop-prod" == known["log"]
    assert (logs.inputs["kmsKeyId"], logs.inputs["retentionInDays"]) == ("arn:key", 90)
    subscription = made.one("AccessLogSubscription").inputs
    assert subscription["destinationArn"] == made.made[logs.urn]["arn"]
    assert (
        subscription["resourceIdentifier"]
        == made.made[made.one("aws:vpclattice/serviceNetwork:ServiceNetwork", "net-network").urn]["arn"]
    )


def test_clients_speak_tls_and_targets_are_asked_whether_they_work(made: Deployment, known: dict[str, str]):
    targets, listener = made.one("aws:vpclattice/targetGroup:TargetGroup"), made.one("Listener")
    config = targets.inputs["config"]
    assert targets.inputs["type"] == "IP"
    assert (config["port"], config["protocol"], config["vpcIdentifier"]) == (8000, "HTTP", "vpc-1")
    check = config["healthCheck"]
    assert (check["enabled"], check["path"], check["healthCheckIntervalSeconds"]) == (True, "/health", 10)
    assert (check["unhealthyThresholdCount"], check["healthyThresholdCount"]) == (2, 2)
    assert (listener.inputs["protocol"], listener.inputs["port"]) == ("HTTPS", 443)
    (forward,) = listener.inputs["defaultAction"]["forwards"]
    assert forward["targetGroups"] == [{"targetGroupIdentifier": made.made[targets.urn]["id"], "weight": 100}]
    own = made.one("aws:vpclattice/service:Service")
    assert listener.inputs["serviceIdentifier"] == made.made[own.urn]["id"]
    joined = made.one("ServiceNetworkServiceAssociation")
    assert joined.inputs["serviceIdentifier"] == made.made[own.urn]["arn"]
    assert made.one("AuthPolicy", "orders-auth").urn in joined.dependencies
    assert known["targets"] == made.made[targets.urn]["arn"]
    assert known["url"] == "https://shop-prod-orders-0123.vpc-lattice-svcs.on.aws"


def test_all_of_it_is_tagged_and_a_child(made: Deployment):
    owners = {made.one(f"holdfast:network:{name}").urn for name in ("ServiceNetwork", "LatticeService")}
    below = [r for r in made.resources if r.type.startswith("aws:")]
    assert {r.parent for r in below} == owners
    for resource in made.taggable():
        assert resource.tags["Name"] == resource.name


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (network(network_name="ab"), "network_name: got 'ab', allowed is 3 to 63 characters"),
        (network(vpcs={}), "vpcs: got [], allowed is 1 or more: nobody reaches it otherwise"),
        (
            network(vpcs={"a": ClientVpc(vpc_id="vpc-1", cidr="10.0.0.1/8")}),
            "vpcs[a].cidr: got '10.0.0.1/8', allowed is an IPv4 network in CIDR notation without host bits, e.g. 10.30.0.0/16",
        ),
        (service(service_name="x" * 41), f"service_name: got '{'x' * 41}', allowed is 3 to 40 characters"),
        (service(port=0), "port: got 0, allowed is 1 to 65535"),
        (service(health_path="ok"), "health_path: got 'ok', allowed is a path, from /"),
        (service(callers=[]), "callers: got none, allowed is one or more: nobody gets through otherwise"),
    ],
)
def test_what_can_not_be_is_told(args, message):
    with pytest.raises(ArgumentError) as told:
        args.check()
    assert str(told.value) == message
