"""A three-tier system without a name for users."""

from __future__ import annotations

import pytest

from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.pulumi_mocks import Deployment


@pytest.fixture(scope="module")
def inner() -> dict[str, Deployment]:
    prod = run("prod", {}, systems=with_system("prod", "web", site=None))
    return {
        "prod": prod,
        "dr": run("dr", {PEER: outputs(prod)}, systems=with_system("dr", "web", site=None)),
    }


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest, inner: dict[str, Deployment]) -> Deployment:
    return inner[request.param]


def test_nothing_of_it_is_public(stack: Deployment) -> None:
    assert stack.one("aws:lb/loadBalancer:LoadBalancer").inputs["internal"] is True
    assert [r.inputs["type"] for r in stack.all("Record")] == ["CNAME"]  # the certificate's proof
    for kind in ("HealthCheck", "Distribution"):
        assert stack.all(kind) == []
    doors = [r.inputs.get("cidrIpv4") for r in stack.all("SecurityGroupIngressRule")]
    assert {cidr for cidr in doors if cidr} == {stack.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"]}


def test_it_stands_in_the_private_subnets(stack: Deployment) -> None:
    subnets = stack.one("aws:lb/loadBalancer:LoadBalancer").inputs["subnets"]
    assert len(subnets) == 3
    assert all("-private-" in subnet for subnet in subnets)


def test_tls_is_for_a_name_of_the_region(inner: dict[str, Deployment]) -> None:
    names = {s: d.one("aws:acm/certificate:Certificate").inputs["domainName"] for s, d in inner.items()}
    assert names == {
        "prod": "web.us-east-1.holdfast.example",
        "dr": "web.us-west-2.holdfast.example",
    }


def test_what_it_puts_out_and_tells(stack: Deployment) -> None:
    found = outputs(stack)
    shelf = {"runbooks", "peerRunbooks"} if stack.all("GlobalCluster") else set()
    secret = {"secretReplicaArn"} if stack.all("GlobalCluster") else set()
    assert set(found["systems"]["web"]) == {
        "agreement",
        "kind",
        "loadBalancer",
        "databaseEndpoint",
        "databases",
        "takeover",
        "parts",
        "runbook",
        *shelf,
    }
    assert set(found["systems"]["web"]["databases"]["original"]) == {"globalClusterIdentifier", *secret}
    assert [m["kind"] for m in found["recovery"]["members"]] == [
        "load-balancer",
        "compute",
        "aurora",
        *(["s3"] * len(shelf)),
    ]
