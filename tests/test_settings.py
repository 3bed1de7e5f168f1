"""The stack configuration: what is read, and one clear line for each fault."""

from __future__ import annotations

import copy
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from architectures.registry import KINDS
from settings import Settings, SettingsError
from tests.pulumi_mocks import Deployment, deploy

ROOT = Path(__file__).parent.parent


def configuration(stack: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]


def load(config: dict[str, Any]) -> Settings:
    found: list[Settings] = []
    deploy(lambda: found.append(Settings.load()), config={k: text(v) for k, v in config.items()})
    return found[0]


def text(value: Any) -> Any:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else value
        if isinstance(value, dict | list)
        else str(value)
    )


def changed(path: str, value: Any, stack: str = "prod") -> dict[str, Any]:
    config = copy.deepcopy(configuration(stack))
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


def keys(model: type[BaseModel]) -> Iterator[str]:
    """The aliases of a section and of the sections in it."""
    for field in model.model_fields.values():
        yield str(field.alias)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation)


def test_every_key_stands_in_the_documented_configuration() -> None:
    text, inherited = (ROOT / "Pulumi.prod.yaml").read_text(), {"region", "peerStack"}
    documented = {*keys(Settings), *(key for kind in KINDS.values() for key in keys(kind.settings))}
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


WEB = "holdfast:systems.web"
STRATEGIES = "'backup-and-restore', 'pilot-light', 'warm-standby' or 'active-active'"
FAULTS = [
    ("holdfast:colour", "red", r"^holdfast:colour: unknown key; allowed are .*holdfast:system"),
    (
        "holdfast:network.zone",
        ["use1-az1"],
        r"^holdfast:network.zone: unknown key; allowed are cidr, peerCidr, zones",
    ),
    (
        "holdfast:network.zones",
        "use1-az1",
        r"^holdfast:network.zones: got 'use1-az1', allowed is a list$",
    ),
    (
        "holdfast:network.cidr",
        "10.20.4.0/22",
        r"^holdfast:network.cidr: got '10.20.4.0/22', .*overlap.*10.20.0.0/16",
    ),
    (
        "holdfast:network.cidr",
        "10.10.0.0/26",
        r"holdfast:network\.cidr: got '10\.10\.0\.0/26', allowed is /16 \(the largest VPC\) to /23 \(the",
    ),
    ("holdfast:network.cidr", "10.10.0.5/16", r"^holdfast:network.cidr: got '10.10.0.5/16', .*10.10.0.0/16"),
    (
        "holdfast:network.zones",
        ["use1-az1", "usw2-az1"],
        r"^holdfast:network.zones: got 'usw2-az1', .*us-east-1.*use1-az",
    ),
    (
        "holdfast:network.zones",
        ["use1-az1"],
        r"holdfast:network\.zones: got \['use1-az1'\], allowed is 2 or more: with one zone nothing is",
    ),
    (
        "holdfast:network.nat",
        "many",
        r"^holdfast:network.nat: got 'many', allowed is 'zone', 'regional', 'single' or 'none'$",
    ),
    ("holdfast:network.flowLogRetentionDays", 10, r"^holdfast:network.flowLogRetentionDays: got 10, .*14"),
    ("aws:region", "us-east-9", r"^aws:region: got 'us-east-9', .*us-east-1"),
    (
        "holdfast:recovery.peerRegion",
        "us-east-1",
        r"^holdfast:recovery.peerRegion: got 'us-east-1', .*other than aws:region",
    ),
    (
        "holdfast:recovery.activeRegion",
        "eu-west-1",
        r"^holdfast:recovery.activeRegion: got 'eu-west-1', .*us-east-1 or us-west-2",
    ),
    (
        "holdfast:recovery.peerStack",
        "prod",
        r"^holdfast:recovery.peerStack: got 'prod', .*organization/project/stack",
    ),
    (
        "holdfast:systems.web.standbyFraction",
        0,
        r"^holdfast:systems.web.standbyFraction: got 0.0, allowed is above 0 and at most 1",
    ),
    (
        "holdfast:dns.domain",
        "not a domain",
        r"^holdfast:dns.domain: got 'not a domain', allowed is a lower-case domain name",
    ),
    (
        "holdfast:systems.web.site",
        "www.other.example",
        r"^holdfast:systems.web.site: got 'www.other.example', .*holdfast.example",
    ),
    (
        "holdfast:systems.web.database.backupRetentionDays",
        36,
        r"^holdfast:systems.web.database.backupRetentionDays: got 36, .*35",
    ),
    (
        "holdfast:systems.web.database.engine",
        "oracle",
        r"^holdfast:systems.web.database.engine: got 'oracle', allowed is one of aurora-mysql, aurora-postgresql$",
    ),
    ("holdfast:backup.dailyRetentionDays", 0, r"^holdfast:backup.dailyRetentionDays: got 0, .*1"),
    (
        "holdfast:systems.web.compute.maximumInstances",
        5,
        r"^holdfast:systems.web.compute.maximumInstances: got 5, .*at least 6",
    ),
    ("holdfast:objectives.drTier", 4, r"^holdfast:objectives.drTier: got 4, .*1, 2 or 3"),
    ("holdfast:objectives.rtoHours", "soon", r"^holdfast:objectives.rtoHours: got 'soon', .*number"),
    ("holdfast:system", "Shop!", r"^holdfast:system: got 'Shop!', .*lower-case"),
    (
        "holdfast:systems.web.kind",
        "four-tier",
        r"^holdfast:systems.web.kind: got 'four-tier', allowed are three-tier$",
    ),
    ("holdfast:systems.shop", {}, r"^holdfast:systems.shop.kind: is not set; allowed are three-tier$"),
    (
        "holdfast:systems.shop",
        "three-tier",
        r"^holdfast:systems.shop: got 'three-tier', allowed is a group of keys$",
    ),
    (
        "holdfast:systems.web.colour",
        "red",
        r"^holdfast:systems.web.colour: unknown key; allowed are kind, objectives, strategy, leaving, site, .*database$",
    ),
    (
        "holdfast:systems.web.compute.size",
        3,
        r"^holdfast:systems.web.compute.size: unknown key; allowed are instanceTypes, .*warmPool$",
    ),
    (
        "holdfast:systems.Web!",
        {"kind": "three-tier"},
        r"^holdfast:systems.Web!: got 'Web!', allowed is 2 to 20 lower-case",
    ),
    (
        "holdfast:systems.base",
        {"kind": "three-tier"},
        r"^holdfast:systems.base: got 'base', allowed is any other",
    ),
    (
        "holdfast:systems.a-name-much-too-long",
        {"kind": "three-tier"},
        r"^holdfast:systems.a-name-much-too-long: got 'a-name-much-too-long-lb', allowed is 20 characters at most",
    ),
    (
        "holdfast:systems.copy",
        {"kind": "three-tier", "site": "static.www.holdfast.example"},
        r"^holdfast:systems.copy: got 'static.www.holdfast.example', allowed is each DNS name once, and web has it$",
    ),
    (
        "holdfast:systems.web.objectives",
        {"drTier": 1, "rpoMinutes": 5},
        r"^holdfast:systems.web.objectives.rtoHours: is not set",
    ),
    ("holdfast:protect", "maybe", r"^holdfast:protect: got 'maybe', allowed is true or false$"),
    ("holdfast:backup.dailyRetentionDays", 3, r"got 3, allowed is 7 to 365 days, the vault lock's limits"),
    ("holdfast:backup.weeklyRetentionDays", 100, r"got 100, allowed is at least 120 with cold_after_days 30"),
    ("holdfast:backup.monthlyRetentionDays", 36_501, r"got 36501, allowed is 1 to 36500"),
    ("holdfast:backup.vaultLock", "none", r"got 'none', allowed is 'governance' or 'compliance'$"),
    ("holdfast:costCenter", "", r"got '', allowed is at least 1 characters$"),
    ("holdfast:owner", "x" * 300, r"got 'x{75} \.\.\., allowed is at most 256 characters$"),
    ("holdfast:dns.delegated", "maybe", r"got 'maybe', allowed is true or false$"),
    ("holdfast:dns.existingZoneId", "zone", r"got 'zone', allowed is text of the form \^Z"),
    ("holdfast:environment", "moon", r"got 'moon', allowed is 'production', 'staging' or 'development'$"),
    ("holdfast:strategy", "hope", rf"got 'hope', allowed is {STRATEGIES}$"),
    ("holdfast:backup.timesADay", 5, r"got 5, allowed is 1, 2, 3, 4, 6, 8, 12 or 24$"),
    (
        "holdfast:objectives.corruption",
        {"rtoHours": 8},
        r"^holdfast:objectives.corruption.rpoMinutes: is not set",
    ),
    (
        "holdfast:objectives.corruption",
        {"rtoHours": 0, "rpoMinutes": 1},
        r"corruption.rtoHours: got 0, allowed is above 0$",
    ),
    ("holdfast:network.interfaceEndpoints", ["s3"], r"got 's3', allowed is a service without a gateway"),
    ("holdfast:network.interfaceEndpoints", "ssm", r"got 'ssm', allowed is a list$"),
    ("holdfast:network.peerCidr", "8.8.0.0/16", r"got '8.8.0.0/16', allowed is a private network"),
    ("holdfast:objectives.rpoMinutes", -1, r"got -1, allowed is 0 or more$"),
    ("holdfast:operations.alarmEmails", ["nobody"], r"got 'nobody', allowed is an e-mail address$"),
    ("holdfast:recovery", [], r"got \[\], allowed is a group of keys$"),
    (
        f"{WEB}.site",
        f"{'a' * 50}.holdfast.example",
        r"holdfast.example', allowed is a name of at most 64 characters, for",
    ),
    (f"{WEB}.site", "a_b.holdfast.example", r"got 'a_b.holdfast.example', allowed is a name without _"),
    (f"{WEB}.strategy", "hope", rf"got 'hope', allowed is {STRATEGIES}$"),
    (f"{WEB}.leaving", "maybe", r"got 'maybe', allowed is true or false$"),
    (f"{WEB}.withdrawn", "maybe", r"got 'maybe', allowed is true or false$"),
    (f"{WEB}.compute.imageParameter", "ami-1", r"got 'ami-1', allowed is text of the form"),
    (f"{WEB}.compute.imageId", "ami-1", r"got 'ami-1', allowed is text of the form"),
    (f"{WEB}.compute.imageRelease", "a b", r"got 'a b', allowed is 1 to 32 letters, digits, dots, hyphens"),
    (f"{WEB}.compute.instanceTypes", [], r"got none, allowed is one or more$"),
    (f"{WEB}.compute.instanceTypes", ["a", "a"], r"got \['a', 'a'\], allowed is each type once$"),
    (f"{WEB}.compute.requiredInstances", 0, r"got 0, allowed is 1 or more"),
    (f"{WEB}.compute.requiredInstances", 4.5, r"got 4.5, allowed is a whole number$"),
    (f"{WEB}.compute.spotAboveBase", "maybe", r"got 'maybe', allowed is true or false$"),
    (
        f"{WEB}.compute",
        {"spotAboveBase": True, "warmPool": True},
        r"^holdfast:systems.web.compute.warmPool: got ",
    ),
    (
        f"{WEB}.compute",
        {"spotAboveBase": True, "instanceTypes": ["m7g.large"]},
        r"web.compute.instanceTypes: got 1 with Spot",
    ),
    (f"{WEB}.compute.warmPool", "maybe", r"got 'maybe', allowed is true or false$"),
    (f"{WEB}.database.dataGib", 0, r"got 0, allowed is 1 or more$"),
    (f"{WEB}.database.engineVersion", "9.6", r"got '9.6', allowed is a version of aurora-postgresql like"),
    (
        f"{WEB}.database.engineVersion",
        16.6,
        r"got 16.6, allowed is text, in quotes if it looks like a number$",
    ),
    (
        f"{WEB}.database.instanceClass",
        "db.t3.medium",
        r"got 'db.t3.medium', allowed is a class that isn't burstable",
    ),
    (f"{WEB}.firewall.rateLimit", 9, r"got 9, allowed is 10 to 2000000000 requests in five minutes$"),
    (f"{WEB}.firewall.countOnly", ["A", "A"], r"got A more than once, allowed is each once$"),
    (f"{WEB}.database.restores", "r1", r"got 'r1', allowed is a list$"),
    (
        f"{WEB}.database.keepOriginal",
        False,
        r"got false, allowed is true without a restore that takes its place$",
    ),
    (f"{WEB}.database.masterUsername", "1x", r"got '1x', allowed is a letter and up to 15 letters"),
    (f"{WEB}.database.multiAz", "maybe", r"got 'maybe', allowed is true or false$"),
    (f"{WEB}.database.name", "1-x", r"got '1-x', allowed is text of the form"),
    (f"{WEB}.database.rotationDays", 0, r"got 0, allowed is 1 to 1000 days$"),
]


@pytest.mark.parametrize(("path", "value", "message"), FAULTS, ids=[f"{p}={v}" for p, v, _ in FAULTS])
def test_each_fault_is_one_line_naming_key_value_and_what_is_allowed(
    path: str, value: Any, message: str
) -> None:
    seen = Deployment()
    config = {key: text(given) for key, given in changed(path, value).items()}
    with pytest.raises(pulumi.RunError, match=message) as raised:
        deploy(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config=config, into=seen
        )
    assert len(str(raised.value).splitlines()) == 1
    assert str(raised.value).startswith(path)
    assert seen.resources == []


def paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every key that holds a value, by its path."""
    for field in model.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from paths(field.annotation, f"{before}{field.alias}.")
        else:
            yield f"{before}{field.alias}"


def test_every_key_has_a_wrong_value_in_the_table() -> None:
    tried = {path.removeprefix("holdfast:") for path, _, _ in FAULTS}
    every = {
        *paths(Settings),
        *(f"systems.web.{path}" for kind in KINDS.values() for path in paths(kind.settings)),
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
