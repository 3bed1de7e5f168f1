"""Zones, health checks and records through the provider."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError

ZONE, CHECK, RECORD = (
    "aws:route53/zone:Zone",
    "aws:route53/healthCheck:HealthCheck",
    "aws:route53/record:Record",
)


class Made:
    """A resource made through the provider."""

    def __init__(self, provider: Provider, token: str, inputs: dict[str, Any]) -> None:
        self.provider, self.token = provider, token
        self.inputs = self.check(inputs)
        self.id, self.outputs = provider.create(token, self.inputs)

    def check(self, inputs: dict[str, Any]) -> dict[str, Any]:
        urn = f"urn:pulumi:prod::holdfast::{self.token}::it"
        checked, failures = self.provider.check(self.token, urn, getattr(self, "inputs", {}), inputs)
        assert failures == []
        return checked

    def update(self, **changes: Any) -> list[str]:
        """Change inputs; answers what would replace the resource, and changes nothing then."""
        news = self.check(
            {k: v for k, v in {**self.inputs, **changes}.items() if v is not None and k != "tagsAll"}
        )
        diff = self.provider.diff(self.token, self.inputs, news)
        assert diff.changes
        if not diff.replaces:
            self.outputs = self.provider.update(self.token, self.id, self.inputs, self.outputs, news)
            self.inputs = news
            assert not self.provider.diff(self.token, self.inputs, news).changes
        return diff.replaces

    def read(self) -> dict[str, Any] | None:
        return self.provider.read(self.token, self.id, self.inputs)

    def delete(self) -> None:
        self.provider.delete(self.token, self.id, self.inputs, self.outputs)
        assert self.read() is None


@pytest.fixture
def zone(provider: Provider) -> Made:
    inputs = {
        "name": "example.com",
        "comment": "shop prod",
        "enableAcceleratedRecovery": True,
        "forceDestroy": False,
    }
    return Made(provider, ZONE, {**inputs, "tags": {"a": "1", "b": "2"}})


def tags(r53: Any, kind: str, resource: str) -> dict[str, str]:
    found = r53.list_tags_for_resource(ResourceType=kind, ResourceId=resource)["ResourceTagSet"]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_zone(zone: Made, boto: Any) -> None:
    r53 = boto("route53")
    assert zone.outputs["zoneId"] == zone.id
    assert "/" not in zone.id
    assert len(zone.outputs["nameServers"]) == 4
    assert zone.outputs["arn"] == f"arn:aws:route53:::hostedzone/{zone.id}"
    found = r53.get_hosted_zone(Id=zone.id)["HostedZone"]
    assert (found["Name"], found["Config"]["Comment"]) == ("example.com.", "shop prod")
    assert found["Features"]["AcceleratedRecoveryStatus"] == "ENABLED"
    assert tags(r53, "hostedzone", zone.id) == {"a": "1", "b": "2"}
    assert zone.update(comment="other", enableAcceleratedRecovery=False, tags={"a": "9"}) == []
    found = r53.get_hosted_zone(Id=zone.id)["HostedZone"]
    assert (found["Config"]["Comment"], found["Features"]["AcceleratedRecoveryStatus"]) == (
        "other",
        "DISABLED",
    )
    assert tags(r53, "hostedzone", zone.id) == {"a": "9"}
    assert zone.update(name="example.org") == ["name"]
    assert zone.read() is not None
    zone.delete()


def test_a_zone_with_records_stays_unless_it_may_be_emptied(zone: Made, provider: Provider) -> None:
    Made(provider, RECORD, {"zoneId": zone.id, "name": "a", "type": "A", "ttl": 60, "records": ["192.0.2.1"]})
    with pytest.raises(ProviderError, match="HostedZoneNotEmpty"):
        zone.delete()
    assert zone.update(forceDestroy=True) == []
    zone.delete()


def test_health_checks(provider: Provider, boto: Any) -> None:
    r53 = boto("route53")
    endpoint = {"fqdn": "www.example.org", "port": 443, "resourcePath": "/health", "enableSni": True}
    timing = {"requestInterval": 10, "failureThreshold": 3, "measureLatency": False}
    regions = ["eu-west-1", "us-east-1", "us-west-2"]
    check = Made(
        provider, CHECK, {"type": "HTTPS", **endpoint, **timing, "regions": regions, "tags": {"a": "1"}}
    )
    kept = r53.get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckConfig"]
    assert kept["FullyQualifiedDomainName"] == "www.example.org"
    assert (kept["Type"], kept["Port"], kept["ResourcePath"]) == ("HTTPS", 443, "/health")
    assert (kept["RequestInterval"], kept["FailureThreshold"], kept["Regions"]) == (10, 3, regions)
    assert tags(r53, "healthcheck", check.id) == {"a": "1"}
    assert check.update(resourcePath="/deep", failureThreshold=2) == []
    kept = r53.get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckConfig"]
    assert (kept["ResourcePath"], kept["FailureThreshold"], kept["Regions"]) == ("/deep", 2, regions)
    assert check.update(requestInterval=30) == ["requestInterval"]
    assert check.update(type="HTTP") == ["type"]

    alarm = {"cloudwatchAlarmName": "errors", "cloudwatchAlarmRegion": "us-west-2"}
    watched = Made(
        provider, CHECK, {"type": "CLOUDWATCH_METRIC", **alarm, "insufficientDataHealthStatus": "Unhealthy"}
    )
    kept = r53.get_health_check(HealthCheckId=watched.id)["HealthCheck"]["HealthCheckConfig"]
    assert kept["AlarmIdentifier"] == {"Name": "errors", "Region": "us-west-2"}

    parent = Made(
        provider, CHECK, {"type": "CALCULATED", "childHealthchecks": [check.id], "childHealthThreshold": 1}
    )
    assert parent.update(childHealthchecks=[check.id, watched.id], childHealthThreshold=2) == []
    kept = r53.get_health_check(HealthCheckId=parent.id)["HealthCheck"]["HealthCheckConfig"]
    assert (kept["ChildHealthChecks"], kept["HealthThreshold"]) == ([check.id, watched.id], 2)
    for made in (parent, watched, check):
        made.delete()
    assert r53.list_health_checks()["HealthChecks"] == []


def test_records(zone: Made, provider: Provider, boto: Any) -> None:
    r53 = boto("route53")
    check = Made(provider, CHECK, {"type": "HTTPS", "fqdn": "www.example.org", "port": 443})
    base = {"zoneId": zone.id, "name": "shop.example.com", "type": "A"}
    alias = {
        "name": "lb-1.us-east-1.elb.amazonaws.com",
        "zoneId": "Z35SXDOTRQ7X7K",
        "evaluateTargetHealth": True,
    }
    failover = {
        "setIdentifier": "us-east-1",
        "failoverRoutingPolicies": [{"type": "PRIMARY"}],
        "healthCheckId": check.id,
    }
    record = Made(provider, RECORD, {**base, "aliases": [alias], **failover})
    assert record.outputs["fqdn"] == "shop.example.com"

    def kept() -> dict[str, Any]:
        sets = r53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
        [found] = [s for s in sets if s["Type"] == "A"]
        return found

    wanted = {
        "Name": "shop.example.com.",
        "Type": "A",
        "SetIdentifier": "us-east-1",
        "Failover": "PRIMARY",
        "HealthCheckId": check.id,
        "AliasTarget": {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": True,
        },
    }
    assert kept() == wanted
    assert record.update(failoverRoutingPolicies=[{"type": "SECONDARY"}]) == []
    assert kept() == {**wanted, "Failover": "SECONDARY"}
    assert record.update(setIdentifier="us-west-2") == ["setIdentifier"]
    record.delete()
    for more, expected in (
        ({"latencyRoutingPolicies": [{"region": "us-east-1"}]}, {"Region": "us-east-1"}),
        ({"weightedRoutingPolicies": [{"weight": 0}]}, {"Weight": 0}),
        ({"geolocationRoutingPolicies": [{"country": "*"}]}, {"GeoLocation": {"CountryCode": "*"}}),
    ):
        made = Made(
            provider, RECORD, {**base, "ttl": 60, "records": ["192.0.2.1"], "setIdentifier": "x", **more}
        )
        assert {k: kept()[k] for k in expected} == expected
        assert kept()["ResourceRecords"] == [{"Value": "192.0.2.1"}]
        made.delete()


def test_a_record_is_not_overwritten_unless_it_may_be(zone: Made, provider: Provider) -> None:
    inputs = {"zoneId": zone.id, "name": "*.a", "type": "A", "ttl": 60, "records": ["192.0.2.1"]}
    assert Made(provider, RECORD, inputs).outputs["fqdn"] == "*.a.example.com"
    with pytest.raises(ProviderError, match=r"InvalidChangeBatch.*already exists"):
        Made(provider, RECORD, inputs)
    assert (
        Made(provider, RECORD, {**inputs, "records": ["192.0.2.2"], "allowOverwrite": True}).read()
        is not None
    )


def test_what_aws_refuses_comes_through_with_its_code(zone: Made, provider: Provider) -> None:
    inputs = {"zoneId": zone.id, "type": "CNAME", "ttl": 60, "records": ["www.example.org"]}
    for name in ("", "example.com", "example.com."):
        with pytest.raises(ProviderError, match=r"InvalidChangeBatch: .*is not permitted at apex in zone"):
            Made(provider, RECORD, {**inputs, "name": name})


def test_two_stacks_swap_their_roles_by_withdrawing_one_record(zone: Made, provider: Provider) -> None:
    """The steps that `SiteRecords` describes; without the first, Route 53 refuses the second."""
    base = {"zoneId": zone.id, "name": "shop", "type": "A", "ttl": 60}
    checks = [
        Made(provider, CHECK, {"type": "HTTPS", "fqdn": f"{r}.example.org", "port": 443}) for r in ("e", "w")
    ]

    def record(number: int, role: str) -> Made:
        region = ("us-east-1", "us-west-2")[number]
        routing = {"setIdentifier": region, "failoverRoutingPolicies": [{"type": role}]}
        more = {"records": [f"192.0.2.{number}"], "healthCheckId": checks[number].id}
        return Made(provider, RECORD, {**base, **routing, **more})

    east, west = record(0, "PRIMARY"), record(1, "SECONDARY")
    with pytest.raises(ProviderError, match=r"InvalidChangeBatch"):
        east.update(failoverRoutingPolicies=[{"type": "SECONDARY"}])
    west.delete()
    assert east.update(failoverRoutingPolicies=[{"type": "SECONDARY"}]) == []
    assert record(1, "PRIMARY").read() is not None
