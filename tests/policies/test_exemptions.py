"""Exemptions, in the pack's configuration and in the stack's: what they let go, what is told of them, when they end, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pulumi.output import UNKNOWN

from sandbox.policy import PolicyConfigError, PolicyHost, PolicyInput, ProviderInput, Violation
from tests.policies.case import to_inputs
from tests.policies.cases.recovery import table

MULTI_AZ = "rds-instance-multi-az"
RECOVERY = "recovery-objectives"
INSTANCE = "aws:rds/instance:Instance"
STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
TODAY = dt.datetime.now(dt.UTC).date()


def day(ahead: int) -> str:
    return (TODAY + dt.timedelta(days=ahead)).isoformat()


SOON, YESTERDAY = day(30), day(-1)
Grant = Callable[..., None]


@pytest.fixture(params=["pack", "stack"])
def grant(request: pytest.FixtureRequest, pack: PolicyHost) -> Grant:
    """`grant(rule, resource=..., ...)` writes exemptions of a rule into the pack's configuration, or into the stack's."""

    def write(rule: str, *more: Mapping[str, Any], **entry: Any) -> None:
        given = [{"reason": "rebuilt nightly", "until": SOON, **each} for each in (*more, entry)]
        given = [{key: value for key, value in each.items() if value is not None} for each in given]
        if request.param == "pack":
            pack.configure({rule: {"exempt": given}})
        else:
            told = json.dumps([{"rule": rule, **each} for each in given])
            pack.configure_stack({"holdfast:exemptions": told, "holdfast:other": "x"})

    return write


def database(name: str = "db", **props: Any) -> PolicyInput:
    urn = f"urn:pulumi:prod::shop::{INSTANCE}::{name}"
    return PolicyInput(type=INSTANCE, urn=urn, name=name, props=props)


def by(violations: Sequence[Violation], rule: str = MULTI_AZ) -> list[tuple[str, str]]:
    """Level and second line of what a rule says."""
    return [(v.level, v.message.split("\n")[1]) for v in violations if v.rule == rule]


@pytest.mark.parametrize("resource", ["reports", "rep*", "*::reports", "*::aws:rds/*"])
def test_it_lets_go_of_a_resource_and_says_why_and_until_when(
    pack: PolicyHost, grant: Grant, resource: str
) -> None:
    grant(MULTI_AZ, resource=resource)
    note = f"reports: exempt until {SOON}: rebuilt nightly. Let go: multiAz is not true."
    assert by(pack.analyze(database("reports"))) == [("advisory", note)]
    ((level, _),) = by(pack.analyze(database("orders")))
    assert level == ("advisory" if resource.startswith("*::aws") else "mandatory")


def test_it_lets_go_of_one_rule_only(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="*")
    others = {v.rule for v in pack.analyze(database()) if v.level == "mandatory"}
    assert "rds-deletion-protection" in others
    assert MULTI_AZ not in others


def test_today_is_the_last_day(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="*", until=TODAY.isoformat())
    assert [level for level, _ in by(pack.analyze(database()))] == ["advisory"]


def test_a_date_without_quotes_is_one(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="*", until=f"{SOON} 00:00:00 +0000 UTC")
    assert f"exempt until {SOON}:" in by(pack.analyze(database()))[0][1]


def test_after_the_last_day_the_violation_comes_back_and_says_so(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="*", until=YESTERDAY)
    ((level, message),) = by(pack.analyze(database()))
    assert level == "mandatory"
    assert message.startswith(
        f"db: multiAz is not true. Its exemption ended on {YESTERDAY} (rebuilt nightly). Set multi_az=True. See https://"
    )


def test_one_that_holds_counts_beside_one_that_ended(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, {"resource": "*", "until": YESTERDAY, "reason": "old"}, resource="db")
    assert [level for level, _ in by(pack.analyze(database()))] == ["advisory"]


def stack(*resources: PolicyInput) -> list[PolicyInput]:
    root = PolicyInput(type="pulumi:pulumi:Stack", urn=STACK, name="shop-prod")
    return [root, *resources]


def judged(pack: PolicyHost, *resources: PolicyInput) -> list[tuple[str, str]]:
    """What the rule on databases says of a stack, its resources first, as the engine asks."""
    alone = [found for each in resources for found in by(pack.analyze(each))]
    return alone + by(pack.analyze_stack(stack(*resources)))


def test_one_that_matches_nothing_is_told(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="nosuch", reason="a slip of the pen")
    bucket = PolicyInput(type="aws:s3/bucket:Bucket", urn="urn:b::nosuch", name="nosuch")
    [(level, message)] = [
        found for found in judged(pack, database(multiAz=True), bucket) if "slip" in found[1]
    ]
    assert level == "advisory"
    told = "[0]: the exemption of 'nosuch' (a slip of the pen) matches no resource of this stack that the rule judges. Correct or remove it."
    assert message.endswith(told)


def test_one_that_is_not_needed_any_more_is_told(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="d?", reason="it was young")
    [(level, message)] = judged(pack, database(multiAz=True))
    assert level == "advisory"
    assert message.endswith(
        "(it was young) is not needed: the rule has nothing to say where it points. Remove it."
    )


def test_one_that_is_used_or_may_be_is_not_told(pack: PolicyHost, grant: Grant) -> None:
    grant(MULTI_AZ, resource="db", reason="used")
    assert len(judged(pack, database(multiAz=False))) == 1
    grant(MULTI_AZ, resource="db", reason="may be used")
    [(_, message)] = judged(pack, database(multiAz=UNKNOWN))
    assert "is not known before the deployment" in message


def test_one_of_a_rule_that_is_switched_off_is_not_told(pack: PolicyHost) -> None:
    entry = {"resource": "nosuch", "reason": "off", "until": SOON}
    pack.configure({MULTI_AZ: {"enforcementLevel": "disabled", "exempt": [entry]}})
    assert judged(pack, database()) == []


def test_a_rule_on_the_graph_lets_go(pack: PolicyHost, grant: Grant) -> None:
    rule = "s3-bucket-versioning"
    buckets = [
        PolicyInput(type="aws:s3/bucket:Bucket", urn=f"urn:b::{name}", name=name, props={"bucket": name})
        for name in ("scratch", "orders")
    ]
    grant(rule, resource="scratch")
    assert [level for level, _ in by(pack.analyze_stack(stack(*buckets)), rule)] == ["advisory", "mandatory"]


def tables(**props: Any) -> list[PolicyInput]:
    """Two systems with a table each; `props` take away what brings it back."""
    found = []
    for name, system in (("ledger", "orders"), ("index", "search")):
        tags = {"rto-hours": "4", "rpo-minutes": "15", "workload": system}
        (resource,) = to_inputs(table(tags, **props), mark=f"{name}-")
        found.append(resource)
    return found


def failing(pack: PolicyHost, resources: Sequence[PolicyInput]) -> set[tuple[str, str]]:
    """Name and failure of each unit that makes the preview fail."""
    found = by(pack.analyze_stack(stack(*resources)), RECOVERY)
    heads = [message.split(": ")[:2] for level, message in found if level == "mandatory"]
    return {(name, said.rpartition(", ")[2]) for name, said in heads}


BOTH = {"replicas": [], "pointInTimeRecovery": {"enabled": False}}
ALL = {
    (f"{name}-it", f"{failure} failure")
    for name in ("ledger", "index")
    for failure in ("region", "corruption")
}


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ({"resource": "nosuch"}, ALL),
        ({"resource": "ledger-*"}, {each for each in ALL if each[0] == "index-it"}),
        ({"resource": "*", "system": "orders"}, {each for each in ALL if each[0] == "index-it"}),
        ({"resource": "*", "failure": "region"}, {each for each in ALL if each[1] == "corruption failure"}),
        (
            {"resource": "ledger-it", "system": "ord*", "failure": "region"},
            ALL - {("ledger-it", "region failure")},
        ),
        ({"resource": "ledger-it", "system": "search"}, ALL),
    ],
)
def test_objectives_are_let_go_by_unit_system_and_failure(
    pack: PolicyHost, grant: Grant, entry: dict[str, str], left: set[tuple[str, str]]
) -> None:
    grant(RECOVERY, **entry)
    assert failing(pack, tables(**BOTH)) == left


def chain() -> list[PolicyInput]:
    """A server and the database that it waits for: each keeps 83 minutes when a zone goes, both together don't."""
    tags = {
        "dr-tier": "1",
        "rto-hours": "400",
        "dr:rto-hours-zone": "1.38",
        "rpo-minutes": "60",
        "workload": "orders",
    }
    east = ProviderInput(props={"region": "us-east-1"})
    props = {"multiAz": True, "backupRetentionPeriod": 7, "engine": "postgres", "tags": tags}
    one = dataclasses.replace(database("one", **props), provider=east)
    token = "aws:ec2/instance:Instance"
    two = PolicyInput(
        type=token,
        urn=f"urn:pulumi:prod::shop::{token}::two",
        name="two",
        props={"tags": tags, "userData": "x"},
        provider=east,
        dependencies=[one.urn],
        property_dependencies={"userData": [one.urn]},
    )
    return [one, two]


def test_a_systems_critical_path_is_let_go_as_well(pack: PolicyHost, grant: Grant) -> None:
    def along() -> list[str]:
        found = by(pack.analyze_stack(stack(*chain())), RECOVERY)
        return [
            level
            for level, message in found
            if "orders, tier 1, zone failure" in message and "along" in message
        ]

    assert along() == ["mandatory"]
    grant(RECOVERY, resource="*", system="orders", failure="zone")
    assert along() == ["advisory"]


def test_what_is_let_go_is_not_put_right(pack: PolicyHost) -> None:
    rule = "aws-resource-required-tags"
    entry = {"resource": "kept-as-*", "reason": "tagged by another team", "until": SOON}
    pack.configure({rule: {"enforcementLevel": "remediate", "add": {"owner": "x"}, "exempt": [entry]}})
    for name, tags in (("kept-as-it-is", {}), ("other", {"owner": "x"})):
        topic = PolicyInput(type="aws:sns/topic:Topic", urn=f"urn:t::{name}", name=name, props={"tags": {}})
        assert pack.remediate(topic)["tags"] == tags


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"until": "soon"}, ".until: 'soon' is no date (YYYY-MM-DD)"),
        ({"until": "2027-02-30"}, ".until: '2027-02-30' is no date (YYYY-MM-DD)"),
        ({"until": 2027}, ".until: 2027"),
        (
            {"until": day(367)},
            f".until: {day(367)} is more than a year ahead: until {day(366)} at the latest",
        ),
        ({"reason": ""}, ".reason: '' is empty"),
        ({"reason": " "}, ".reason: ' ' is empty"),
        ({"resource": ""}, ".resource: '' is empty"),
        ({"resource": None}, ": 'resource' is missing"),
        ({"reason": None}, ": 'reason' is missing"),
        ({"until": None}, ": 'until' is missing"),
        ({"resorce": "x"}, ": unknown key 'resorce'; did you mean 'resource'?"),
        ({"failure": "region"}, ": unknown key 'failure'"),
    ],
    ids=str,
)
def test_a_malformed_one_is_one_line(
    pack: PolicyHost, grant: Grant, entry: dict[str, Any], said: str
) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        grant(MULTI_AZ, {"resource": "*", **entry}, resource="nosuch")
    text = str(caught.value)
    assert "\n" not in text
    assert f"[0]{said}" in text
    assert MULTI_AZ in text or "holdfast:exemptions[0]" in text
    assert [level for level, _ in by(pack.analyze(database()))] == ["mandatory"], (
        "what held before still holds"
    )


def test_a_failure_that_is_none_is_refused(pack: PolicyHost, grant: Grant) -> None:
    with pytest.raises(
        PolicyConfigError, match=r"failure: 'planet' is not one of instance, zone, region, corruption"
    ):
        grant(RECOVERY, resource="*", failure="planet")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "holdfast:exemptions: 'nothing' is no list of exemptions"),
        ('{"rule": "x"}', "holdfast:exemptions: {'rule': 'x'} is no list of exemptions"),
        ('["x"]', "holdfast:exemptions[0]: 'x' is no exemption: rule, resource, reason and until"),
        ('[{"resource": "x"}]', "holdfast:exemptions[0]: 'rule' is missing"),
        ('[{"rule": 7}]', "holdfast:exemptions[0].rule: unknown rule 7"),
        (
            f'[{{"rule": "{MULTI_AZ}s"}}]',
            f"holdfast:exemptions[0].rule: unknown rule '{MULTI_AZ}s'; did you mean '{MULTI_AZ}'?",
        ),
    ],
)
def test_a_stacks_configuration_that_holds_none_is_one_line(pack: PolicyHost, text: str, said: str) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        pack.configure_stack({"holdfast:exemptions": text})
    assert str(caught.value) == f"stack configuration: {said}"


def test_both_homes_count_together(pack: PolicyHost) -> None:
    entry = {"resource": "one", "reason": "r", "until": SOON}
    pack.configure_stack(
        {"holdfast:exemptions": json.dumps([{"rule": MULTI_AZ, **entry, "resource": "two"}])}
    )
    pack.configure({MULTI_AZ: {"exempt": [entry]}})
    levels = [by(pack.analyze(database(name)))[0][0] for name in ("one", "two", "three")]
    assert levels == ["advisory", "advisory", "mandatory"]
