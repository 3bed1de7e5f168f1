from __future__ import annotations

import dataclasses

import pytest

from components.edge import (
    Alias,
    Failover,
    Geolocation,
    Latency,
    RoutedRecord,
    RoutedRecordArgs,
    Values,
    Weighted,
)
from tests.pulumi_mocks import Deployment, deploy

ALB = Alias(name="alb.us-east-1.elb.amazonaws.com", zone_id="Z35SXDOTRQ7X7K")
ARGS = RoutedRecordArgs(
    zone_id="Z1",
    name="shop.example.com",
    set_identifier="us-east-1",
    routing=Failover("PRIMARY"),
    target=ALB,
    health_check_id="hc-1",
)


def run(*, preview: bool = False, **changes: object) -> Deployment:
    return deploy(lambda: RoutedRecord("r", dataclasses.replace(ARGS, **changes)), preview=preview)  # type: ignore[arg-type]


@pytest.mark.parametrize("preview", [False, True])
def test_failover_alias_evaluates_its_target_and_has_a_check(preview: bool) -> None:
    record = run(preview=preview).one("Record", "r-record")
    assert record.inputs == {
        "zoneId": "Z1",
        "name": "shop.example.com",
        "type": "A",
        "setIdentifier": "us-east-1",
        "aliases": [{"name": ALB.name, "zoneId": ALB.zone_id, "evaluateTargetHealth": True}],
        "failoverRoutingPolicies": [{"type": "PRIMARY"}],
        "healthCheckId": "hc-1",
    }
    assert record.parent.endswith("holdfast:edge:RoutedRecord::r")


def test_a_cloudfront_alias_does_not_evaluate_its_target() -> None:
    target = Alias(name="d1.cloudfront.net", zone_id="Z2FDTNDATAQYW2", cloudfront=True)
    record = run(target=target, routing=Failover("SECONDARY"), health_check_id=None).one("Record").inputs
    assert record["aliases"][0]["evaluateTargetHealth"] is False
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert "healthCheckId" not in record


@pytest.mark.parametrize(
    ("routing", "key", "value"),
    [
        (Latency("us-west-2"), "latencyRoutingPolicies", [{"region": "us-west-2"}]),
        (Weighted(0), "weightedRoutingPolicies", [{"weight": 0}]),
        (Weighted(255), "weightedRoutingPolicies", [{"weight": 255}]),
        (Geolocation(continent="EU"), "geolocationRoutingPolicies", [{"continent": "EU"}]),
        (Geolocation(country="*"), "geolocationRoutingPolicies", [{"country": "*"}]),
        (
            Geolocation(country="US", subdivision="CA"),
            "geolocationRoutingPolicies",
            [{"country": "US", "subdivision": "CA"}],
        ),
    ],
)
def test_each_policy_is_the_only_one_of_its_record(routing: object, key: str, value: object) -> None:
    record = run(routing=routing, health_check_id=None).one("Record").inputs
    assert {k: v for k, v in record.items() if k.endswith("Policies")} == {key: value}


def test_plain_values_have_a_short_life() -> None:
    record = run(target=Values(records=["192.0.2.1"])).one("Record").inputs
    assert (record["records"], record["ttl"]) == (["192.0.2.1"], 60)
    assert "aliases" not in record


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "shop"}, r"name: got 'shop', allowed is a lower-case domain name, or \*\. and"),
        ({"set_identifier": None}, "routing: got it alone, allowed is both set_identifier and routing, or"),
        ({"routing": None}, "set_identifier: got it alone, allowed is both set_identifier and routing, or"),
        ({"set_identifier": ""}, r"set_identifier\.length: got 0, allowed is 1 to 128 characters"),
        ({"set_identifier": "x" * 129}, r"set_identifier\.length: got 129, allowed is 1 to 128 characters"),
        ({"type": "CNAME"}, "type: got 'CNAME', allowed is one of A, AAAA"),
        (
            {"type": "TXT", "target": Values(records=["x"])},
            "type: got 'TXT', allowed is one of A, AAAA, CNAME",
        ),
        (
            {"routing": Failover("ACTIVE")},
            r"routing\.role: got 'ACTIVE', allowed is one of PRIMARY, SECONDARY",
        ),
        ({"routing": Weighted(-1)}, r"routing\.weight: got -1, allowed is 0 to 255"),
        ({"routing": Weighted(256)}, r"routing\.weight: got 256, allowed is 0 to 255"),
        ({"routing": Latency("")}, r"routing\.region: got '', allowed is the region that the target is in"),
        (
            {"routing": Geolocation()},
            "routing: got continent None and country None, allowed is exactly one of them",
        ),
        ({"routing": Geolocation(continent="EU", country="DE")}, "allowed is exactly one"),
        (
            {"routing": Geolocation(continent="XX")},
            r"routing\.continent: got 'XX', allowed is one of AF, AN, AS, EU, NA, OC, SA",
        ),
        (
            {"routing": Geolocation(country="de")},
            r"routing\.country: got 'de', allowed is two capital letters, or \*",
        ),
        (
            {"routing": Geolocation(country="DEU")},
            r"routing\.country: got 'DEU', allowed is two capital letters, or \*",
        ),
        (
            {"routing": Geolocation(country="DE", subdivision="BY")},
            r"routing\.subdivision: got 'BY', allowed is None but with country US or UA",
        ),
        (
            {"health_check_id": None},
            "health_check_id: got None for PRIMARY, allowed is the id of a health check",
        ),
        (
            {"health_check_id": None, "routing": Weighted(1), "target": Values(records=["192.0.2.1"])},
            "None for plain values",
        ),
        ({"target": Values(records=["192.0.2.1"], ttl=0)}, r"target\.ttl: got 0, allowed is 1 to 60 s"),
        ({"target": Values(records=["192.0.2.1"], ttl=61)}, r"target\.ttl: got 61, allowed is 1 to 60 s"),
        ({"target": Values(records=[])}, r"target\.records\.length: got 0, allowed is 1 to 400 for type A"),
        (
            {"type": "CNAME", "target": Values(records=["a.example.com", "b.example.com"])},
            r"target\.records\.length: got 2, allowed is 1 to 1 for type CNAME",
        ),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(**changes)


def test_a_spare_of_plain_values_needs_no_check() -> None:
    made = run(routing=Failover("SECONDARY"), target=Values(records=["192.0.2.1"]), health_check_id=None)
    assert "healthCheckId" not in made.one("Record").inputs


def test_the_only_record_of_a_name_has_no_policy() -> None:
    record = run(routing=None, set_identifier=None, health_check_id=None).one("Record").inputs
    assert not any(key.endswith(("Policies", "Policy")) for key in record)
    assert "setIdentifier" not in record
    assert record["aliases"][0]["evaluateTargetHealth"] is True


def test_an_alias_that_is_not_evaluated_needs_a_check() -> None:
    target = Alias(name="lb.example", zone_id="Z1", evaluated=False)
    made = run(target=target, routing=Failover("SECONDARY"), health_check_id="check")
    assert made.one("Record").inputs["aliases"][0]["evaluateTargetHealth"] is False
    with pytest.raises(ValueError, match=r"^health_check_id: got None for an alias that is not evaluated"):
        run(target=target, routing=Latency("us-east-1"), health_check_id=None)
