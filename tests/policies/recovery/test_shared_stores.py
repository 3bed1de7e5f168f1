"""Stores that one stack declares in two regions: judged by their own stack, by exports of both, and by what one tells the other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.graph import Resource
from policies.recovery import Report, Settings, facts, from_export, judge, violations
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, backed_up, losses, node, res, times
from tests.policies.recovery.test_report import exported

TAGS = {**TIER1, "dr:rpo-minutes-corruption": "30", "backup": "required"}
WEST = {"regionName": "us-west-2", "consistencyMode": "EVENTUAL", "kmsKeyArn": "k"}


def table(**replica: Any) -> list[Resource]:
    """A table with a replica, and the servers beside it that use it."""
    props = {"tags": TAGS, "pointInTimeRecovery": {"enabled": True}, "replicas": [{**WEST, **replica}]}
    return [res("table", "orders", props), *servers("prod")]


def dsql() -> list[Resource]:
    """A cluster with its peer: both declared by the stack of the first region."""
    here = res("dsql", "db", {"tags": TAGS})
    away = res("dsql", "db-peer", {"region": "us-west-2", "tags": TAGS})
    halves = [
        res("peering", "half", identifier=here, clusters=[away]),
        res("peering", "other", {"region": "us-west-2"}, identifier=away, clusters=[here]),
    ]
    return [here, away, *halves, *servers("prod")]


def servers(stack: str) -> list[Resource]:
    return [res("stack", f"app-{stack}", {}, stack=stack), res("lambda", "app", {"tags": TIER1}, stack=stack)]


def joined(told: list[dict[str, Any]]) -> list[Resource]:
    """The other region's stack: servers of its own, and what the first told it."""
    own = res("stack", "app-dr", {"recovery_peers": told}, stack="dr")
    return [own, res("lambda", "app", {"tags": TIER1}, stack="dr")]


def by(form: str, prod: list[Resource]) -> Report:
    """The judgement of the stack alone, of both by their exports, or of the other by what the first tells it."""
    if form == "alone":
        return judge(prod, Settings(home="us-east-1"))
    if form == "exports":
        return judge([*prod, *joined([])], Settings(home="us-east-1"))
    told = json.loads(json.dumps(facts(prod, stack="prod", region="us-east-1", role="active")))
    return judge(joined([told]), Settings(home="us-west-2"))


@pytest.mark.parametrize("form", ["alone", "exports", "told"])
def test_an_eventual_table_loses_seconds_with_its_region(form: str) -> None:
    found = node(by(form, table()), "region", "orders")
    assert (times(found), losses(found)) == ((0, 0), (1, 5))
    assert (found.option, found.verdict) == ("replica in us-west-2", Verdict.MET)


@pytest.mark.parametrize("form", ["alone", "exports", "told"])
def test_a_strong_table_loses_nothing_with_its_region(form: str) -> None:
    found = node(by(form, table(consistencyMode="STRONG")), "region", "orders")
    assert (times(found), losses(found)) == ((0, 0), (0, 0))


def test_a_promise_to_lose_nothing_is_kept_by_what_agrees_before_it_answers() -> None:
    promised = {**TAGS, "rpo-minutes": "0"}
    for failure in ("instance", "zone", "region"):
        strong = [
            res("table", "orders", {"tags": promised, "replicas": [{**WEST, "consistencyMode": "STRONG"}]})
        ]
        assert node(by("alone", strong), failure, "orders").verdict is Verdict.MET
        peered = [res("dsql", "db", {"tags": promised}), *dsql()[1:]]
        assert node(by("alone", peered), failure, "db").verdict is Verdict.MET
    eventual = [res("table", "orders", {"tags": promised, "replicas": [WEST]})]
    assert node(by("alone", eventual), "region", "orders").verdict is Verdict.BREACHED
    open_ = [res("table", "orders", {"tags": promised, "replicas": [{**WEST, "consistencyMode": UNKNOWN}]})]
    assert node(by("alone", open_), "region", "orders").verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("form", ["alone", "exports"])
def test_a_replica_repeats_a_deletion_and_a_point_in_time_does_not(form: str) -> None:
    found = node(by(form, table(consistencyMode="STRONG")), "corruption", "orders")
    assert (found.option, losses(found)) == ("point-in-time restore", (300, 300))


@pytest.mark.parametrize("form", ["alone", "exports", "told"])
def test_peered_clusters_lose_nothing_with_either_region(form: str) -> None:
    report = by(form, dsql())
    for name, left in (("db", "us-west-2"), ("db-peer", "us-east-1")):
        found = node(report, "region", name)
        assert (times(found), losses(found)) == ((0, 0), (0, 0))
        assert found.option == f"peered cluster in {left}"


def test_a_backup_of_one_cluster_brings_back_both() -> None:
    for name in ("db", "db-peer"):
        assert node(by("alone", dsql()), "corruption", name).verdict is Verdict.UNATTAINABLE
    report = judge([*dsql(), *backed_up()], Settings(home="us-east-1"))
    for name in ("db", "db-peer"):
        found = node(report, "corruption", name)
        # a day, a start window of 0..1 h, a job of 5 min..1 h
        assert losses(found) == (86400 + 300, 86400 + 3600 + 3600)
        assert found.option == "restore of a backup (plan, daily)"
    loose = [each for each in dsql() if each.name != "other"]
    report = judge([*loose, *backed_up()], Settings(home="us-east-1"))
    assert node(report, "corruption", "db-peer").verdict is Verdict.UNATTAINABLE


def test_a_replica_that_the_other_stack_declares_counts_when_both_exports_are_at_hand() -> None:
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    here = res("table", "orders", {"tags": TAGS, "name": "orders", "arn": arn})
    away = res("table-replica", "copy", {"region": "us-west-2", "globalTableArn": arn}, stack="dr")
    found = node(judge([here, away], Settings(home="us-east-1")), "region", "orders")
    assert (times(found), losses(found)) == ((0, 0), (1, 5))
    assert node(judge([here], Settings(home="us-east-1")), "region", "orders").verdict is Verdict.UNATTAINABLE


def test_an_export_says_what_the_program_said() -> None:
    document = exported([res("table", "orders", {"tags": TAGS, "replicas": [WEST]})], "us-east-1")
    report = judge(from_export(document))
    assert losses(node(report, "region", "orders")) == (1, 5)
    assert [each.name for each in violations(report) if "region" in each.message] == []
