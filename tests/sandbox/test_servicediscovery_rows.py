"""The provider's rows of Cloud Map: namespaces that a VPC has several of, and services that keep theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider import Provider, ProviderError
from tests.sandbox.emptied import emptied
from tests.sandbox.test_sns import make

NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
SERVICE = "aws:servicediscovery/service:Service"
Boto = Callable[..., Any]
Made = tuple[str, dict[str, Any], dict[str, Any]]


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "servicediscovery", "route53")


def zones(boto: Boto) -> set[str]:
    return {each["Name"] for each in boto("route53").list_hosted_zones()["HostedZones"]}


@pytest.fixture
def namespace(provider: Provider) -> Made:
    return make(provider, NAMESPACE, {"name": "a.internal", "vpc": "vpc-1", "description": "one"})


@pytest.fixture
def service(provider: Provider, namespace: Made) -> Made:
    dns = {
        "namespaceId": namespace[0],
        "dnsRecords": [{"type": "A", "ttl": 10}],
        "routingPolicy": "MULTIVALUE",
    }
    given = {"name": "orders", "dnsConfig": dns, "healthCheckCustomConfig": {"failureThreshold": 1}}
    return make(provider, SERVICE, {**given, "forceDestroy": True, "tags": {"Name": "orders"}})


def test_a_vpc_may_have_several_namespaces_each_with_its_zone(
    provider: Provider, boto: Boto, namespace: Made
) -> None:
    other = make(provider, NAMESPACE, {"name": "b.internal", "vpc": "vpc-1"})
    assert zones(boto) == {"a.internal.", "b.internal."}
    assert boto("route53").get_hosted_zone(Id=other[2]["hostedZone"])["HostedZone"]["Name"] == "b.internal."
    with pytest.raises(ProviderError, match="ConflictingDomainExists"):
        make(provider, NAMESPACE, {"name": "a.internal", "vpc": "vpc-1"})
    provider.delete(NAMESPACE, *namespace)
    assert zones(boto) == {"b.internal."}


def test_a_namespace_keeps_its_name_and_changes_what_is_said_of_it(
    provider: Provider, boto: Boto, namespace: Made
) -> None:
    id_, olds, outputs = namespace
    assert provider.diff(NAMESPACE, olds, {**olds, "name": "b.internal"}).replaces == ["name"]
    changed = {**olds, "description": "two"}
    assert provider.diff(NAMESPACE, olds, changed).replaces == []
    provider.update(NAMESPACE, id_, olds, outputs, changed)
    assert boto("servicediscovery").get_namespace(Id=id_)["Namespace"]["Description"] == "two"


def test_instances_of_a_service_are_found_in_its_namespace(
    provider: Provider, boto: Boto, service: Made
) -> None:
    cloud_map, id_ = boto("servicediscovery"), service[0]
    told = {"AWS_INSTANCE_IPV4": "10.0.0.1"}
    cloud_map.register_instance(ServiceId=id_, InstanceId="i", CreatorRequestId="1", Attributes=told)
    [found] = cloud_map.discover_instances(NamespaceName="a.internal", ServiceName="orders")["Instances"]
    assert found["Attributes"] == told
    tags = cloud_map.list_tags_for_resource(ResourceARN=service[2]["arn"])["Tags"]
    assert tags == [{"Key": "Name", "Value": "orders"}]


def test_a_changed_service_keeps_its_records(provider: Provider, boto: Boto, service: Made) -> None:
    id_, olds, outputs = service
    changed = {**olds, "description": "all orders"}
    assert provider.diff(SERVICE, olds, changed).replaces == []
    provider.update(SERVICE, id_, olds, outputs, changed)
    found = boto("servicediscovery").get_service(Id=id_)["Service"]
    assert (found["Description"], found["DnsConfig"]["DnsRecords"]) == (
        "all orders",
        [{"Type": "A", "TTL": 10}],
    )
    moved = {**olds, "healthCheckCustomConfig": None}
    assert provider.diff(SERVICE, olds, moved).replaces == ["healthCheckCustomConfig"]


def test_a_namespace_goes_after_its_services(
    provider: Provider, boto: Boto, namespace: Made, service: Made
) -> None:
    with pytest.raises(ProviderError, match="ResourceInUse"):
        provider.delete(NAMESPACE, *namespace)
    told = {"AWS_INSTANCE_IPV4": "10.0.0.1"}
    boto("servicediscovery").register_instance(
        ServiceId=service[0], InstanceId="i", CreatorRequestId="1", Attributes=told
    )
    provider.delete(SERVICE, *service)
    provider.delete(NAMESPACE, *namespace)
    assert provider.read(NAMESPACE, *namespace[:2]) is None
    assert provider.read(SERVICE, *service[:2]) is None
    with pytest.raises(ClientError, match="ServiceNotFound"):
        boto("servicediscovery").get_service(Id=service[0])
