from __future__ import annotations

import pytest

from components.checks import ArgumentError
from components.network import Registry, RegistryArgs
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy

NAMESPACE, SERVICE = (
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    "aws:servicediscovery/service:Service",
)


def arguments(**more) -> RegistryArgs:
    given = {
        "namespace": "shop.us-east-1.internal",
        "vpc_id": "vpc-1",
        "services": ["orders", "stock"],
        "tags": TAGS,
    }
    return RegistryArgs(**{**given, **more})


@pytest.fixture(scope="module")
def made() -> Deployment:
    return deploy(lambda: Registry("found", arguments()) and None)


def test_the_namespace_is_the_vpc_s_own(made: Deployment) -> None:
    namespace = made.one(NAMESPACE).inputs
    assert (namespace["name"], namespace["vpc"]) == ("shop.us-east-1.internal", "vpc-1")


def test_instances_say_themselves_whether_they_are_healthy_and_dns_gives_several(made: Deployment) -> None:
    for each in ("orders", "stock"):
        service = made.one(SERVICE, f"found-{each}").inputs
        assert service["name"] == each
        assert service["healthCheckCustomConfig"] == {"failureThreshold": 1}
        assert service["dnsConfig"] == {
            "namespaceId": made.made[made.one(NAMESPACE).urn]["id"],
            "dnsRecords": [{"type": "A", "ttl": 10}],
            "routingPolicy": "MULTIVALUE",
        }
        assert service["forceDestroy"]


def test_all_are_its_children_and_tagged(made: Deployment) -> None:
    component = made.one("holdfast:network:Registry")
    for each in made.resources:
        if each.type.startswith("aws:"):
            assert each.parent == component.urn
            assert each.inputs["tags"]["Name"] == each.name


def test_who_finds_some_may_ask_for_no_others() -> None:
    found: list[dict] = []
    deploy(lambda: found.append(Registry("found", arguments()).finding(["orders"])))
    assert found == [
        {
            "Effect": "Allow",
            "Action": "servicediscovery:DiscoverInstances",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "servicediscovery:NamespaceName": "shop.us-east-1.internal",
                    "servicediscovery:ServiceName": ["orders"],
                }
            },
        }
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"namespace": "internal"}, "namespace: got 'internal', allowed is a DNS name of two labels or more"),
        ({"namespace": "Shop.internal"}, "namespace: got 'Shop.internal'"),
        ({"namespace": f"{'a' * 64}.internal"}, "namespace: got 'aaaa"),
        ({"services": []}, "services"),
        ({"services": ["orders", "orders"]}, "services"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_is_registered(more: dict, message: str) -> None:
    def program() -> None:
        with pytest.raises(ArgumentError, match=message):
            Registry("found", arguments(**more))

    assert deploy(program).resources == []
