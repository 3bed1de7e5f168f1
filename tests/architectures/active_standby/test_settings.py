"""Bad settings of a pair: one clear line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.architectures.active_standby.conftest import said
from tests.architectures.conftest import deployed
from tests.test_settings import load

DISK = {"sizeGb": 50}
SNAPSHOT = "snap-00000000000000001"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"zones": ["use1-az1"]}, r"zones: got \['use1-az1'\], allowed is 2 different zones, an instance in each: one serves"),
    ({"zones": ["use1-az1", "use1-az2", "use1-az4"]}, r"zones: got \['use1-az1', 'use1-az2', 'use1-az4'\], allowed is 2"),
    ({"zones": ["use1-az1", "use1-az1"]}, r"zones: got \['use1-az1', 'use1-az1'\], allowed is 2 different zones"),
    ({"zones": []}, r"zones: got \[\], allowed is 2 different zones"),
    ({"zones": ["use1-az1", "use1-az6"]}, r"zones: got 'use1-az6', allowed is zones of network.zones: use1-az1, use1-az2"),
    ({"server": {"spotAboveBase": True}}, r"server.spotAboveBase: unknown key; allowed are instanceTypes, "),
    ({"server": {"requiredInstances": 3}}, r"server.requiredInstances: unknown key; allowed are instanceTypes, "),
    ({"server": {"instanceTypes": []}}, r"server.instanceTypes: got none, allowed is one or more"),
    ({"server": {"instanceTypes": ["m1.huge"]}}, r"server.instanceTypes: got 'm1.huge', allowed is "),
    ({"server": {"instanceTypes": ["m7i.large"]}}, r"server.instanceTypes: got m7i.large \(x86_64\), allowed is types of arm64"),
    ({"server": {"port": 70000}}, r"server.port: got 70000, allowed is 1 to 65535"),
    ({"server": {"healthPath": "health"}}, r"server.healthPath: got 'health', allowed is "),
    ({"server": {"deepHealthPath": "deep"}}, r"server.deepHealthPath: got 'deep', allowed is "),
    ({"server": {"deepHealthPath": "/health"}}, r"server.deepHealthPath: got '/health', allowed is another than server.healthPath"),
    ({"server": {"startSeconds": 7201}}, r"server.startSeconds: got 7201, allowed is 7200 or less"),
    ({"server": {"imageId": "ami-1"}}, r"server.imageId: got 'ami-1', allowed is the id of an AMI"),
    ({"server": {"imageRelease": "a b"}}, r"server.imageRelease: got 'a b', allowed is 1 to 32 letters"),
    ({"server": {"userData": "x" * 16_385}}, r"server.userData: got 16385 bytes, allowed is at most 16384 bytes"),
    ({"watch": {"coolDownSeconds": 3601}}, r"watch.coolDownSeconds: got 3601, allowed is 0 to 3600 "),
    ({"watch": {"coolDownSeconds": -1}}, r"watch.coolDownSeconds: got -1, allowed is 0 to 3600 "),
    ({"watch": {"pollSeconds": 0}}, r"watch.pollSeconds: got 0, allowed is 1 to 10 "),
    ({"watch": {"unhealthyPolls": 11}}, r"watch.unhealthyPolls: got 11, allowed is 1 to 10 "),
    ({"watch": {"healthyPolls": 0}}, r"watch.healthyPolls: got 0, allowed is 1 to 10 "),
    ({"watch": {"drainSeconds": 301}}, r"watch.drainSeconds: got 301, allowed is 0 to 300 "),
    ({"watch": {"pollSeconds": "often"}}, r"watch.pollSeconds: got 'often', allowed is a whole number"),
    ({"testFrom": ["0.0.0.0/0"]}, r"testFrom: got '0.0.0.0/0', allowed is networks of your own"),
    ({"testFrom": ["office"]}, r"testFrom: got 'office', allowed is an IPv4 network"),
    ({"strategy": "active-active"}, r"strategy: got 'active-active', allowed is any other: two copies would serve"),
    ({"standbyFraction": 0.5}, r"standbyFraction: got 0.5, allowed is nothing with pilot-light"),
    ({"switch": {"by": "region-switch"}}, r"switch.by: got 'region-switch', allowed is 'data-plane' or 'none'"),
    ({"autoshift": {"enabled": True}}, r"autoshift: unknown key; allowed are "),
    ({"rebuild": True}, r"rebuild: got true, allowed is false with pilot-light: the region that stands by is there"),
    ({"rebuild": True, "strategy": "backup-and-restore"}, r"rebuild: got true, allowed is false in the stack that founds"),
    ({"bears": ["instance"]}, r"bears\[0\]: got 'instance', allowed is 'zone-power' or 'cross-region'"),
    ({"disk": {"sizeGb": 0}}, r"disk.sizeGb: got 0, allowed is 1 to 65536 GiB"),
    ({"disk": {}}, r"disk.sizeGb: is not set, and has no default"),
    ({"disk": {**DISK, "snapshots": "weekly"}}, r"disk.snapshots: got 'weekly', allowed is 'hourly' or 'daily'"),
    ({"disk": {**DISK, "restores": [{"name": "a1", "snapshot": "vol-1"}]}}, r"disk.restores\[0\].snapshot: got 'vol-1', allowed is the id"),
    ({"disk": {**DISK, "restores": [{"name": "a1", "snapshot": SNAPSHOT}] * 2}}, r"disk.restores\[1\].name: got 'a1', allowed is each name"),
    ({"site": "desk.elsewhere.example"}, r"site: got 'desk.elsewhere.example', allowed is a name in holdfast.example"),
    ({"site": None, "withdrawn": True}, r"withdrawn: got true, allowed is false without a site"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_what_can_not_be_is_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=rf"^holdfast:systems\.desk\.{message}") as raised:
        load(said("prod", **changes))
    assert "\n" not in str(raised.value)


def test_nothing_is_registered_before() -> None:
    with pytest.raises(pulumi.RunError, match=r"^holdfast:systems\.desk\.zones: got "):
        deployed("prod", said("prod", zones=["use1-az1"]), {})


def test_a_name_is_as_long_as_its_target_groups_may_be() -> None:
    config = said("prod")
    config["holdfast:systems"] = {"x" * 16: {"kind": "active-standby", "strategy": "pilot-light"}}
    assert load(config).systems
    config["holdfast:systems"] = {"x" * 17: {"kind": "active-standby", "strategy": "pilot-light"}}
    with pytest.raises(
        Exception, match=r"^holdfast:systems\.x{17}: got 'x{17}-test', allowed is 21 characters at most$"
    ):
        load(config)


def test_the_pair_stands_in_the_first_two_zones_unless_it_says_others() -> None:
    settings = load(said("prod"))
    assert list(settings.systems["desk"].placed(settings.stack)) == ["use1-az1", "use1-az2"]
    settings = load(said("prod", zones=["use1-az4", "use1-az1"]))
    assert list(settings.systems["desk"].placed(settings.stack)) == ["use1-az4", "use1-az1"]


def test_what_cuts_subnets_is_borne_or_refused() -> None:
    config = said("prod", bears=["zone-power"])
    config["holdfast:systems"]["ledger"]["bears"] = ["zone-power"]
    assert load(config).systems["desk"].cuts == {"zone-power"}
    del config["holdfast:systems"]["ledger"]["bears"]
    with pytest.raises(
        Exception, match=r"^holdfast:systems\.desk\.bears: got 'zone-power', allowed is what ledger names too"
    ):
        load(config)
