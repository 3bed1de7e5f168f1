"""The rule of a composite alarm, against Python's own evaluation of the same expression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.extensions._alarm_rule import parse

STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
NAMES = ("a", "b-1", "long name")


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("ALARM(a)", ("a",)),
        ('ALARM("a b") OR OK( c )', ("a b", "c")),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)", ("a",)),
        ("NOT (ALARM(a) AND NOT INSUFFICIENT_DATA(b)) OR FALSE", ("a", "b")),
        ("ALARM(a) OR OK(a)", ("a",)),
        (" TRUE ", ()),
    ],
)
def test_children(text: str, children: tuple[str, ...]) -> None:
    assert parse(text).children == children


def test_and_binds_closer_than_or() -> None:
    rule = parse("ALARM(a) OR ALARM(b) AND ALARM(c)")
    assert rule.holds({"a": "ALARM", "b": "OK", "c": "OK"}.__getitem__)
    assert not rule.holds({"a": "OK", "b": "ALARM", "c": "OK"}.__getitem__)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ALARM()",
        "ALARM(a",
        "ALARM(a))",
        "(ALARM(a)",
        "ALARM(a) ALARM(b)",
        "a",
        "ALARM(a) XOR OK(b)",
        "NOT",
        "AND ALARM(a)",
        "__import__('os')",
        "ALARM(a) OR",
        "TRUEISH",
        "AT_LEAST(1, ALARM, (a))",
    ],
)
def test_no_rule(text: str) -> None:
    with pytest.raises(ValueError, match="AlarmRule: expected"):
        parse(text)


leaf = st.one_of(
    st.sampled_from([("TRUE", "True"), ("FALSE", "False")]),
    st.tuples(st.sampled_from(STATES), st.sampled_from(NAMES)).map(
        lambda p: (f'{p[0]}("{p[1]}")', f"(s[{p[1]!r}] == {p[0]!r})")
    ),
)
expression = st.recursive(
    leaf,
    lambda inner: st.one_of(
        inner.map(lambda e: (f"NOT ({e[0]})", f"(not ({e[1]}))")),
        inner.map(lambda e: (f"({e[0]})", f"({e[1]})")),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", f"({t[0][1]} {t[1].lower()} {t[2][1]})")
        ),
    ),
    max_leaves=12,
)


@given(pair=expression, states=st.fixed_dictionaries({n: st.sampled_from(STATES) for n in NAMES}))
def test_same_as_python(pair: tuple[str, str], states: dict[str, str]) -> None:
    text, python = pair
    assert parse(text).holds(states.__getitem__) == eval(python, {"__builtins__": {}, "s": states})


@given(st.text(alphabet='ALRMONDTE_()" ab', max_size=30))
def test_any_text_is_a_rule_or_a_clear_error(text: str) -> None:
    try:
        rule = parse(text)
    except ValueError as error:
        said = str(error)
    else:
        said = f"AlarmRule: expected {rule.holds(lambda _: 'OK')}"
    assert said.startswith("AlarmRule: expected")
