"""The fault table, alone and through the server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import botocore.exceptions
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.faults import FaultTable

EMPTY = FaultTable().snapshot()


def post(endpoint: str, change: object) -> dict:
    request = urllib.request.Request(
        f"{endpoint}/sandbox/faults", data=json.dumps(change).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def test_what_is_set_is_told_and_can_be_mended() -> None:
    table = FaultTable()
    table.apply(
        {
            "targets": {"i-1": ["unhealthy", "Target.Timeout"], "i-3@group": ["initial", ""]},
            "zones": {"use1-az1": True, "us-east-1b": True},
            "health_checks": {"hc": False},
            "endpoints": {"a.example.com": False},
            "regions": {"us-east-1": [503, "ServiceUnavailable"]},
        }
    )
    assert table.target("i-1", "group") == ("unhealthy", "Target.Timeout")
    assert table.target("i-2", "group") is None
    assert table.target("i-3", "group") == ("initial", "")
    assert table.target("i-3", "other") is None
    assert table.zone_lost("us-east-1a", "use1-az1")
    assert table.zone_lost(None, "us-east-1b")
    assert not table.zone_lost("us-east-1a", None)
    assert table.health_check("hc") is False
    assert table.health_check("other") is None
    assert table.endpoint("A.example.com.") is False
    assert table.region_lost("us-east-1")
    table.apply({"targets": {"i-1": None}, "zones": {"use1-az1": False}, "regions": {"us-east-1": None}})
    assert table.target("i-1", "group") is None
    assert not table.zone_lost("use1-az1")
    assert table.zone_lost("us-east-1b")
    assert not table.region_lost("us-east-1")
    assert table.apply({"clear": True}) == EMPTY


def test_a_lost_region_takes_regional_services_only() -> None:
    table = FaultTable()
    table.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    assert table.verdict("ec2", "us-east-1", "RunInstances") == (503, "ServiceUnavailable")
    assert table.verdict("ec2", "us-west-2", "RunInstances") is None
    assert table.verdict("route53", "us-east-1", "ListHostedZones") is None


def test_an_action_fails_everywhere_or_in_one_region() -> None:
    table = FaultTable()
    table.apply(
        {
            "actions": {
                "rds:*@us-west-2": [500, "InternalFailure"],
                "route53:ChangeTagsForResource": [400, "Throttling"],
            }
        }
    )
    assert table.verdict("rds", "us-west-2", "CreateDBCluster") == (500, "InternalFailure")
    assert table.verdict("rds", "us-east-1", "CreateDBCluster") is None
    assert table.verdict("route53", "us-east-1", "ChangeTagsForResource") == (400, "Throttling")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ([], "is an object"),
        ({"zone": {}}, "unknown fault 'zone': allowed are targets, zones"),
        ({"zones": ["a"]}, "zones is .*: allowed is an object"),
        ({"zones": {"a": 1}}, r"zones\['a'\] is 1: allowed is true"),
        ({"targets": {"i": ["sick", "x"]}}, r"allowed is \[state, reason\]"),
        ({"targets": {"i": "unhealthy"}}, r"allowed is \[state, reason\]"),
        ({"regions": {"r": [200, "OK"]}}, "HTTP status of 400 to 599"),
        ({"actions": {"rds": [500, "X"]}}, "allowed are service:Action"),
    ],
)
def test_a_wrong_change_is_refused_whole(change: object, message: str) -> None:
    table = FaultTable()
    with pytest.raises(ValueError, match=message):
        table.apply({"zones": {"use1-az1": True}, **change} if isinstance(change, dict) else change)
    assert table.snapshot() == EMPTY


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_the_last_word_on_a_zone_counts(changes: list[tuple[str, bool]]) -> None:
    table = FaultTable()
    for zone, lost in changes:
        table.apply({"zones": {zone: lost}})
    for zone, lost in dict(changes).items():
        assert table.zone_lost(zone) is lost


def test_through_the_server_a_lost_region_fails_and_a_reset_mends(
    aws_endpoint: str, boto, aws_server
) -> None:
    assert post(aws_endpoint, {"regions": {"us-east-1": [503, "ServiceUnavailable"]}})["regions"]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        boto("ec2").describe_vpcs()
    assert caught.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert boto("ec2", "us-west-2").describe_vpcs()["Vpcs"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(aws_endpoint, {"zones": {"a": "gone"}})
    assert "zones['a'] is 'gone'" in json.loads(refused.value.read())["error"]
    aws_server.app.reset()
    assert boto("ec2").describe_vpcs()["Vpcs"]
