"""The checks that all components share."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from components.checks import ArgumentError, at_least, between, each_once, need, one_of
from components.edge import Certificate, CertificateArgs, HostedZone, HostedZoneArgs
from components.network import Vpc, VpcArgs
from components.operations import RegionHealth, RegionHealthArgs, Topic, TopicArgs
from components.recovery import BackupPlan, BackupPlanArgs
from components.security import MultiRegionKey, MultiRegionKeyArgs
from tests.components.data_arguments import KEY, PEER_KEY, TAGS
from tests.pulumi_mocks import deploy


def test_an_error_keeps_its_parts_apart() -> None:
    with pytest.raises(ArgumentError) as caught:
        between("lock.days", 3, 7, 30, "days")
    error = caught.value
    assert (error.argument, error.got, error.allowed) == ("lock.days", "3", "7 to 30 days")
    assert str(error) == "lock.days: got 3, allowed is 7 to 30 days"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("value", [7, 7.5, 30])
def test_limits_are_inside(value: float) -> None:
    between("days", value, 7, 30)


@pytest.mark.parametrize("value", [6, 6.99, 30.01, 31])
def test_what_is_outside_is_refused(value: float) -> None:
    with pytest.raises(ArgumentError, match=f"^days: got {value}, allowed is 7 to 30$"):
        between("days", value, 7, 30)


def test_collections_are_shown() -> None:
    with pytest.raises(ArgumentError, match=r"^zones: got \['a'\], allowed is 2 or more: one may fail$"):
        at_least("zones", ["a"], 2, "one may fail")
    with pytest.raises(ArgumentError, match=r"^subnets: got \['a'\], allowed is 2"):
        at_least("subnets", {"a": object()}, 2, "one may fail")
    with pytest.raises(ArgumentError, match=r"^rules: got 1, allowed is 2"):
        at_least("rules", [object()], 2, "one may fail")
    at_least("zones", ["a", "b"], 2, "one may fail")


def test_repetitions_are_named() -> None:
    with pytest.raises(ArgumentError, match=r"^names: got a, c more than once, allowed is each once$"):
        each_once("names", ["c", "a", "b", "a", "c"])
    each_once("names", ["a", "b"])


def test_choices() -> None:
    with pytest.raises(ArgumentError, match=r"^mode: got 'z', allowed is one of x, y$"):
        one_of("mode", "z", ("x", "y"))
    one_of("mode", "y", ("x", "y"))
    need(True, "mode", "z", "anything")


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Topic("t", TopicArgs(key_arn=KEY, tags=TAGS, emails=["nobody"])),
        lambda: RegionHealth(
            "h",
            RegionHealthArgs(
                region="us-east-1",
                load_balancer_arn_suffix="a",
                target_group_arn_suffix="b",
                actions=[],
                tags=TAGS,
            ),
        ),
        lambda: MultiRegionKey(
            "k", MultiRegionKeyArgs(region="us-east-1", peer_region="us-east-1", tags=TAGS)
        ),
        lambda: BackupPlan(
            "b",
            BackupPlanArgs(
                region="us-east-1", peer_region="us-west-2", topic_arn="t", tags=TAGS, key_arn=KEY
            ),
        ),
        lambda: BackupPlan(
            "b",
            BackupPlanArgs(
                region="us-east-1",
                peer_region="us-west-2",
                topic_arn="t",
                tags=TAGS,
                key_arn=KEY,
                peer_key_arn=PEER_KEY,
                silence_hours=0,
            ),
        ),
        lambda: HostedZone("z", HostedZoneArgs(domain="Example.com", tags=TAGS)),
        lambda: Certificate("c", CertificateArgs(domain="x", zone_id="Z1", tags=TAGS)),
        lambda: Vpc("v", VpcArgs(cidr="10.0.0.0/30", zones=["use1-az1"], region="us-east-1", tags=TAGS)),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_registered(declare: Callable[[], object]) -> None:
    refused: list[ArgumentError] = []

    def program() -> None:
        try:
            declare()
        except ArgumentError as error:
            refused.append(error)

    assert not deploy(program).resources
    assert refused
