"""An unset value is no value: adding what the provider writes for what was never set changes no judgement."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.graph import Resource
from policies.graph.values import find, is_set
from policies.recovery import judge, settings_from
from policies.rules import RULES
from policies.rules.kernel.judge import Judge
from tests.policies.case import Case
from tests.policies.cases import CASES
from tests.policies.recovery import test_robust as systems
from tests.policies.test_junk import known, made
from tests.policies.unset import unset, with_unset

JUDGE = Judge(RULES)


def filled(r: Resource) -> Resource:
    if r.type not in unset():
        return r
    return dataclasses.replace(r, props=with_unset(r.type, dict(r.props), set(r.property_dependencies)))


def said(resources: list[Resource]) -> list[tuple[str, str, str]]:
    found = [f for one in resources for f in JUDGE.resource(one)] + list(JUDGE.stack(resources))
    return [(f.rule.name, f.urn, f.message) for f in found]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.rule}{'-' + c.note if c.note else ''}")
def test_no_rule_takes_it_for_a_value(case: Case) -> None:
    JUDGE.configure({k: (JUDGE.levels[k], v) for k, v in case.config.items() if isinstance(v, dict)})
    for stack in (case.bad, case.good, case.unsure):
        resources = [made(r, known(dict(r.props))) for r in stack]
        assert said([filled(r) for r in resources]) == said(resources)


def estimated(resources: list[Resource]) -> dict[str, Any]:
    return judge(resources, settings_from({"region": "us-east-1", "data-gib": 10})).as_json()


def test_the_estimator_does_not_take_it_for_a_value() -> None:
    assert estimated([filled(r) for r in systems.ALL]) == estimated(systems.ALL)


PLACES = [
    (i, name)
    for i, r in enumerate(systems.ALL)
    for name in unset().get(r.type, {})
    if name not in r.props and name not in r.property_dependencies
]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLACES))
def test_nor_does_it_take_one_alone(place: tuple[int, str]) -> None:
    i, name = place
    one = systems.ALL[i]
    props = {**one.props, **{k: v for k, v in filled(one).props.items() if k == name}}
    changed = [*systems.ALL[:i], dataclasses.replace(one, props=props), *systems.ALL[i + 1 :]]
    assert estimated(changed) == estimated(systems.ALL)


@pytest.mark.parametrize(
    ("name", "value", "given_"),
    [
        ("healthCheckId", "", False),
        ("healthCheckId", "abc", True),
        ("multivalueAnswerRoutingPolicy", False, False),
        ("multivalueAnswerRoutingPolicy", True, True),
        ("failoverRoutingPolicies", [], False),
        ("weightedRoutingPolicies", [{"weight": 0}], True),
        ("allocatedStorage", 0, False),
        ("allocatedStorage", 20, True),
        ("minSize", 0, True),
        ("warmPool", {}, False),
        ("anything", None, False),
    ],
)
def test_what_set_means(name: str, value: object, given_: bool) -> None:
    assert is_set(name, value) is given_


def test_an_object_and_a_list_of_one_are_read_alike() -> None:
    assert find({"versioning": {"enabled": True}}, "versioning.enabled") is True
    assert find({"versionings": [{"enabled": True}]}, "versioning.enabled") is True
    assert find({"rules": {"status": "Enabled"}}, "rules.0.status") == "Enabled"
    assert find({"rules": [{"a": 1}, {"a": 2}]}, "rules.a") is None
