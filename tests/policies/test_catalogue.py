"""The words of rules: each table belongs to a rule of the module beside it, and says what can be said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.rules import MODULES, RULES
from policies.rules.kernel import catalogue
from policies.rules.kernel.practices import PRACTICES
from policies.rules.kernel.rule import Rule, Severity, rule
from policies.rules.principles import PRINCIPLES


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose tables take the place of the pack's."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.tables.cache_clear()
    yield tmp_path
    catalogue.tables.cache_clear()


WORDS = """[one-rule]
severity = "high"
tiers = [1, 2]
why = "W."
remedy = "R."
page = "https://docs.aws.amazon.com/"
pillar = "REL10-BP01"
"""


def test_each_table_is_that_of_a_rule_of_the_module_beside_it() -> None:
    of_modules = {
        found.name: module.__name__.rpartition(".")[2]
        for module in MODULES
        for found in vars(module).values()
        if isinstance(found, Rule)
    }
    assert {name: module for name, (module, _) in catalogue.tables().items()} == of_modules


def test_each_rule_says_what_can_be_said() -> None:
    for each in RULES:
        assert each.tiers in {(), (1,), (1, 2), (1, 2, 3)}, each.name
        assert isinstance(each.severity, Severity), each.name
        assert each.page.startswith("https://"), each.name
        assert [each.why[-1], each.remedy[-1]] == [".", "."], each.name
        assert set(each.principles) <= PRINCIPLES.keys(), each.name


def test_each_practice_is_one_that_a_rule_refers_to() -> None:
    assert {each.pillar.partition(" ")[0] for each in RULES} == PRACTICES.keys()


def test_words_make_a_rule(written: Path) -> None:
    (written / "some.toml").write_text(WORDS)
    made = rule("one-rule", "aws:sns/topic:Topic")(lambda _resource, _context: iter(()))
    assert (made.name, made.severity, made.tiers) == ("one-rule", Severity.HIGH, (1, 2))
    assert made.pillar == "REL10-BP01 Deploy the workload to multiple locations"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", KeyError),
        (WORDS.replace('"REL10-BP01"', '"REL99-BP01"'), KeyError),
        (WORDS.replace('"high"', '"dire"'), ValueError),
        (WORDS.replace("remedy", "remedies"), TypeError),
        (WORDS.replace('why = "W."\n', ""), TypeError),
    ],
)
def test_words_that_are_missing_or_unknown_make_none(
    written: Path, text: str, error: type[Exception]
) -> None:
    (written / "some.toml").write_text(text)
    with pytest.raises(error):
        rule("one-rule")(lambda _resource, _context: iter(()))


def test_a_rule_has_words_in_one_place_only(written: Path) -> None:
    for name in ("some", "other"):
        (written / f"{name}.toml").write_text(WORDS)
    with pytest.raises(ValueError, match=r"some.toml: one-rule has words in other.toml too"):
        catalogue.tables()
