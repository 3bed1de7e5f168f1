"""Bad settings of a system whose requests stay in their zone: one clear line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.architectures.conftest import deployed
from tests.architectures.zone_affinity.conftest import said
from tests.test_settings import load

POINT = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"web": {"requiredInstances": 0}}, r"web.requiredInstances: got 0, allowed is 1 or more instances"),
    ({"application": {"requiredInstances": 0}}, r"application.requiredInstances: got 0, allowed is 1 or more"),
    ({"web": {"maximumInstances": 5}}, r"web.maximumInstances: got 5, allowed is at least 6: requiredInstances in 3 zones"),
    ({"application": {"maximumInstances": 5}}, r"application.maximumInstances: got 5, allowed is at least 6: "),
    ({"web": {"instanceTypes": ["m1.huge"]}}, r"web.instanceTypes: got 'm1.huge', allowed is "),
    ({"application": {"instanceTypes": ["m7i.large"]}}, r"application.instanceTypes: got m7i.large \(x86_64\), allowed is types of arm64"),
    ({"application": {"imageRelease": "a b"}}, r"application.imageRelease: got 'a b', allowed is 1 to 32 letters"),
    ({"compute": {"requiredInstances": 3}}, r"compute: unknown key; allowed are .*bears, web, application, database, traffic"),
    ({"database": {"engine": "aurora-dsql"}}, r"database.engine: got 'aurora-dsql', allowed is 'aurora-postgresql' or 'aurora-mysql'"),
    ({"database": {"multiAz": True}}, r"database.multiAz: unknown key; allowed are engine, engineVersion, "),
    ({"database": {"engineVersion": "9.6"}}, r"database.engineVersion: got '9.6', allowed is "),
    ({"database": {"instanceClass": "db.t4g.medium"}}, r"database.instanceClass: got 'db.t4g.medium', allowed is a class that isn't"),
    ({"database": {"instanceClass": "db.serverless"}}, r"database.serverless: got nothing, allowed is minCapacity and maxCapacity"),
    ({"database": {"restores": [{"name": "a1"}]}}, r"database.restores\[0\].recoveryPoint: got nothing, allowed is the ARN"),
    (
        {"database": {"restores": [{"name": "a1", "recoveryPoint": POINT.replace("us-east-1", "us-west-2")}]}},
        r"database.restores\[0\].recoveryPoint: got '.*', allowed is a recovery point in us-east-1",
    ),
    ({"database": {"keepOriginal": False}}, r"database.keepOriginal: got false, allowed is true without a restore"),
    ({"traffic": {"requestsPerSecond": -1}}, r"traffic.requestsPerSecond: got -1, allowed is 0 or more"),
    ({"traffic": {"requestsPerSecond": "many"}}, r"traffic.requestsPerSecond: got 'many', allowed is a number"),
    ({"traffic": {"writeShare": 1.5}}, r"traffic.writeShare: got 1.5, allowed is 1 or less"),
    ({"traffic": {"applicationKilobytes": -1}}, r"traffic.applicationKilobytes: got -1, allowed is 0 or more"),
    ({"traffic": {"databaseKilobytes": -1}}, r"traffic.databaseKilobytes: got -1, allowed is 0 or more"),
    ({"traffic": {"gb": 1}}, r"traffic.gb: unknown key; allowed are requestsPerSecond, writeShare, "),
    ({"switch": {"by": "region-switch"}}, r"switch.by: got 'region-switch', allowed is 'data-plane' or 'none'"),
    ({"bears": ["instance"]}, r"bears\[0\]: got 'instance', allowed is 'zone-power' or 'cross-region'"),
    ({"autoshift": {"blockedDates": ["soon"]}}, r"autoshift.blockedDates: got 'soon', allowed is "),
    ({"standbyFraction": 2}, r"standbyFraction: got 2.0, allowed is above 0 and at most 1"),
    ({"site": None, "strategy": "active-active"}, r"strategy: got 'active-active', allowed is any other without a site"),
    ({"site": "shop.elsewhere.example"}, r"site: got 'shop.elsewhere.example', allowed is a name in holdfast.example"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_what_can_not_be_is_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=rf"^holdfast:systems\.shop\.{message}") as raised:
        load(said("prod", **changes))
    assert "\n" not in str(raised.value)


def in_zones(*numbers: int) -> dict[str, Any]:
    found = said("prod")
    found["holdfast:network"] |= {"zones": [f"use1-az{number}" for number in numbers]}
    return found


def test_a_cluster_has_no_more_than_five_endpoints_of_its_zones() -> None:
    load(in_zones(1, 2, 3, 4, 5))
    line = r"^holdfast:systems\.shop\.kind: got 'zone-affinity' in 6 zones, allowed is at most 5 zones in network.zones: [^\n]*$"
    with pytest.raises(Exception, match=line):
        load(in_zones(1, 2, 3, 4, 5, 6))


def test_one_zone_is_the_networks_fault_alone() -> None:
    with pytest.raises(Exception, match=r"^holdfast:network.zones: got [^\n]*$"):
        load(in_zones(1))


def test_zones_that_the_region_has_not_are_refused_unless_somebody_knows_better() -> None:
    zones = [f"usw2-az{number}" for number in range(1, 6)]
    five = said("dr")
    five["holdfast:network"] |= {"zones": zones}
    line = r"^holdfast:network.zones: got 'usw2-az5', allowed is a zone id such as usw2-az\d, [^\n]*$"
    with pytest.raises(Exception, match=line) as raised:
        load(five)
    assert "\n" not in str(raised.value)
    load({**five, "holdfast:unlisted": ["usw2-az5"]})


def test_nothing_is_registered_before() -> None:
    with pytest.raises(pulumi.RunError, match=r"^holdfast:systems\.shop\.web\.requiredInstances: got "):
        deployed("prod", said("prod", web={"requiredInstances": 0}), {})
