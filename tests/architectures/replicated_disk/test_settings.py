"""Bad settings of a mirrored disk: one clear line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from architectures.replicated_disk.sections import Machine, MirroredDisk
from tests.architectures.conftest import deployed
from tests.architectures.replicated_disk.conftest import said
from tests.test_settings import load

DISK = {"sizeGb": 50}
OUTSIDE = r"an IPv4 address outside of 10.10.0.0/16 and 10.20.0.0/16, that can be routed"
ONLY = r"allowed is backup-and-restore: the disk is mirrored within a region, and only snapshots of it cross"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"zones": ["use1-az1", "usw2-az1"]}, r"zones: got 'usw2-az1', allowed is zones of us-east-1: each write would wait for the way to"),
    ({"zones": ["use1-az1"]}, r"zones: got \['use1-az1'\], allowed is 2 different zones"),
    ({"address": None}, r"address: is not set, and has no default"),
    ({"address": "10.10.3.4"}, rf"address: got '10.10.3.4', allowed is {OUTSIDE}"),
    ({"address": "10.20.3.4"}, rf"address: got '10.20.3.4', allowed is {OUTSIDE}"),
    ({"address": "169.254.169.254"}, rf"address: got '169.254.169.254', allowed is {OUTSIDE}"),
    ({"address": "ledger.example"}, rf"address: got 'ledger.example', allowed is {OUTSIDE}"),
    ({"disk": None}, r"disk: is not set, and has no default"),
    ({"disk": {"sizeGb": 0}}, r"disk.sizeGb: got 0, allowed is 1 to 65536 GiB"),
    ({"disk": {"sizeGb": 65_537}}, r"disk.sizeGb: got 65537, allowed is 1 to 65536 GiB"),
    ({"disk": {**DISK, "protocol": "B"}}, r"disk.protocol: got 'B', allowed is 'C' or 'A'"),
    ({"disk": {**DISK, "snapshots": "weekly"}}, r"disk.snapshots: got 'weekly', allowed is 'hourly' or 'daily'"),
    ({"disk": {**DISK, "snapshots": "daily", "fastRestore": True}}, r"disk.fastRestore: got True, allowed is False with snapshots 'daily'"),
    ({"server": {"readySeconds": 0}}, r"server.readySeconds: got 0, allowed is 1 or more"),
    ({"server": {"port": 7788}}, r"server.port: got 7788, allowed is another than 7788 and 7790, which the mirror uses"),
    ({"server": {"port": 7790}}, r"server.port: got 7790, allowed is another than 7788 and 7790, which the mirror uses"),
    ({"server": {"userData": "x" * 9_000}}, r"server.userData: got \d+ bytes, allowed is at most 16384 bytes"),
    ({"strategy": "pilot-light"}, rf"strategy: got 'pilot-light', {ONLY}"),
    ({"strategy": "warm-standby"}, rf"strategy: got 'warm-standby', {ONLY}"),
    ({"strategy": "active-active"}, r"strategy: got 'active-active', allowed is any other: two copies would serve"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "line"), WRONG)
def test_what_is_wrong_is_one_line(changes: dict[str, Any], line: str) -> None:
    with pytest.raises(Exception, match=rf"^holdfast:systems\.ledger\.{line}") as raised:
        load(said("prod", **changes))
    assert len(str(raised.value).splitlines()) == 1


def test_a_bad_setting_registers_nothing() -> None:
    with pytest.raises(pulumi.RunError):
        deployed("prod", said("prod", address="10.10.3.4"), {})


def test_what_is_lost_by_default_is_the_least() -> None:
    disk = MirroredDisk.model_validate(DISK)
    assert (disk.protocol, disk.snapshots, disk.fast_restore) == ("C", "hourly", False)
    assert "ubuntu" in Machine().image_parameter
