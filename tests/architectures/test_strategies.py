"""Each strategy: what exists in each region, what sends clients there, and what it keeps of its own objectives."""

from __future__ import annotations

import functools
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from architectures.strategies import Posture, Strategy, Traffic, backups_a_day, posture
from policies.recovery import Report, judge
from policies.recovery.document import DOCUMENT
from policies.recovery.model import Failure, Verdict
from tests.architectures import strategy_table
from tests.architectures.conftest import PEER, outputs, run
from tests.architectures.strategy_table import changes, fill
from tests.policies.recovery.test_program import EAST, WEST
from tests.pulumi_mocks import Deployment

KEPT = (Verdict.MET, Verdict.MET_IF)
GROUP, CLUSTER, MEMBER = (
    "aws:autoscaling/group:Group",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
)
STANDBY = {
    Strategy.BACKUP_AND_RESTORE: {
        GROUP: None,
        CLUSTER: 0,
        MEMBER: 0,
        "aws:lb/loadBalancer:LoadBalancer": 0,
        "HealthCheck": 0,
        "ZonalAutoshiftConfiguration": 0,
    },
    Strategy.PILOT_LIGHT: {
        GROUP: 0,
        CLUSTER: 1,
        MEMBER: 2,
        "aws:lb/loadBalancer:LoadBalancer": 1,
        "HealthCheck": 5,
        "ZonalAutoshiftConfiguration": 0,
    },
    Strategy.WARM_STANDBY: {
        GROUP: 3,
        CLUSTER: 1,
        MEMBER: 2,
        "aws:lb/loadBalancer:LoadBalancer": 1,
        "HealthCheck": 5,
        "ZonalAutoshiftConfiguration": 1,
    },
    Strategy.ACTIVE_ACTIVE: {
        GROUP: 6,
        CLUSTER: 1,
        MEMBER: 2,
        "aws:lb/loadBalancer:LoadBalancer": 1,
        "HealthCheck": 5,
        "ZonalAutoshiftConfiguration": 1,
    },
}
"""What the region that isn't active has; of a group, how many instances it runs at least (None: it has no group)."""
Pair = dict[str, Deployment]


@pytest.fixture(scope="module", params=list(Strategy), ids=str)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy) -> Pair:
    return strategy_table.pair(strategy)


@pytest.fixture(scope="module")
def report(strategy: Strategy) -> Report:
    return judge(strategy_table.registered(strategy))


def sizes(stack: Deployment) -> tuple[int, int] | None:
    groups = [group.inputs for group in stack.all(GROUP)]
    return (groups[0]["minSize"], groups[0]["desiredCapacity"]) if groups else None


def test_the_region_that_stands_by_has_what_the_strategy_says(strategy: Strategy, pair: Pair) -> None:
    wanted = dict(STANDBY[strategy])
    instances = wanted.pop(GROUP)
    assert sizes(pair["dr"]) == (None if instances is None else (instances, instances))
    found = {kind: len([r for r in pair["dr"].resources if r.type.endswith(kind)]) for kind in wanted}
    assert found == wanted


def test_the_active_region_is_the_same_whatever_the_strategy(pair: Pair) -> None:
    assert sizes(pair["prod"]) == (6, 6)
    assert len(pair["prod"].all(MEMBER)) == 2
    assert len(pair["prod"].all("ZonalAutoshiftConfiguration")) == 1


def test_only_recovery_points_cross_regions_or_a_global_database_does(strategy: Strategy, pair: Pair) -> None:
    alone = strategy is Strategy.BACKUP_AND_RESTORE
    assert len(pair["prod"].all("aws:rds/globalCluster:GlobalCluster")) == (0 if alone else 1)
    (cluster,) = pair["prod"].all(CLUSTER)
    assert ("globalClusterIdentifier" in cluster.inputs) is not alone
    rules = pair["prod"].one("aws:backup/plan:Plan").inputs["rules"]
    assert rules[0]["schedule"] == ("cron(0 5/12 ? * * *)" if alone else "cron(0 5 ? * * *)")
    assert all(rule["copyActions"] for rule in rules)


def test_writes_are_forwarded_where_both_regions_serve_and_one_writes(strategy: Strategy, pair: Pair) -> None:
    forwarding = {
        name: [c.inputs.get("enableGlobalWriteForwarding") for c in stack.all(CLUSTER)]
        for name, stack in pair.items()
    }
    assert forwarding["prod"] == [None]
    assert (forwarding["dr"] == [True]) is (strategy is Strategy.ACTIVE_ACTIVE)


def site(stack: Deployment) -> dict[str, Any]:
    return stack.one("Record", "web-site-site-record").inputs


def test_what_sends_clients_to_a_region(strategy: Strategy, pair: Pair) -> None:
    prod, dr = site(pair["prod"]), site(pair["dr"])
    if strategy is Strategy.ACTIVE_ACTIVE:
        for region, record in ((EAST, prod), (WEST, dr)):
            assert record["latencyRoutingPolicies"] == [{"region": region}]
            assert record["aliases"][0]["name"] == f"{region}.www.holdfast.example"
            assert record["healthCheckId"] == "web-switch-may-serve-id"
        return
    assert prod["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert dr["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    own = f"{WEST}.www.holdfast.example"
    sorry = outputs(pair["prod"])["systems"]["web"]["sorryName"]
    assert dr["aliases"][0]["name"] == (sorry if strategy is Strategy.BACKUP_AND_RESTORE else own)


def test_hosts_are_missed_where_any_is_wanted(strategy: Strategy, pair: Pair) -> None:
    if strategy is Strategy.BACKUP_AND_RESTORE:
        assert not [alarm for alarm in pair["dr"].all("MetricAlarm") if alarm.name.startswith("web-")]
        return
    hosts = pair["dr"].one("MetricAlarm", "web-health-hosts").inputs
    idle = strategy is Strategy.PILOT_LIGHT
    assert ("metricQueries" in hosts) is idle
    assert bool([a for a in pair["dr"].all("MetricAlarm") if "healthy-usw2" in a.name]) is not idle
    if idle:
        (wanted,) = [q["metric"] for q in hosts["metricQueries"] if q["id"] == "wanted"]
        assert wanted["metricName"] == "GroupDesiredCapacity"
        assert wanted["dimensions"] == {"AutoScalingGroupName": f"{pair['dr'].one(GROUP).name}-1234567"}


def test_a_standby_in_both_stacks_says_the_same_strategy(pair: Pair, strategy: Strategy) -> None:
    other = next(each for each in Strategy if each is not strategy)
    with pytest.raises(Exception, match=rf"systems.web.strategy: got '{other}', allowed is '{strategy}'"):
        run("dr", {PEER: outputs(pair["prod"])}, **changes("dr", other))


SHORT = {
    (Strategy.WARM_STANDBY, Failure.REGION): Verdict.AT_RISK,
    (Strategy.ACTIVE_ACTIVE, Failure.REGION): Verdict.BREACHED,
    (Strategy.ACTIVE_ACTIVE, Failure.INSTANCE): Verdict.AT_RISK,
    (Strategy.ACTIVE_ACTIVE, Failure.ZONE): Verdict.AT_RISK,
}
"""What a strategy's defaults can't keep with Aurora: a person decides that another region writes, and each promotion takes up to a
minute, or minutes. The variants below do keep it."""


@pytest.mark.parametrize("failure", list(Failure), ids=str)
def test_a_strategy_keeps_its_objectives(strategy: Strategy, report: Report, failure: Failure) -> None:
    short = SHORT.get((strategy, failure))
    assert report.failures[failure].verdict in ((short,) if short else KEPT)


@pytest.mark.parametrize("variant", strategy_table.VARIANTS)
@pytest.mark.parametrize("failure", list(Failure), ids=str)
def test_a_variant_keeps_the_objectives_that_its_strategys_defaults_do_not(
    variant: str, failure: Failure
) -> None:
    strategy, _ = strategy_table.VARIANTS[variant]
    assert judged(strategy, variant).failures[failure].verdict in KEPT
    assert (strategy, Failure.REGION) in SHORT


@functools.cache
def judged(strategy: Strategy, variant: str) -> Report:
    return judge(strategy_table.registered(strategy, variant))


@pytest.mark.parametrize(
    ("strategy", "key", "value", "message"),
    [
        (
            Strategy.PILOT_LIGHT,
            "standbyFraction",
            0.5,
            r"standbyFraction: got 0.5, allowed is nothing with pilot-light",
        ),
        (
            Strategy.WARM_STANDBY,
            "standbyFraction",
            1.5,
            r"standbyFraction: got 1.5, allowed is above 0 and at most 1$",
        ),
        (
            Strategy.WARM_STANDBY,
            "standbyFraction",
            0,
            r"standbyFraction: got 0.0, allowed is above 0 and at most 1$",
        ),
        (
            Strategy.ACTIVE_ACTIVE,
            "site",
            None,
            r"strategy: got 'active-active', allowed is any other without a site",
        ),
    ],
)
def test_what_a_strategy_does_not_take_is_one_line(
    strategy: Strategy, key: str, value: object, message: str
) -> None:
    given = changes("prod", strategy)
    given["systems"]["web"] = {**given["systems"]["web"], key: value}
    if value is None:
        del given["systems"]["web"][key]
    with pytest.raises(pulumi.RunError, match=rf"^holdfast:systems\.web\.{message}") as raised:
        run("prod", {}, **given)
    assert len(str(raised.value).splitlines()) == 1


FRACTIONS = st.floats(min_value=0.01, max_value=1)


@given(st.sampled_from(Strategy), FRACTIONS, st.booleans(), st.booleans())
def test_the_active_region_runs_everything(
    strategy: Strategy, share: float, rebuilt: bool, kept: bool
) -> None:
    stands = posture(strategy, active=True, share=share, rebuilt=rebuilt, kept=kept)
    assert (stands.data, stands.share, stands.forwards_writes) == (True, 1, False)


@given(FRACTIONS, st.booleans(), st.booleans())
def test_strategies_stand_in_an_order(share: float, rebuilt: bool, kept: bool) -> None:
    """Each has at least what the one before it has, and never less because of stores that it has kept or restored."""
    shares: list[float] = []
    for strategy in Strategy:
        stands = posture(strategy, active=False, share=share)
        more = posture(strategy, active=False, share=share, rebuilt=rebuilt, kept=kept)
        shares.append(-1 if stands.share is None else stands.share)
        assert (-1 if more.share is None else more.share) >= shares[-1]
        assert stands.data == (stands.share is not None)
    assert shares == sorted(shares)


def test_a_region_keeps_the_stores_that_it_has() -> None:
    left = posture(Strategy.BACKUP_AND_RESTORE, active=False, share=0.5, kept=True)
    assert left == Posture(
        data=True, replicated=False, share=0, traffic=Traffic.ACTIVE_FIRST, forwards_writes=False
    )


def test_half_a_day_of_backups_where_they_are_all_there_is() -> None:
    assert backups_a_day(set()) == backups_a_day({Strategy.PILOT_LIGHT}) == 1
    assert backups_a_day({Strategy.PILOT_LIGHT, Strategy.BACKUP_AND_RESTORE}) == 2


def test_the_documents_table_is_what_the_stacks_make() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert fill(text) == text, "run python -m tests.architectures.strategy_table"
