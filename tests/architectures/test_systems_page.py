"""docs/systems.md says what the kinds of system are."""

from __future__ import annotations

import pytest

from architectures.registry import KINDS
from tests.architectures.systems_page import HEAD, PAGE, Zones, example, section, stacks, system
from tests.test_examples import config


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_each_kind_as_it_is(kind: str) -> None:
    assert section(kind) in PAGE.read_text(encoding="utf-8"), "run python -m tests.architectures.systems_page"


@pytest.mark.parametrize("kind", KINDS)
def test_it_shows_what_stands_in_zones(kind: str) -> None:
    placed = section(kind).count("●")
    settings = KINDS[kind].settings.model_validate(
        config(example(kind), "prod")["holdfast:systems"][system(kind)]
    )
    assert placed > 3 if settings.in_subnets else placed == 0


def test_the_page_has_nothing_else() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == list(KINDS)


def test_zones_are_found_by_subnets_and_their_groups() -> None:
    prod = stacks("three-tier")["prod"]
    zones = Zones(prod)
    assert zones.of(prod.one("aws:lb/loadBalancer:LoadBalancer")) == set(zones.every)
    assert zones.of(prod.one("aws:rds/cluster:Cluster")) == set(zones.every)
    [gateway, *_] = sorted(prod.all("NatGateway"), key=lambda each: each.name)
    assert zones.of(gateway) == {zones.every[0]}
    assert zones.of(prod.one("Vault", "base-backup-vault")) == set()
