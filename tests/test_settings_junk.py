"""Whatever stands in a configuration, the answer is settings or one line for each fault: never a traceback, always the key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from architectures.telling import SettingsError
from settings import Settings
from tests.test_documented import EVERY
from tests.test_settings import configuration, load

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "",
            "0",
            "-1",
            "null",
            "[",
            "{",
            "a\nb",
            "10.0.0.0/8",
            "∞",
            "NaN",
            "1e999",
            "db.",
            ".",
            "x" * 300,
            "aws:",
            "\u2028",
        ]
    )
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def placed(path: str, value: Any) -> dict[str, Any]:
    config = configuration("prod")
    first, *rest = path.split(".")
    section, keys = config, [f"holdfast:{first}", *rest]
    for key in keys[:-1]:
        section = section.setdefault(key, {})
    section[keys[-1]] = value
    return config


def judged(config: dict[str, Any]) -> list[str]:
    """The lines that are said of a configuration."""
    try:
        load(config)
    except SettingsError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    "path",
    ["aws:region", *sorted(EVERY), "systems", "systems.web", "systems.web.compute", "network", "backup"],
)
@effort(max_examples=20)
@given(value=JUNK)
def test_a_wrong_value_is_told_with_its_key(path: str, value: Any) -> None:
    config = placed(path, value)
    if path == "aws:region":
        config = {**configuration("prod"), path: value}
    for line in judged(config):
        key = path if path == "aws:region" else f"holdfast:{path}"
        assert line.startswith((key, *RELATIVES.get(path, ()))), line
        assert line.isprintable()
        assert "what fits" not in line, line
        assert len(line) < LONGEST, line


LONGEST = 1500
RELATIVES: dict[str, tuple[str, ...]] = {
    "dns.domain": ("holdfast:systems.web.site",),
    "systems.web.compute.requiredInstances": ("holdfast:systems.web.compute.maximumInstances",),
}
"""Key -> beginnings of lines about other keys that depend on it."""


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        SCALARS.filter(lambda value: value is not None),
        min_size=1,
        max_size=2,
    )
)
def test_an_unknown_key_is_told_in_one_line(given_: dict[str, Any]) -> None:
    web = {
        **configuration("prod")["holdfast:systems"]["web"],
        **{f"{key}?": value for key, value in given_.items()},
    }
    lines = judged({**configuration("prod"), "holdfast:systems": {"web": web}})
    assert len(lines) == len(given_)
    assert all(line.startswith("holdfast:systems.web.") and line.isprintable() for line in lines)


def test_text_that_only_looks_like_an_object_is_told() -> None:
    for odd in ("{", "[" * 20_000, '{"a": ' + "9" * 5000 + "}"):
        [line] = judged({**configuration("prod"), "holdfast:network": odd})
        assert line.startswith("holdfast:network: got '")
        assert line.endswith("allowed is a group of keys")


def test_the_configuration_itself_is_taken() -> None:
    assert judged(configuration("prod")) == []
    assert json.dumps(configuration("prod"))
    assert Settings.model_fields
