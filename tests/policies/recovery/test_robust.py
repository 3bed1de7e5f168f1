"""Whatever the properties are, a judgement comes out; however long the chains are."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.recovery import Resource, render_html, table, undetermined, violations
from policies.recovery.model import Failure
from tests.policies.recovery import test_monotone as kinds
from tests.policies.recovery.build import TIER1, UNKNOWN, home, res, zones
from tests.policies.recovery.systems import dr, prod

EVERY = {
    "standby": True,
    "pitr": True,
    "replica": True,
    "extra": True,
    "backup": True,
    "copy": True,
    "rto": 4,
    "rpo": 5,
}
SUBNETS = zones()
LISTED = [
    *prod(),
    *dr(plan=True),
    *(r for b in kinds.BUILDERS for r in kinds.build(b, EVERY)),
    *SUBNETS,
    res("ebs", "disk", {"size": 5, "tags": TIER1}),
    res("dlm", "dlm", {"policyDetails": {"targetTags": TIER1, "schedules": [{"createRule": {"interval": 12}, "crossRegionCopyRules": [{}]}]}}),
    res("search", "search", {"clusterConfig": {"instanceCount": 3, "zoneAwarenessEnabled": True}}),
    res("msk", "bus", {"numberOfBrokerNodes": 3}, brokerNodeGroupInfo=SUBNETS),
    res("ecs", "api", {"desiredCount": 3, "networkConfiguration": {"subnets": ["a"]}}, networkConfiguration=SUBNETS),
    res("lambda", "f", {"vpcConfig": {"subnetIds": ["a"]}}),
    res("ec2", "box", {"tags": TIER1}),
    res("cdn", "site", {"origins": [{"connectionAttempts": 3}], "originGroups": [{}]}),
    res("accelerator", "acc"),
    res("dsql", "dsql", {"tags": TIER1}),
    res("selection", "by-condition", {"conditions": [{"stringLikes": [{"key": "aws:ResourceTag/a", "value": "b*"}]}]}, planId=res("plan", "plan")),
]  # fmt: skip
ALL = list({r.urn: r for r in LISTED}.values())

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.floats()
    | st.sampled_from([UNKNOWN, "", "nan", "inf", "[", "-1", "arn:aws:s3", "cron(x)"])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        found += places(inner, (*path, key))
    return found


def put(value: Any, path: tuple[Any, ...], what: Any) -> Any:
    if not path:
        return what
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], what)
    return copy


PLACES = [(i, p) for i, r in enumerate(ALL) for p in places(dict(r.props)) if p]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), junk), min_size=1, max_size=4, unique_by=lambda x: x[0][0])
)
def test_junk_is_judged(changes: list[tuple[tuple[int, tuple[Any, ...]], Any]]) -> None:
    changed = list(ALL)
    for (i, path), what in changes:
        changed[i] = dataclasses.replace(ALL[i], props=put(dict(ALL[i].props), path, what))
    report = home(*changed)
    assert set(report.failures) == set(Failure)
    json.dumps(report.as_json())
    assert table(report)
    assert render_html(report)
    for found in (*violations(report), *undetermined(report)):
        assert found.message


def chain(length: int, kind: str) -> list[Resource]:
    found = [res("table", "end", {"tags": TIER1})]
    for i in range(length):
        found.append(res(kind, f"link{i}", {"tags": TIER1}, dependsOn=found[-1]))
    return found


def test_chains_as_long_as_the_stack() -> None:
    units = home(*chain(3000, "lb"))
    assert len(units.failures[Failure.ZONE].tiers[0].path) == 3001
    assert "link2999 <- link2998 <- link2997 <- (2996 more) <- link0 <- end" in table(units)
    passed_through = home(
        *chain(3000, "aws:iam/role:Role"),
        res("lb", "start", {}, dependsOn=chain(3000, "aws:iam/role:Role")[-1]),
    )
    assert [u.unit.name for u in passed_through.failures[Failure.ZONE].nodes] == ["end", "start"]


def test_cycles_end() -> None:
    a, b = res("lb", "a"), res("lb", "b")
    a = dataclasses.replace(a, dependencies=frozenset({b.urn}))
    b = dataclasses.replace(b, dependencies=frozenset({a.urn}))
    assert len(home(a, b).failures[Failure.ZONE].nodes) == 2
