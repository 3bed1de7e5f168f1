"""Bad settings of a system on Elastic Beanstalk: one clear line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.compute import beanstalk_bundle
from tests.architectures.conftest import deployed
from tests.architectures.elastic_beanstalk.conftest import configured
from tests.test_settings import load


def many(size: int) -> dict[str, Any]:
    """Variables that have together as many bytes as name=value."""
    return {"variables": {f"V{n:03}": "x" * 195 for n in range(size // 200)}}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"bundle": None}, r"bundle: is not set"),
    ({"bundle": "apps/none"}, r"bundle: got 'apps/none', allowed is a folder or a zip of the program's folder"),
    ({"bundle": "README.md"}, r"bundle: got 'README.md', allowed is a folder or a zip"),
    ({"runtime": "python"}, r"runtime: got 'python', allowed is what a solution stack of Amazon Linux 2023 is running, such as Python 3.13"),
    ({"runtime": "Python 3.13 "}, r"runtime: got 'Python 3.13 ', allowed is what a solution stack"),
    ({"runtime": "64bit Amazon Linux 2023 v4.6.0 running Python 3.13"}, r"runtime: got '64bit .*', allowed is what a solution stack"),
    ({"strategy": "pilot-light"}, r"strategy: got 'pilot-light', allowed is any other: an environment of Elastic Beanstalk has one instance at least, MinSize is never 0"),
    ({"instances": {"requiredInstances": 0}}, r"instances.requiredInstances: got 0, allowed is 1 or more instances"),
    ({"instances": {"maximumInstances": 5}}, r"instances.maximumInstances: got 5, allowed is at least 6: requiredInstances in 3 zones"),
    ({"instances": {"maximumInstances": 10001}}, r"instances.maximumInstances: got 10001, allowed is 1 to 10000 instances"),
    ({"instances": {"instanceType": "m7g.gigantic"}}, r"instances.instanceType: got 'm7g.gigantic', allowed is an instance type "),
    ({"instances": {"spot": True}}, r"instances.spot: unknown key; allowed are .*requiredInstances"),
    ({"variables": {"greeting": "x"}}, r"variables: got 'greeting', allowed is names of capital letters, digits and _, no digit first"),
    ({"variables": {"2ND": "x"}}, r"variables: got '2ND', allowed is names of capital letters"),
    ({"variables": {"V" * 129: "x"}}, r"variables: got 'V+', allowed is names of capital letters.*up to 128 characters"),
    ({"variables": {"LONG": "x" * 257}}, r"variables.LONG: got 257 characters, allowed is at most 256"),
    (many(4200), r"variables: got \d+ bytes, allowed is at most 4096 bytes of name=value together"),
    ({"variables": {"PORT": 80}}, r"variables.PORT: got 80, allowed is text"),
    ({"deployments": {"policy": "AllAtOnce"}}, r"deployments.policy: got 'AllAtOnce', allowed is 'immutable' or 'rolling-with-additional-batch'"),
    ({"deployments": {"batchPercent": 0}}, r"deployments.batchPercent: got 0, allowed is 1 to 100 %"),
    ({"updates": {"window": "Tuesday 9:00"}}, r"updates.window: got 'Tuesday 9:00', allowed is day and time in UTC, such as Tue:09:00"),
    ({"updates": {"window": "Tue:24:00"}}, r"updates.window: got 'Tue:24:00', allowed is day and time"),
    ({"updates": {"level": "major"}}, r"updates.level: got 'major', allowed is 'patch' or 'minor'"),
    ({"keptVersions": 0}, r"keptVersions: got 0, allowed is 1 to 1000 versions"),
    ({"logRetentionDays": 91}, r"logRetentionDays: got 91, allowed is one of 1, 3, "),
    ({"healthPath": "health"}, r"healthPath: got 'health', allowed is a path that begins with /"),
    ({"healthPath": "/health/deep"}, r"deepHealthPath: got '/health/deep', allowed is another than healthPath"),
    ({"rebuild": True}, r"rebuild: got true, allowed is false but in the joining stack with backup-and-restore"),
    ({"standbyFraction": 2}, r"standbyFraction: got 2.0, allowed is above 0 and at most 1"),
    ({"switch": {"by": "region-switch"}}, r"switch.by: got 'region-switch', allowed is 'data-plane' or 'none'"),
    ({"database": {}}, r"database: unknown key; allowed are "),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_what_can_not_be_is_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=rf"^holdfast:systems\.greet\.{message}") as raised:
        load(configured("prod", **changes))
    assert "\n" not in str(raised.value)


def test_a_bundle_that_elastic_beanstalk_would_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beanstalk_bundle, "LARGEST", 100)
    with pytest.raises(
        Exception, match=r"greet\.bundle: got \d+ bytes, allowed is at most 100 bytes together$"
    ):
        load(configured("prod"))


def test_each_edge_is_taken() -> None:
    load(configured("prod", **many(4000), instances={"maximumInstances": 6}, keptVersions=1000))
    load(configured("prod", runtime="Tomcat 11 Corretto 21", updates={"window": "Sun:23:59"}))
    load(configured("prod", runtime=".NET 9"))


def test_a_network_of_one_zone_is_its_own_fault() -> None:
    found = configured("prod")
    found["holdfast:network"] |= {"zones": ["use1-az1"]}
    with pytest.raises(Exception, match=r"^holdfast:network\.zones: got [^\n]*$"):
        load(found)


def test_nothing_is_registered_before() -> None:
    with pytest.raises(pulumi.RunError, match=r"^holdfast:systems\.greet\.runtime: got "):
        deployed("prod", configured("prod", runtime="python"), {})
