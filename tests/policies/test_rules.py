"""Every rule, through the protocol: a case that breaks it, one that keeps it, one that can't be known yet."""

from __future__ import annotations

import pytest

from policies.rules import RULES
from policies.rules.kernel.rule import Scope
from sandbox.policy import PolicyHost, Violation
from tests.policies.case import Case, R, to_inputs
from tests.policies.cases import CASES

BY_NAME = {rule.name: rule for rule in RULES}
NOT_KNOWN_YET = "is not known before the deployment"

each_case = pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.rule}{'-' + c.note if c.note else ''}")


def judged(pack: PolicyHost, rule: str, *stacks: list[R], tier: int = 1) -> list[Violation]:
    """What the rule says to these resources, put into one stack."""
    inputs = [each for i, stack in enumerate(stacks) for each in to_inputs(stack, tier=tier, mark=f"s{i}-")]
    if BY_NAME[rule].scope is Scope.RESOURCE:
        found = [violation for each in inputs for violation in pack.analyze(each)]
    else:
        found = pack.analyze_stack(inputs)
    return [violation for violation in found if violation.rule == rule]


def about_it(violations: list[Violation], stack: int = 0) -> list[Violation]:
    return [each for each in violations if each.urn.endswith(f"::s{stack}-it")]


@each_case
def test_the_violating_case_fails(pack: PolicyHost, case: Case) -> None:
    pack.configure(case.config)
    rule = BY_NAME[case.rule]
    found = about_it(judged(pack, case.rule, list(case.bad)))
    assert found
    for violation in found:
        assert NOT_KNOWN_YET not in violation.message
        assert (case.remedy or rule.remedy) in violation.message
        assert not case.remedy or rule.remedy not in violation.message
        assert rule.page in violation.message
        assert violation.remediation == rule.remedy
        assert violation.severity == rule.severity
    levels = {violation.level for violation in found}
    if case.level:
        assert levels == {case.level}
    else:
        assert ("mandatory" if 1 in rule.tiers else "advisory") in levels


@each_case
def test_the_conforming_case_passes(pack: PolicyHost, case: Case) -> None:
    pack.configure(case.config)
    assert judged(pack, case.rule, list(case.good)) == []


@each_case
def test_unknown_values_silence_one_resource_only(pack: PolicyHost, case: Case) -> None:
    pack.configure(case.config)
    others = [] if case.alone else [list(case.bad)]
    found = judged(pack, case.rule, list(case.unsure), *others)
    assert case.alone or [v for v in about_it(found, 1) if NOT_KNOWN_YET not in v.message], (
        "the other resource is still judged"
    )
    here = about_it(found, 0)
    if case.then == "note":
        assert any(NOT_KNOWN_YET in v.message for v in here)
        assert {v.level for v in here} == {"advisory"}
    elif case.then == "bad":
        assert any(NOT_KNOWN_YET not in v.message for v in here)
    else:
        assert here == []


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.level and case.rule != "aws-resource-recovery-tags"],
    ids=lambda c: f"{c.rule}{'-' + c.note if c.note else ''}",
)
def test_the_level_follows_the_tier(pack: PolicyHost, case: Case) -> None:
    pack.configure(case.config)
    for tier in (1, 2, 3):
        found = about_it(judged(pack, case.rule, list(case.bad), tier=tier))
        levels = {violation.level for violation in found}
        if tier in BY_NAME[case.rule].tiers:
            assert "mandatory" in levels, f"tier {tier}"
        else:
            assert levels == {"advisory"}, f"tier {tier}"


def test_a_rule_taken_away_finds_nothing(pack: PolicyHost) -> None:
    pack.configure({"all": "disabled"})
    for case in CASES:
        assert judged(pack, case.rule, list(case.bad)) == []
