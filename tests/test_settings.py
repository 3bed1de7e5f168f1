"""The stack configuration: what is read, and one clear line for each fault."""

from __future__ import annotations

import copy
import functools
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pulumi
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from architectures.registry import KINDS
from architectures.telling import SettingsError
from settings import Settings
from tests.pulumi_mocks import Deployment, deploy
from tests.wrong_values import FAULTS

ROOT = Path(__file__).parent.parent


@functools.cache
def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text())["config"]


def read(path: Path) -> dict[str, Any]:
    """What a stack's file configures: a copy, which may be changed."""
    return copy.deepcopy(_read(path))


def configuration(stack: str) -> dict[str, Any]:
    return read(ROOT / f"Pulumi.{stack}.yaml")


def load(config: dict[str, Any]) -> Settings:
    found: list[Settings] = []
    deploy(lambda: found.append(Settings.load()), config={k: text(v) for k, v in config.items()})
    return found[0]


def refusals(config: dict[str, Any]) -> list[str]:
    """What a configuration is refused with, line by line."""
    with pytest.raises(SettingsError) as told:
        load(config)
    return str(told.value).split("\n")


def text(value: Any) -> Any:
    """A value as Pulumi hands it to a program."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, dict | list) else str(value)


def changed(path: str, value: Any, stack: str = "prod") -> dict[str, Any]:
    config = configuration(stack)
    *way, last = path.split(".")
    section = config
    for key in way:
        section = section.setdefault(key, {})
    section[last] = value
    return config


def test_both_stacks_configurations_are_valid_and_mirror_each_other() -> None:
    prod, dr = load(configuration("prod")), load(configuration("dr"))
    assert (prod.region, dr.region) == ("us-east-1", "us-west-2")
    assert (prod.stack.active, dr.stack.active) == (True, False)
    assert (prod.stack.founder, dr.stack.founder) == (True, False)
    assert (prod.network.cidr, prod.network.peer_cidr) == (dr.network.peer_cidr, dr.network.cidr)
    assert prod.recovery.peer_stack is None
    assert dr.recovery.peer_stack == "organization/holdfast/prod"
    assert prod.dns == dr.dns
    assert prod.tags("web") == dr.tags("web")
    assert prod.systems == dr.systems


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, be it optional."""
    choices = [each for each in (annotation, *get_args(annotation)) if isinstance(each, type)]
    return next((each for each in choices if issubclass(each, BaseModel)), None)


def keys(model: type[BaseModel]) -> Iterator[str]:
    """The aliases of a section and of the sections in it."""
    for field in model.model_fields.values():
        yield str(field.alias)
        if section := section_of(field.annotation):
            yield from keys(section)


def test_every_key_stands_in_the_documented_configuration() -> None:
    text, inherited = (ROOT / "Pulumi.prod.yaml").read_text(), {"region", "peerStack"}
    documented = {
        *keys(Settings),
        *keys(KINDS["three-tier"].settings),
    }  # those of other kinds: test_documented.py
    assert len(documented) > 40
    assert [key for key in documented - inherited if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize(
    ("organization", "peer", "allowed"),
    [
        ("acme", "organization/holdfast/prod", "acme/holdfast/prod"),
        ("organization", "acme/holdfast/prod", "organization/holdfast/prod"),
        ("acme", "acme/holdfast/prod", None),
        ("acme", "other/holdfast/prod", None),
        ("organization", "organization/holdfast/prod", None),
    ],
)
def test_the_other_stack_is_named_as_the_backend_names_stacks(
    organization: str, peer: str, allowed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi, "get_organization", lambda: organization)
    config = changed("holdfast:recovery.peerStack", peer, "dr")
    if allowed is None:
        assert load(config).recovery.peer_stack == peer
        return
    with pytest.raises(SettingsError) as raised:
        load(config)
    said = f"holdfast:recovery.peerStack: got '{peer}', allowed is '{allowed}' where this stack is kept"
    assert str(raised.value) == said


@pytest.mark.parametrize(("path", "value", "message"), FAULTS, ids=[f"{p}={v}" for p, v, _ in FAULTS])
def test_each_fault_is_one_line_naming_key_value_and_what_is_allowed(
    path: str, value: Any, message: str
) -> None:
    seen = Deployment()
    config = {key: text(given) for key, given in changed(path, value).items()}
    with pytest.raises(pulumi.RunError, match=f"(?m){message}") as raised:
        deploy(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config=config, into=seen
        )
    # A section that the configuration hasn't got is made by setting one of its keys: the others are then missing.
    said = [line for line in str(raised.value).splitlines() if not line.endswith("has no default")]
    assert len(said or str(raised.value).splitlines()) == 1
    assert [line for line in said or [str(raised.value)] if line.startswith(path)]
    assert seen.resources == []


def paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every key that holds a value, by its path."""
    for field in model.model_fields.values():
        if section := section_of(field.annotation):
            yield from paths(section, f"{before}{field.alias}.")
        if not section or (not field.is_required() and field.default is None):
            yield f"{before}{field.alias}"


def test_every_key_has_a_wrong_value_in_the_table() -> None:
    tried = {path.removeprefix("holdfast:") for path, _, _ in FAULTS}
    # Keys of what stands in a list are told with their place.
    said = [re.sub(r"\\\[0\\\]", "", message) for _, _, message in FAULTS]
    tried |= {key for message in said for key in re.findall(r"^\^holdfast:([\w.]+):", message)}
    every = {
        *paths(Settings),
        *(
            f"systems.web.{path}" for path in paths(KINDS["three-tier"].settings)
        ),  # other kinds have tables of their own
    }
    assert sorted(every - tried - {"region", "systems"}) == []


def faults(config: dict[str, Any]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(config)
    return str(raised.value).splitlines()


def test_a_missing_key_and_several_faults_are_all_named() -> None:
    config = changed("holdfast:systems.web.database.dataGib", 0)
    del config["holdfast:owner"]
    lines = faults(config)
    assert len(lines) == 2
    assert lines[0] == "holdfast:owner: is not set, and has no default"
    assert lines[1].startswith("holdfast:systems.web.database.dataGib: got 0")


def test_what_components_refuse_is_named_for_the_ground_and_each_system() -> None:
    config = changed("holdfast:systems.web.database.backupRetentionDays", 99)
    config["holdfast:systems"]["shop"] = {"kind": "three-tier", "compute": {"requiredInstances": 0}}
    config["holdfast:network"]["flowLogRetentionDays"] = 10
    assert [line.split(": got")[0] for line in faults(config)] == [
        "holdfast:network.flowLogRetentionDays",
        "holdfast:systems.web.database.backupRetentionDays",
        "holdfast:systems.shop.compute.requiredInstances",
    ]


def test_a_domain_too_long_for_a_system_without_a_site_is_told() -> None:
    config = changed("holdfast:dns", {"domain": f"{'a' * 50}.example"})
    config["holdfast:systems"] = {"web": {"kind": "three-tier"}}
    [line] = faults(config)
    assert line.startswith("holdfast:systems.web: got 'web.us-east-1.aaa")
    assert line.endswith("allowed is a name of at most 64 characters, for a certificate")


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8), st.none() | st.integers() | st.text(max_size=8), max_size=3
    )
)
def test_no_section_makes_anything_but_a_settings_error(section: dict[str, Any]) -> None:
    config = {**configuration("prod"), "holdfast:network": section}
    with pytest.raises(SettingsError, match="holdfast:network"):
        load(config)
