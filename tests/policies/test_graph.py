"""The graph that rules and estimator share: values as they are written, references, regions, tags."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies.graph import (
    SECRET,
    SIGNATURE,
    UNKNOWN,
    Graph,
    NotKnownError,
    Resource,
    Tags,
    Unknown,
    both,
    either,
    plain,
)
from policies.graph.messages import resource_of
from policies.graph.tags import tags_of
from policies.graph.zones import SUBNETS
from tests.policies.recovery.build import TYPES, res

TEXTS = (
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((text, UNKNOWN) for text in TEXTS),
        ({SIGNATURE: SECRET, "value": {"a": TEXTS[0]}}, {"a": UNKNOWN}),
        ({SIGNATURE: SECRET, "plaintext": '{"a": [1]}'}, {"a": [1]}),
        ({SIGNATURE: SECRET, "plaintext": "{"}, UNKNOWN),
        ({SIGNATURE: SECRET, "ciphertext": "v1:x"}, UNKNOWN),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "x"}, "x"),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, UNKNOWN),
        ([{"a": "b"}, None, 1, True], [{"a": "b"}, None, 1, True]),
    ],
)
def test_values_as_engine_and_state_write_them(written: Any, meant: Any) -> None:
    assert plain(written) == meant


def test_an_unknown_value_names_its_property_and_is_no_condition() -> None:
    it = res("rds", "db", {"multiAz": UNKNOWN, "processor": [{"a": UNKNOWN}]})
    assert it.get("multiAz") == Unknown("db.multiAz")
    assert it.get("processor") == [{"a": Unknown("db.processor.0.a")}]
    assert it.get("processor.0.a.b") == Unknown("db.processor.0.a.b")
    for read in (lambda: it.known.flag("multiAz"), lambda: it.known.text("processor.0.a")):
        with pytest.raises(NotKnownError, match=r"^(multiAz|processor\.0\.a)$"):
            read()
    with pytest.raises(TypeError, match=r"db\.multiAz"):
        bool(it.get("multiAz"))


def test_and_and_or_with_unknowns() -> None:
    vague = Unknown("x")
    assert (both(True, vague), both(False, vague), both(True, True)) == (vague, False, True)
    assert (either(False, vague), either(True, vague), either(False, False)) == (vague, True, False)


@pytest.mark.parametrize(
    ("props", "provider", "tags"),
    [
        ({"tags": {"a": "1"}}, {"defaultTags": '{"tags": {"a": "0", "b": "2"}}'}, Tags({"a": "1", "b": "2"})),
        ({"tags": UNKNOWN}, {}, Tags({}, Unknown("it.tags"))),
        ({"tags": [{"key": "a", "value": UNKNOWN}]}, {}, Tags({"a": Unknown("it.tags.a")})),
        ({"tags": [UNKNOWN]}, {}, Tags({}, Unknown("it.tags.0"))),
        ({"tagsAll": {"a": "1"}}, {"defaultTags": UNKNOWN}, Tags({"a": "1"})),
        (
            {"tagsAll": UNKNOWN, "tags": {"a": "1"}},
            {},
            Tags({"a": "1"}, Unknown("defaultTags of the provider")),
        ),
        ({}, {"defaultTags": {"tags": UNKNOWN}}, Tags({}, Unknown("defaultTags of the provider"))),
        ({}, {"defaultTags": "{"}, Tags({})),
    ],
)
def test_tags_as_far_as_they_are_known(props: Any, provider: Any, tags: Tags) -> None:
    assert tags_of(props, provider, "it") == tags


def test_a_reference_by_the_engines_record_else_by_name_the_nearest() -> None:
    east, west = (
        res(
            "cluster",
            f"db-{s}",
            {"clusterIdentifier": "shop", "arn": f"arn:aws:rds:{r}:1:cluster:shop"},
            stack=s,
        )
        for s, r in (("prod", "us-east-1"), ("dr", "us-west-2"))
    )
    named = res("member", "m", {"clusterIdentifier": "shop"}, stack="dr")
    told = res("member", "n", stack="dr", clusterIdentifier=east)
    by_arn = res("proxy-target", "p", {"dbClusterIdentifier": west.props["arn"]})
    graph = Graph([east, west, named, told, by_arn])
    assert graph.linked(named, "clusterIdentifier", TYPES["cluster"]) == [west]
    assert graph.linked(told, "clusterIdentifier", TYPES["cluster"]) == [east]
    assert graph.linked(by_arn, "dbClusterIdentifier", TYPES["cluster"]) == [west]
    assert graph.users(west, "clusterIdentifier", TYPES["member"]) == [named]
    assert graph.linked(named, "clusterIdentifier", *SUBNETS) == []


@pytest.mark.parametrize(
    ("resources", "region"),
    [
        (
            [res("table", "it", {"region": "eu-west-1", "arn": "arn:aws:dynamodb:us-east-1:1:table/t"})],
            "eu-west-1",
        ),
        ([res("table", "it", {"arn": "arn:aws:dynamodb:us-east-1:1:table/t"})], "us-east-1"),
        (
            [
                res("table", "it"),
                res("lb", "lb", {"arn": "arn:aws:elasticloadbalancing:us-west-2:1:loadbalancer/a"}),
            ],
            "us-west-2",
        ),
        (
            [res("table", "it"), res("pulumi:providers:aws", "default_7", {"region": "eu-north-1"})],
            "eu-north-1",
        ),
        (
            [res("table", "it"), res("stack", "app-prod", {"recovery": {"region": "ap-south-1"}})],
            "ap-south-1",
        ),
        ([res("table", "it")], "from-outside"),
    ],
)
def test_the_region_of_a_resource(resources: list[Resource], region: str) -> None:
    assert Graph(resources, home="from-outside").region(resources[0]) == region


def test_a_resource_of_a_stack_request_and_of_a_single_one() -> None:
    def struct(**values: Any) -> struct_pb2.Struct:
        found = struct_pb2.Struct()
        found.update(values)
        return found

    whole = wire.AnalyzerResource(
        type="aws:ec2/vpc:Vpc", urn="urn:v", name="v", properties=struct(cidrBlock=TEXTS[2])
    )
    whole.parent, whole.options.protect = "urn:p", True
    whole.dependencies.append("urn:d")
    whole.propertyDependencies["cidrBlock"].urns.append("urn:d")
    whole.provider.properties.update({"region": "eu-west-1"})
    found = resource_of(whole)
    assert (found.get("cidrBlock"), found.region, found.parent, found.protect) == (
        Unknown("v.cidrBlock"),
        "eu-west-1",
        "urn:p",
        True,
    )
    assert (found.dependencies, found.property_dependencies) == ({"urn:d"}, {"cidrBlock": {"urn:d"}})
    alone = wire.AnalyzeRequest(
        type="aws:ec2/vpc:Vpc", urn="urn:v", name="v", properties=struct(cidrBlock="10.0.0.0/8")
    )
    alone.options.parent = "urn:p"
    assert (resource_of(alone).get("cidrBlock"), resource_of(alone).parent) == ("10.0.0.0/8", "urn:p")
