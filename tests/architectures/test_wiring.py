"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from architectures.peer import AGREEMENT
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.three_tier.test_stores import STORES, pair
from tests.architectures.wiring import exported, label, seen, table
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

PARTS = ("foundation", "three_tier")
ALONE = {"EncryptionByDefault base-defaults-volumes"}
"""Resources that no edge of the table begins or ends in."""


def places(config: Mapping[str, Any]) -> dict[str, list[str]]:
    """What stands for the places of the table in a stack of that configuration."""
    zones = config["holdfast:network"]["zones"]
    return {
        "zone": zones,
        "database zone": zones[:2],
        "region": [config["aws:region"]],
        "peer": [config["holdfast:recovery"]["peerRegion"]],
        "endpoint": config["holdfast:network"]["interfaceEndpoints"],
        "page": ["sorry", "static"],
        "eastern key": [
            "Key base-key-key" if config["aws:region"] == "us-east-1" else "ReplicaKey base-key-replica"
        ],
        "traffic alarm": ["hosts", "errors", "latency"],
        "database alarm": ["cpu", "connections", "lag"],
        "last zone": zones[-1:],
        "experiment": ["instance", "zone-power", "cross-region"],
        "room": ["ec2", "network"],
    }


def wanted(stack: str, config: Mapping[str, Any]) -> set[str]:
    return set().union(*(table(part, stack, places(config)) for part in PARTS))


def ours(deployment: Deployment, peer: Mapping[str, Any], those: re.Pattern[str]) -> set[str]:
    """Those of all edges that are registered."""
    every = seen(deployment, peer) | exported(deployment, read(deployment))
    return {each for each in every if those.match(each)}


def check(found: set[str], expected: set[str]) -> None:
    new, gone = sorted(found - expected), sorted(expected - found)
    assert not new + gone, "\n  ".join(
        ["these edges are not in the table:", *new, "and these are gone:", *gone]
    )


def read(deployment: Deployment) -> dict[str, Any]:
    """The outputs that another stack's resources may come from: all but what settings say."""
    found = {name: outputs(deployment)[name] for name in ("foundation", "systems")}
    return {name: without_settings(values) for name, values in found.items()}


def without_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: without_settings(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if name != AGREEMENT
    }


def test_the_founder(prod: Deployment) -> None:
    check(seen(prod, {}) | exported(prod, read(prod)), wanted("founder", configuration("prod")))


def test_the_joiner(prod: Deployment, dr: Deployment) -> None:
    check(seen(dr, read(prod)) | exported(dr, read(dr)), wanted("joiner", configuration("dr")))


EXPERIMENTS = ["instance", "database", "zone-power", "cross-region"]
HERE = {"experiment": EXPERIMENTS, "room": ["ec2", "network", "rds"]}
"""What stands in the active region."""


def test_experiments() -> None:
    founder = run("prod", {}, systems=with_system("prod", "web", experiments=EXPERIMENTS))
    config = configuration("prod")
    more = table("experiments", "founder", {**places(config), **HERE})
    check(seen(founder, {}) | exported(founder, read(founder)), wanted("founder", config) | more)
    theirs = with_system("dr", "web", experiments=EXPERIMENTS)
    joiner, config = run("dr", {PEER: outputs(founder)}, systems=theirs), configuration("dr")
    more = table("experiments", "joiner", places(config))
    check(seen(joiner, read(founder)) | exported(joiner, read(joiner)), wanted("joiner", config) | more)


def test_what_no_edge_joins_is_there_too(prod: Deployment, dr: Deployment) -> None:
    for stack, peer in ((prod, {}), (dr, read(prod))):
        edges = seen(stack, peer) | exported(stack, read(stack))
        labels = {label(r) for r in stack.resources if r.type.startswith("aws:")}
        joined = {name for name in labels if any(f"{name}." in edge or f"{name} " in edge for edge in edges)}
        assert labels - joined == ALONE


@pytest.fixture(scope="module")
def stores() -> dict[str, Deployment]:
    return pair(**STORES)


def edges(deployment: Deployment, peer: Mapping[str, Any]) -> set[str]:
    return seen(deployment, peer) | exported(deployment, read(deployment))


def test_the_founders_stores(prod: Deployment, stores: dict[str, Deployment]) -> None:
    more = edges(stores["prod"], {}) - edges(prod, {})
    check(more, table("stores", "founder", places(configuration("prod"))))
    assert edges(prod, {}) <= edges(stores["prod"], {})


def test_the_joiners_stores(prod: Deployment, dr: Deployment, stores: dict[str, Deployment]) -> None:
    more = edges(stores["dr"], read(stores["prod"])) - edges(dr, read(prod))
    check(more, table("stores", "joiner", places(configuration("dr"))))
    assert edges(dr, read(prod)) <= edges(stores["dr"], read(stores["prod"]))


@pytest.fixture(scope="module")
def founder_in_the_west() -> tuple[Deployment, dict[str, Any]]:
    """The founder where `dr` is: its configuration, without a stack to join."""
    config = configuration("dr")
    config["holdfast:recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-east-1"}
    return run("dr", {}, recovery=config["holdfast:recovery"]), config


def test_the_founder_in_another_region(founder_in_the_west: tuple[Deployment, dict[str, Any]]) -> None:
    west, config = founder_in_the_west
    check(seen(west, {}) | exported(west, read(west)), wanted("founder", config))


DSQL: dict[str, Any] = {"database": {"engine": "aurora-dsql"}, "switch": {}}
"""Aurora DSQL in place of Aurora: with the default of every key."""
OF_AURORA = (
    "web-db",
    "web-health-connections",
    "web-health-cpu",
    "web-health-lag",
    "web-takeover",
    "databases.original",
    "parts.cluster",
    "web-app-policy.policy",
)
"""What an edge that Aurora DSQL hasn't is about."""


def test_aurora_dsql_in_auroras_place(prod: Deployment, dr: Deployment) -> None:
    plain = {"prod": (prod, {}), "dr": (dr, read(prod))}
    made = pair(**DSQL)
    for stack, role, peer in (("prod", "founder", {}), ("dr", "joiner", read(made["prod"]))):
        before, after = edges(*plain[stack]), edges(made[stack], peer)
        check(after - before, table("dsql", role, places(configuration(stack))))
        assert [each for each in before - after if not any(part in each for part in OF_AURORA)] == []


def test_a_region_that_watches_the_other_one() -> None:
    plain, watched = pair(switch=PLANNED), pair(switch={**PLANNED, "automatic": True})
    assert edges(plain["prod"], {}) == edges(watched["prod"], {})
    before = edges(plain["dr"], read(plain["prod"]))
    after = edges(watched["dr"], read(watched["prod"]))
    check(after - before, table("watch", "joiner", places(configuration("dr"))))
    assert before <= after


PLANNED = {"by": "region-switch"}


def test_stores_that_a_plan_moves(stores: dict[str, Deployment]) -> None:
    plain, moved = pair(switch=PLANNED), pair(switch=PLANNED, **STORES)
    for stack, role in (("prod", "founder"), ("dr", "joiner")):
        peers = [read(each["prod"]) if stack == "dr" else {} for each in (plain, stores, moved)]
        before = edges(plain[stack], peers[0]) | edges(stores[stack], peers[1])
        more = edges(moved[stack], peers[2]) - before
        check(more, table("store_switch", role, places(configuration(stack))))
