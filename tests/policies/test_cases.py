"""The tables of cases are whole, and speak of types and properties that exist."""

from __future__ import annotations

import functools
import importlib.util
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from policies.rules import RULES
from policies.rules.kernel.config import schema
from policies.rules.kernel.rule import Rule
from policies.rules.principles import PRINCIPLES
from policies.rules.retired import RETIRED
from tests.policies.case import Case
from tests.policies.cases import CASES

_CLASS = re.compile(r'@pulumi\.type_token\("(aws:[^"]+)"\)\nclass (\w+)\(pulumi\.CustomResource')
_GETTER = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    (?:@[^\n]+\n    )?def (\w+)\(self\)')


@functools.cache
def provider_types() -> dict[str, set[str]]:
    """Every type of the installed pulumi_aws, with the names of its properties on the wire."""
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    found = {}
    for source in Path(spec.origin).parent.rglob("*.py"):
        text = source.read_text("utf-8")
        made = _CLASS.search(text)
        if made:
            found[made[1]] = {wire or name for wire, name in _GETTER.findall(text)}
    return found


def without_cases(rules: Iterable[Rule], cases: Iterable[Case]) -> set[str]:
    """Rules that lack a violating, a conforming or an unknown case."""
    whole = {case.rule for case in cases if case.bad and case.good and case.unsure}
    return {rule.name for rule in rules} - whole


def test_every_rule_has_its_cases() -> None:
    assert without_cases(RULES, CASES) == set()
    assert {case.rule for case in CASES} <= {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_case_taken_away_is_noticed(rule: Rule) -> None:
    assert without_cases(RULES, [case for case in CASES if case.rule != rule.name]) == {rule.name}


def test_case_names_are_unique() -> None:
    names = [(case.rule, case.note) for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rules_judge_types_that_exist(rule: Rule) -> None:
    assert set(rule.types) - {"aws:"} <= provider_types().keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.note}")
def test_cases_speak_of_properties_that_exist(case: Case) -> None:
    for resource in (*case.bad, *case.good, *case.unsure):
        assert set(resource.props) <= provider_types()[resource.type], resource
        assert set(resource.refs) <= provider_types()[resource.type], resource


def test_retired_prefixes_are_of_types_or_of_services_the_provider_has_dropped() -> None:
    dropped = {
        prefix for prefix in RETIRED if not any(token.startswith(prefix) for token in provider_types())
    }
    assert dropped == {"aws:autoscaling/launchConfiguration:", "aws:opsworks/", "aws:simpledb/"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_metadata_is_whole(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert rule.check.__doc__
    for sentence in (rule.why, rule.remedy):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
    assert rule.page.startswith(("https://docs.aws.amazon.com/", "https://aws.amazon.com/"))
    assert re.match(r"(REL|SEC|COST|OPS|PERF|SUS)\d\d-BP\d\d [A-Z]", rule.pillar)
    for wanted in schema(rule).values():
        assert {"type", "default", "description"} <= wanted.keys()


def test_every_principle_has_a_rule_or_a_reason() -> None:
    held = {number for rule in RULES for number in rule.principles}
    assert held <= PRINCIPLES.keys()
    assert list(PRINCIPLES) == [f"R{i:02}" for i in range(1, 79)]
    for number, principle in PRINCIPLES.items():
        assert bool(principle.without) is (number not in held), number
