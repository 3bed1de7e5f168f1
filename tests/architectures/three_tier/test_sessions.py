"""Sessions in the table as the kind deploys it, with what servers are told and may do; nodes and regions that are lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from functions.sessions import cookies
from functions.sessions.limits import Limits
from functions.sessions.store import Session, Sessions, StaleSessionError
from functions.sessions.sweep import sweep
from sandbox.aws import faults
from sandbox.provider import Provider
from tests.architectures.three_tier.test_stores import STORES, TABLE, pair, statements, told
from tests.functions.conftest import in_lambda  # noqa: F401
from tests.pulumi_mocks import Deployment
from tests.sandbox.conftest import aws_endpoint, aws_server, boto, provider  # noqa: F401

EAST, WEST = "us-east-1", "us-west-2"
LIMITS = Limits(idle_seconds=60, absolute_seconds=600, note_seconds=0)


def header(session: Session) -> str:
    return cookies.given(session.id).partition(";")[0]


class Servers:
    """Application servers of both regions, which know what their parameter tells them."""

    def __init__(self, stacks: Mapping[str, Deployment], provider: Provider) -> None:  # noqa: F811
        declared = stacks["prod"].one(TABLE).inputs
        checked, failures = provider.check(TABLE, f"urn:pulumi:prod::holdfast::{TABLE}::table", {}, declared)
        assert failures == []
        self.table, self.made = provider.create(TABLE, checked)
        self.now = 1_800_000_000.0
        self.told = {
            EAST: told(stacks["prod"])["sessions"],
            WEST: told(stacks["dr"])["sessions"],
        }

    def server(self, region: str = EAST) -> Sessions:
        table = boto3.resource("dynamodb", region_name=region).Table(self.table)
        return Sessions.told(self.told[region], table, limits=LIMITS, clock=lambda: self.now)


@pytest.fixture(scope="module")
def eventual_stacks() -> dict[str, Deployment]:
    return pair(**STORES)


@pytest.fixture(scope="module")
def strong_stacks() -> dict[str, Deployment]:
    return pair(sessions={"consistency": "strong"})


@pytest.fixture
def eventual(eventual_stacks, in_lambda, provider) -> Servers:  # noqa: F811
    return Servers(eventual_stacks, provider)


@pytest.fixture
def strong(strong_stacks, in_lambda, provider) -> Servers:  # noqa: F811
    return Servers(strong_stacks, provider)


def test_the_library_names_the_attributes_that_are_deployed(eventual: Servers, boto: Any) -> None:  # noqa: F811
    east = boto("dynamodb")
    deployed = east.describe_table(TableName=eventual.table)["Table"]
    expiry = east.describe_time_to_live(TableName=eventual.table)["TimeToLiveDescription"]
    for region in (EAST, WEST):
        server = eventual.server(region)
        assert deployed["KeySchema"] == [{"AttributeName": server.key, "KeyType": "HASH"}]
        assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": server.expires}
    made = eventual.server().start()
    [item] = east.scan(TableName=eventual.table)["Items"]
    assert set(item["id"]) == {"S"}
    assert item["expires"] == {"N": str(int(eventual.now) + LIMITS.idle_seconds)}, "seconds, as a number"
    assert made.id not in json.dumps(item)


def test_a_session_survives_the_node_that_made_it(eventual: Servers) -> None:
    node, other = eventual.server(), eventual.server()
    made = node.sign_in(node.start({"cart": [1]}), {"cart": [1], "user": "u-1"})
    node = None  # the instance is terminated, with all that it had in memory
    found = other.read(header(made))
    assert found is not None
    assert found.data == {"cart": [1], "user": "u-1"}
    assert other.save(found, {**found.data, "cart": [1, 2]}).version == 2


def test_a_lost_region_leaves_the_sessions_that_had_arrived(eventual: Servers, boto: Any) -> None:  # noqa: F811
    east, west = eventual.server(EAST), eventual.server(WEST)
    arrived, late = east.start({"user": "u-1"}), east.start({"user": "u-2"})
    # The sandbox's replicas have no lag: the session that was written last is taken out of the region that hadn't got it.
    west.end(header(late))
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        east.table.get_item(Key={"id": "x"})
    found = west.read(header(arrived))
    assert found is not None
    assert found.data == {"user": "u-1"}
    assert west.read(header(late)) is None, "signed out, no error"
    again = west.sign_in(None, {"user": "u-2"})
    with pytest.raises(StaleSessionError):
        west.save(late, {"user": "u-2"})
    faults.apply({"clear": True})
    assert east.read(header(again)) == again


def test_a_strong_table_is_swept_by_servers_that_may(strong: Servers, strong_stacks, eventual_stacks) -> None:
    east, west = strong.server(EAST), strong.server(WEST)
    assert (east.key, east.expires) == ("id", "expires")
    old, used = east.start(), east.start({"user": "u-1"})
    strong.now += 59
    assert west.read(header(used)) is not None
    strong.now += 1
    assert west.read(header(old)) is None
    assert sweep(west) == 1
    assert east.read(header(used)) is not None

    def scans(stacks: Mapping[str, Deployment]) -> list[list[Any]]:
        return [[s for s in statements(each, "dynamodb:") if "Scan" in str(s)] for each in stacks.values()]

    for region, [found] in zip((EAST, WEST), scans(strong_stacks), strict=True):
        assert found["Action"] == "dynamodb:Scan"
        assert found["Resource"] == f"arn:aws:mock:{region}:123456789012:web-sessions-table"
    assert scans(eventual_stacks) == [[], []], "DynamoDB deletes there"


def test_servers_may_make_every_call_of_the_library(eventual_stacks: Mapping[str, Deployment]) -> None:
    for stack in eventual_stacks.values():
        [found] = statements(stack, "dynamodb:")
        calls = {f"dynamodb:{each}" for each in ("GetItem", "PutItem", "UpdateItem", "DeleteItem")}
        assert calls <= set(found["Action"])
