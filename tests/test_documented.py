"""The comments of `Pulumi.prod.yaml`: every key stands there, no other does, and the default that is told is the program's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from architectures.parts.settings import STANDBY_FRACTION
from architectures.registry import KINDS
from architectures.strategies import backups_a_day
from architectures.three_tier.sections import Compute
from settings import Settings
from tests.test_settings import ROOT, configuration, load, section_of

KEY = re.compile(r"^(?P<indent> *)(?P<commented># )?(?P<key>[\w:-]+):(?: |$)")
NOTHING = "none|nobody|as above|the stack's"
"""How the comments tell that a key has no value unless it is set."""
DECIDED = {"systems.web.standbyFraction": STANDBY_FRACTION, "backup.timesADay": backups_a_day([])}
"""Keys whose default isn't the model's: the strategy decides."""


def fields(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each key that holds a value, or a section that may be left out."""
    for field in model.model_fields.values():
        path, section = f"{before}{field.alias}", section_of(field.annotation)
        if section and field.default is not None and field.annotation is section:
            yield from fields(section, f"{path}.")
        else:
            yield path, field


def every() -> dict[str, FieldInfo]:
    found = {path: field for path, field in fields(Settings) if path not in ("region", "systems")}
    for kind in KINDS.values():
        found |= {f"systems.web.{path}": field for path, field in fields(kind.settings)}
    return found


EVERY = every()


def documented() -> dict[str, str]:
    """What the comments say of each key, by its path. A comment ends with its default; keys in a row share the one above them."""
    found: dict[str, str] = {}
    aliases = {path.rpartition(".")[2] for path in EVERY}
    path: list[str] = []
    comment, ended, commented = "", True, False
    for line in (ROOT / "Pulumi.prod.yaml").read_text().splitlines()[3:]:
        at, words = KEY.match(line), line.strip(" #")
        told = line.lstrip().startswith("#")
        if at and (not told or at["key"] in aliases):
            path = [*path[: len(at["indent"]) // 2 - 1], at["key"].removeprefix("holdfast:")]
            commented, ended = told, ended or told
        elif ended:
            commented = False
        if told:
            comment = words if ended else f"{comment} {words}"
        ended = not told or bool(re.search(r"\bDefault .*\.$", comment))
        if commented or not told:
            found[".".join(path)] = comment
    return found


COMMENTS = documented()


def test_each_key_stands_in_the_file_and_no_other() -> None:
    sections = {path[: at.start()] for path in EVERY for at in re.finditer(r"\.", path)} | {
        "aws:region",
        "systems",
    }
    assert len(EVERY) > 45
    assert sorted(set(EVERY) - set(COMMENTS)) == []
    assert sorted(set(COMMENTS) - set(EVERY) - sections) == []


def spelt(value: Any) -> str:
    """A pattern of how the comments write a default."""
    if value in (None, ()):
        return NOTHING
    if isinstance(value, tuple):
        return re.escape(", ".join(map(str, value)))
    return re.escape(str(value).lower() if isinstance(value, bool) else str(value))


@pytest.mark.parametrize("path", sorted(path for path, field in EVERY.items() if not field.is_required()))
def test_the_default_that_a_comment_tells_is_the_programs(path: str) -> None:
    told = COMMENTS[path].partition("Default ")[2]
    default = DECIDED.get(path, EVERY[path].default)
    if "Default these" in COMMENTS[path] or "Default this" in COMMENTS[path]:
        *_, key = path.split(".")
        assert key in ("instanceTypes", "imageParameter", "imageRelease")
        assert (
            getattr(
                Compute.model_validate(configuration("prod")["holdfast:systems"]["web"]["compute"]),
                _field(key),
            )
            == default
        )
        return
    assert re.search(rf"(?<![\w.-])({spelt(default)})(?![\w-]|\.\w)", told), f"told {told!r}, is {default!r}"


def _field(alias: str) -> str:
    return next(name for name, field in Compute.model_fields.items() if field.alias == alias)


def test_what_stands_in_a_comment_as_an_example_is_taken() -> None:
    """The values of keys that are commented out."""
    examples = yaml.safe_load(
        "\n".join(
            f"{at['key']}: {at['value']}"
            for line in (ROOT / "Pulumi.prod.yaml").read_text().splitlines()
            if (at := re.match(r"^ *# (?P<key>\w+): (?P<value>\{.*?\}|\[.*?\]|ami-\w+),? ", line))
        )
    )
    assert {"corruption", "serverless", "unlisted", "imageId", "objectives"} <= set(examples)
    config = configuration("prod")
    web = config["holdfast:systems"]["web"]
    config["holdfast:objectives"]["corruption"] = examples["corruption"]
    config["holdfast:unlisted"] = examples["unlisted"]
    web["objectives"] = examples["objectives"]
    web["compute"]["imageId"] = examples["imageId"]
    web["database"] |= {"serverless": examples["serverless"], "instanceClass": "db.serverless"}
    taken = load(config)
    assert taken.unlisted == tuple(examples["unlisted"])
    assert taken.systems["web"].objectives is not None
