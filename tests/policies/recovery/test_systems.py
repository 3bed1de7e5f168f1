"""Which units belong together, and that each system is judged by its own objectives."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from policies.recovery import Report, Resource, facts, judge, table, violations
from policies.recovery.model import Failure, Verdict
from tests.policies.recovery.build import TIER1, home, res


def store(name: str, parent: str = "", **tags: str) -> Resource:
    """A database of one instance: an hour or so to come back in another zone."""
    props = {"allocatedStorage": 100, "backupRetentionPeriod": 7, "tags": {**TIER1, **tags}}
    return res("rds", name, props, parent=parent)


def named(report: Report) -> list[str]:
    return [t.system for t in report.failures[Failure.ZONE].tiers]


def test_a_tag_names_the_system_the_most_specific_first() -> None:
    assert named(home(store("a", workload="web", system="shop"), store("b", system="shop"))) == [
        "shop",
        "web",
    ]


def test_an_empty_tag_names_nothing() -> None:
    assert named(home(store("a", workload="", system="shop"))) == ["shop"]


def component(name: str, parent: str = "") -> Resource:
    return res("app:index:Component", name, parent=parent)


def test_untagged_units_of_one_outermost_component_belong_together() -> None:
    web, jobs = component("web"), component("jobs")
    inner = component("web-data", web.urn)
    found = home(web, jobs, inner, store("a", web.urn), store("b", inner.urn), store("c", jobs.urn))
    assert named(found) == ["app", "web"], "a component with one unit is that unit: it is the program's"


def test_what_nothing_names_is_the_programs() -> None:
    assert named(home(store("a"), store("b"))) == ["app"]


def test_a_record_is_of_the_system_it_leads_to() -> None:
    lb = res("lb", "front", {"tags": {"workload": "web"}})
    record = res("record", "www", {"name": "www.example.com", "type": "A", "ttl": 60}, records=lb)
    assert named(home(lb, record)) == ["web"]


def test_another_stacks_facts_carry_the_system() -> None:
    told = facts([store("a", workload="web")], stack="prod", region="us-east-1", role="active")
    assert [m["tags"]["workload"] for m in told["members"]] == ["web"]
    other = res("rds", "b", {"tags": {**TIER1, "workload": "web"}}, stack="dr")
    report = judge([other], peers=[json.loads(json.dumps(told))])
    assert {t.system for t in report.failures[Failure.REGION].tiers} == {"web"}


def test_a_member_elsewhere_tells_the_system_of_what_is_not_tagged() -> None:
    stores = [
        res("table", "t", {"tags": {"workload": "web"}, "name": "t", "region": "us-east-1"}),
        res("lb", "front", {"tags": {"dr:group": "g"}, "region": "us-east-1"}),
        res("lb", "other", {"tags": {"dr:group": "g", "workload": "web"}, "region": "us-west-2"}),
    ]
    assert named(judge(stores)) == ["web"]


@pytest.fixture
def two() -> Report:
    """Two systems of one tier: one promises minutes, the other a day."""
    return home(
        store("quick", workload="orders", **{"rto-hours": "0.5"}),
        store("slow", workload="reports", **{"rto-hours": "24", "rpo-minutes": "60"}),
    )


def test_each_system_is_judged_by_its_own_objectives(two: Report) -> None:
    tiers = two.failures[Failure.ZONE].tiers
    assert [(t.system, t.limit) for t in tiers] == [("orders", 1800), ("reports", 86400)]
    assert [t.verdict for t in tiers] == [Verdict.BREACHED, Verdict.MET_IF]
    assert {v.name for v in violations(two) if "zone failure" in v.message} == {"quick"}
    rows = [line.split() for line in table(two).splitlines()]
    assert {"orders", "reports", "quick", "slow"} <= {r[0] for r in rows if r}


def test_a_path_that_takes_too_long_names_its_system() -> None:
    fast = {**TIER1, "rto-hours": "0.03"}
    db = res("rds", "db", {"multiAz": True, "tags": {**fast, "workload": "web"}})
    template = res("template", "t", userData=db)
    pairs = {**fast, "workload": "web", "dr:required-capacity": "2"}
    tags = [{"key": k, "value": v} for k, v in pairs.items()]
    group = res("asg", "servers", {"desiredCapacity": 2, "tags": tags}, launchTemplate=template)
    report = home(db, template, group)
    [tier] = report.failures[Failure.ZONE].tiers
    assert [n.unit.name for n in tier.path] == ["servers", "db"]
    quick = dataclasses.replace(tier, nodes=tuple(n for n in tier.nodes if n.verdict is Verdict.MET))
    only = dataclasses.replace(report.failures[Failure.ZONE], tiers=(quick,))
    [found] = violations(dataclasses.replace(report, failures={Failure.ZONE: only}))
    assert found.message.startswith("web, tier 1, zone failure: recovery time ")


def test_among_equal_terms_those_of_the_critical_path_are_shown() -> None:
    files = [res("bucket", f"files-{i}", {"tags": {**TIER1, "workload": "web"}}) for i in range(3)]
    versions = {"versioningConfiguration": {"status": "Enabled"}}
    kept = [res("versioning", f"versions-{i}", versions, bucket=f) for i, f in enumerate(files)]
    report = home(*files[:2], *kept, store("db", workload="web"), files[2])
    tier = report.failures[Failure.CORRUPTION].tiers[0]
    assert [n.unit.name for n in tier.path] == ["db"]
    assert {n.unit.name for n in tier.nodes} == {"db", "files-0", "files-1", "files-2"}
    assert {t.urn.rsplit("::", 1)[-1] for t in tier.terms} == {"db"}


def test_the_store_that_compares_worst_stands_for_a_systems_loss() -> None:
    def loser(**rpo: str) -> Any:
        stores = [store(name, workload="web", **{"rpo-minutes": minutes}) for name, minutes in rpo.items()]
        tier = home(*stores).failures[Failure.ZONE].tiers[0].loser
        return tier and tier.unit.name

    assert loser(strict="1", mild="60") == "strict"
    assert loser(mild="60", strict="1") == "strict"
    lb = res("lb", "front", {"tags": {"workload": "web"}})
    assert home(lb).failures[Failure.ZONE].tiers[0].loser is None


def test_stores_that_come_back_apart_are_named_by_system_and_in_words() -> None:
    files = res("bucket", "files", {"tags": {"workload": "web"}})
    alone = res("bucket", "others", {"tags": {"workload": "alone"}})
    found = home(store("db", workload="web"), files, alone).failures[Failure.ZONE].findings
    assert found == ("web: its stores come back up to 5 min apart from each other: reconcile them",)


def test_assumptions_are_in_words() -> None:
    found = home(store("db", workload="web")).failures[Failure.ZONE].assumptions
    assert "somebody decides and starts the recovery (tag dr:decision-minutes): 10 min to 30 min" in found[0]
    assert "a database's storage is restored: 100 MiB/s (restore.rate, grade D)" in found


@pytest.mark.parametrize(
    ("kind", "property_"),
    [
        ("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "deliveryDestinationConfiguration"),
        ("aws:arcregionswitch/plan:Plan", "reportConfigurations"),
        ("aws:fis/experimentTemplate:ExperimentTemplate", "experimentReportConfiguration"),
    ],
)
def test_a_bucket_that_logs_or_reports_go_to_is_not_judged(kind: str, property_: str) -> None:
    logs = res("bucket", "logs", {"region": "us-east-1"})
    report = judge([logs, res(kind, "to", {}, **{property_: logs})])
    assert report.empty
    assert report.notes == ("logs: only logs go there: not judged",)


def test_two_stacks_that_say_the_same_are_noted_once() -> None:
    def logging(stack: str, region: str) -> list[Resource]:
        logs = res("bucket", "logs", {"region": region}, stack=stack)
        return [logs, res("lb", "lb", {"region": region}, stack=stack, accessLogs=logs)]

    report = judge([*logging("prod", "us-east-1"), *logging("dr", "us-west-2")])
    assert report.notes == ("logs: only logs go there: not judged",)
