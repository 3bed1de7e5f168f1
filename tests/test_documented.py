"""The comments of `Pulumi.prod.yaml`: every key stands there, no other does, and the default that is told is the program's.

Keys that another kind than its own has stand in the first stack of that kind's example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_origin

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from architectures.parts.sections import Compute
from architectures.parts.settings import STANDBY_FRACTION
from architectures.registry import KINDS
from architectures.strategies import backups_a_day
from settings import Settings
from tests.test_settings import ROOT, configuration, load, section_of

KEY = re.compile(r"^(?P<indent> *)(?P<commented># )?(?P<key>[\w:-]+):(?: |$)")
NOTHING = "none|nobody|as above|the stack's"
"""How the comments tell that a key has no value unless it is set."""
DECIDED = {"systems.web.standbyFraction": STANDBY_FRACTION, "backup.timesADay": backups_a_day([])}
"""Keys whose default isn't the model's: the strategy decides."""


OWN_KIND = "three-tier"
"""The kind whose keys stand in `Pulumi.prod.yaml`, with what other kinds share of them."""
NAMED = {
    "cells": {"authorizers": "shoppers", "cells": "c1"},
    "containers": {"services": "web", "services.queue": "mailer"},
    "delivery": {"functions": "greeting"},
    "kubernetes": {"nodeGroups": "general", "access": "platform", "workloads": "web"},
    "sharded-database": {"shards": "a"},
    "serverless-api": {
        "authorizers": "shoppers",
        "functions": "items",
        "functions.queue": "worker",
        "routes": "create",
    },
    "workers": {
        "workers": "resize",
        "workers.function": "resize",
        "workers.container": "render",
        "workers.servers": "resize",
        "topics": "uploads",
        "streams": "clicks",
        "kafka": "jobs",
        "kafka.topics": "payments",
        "schedules": "nightly",
    },
}
"""By kind: the name under which a group of named sections is explained in its example, and another one for what that one lacks."""
SYSTEMS = {
    OWN_KIND: "web",
    "active-standby": "desk",
    "apex": "crm",
    "cells": "shop",
    "containers": "shop",
    "content": "files",
    "data-platform": "data",
    "delivery": "release",
    "elastic-beanstalk": "greet",
    "kubernetes": "shop",
    "replicated-disk": "ledger",
    "sharded-database": "orders",
    "workers": "jobs",
    "workflow": "orders",
    "serverless-api": "orders",
    "zone-affinity": "shop",
}
"""By kind: the system in the file."""
LIKE = {"replicated-disk": "active-standby"}
"""By kind: another one, whose keys it has too, with the same words."""
ANEW = {"replicated-disk": r"kind|disk\..*|server\.(imageParameter|userData)"}
"""By kind: keys of that one which it explains anew."""


def fields(
    model: type[BaseModel], before: str = "", names: Mapping[str, str] = MappingProxyType({}), at: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    """Each key that holds a value, or a section that may be left out, by its path in a file; `at` is that path without names."""
    for field in model.model_fields.values():
        path, own, section = f"{before}{field.alias}", f"{at}{field.alias}", section_of(field.annotation)
        if section and own in names:
            if get_origin(field.annotation) is dict:
                yield from fields(section, f"{path}.{names[own]}.", names, f"{own}.")
                continue
            yield path, field
            other = f"{before.removesuffix('.').rpartition('.')[0]}.{names[own]}.{field.alias}."
            yield from fields(section, other, names, f"{own}.")
        elif section and field.default is not None and field.annotation is section:
            yield from fields(section, f"{path}.", names, f"{own}.")
        else:
            yield path, field


def every(kind: str) -> dict[str, FieldInfo]:
    """The keys that are explained in the kind's file."""
    before = f"systems.{SYSTEMS[kind]}."
    mine = dict(fields(KINDS[kind].settings, before, NAMED.get(kind, {})))
    if kind == OWN_KIND:
        shared = {path: field for path, field in fields(Settings) if path not in ("region", "systems")}
        return {**shared, **mine}
    others = {path.removeprefix("systems.web.") for path in every(OWN_KIND)} - {"kind", "switch.by"}
    if kind in LIKE:
        like = {path.removeprefix(f"systems.{SYSTEMS[LIKE[kind]]}.") for path in every(LIKE[kind])}
        others = {path for path in others | like if not re.fullmatch(ANEW[kind], path)}
    return {path: field for path, field in mine.items() if path.removeprefix(before) not in others}


BY_KIND = {kind: every(kind) for kind in KINDS}
EVERY = BY_KIND[OWN_KIND]


def file_of(kind: str) -> Path:
    return ROOT / ("Pulumi.prod.yaml" if kind == OWN_KIND else f"examples/{kind}/prod.yaml")


def documented(kind: str) -> dict[str, str]:
    """What the comments say of each key, by its path. A comment ends with its default; keys in a row share the one above them."""
    found: dict[str, str] = {}
    aliases = {path.rpartition(".")[2] for path in BY_KIND[kind]}
    path: list[str] = []
    comment, ended, commented = "", True, False
    for line in file_of(kind).read_text().splitlines()[3 if kind == OWN_KIND else 2 :]:
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


COMMENTS = {kind: documented(kind) for kind in KINDS}


def test_each_key_stands_in_the_file_and_no_other() -> None:
    keys, comments = EVERY, COMMENTS[OWN_KIND]
    sections = {path[: at.start()] for path in keys for at in re.finditer(r"\.", path)} | {
        "aws:region",
        "systems",
    }
    assert len(keys) > 45
    assert sorted(set(keys) - set(comments)) == []
    assert sorted(set(comments) - set(keys) - sections) == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {OWN_KIND}))
def test_the_keys_of_other_kinds_stand_in_their_examples(kind: str) -> None:
    assert BY_KIND[kind]
    assert sorted(set(BY_KIND[kind]) - set(COMMENTS[kind])) == []


def spelt(value: Any) -> str:
    """A pattern of how the comments write a default."""
    if value in (None, (), {}):
        return NOTHING
    if isinstance(value, tuple):
        return re.escape(", ".join(map(str, value)))
    return re.escape(str(value).lower() if isinstance(value, bool) else str(value))


DEFAULTS = [
    (kind, path) for kind in KINDS for path, field in sorted(BY_KIND[kind].items()) if not field.is_required()
]


@pytest.mark.parametrize(("kind", "path"), DEFAULTS)
def test_the_default_that_a_comment_tells_is_the_programs(kind: str, path: str) -> None:
    comment = COMMENTS[kind][path]
    told = comment.partition("Default ")[2]
    default = DECIDED.get(path, BY_KIND[kind][path].get_default(call_default_factory=True))
    if "Default these" in comment or "Default this" in comment:
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
