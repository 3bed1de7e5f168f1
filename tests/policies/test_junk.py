"""No rule ever raises, whatever the properties are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.graph import UNKNOWN, Resource
from policies.rules import RULES
from policies.rules.kernel.judge import Judge
from policies.rules.kernel.rule import Rule
from tests.policies.case import R
from tests.policies.cases import CASES

JUDGE = Judge(RULES)
JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.floats(allow_nan=True),
        st.just(UNKNOWN),
        st.sampled_from(
            [
                "",
                "0.0.0.0/0",
                "::/0",
                "*",
                "-1",
                "nan",
                "Infinity",
                "[",
                '{"Statement": [[]]}',
                "tcp",
                "ingress",
            ]
        ),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def known(value: Any) -> Any:
    """A case's value as the kernel has it."""
    if isinstance(value, dict):
        return {name: known(item) for name, item in value.items()}
    if isinstance(value, list):
        return [known(item) for item in value]
    return value if isinstance(value, (str, int, float, type(None))) else UNKNOWN


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a nested value."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += paths(item, (*path, key))
    return found


def put(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], junk)
    return copy


def made(resource: R, props: dict[str, Any]) -> Resource:
    return Resource(
        type=resource.type,
        urn=f"urn:{resource.name}",
        name=resource.name,
        props=props,
        property_dependencies={
            name: frozenset(f"urn:{t}" for t in targets) for name, targets in resource.refs.items()
        },
    )


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_junk_anywhere_in_a_case_is_survived(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(CASES))
    stack = data.draw(st.sampled_from([case.bad, case.good, case.unsure]))
    JUDGE.configure({case.rule: (JUDGE.levels[case.rule], dict(case.config.get(case.rule, {})))})
    resources = []
    for resource in stack:
        props = known(dict(resource.props))
        places = paths(props)
        if places:
            props = put(props, data.draw(st.sampled_from(places)), data.draw(JUNK))
        props |= data.draw(
            st.dictionaries(st.sampled_from(["tags", "tagsAll", "region", "arn", "name"]), JUNK, max_size=2)
        )
        resources.append(made(resource, props))
    for one in resources:
        list(JUDGE.resource(one))
    list(JUDGE.stack(resources))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_empty_and_all_unknown_resources_are_survived(rule: Rule) -> None:
    names = {name for case in CASES if case.rule == rule.name for r in case.bad for name in r.props}
    for token in rule.types:
        for props in (
            {},
            dict.fromkeys(names, UNKNOWN),
            dict.fromkeys(names, None),
            {name: [UNKNOWN] for name in names},
        ):
            one = Resource(type=token, urn="urn:it", name="it", props=props, parent="urn:it")
            list(JUDGE.resource(one))
            list(JUDGE.stack([one]))
