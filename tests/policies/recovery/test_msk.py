"""MSK clusters, each failure worked by hand. Times in seconds, low then high; the sum is written out beside each."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from policies.graph import Resource
from policies.recovery import Report, facts
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, home, losses, node, res, times, zones

EAST, WEST = "us-east-1", "us-west-2"
CONFIGURATION, TOPIC, POLICY = (
    "aws:msk/configuration:Configuration",
    "aws:msk/topic:Topic",
    "aws:msk/clusterPolicy:ClusterPolicy",
)
LETS_IN = json.dumps({"Statement": {"Principal": {"Service": "kafka.amazonaws.com"}}})


def arn(region: str) -> str:
    return f"arn:aws:kafka:{region}:1:cluster/bus/{region}"


def cluster(
    subnets: list[Resource], said: object = None, *, region: str = EAST, stack: str = "prod", **props: Any
) -> list[Resource]:
    """A cluster of three brokers in these subnets, with a configuration where something is `said`."""
    own = [res(CONFIGURATION, f"{region}-said", {"serverProperties": said}, stack=stack)]
    own = own if said is not None else []
    links = {"configurationInfo": own[0]} if own else {}
    told = {
        "tags": TIER1,
        "region": region,
        "arn": arn(region),
        "numberOfBrokerNodes": 3,
        "brokerNodeGroupInfo": {"clientSubnets": [UNKNOWN] * len(subnets)},
        **props,
    }
    made = res("msk", f"bus-{region}", told, stack=stack, brokerNodeGroupInfo=subnets, **links)
    return [*subnets, *own, made]


def alone(said: object = None, *, count: int = 3, more: tuple[Any, ...] = ()) -> Report:
    made = cluster(zones(count), said)
    return home(*made, *(each(made[-1]) for each in more))


def here(report: Report, failure: str) -> Any:
    return node(report, failure, f"bus-{EAST}")


@pytest.mark.parametrize("said", [None, "min.insync.replicas=2\nunclean.leader.election.enable=false"])
def test_three_zones_go_on_and_lose_nothing_that_two_acknowledged(said: str | None) -> None:
    for failure in ("instance", "zone"):
        found = here(alone(said), failure)
        assert (times(found), losses(found)) == ((0, 60), (0, 0))


def test_two_zones_stop_writing_when_one_is_lost() -> None:
    report = alone(count=2)
    assert times(here(report, "instance")) == (0, 60)
    assert here(report, "zone").verdict is Verdict.UNATTAINABLE


def test_what_one_broker_acknowledged_may_be_lost_with_it() -> None:
    for report in (alone("min.insync.replicas = 1"), alone(count=2)):
        found = here(report, "instance")
        assert losses(found) == (0, math.inf)
        assert found.rpo_verdict is Verdict.AT_RISK


def test_where_all_must_acknowledge_the_loss_of_one_ends_writing() -> None:
    assert here(alone("min.insync.replicas=3"), "instance").verdict is Verdict.UNATTAINABLE


def test_a_configuration_that_is_not_known_leaves_it_open() -> None:
    found = here(alone(UNKNOWN), "zone")
    assert found.rpo_verdict is Verdict.UNDETERMINED
    assert "serverProperties" in " ".join(found.unknown)
    unread = home(*cluster(zones(), configurationInfo={"arn": "arn:aws:kafka:us-east-1:1:configuration/c/1"}))
    assert here(unread, "zone").rpo_verdict is Verdict.UNDETERMINED
    assert here(alone(more=(unknown_topic,)), "corruption").verdict is Verdict.UNDETERMINED


def topic(**said: object) -> Any:
    configs = json.dumps({key.replace("_", "."): value for key, value in said.items()})
    return lambda made: res(TOPIC, f"topic-{len(configs)}", {"configs": configs}, clusterArn=made)


def unknown_topic(made: Resource) -> Resource:
    return res(TOPIC, "topic", {"configs": UNKNOWN}, clusterArn=made)


def test_what_is_kept_is_read_again_after_wrong_messages() -> None:
    found = here(alone(), "corruption")
    # noticed after 3600 + decide 600..1800 + read again 60..7200
    assert times(found) == (3600 + 600 + 60, 3600 + 1800 + 7200)
    assert losses(found) == (0, 0)
    assert found.option == "consumers read again what is kept"


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("log.retention.minutes=59", ()),
        ("log.retention.hours=168\nlog.retention.ms=3599999", ()),
        ("log.cleanup.policy=compact,delete", ()),
        (None, (topic(retention_ms=3_599_999),)),
        (None, (topic(retention_ms="-1"), topic(cleanup_policy="compact"))),
    ],
)
def test_what_is_gone_when_it_is_noticed_is_not_read_again(said: str | None, more: tuple[Any, ...]) -> None:
    assert here(alone(said, more=more), "corruption").verdict is Verdict.UNATTAINABLE


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("log.retention.minutes=60", ()),
        ("log.retention.ms=-1\nlog.retention.minutes=1", ()),
        ("log.retention.minutes=1", (topic(retention_ms=3_600_000),)),
        (None, (topic(),)),
    ],
)
def test_what_is_kept_as_long_as_it_takes_to_be_noticed_is(said: str | None, more: tuple[Any, ...]) -> None:
    assert here(alone(said, more=more), "corruption").verdict is Verdict.MET_IF


def replicator(source: Resource | None, target: Resource | None, of: str, to: str) -> Resource:
    """From one region to the other, in the stack `dr`; a cluster of another stack is known by its ARN alone."""
    ends = [each for each in (source, target) if each]
    info = {"sourceKafkaClusterArn": arn(of), "targetKafkaClusterArn": arn(to)}
    told = {"region": to, "replicationInfoList": info}
    return res("replicator", f"{of}-to-{to}", told, stack="dr", kafkaClusters=ends)


def watched(copy: Resource, seconds: object) -> Resource:
    above = seconds * 1000 if isinstance(seconds, int) else seconds
    told = {"region": copy.region, "metricName": "ReplicationLatency", "threshold": above}
    return res("alarm", f"{copy.name}-lag", told, stack="dr", dimensions=copy)


def two() -> tuple[list[Resource], list[Resource]]:
    """The clusters of both regions, of the same name; each lets replicators in."""
    stacks = []
    for stack, region in (("prod", EAST), ("dr", WEST)):
        subnets = zones(region=region, stack=stack)
        made = cluster(subnets, region=region, stack=stack, clusterName="bus")
        policy = res(POLICY, "in", {"policy": LETS_IN, "region": region}, stack=stack, clusterArn=made[-1])
        stacks.append([*made, policy])
    return stacks[0], stacks[1]


def test_a_region_loses_what_its_replicator_had_not_copied() -> None:
    prod, dr = two()
    bus, away = (next(r for r in each if r.type.endswith(":Cluster")) for each in (prod, dr))
    there = replicator(bus, away, EAST, WEST)
    report = home(*prod, *dr, there)
    found = here(report, "region")
    # detect 300..900 + decide 600..1800 + switch 60..1800 + new endpoint 60..600
    assert times(found) == (300 + 600 + 60 + 60, 900 + 1800 + 1800 + 600)
    assert losses(found) == (60, 900)
    assert losses(here(home(*prod, *dr, there, watched(there, 300)), "region")) == (60, 300)
    vague = here(home(*prod, *dr, there, watched(there, UNKNOWN)), "region")
    assert vague.rpo_verdict is Verdict.UNDETERMINED


def test_regions_tell_where_no_arn_does() -> None:
    prod, dr = two()
    bus, away = (next(r for r in each if r.type.endswith(":Cluster")) for each in (prod, dr))
    copy = res("replicator", "copy", {"region": WEST}, kafkaClusters=[bus, away])
    assert here(home(*prod, *dr, copy), "region").option == "replicator's target in us-west-2"


def test_clusters_that_nothing_copies_are_none_the_better_for_their_name() -> None:
    prod, dr = two()
    assert here(home(*prod, *dr), "region").verdict is Verdict.UNATTAINABLE
    third = replicator(None, dr[-2], "eu-west-1", WEST)
    assert here(home(*prod, *dr, third), "region").verdict is Verdict.UNATTAINABLE


def test_a_cluster_whose_arn_nobody_tells_is_found_by_its_name_and_region() -> None:
    prod, dr = two()
    untold = [replace(r, props={k: v for k, v in r.props.items() if k != "arn"}) for r in (*prod, *dr)]
    there = replicator(None, untold[-2], EAST, WEST)
    assert here(home(*untold, there), "region").option == "replicator's target in us-west-2"
    back = replicator(untold[-2], None, WEST, EAST)
    found = {u["name"]: u for u in facts([*untold, there, back], stack="dr", region=EAST)["members"]}
    west = found[f"bus-{WEST}"]
    assert (west["replicas"], west["sources"]) == (
        [{"region": EAST, "name": back.name}],
        [{"region": EAST, "name": there.name}],
    )


def test_a_stack_alone_says_what_it_lacks() -> None:
    prod, _ = two()
    found = here(home(*prod), "region")
    assert found.verdict is Verdict.UNDETERMINED
    assert "lets replicators in" in " ".join(found.unknown)
    assert here(home(*prod[:-1]), "region").verdict is Verdict.UNATTAINABLE


def test_the_stack_that_declares_the_replicators_judges_both_regions() -> None:
    prod, dr = two()
    told = facts(prod, stack="prod", region=EAST, role="active")
    away = dr[-2]
    both = [replicator(None, away, EAST, WEST), replicator(away, None, WEST, EAST)]
    alarms = [watched(each, 300) for each in both]
    report = home(*dr, *both, *alarms, region=WEST, peers=[told])
    assert losses(here(report, "region")) == (60, 300)
    swapped = facts(prod, stack="prod", region=EAST, role="standby")
    back = home(*dr, *both, *alarms, region=WEST, peers=[swapped])
    found = node(back, "region", f"bus-{WEST}")
    assert (found.option, losses(found)) == ("replicator's target in us-east-1", (60, 300))
