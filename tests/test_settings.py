"""The stack configuration: what is read, and one clear line for each fault."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from settings import Settings, SettingsError
from tests.pulumi_mocks import deploy

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
    key, *rest = path.split(".")
    if not rest:
        config[key] = value
        return config
    config.setdefault(key, {})[rest[0]] = value
    return config


def test_both_stacks_configurations_are_valid_and_mirror_each_other() -> None:
    prod, dr = load(configuration("prod")), load(configuration("dr"))
    assert (prod.region, dr.region) == ("us-east-1", "us-west-2")
    assert (prod.active, dr.active) == (True, False)
    assert (prod.network.cidr, prod.network.peer_cidr) == (dr.network.peer_cidr, dr.network.cidr)
    assert prod.recovery.peer_stack is None
    assert dr.recovery.peer_stack == "organization/holdfast/prod"
    assert prod.dns == dr.dns
    assert prod.tags == dr.tags


def test_every_key_stands_in_the_documented_configuration() -> None:
    text, optional = (ROOT / "Pulumi.prod.yaml").read_text(), {"peerStack"}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        keys = (
            [f.alias for f in section.model_fields.values()]
            if hasattr(section, "model_fields")
            else [field.alias]
        )
        for key in keys:
            assert key in text or key in optional, f"{name}: {key} is not explained in Pulumi.prod.yaml"


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
        r"^holdfast:network.zones: got 'use1-az1', allowed: .*(tuple|list)",
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
    ("holdfast:network.nat", "many", r"^holdfast:network.nat: got 'many', allowed: .*'zone'"),
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
    ("holdfast:recovery.standbyFraction", 0, r"^holdfast:recovery.standbyFraction: got 0, .*greater than 0"),
    (
        "holdfast:dns.domain",
        "not a domain",
        r"^holdfast:dns.domain: got 'not a domain', allowed is a domain name",
    ),
    (
        "holdfast:dns.site",
        "www.other.example",
        r"^holdfast:dns.site: got 'www.other.example', .*holdfast.example",
    ),
    ("holdfast:database.backupRetentionDays", 36, r"^holdfast:database.backupRetentionDays: got 36, .*35"),
    ("holdfast:database.engine", "oracle", r"^holdfast:database.engine: got 'oracle', .*'aurora-postgresql'"),
    ("holdfast:backup.dailyRetentionDays", 0, r"^holdfast:backup.dailyRetentionDays: got 0, .*1"),
    ("holdfast:compute.maximumInstances", 5, r"^holdfast:compute.maximumInstances: got 5, .*at least 6"),
    ("holdfast:objectives.drTier", 4, r"^holdfast:objectives.drTier: got 4, .*1, 2 or 3"),
    ("holdfast:objectives.rtoHours", "soon", r"^holdfast:objectives.rtoHours: got 'soon', .*number"),
    ("holdfast:system", "Shop!", r"^holdfast:system: got 'Shop!', .*lower-case"),
    ("holdfast:protect", "maybe", r"^holdfast:protect: got 'maybe', .*boolean"),
]


@pytest.mark.parametrize(("path", "value", "message"), FAULTS, ids=[f"{p}={v}" for p, v, _ in FAULTS])
def test_each_fault_is_one_line_naming_key_value_and_what_is_allowed(
    path: str, value: Any, message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as raised:
        load(changed(path, value))
    assert len(str(raised.value).splitlines()) == 1


def test_a_missing_key_and_several_faults_are_all_named() -> None:
    config = changed("holdfast:database.backupRetentionDays", 99)
    del config["holdfast:owner"]
    with pytest.raises(SettingsError) as raised:
        load(config)
    lines = str(raised.value).splitlines()
    assert any(line.startswith("holdfast:owner: is not set") for line in lines)
    assert any(line.startswith("holdfast:database.backupRetentionDays: got 99") for line in lines)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8), st.none() | st.integers() | st.text(max_size=8), max_size=3
    )
)
def test_no_section_makes_anything_but_a_settings_error(section: dict[str, Any]) -> None:
    config = {**configuration("prod"), "holdfast:network": section}
    with pytest.raises(SettingsError, match="holdfast:network"):
        load(config)
