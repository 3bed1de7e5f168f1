"""What the program tells of itself is what the estimator reads from its resources, unit by unit."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.strategies import Strategy
from policies.recovery import check, facts
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.strategy_table import changes
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT, configuration

REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
COMPARED = (
    "kind", "region", "role", "tags", "needs",
    "instances", "desired", "max", "launch", "warm_pool", "tracked",
    "automatic_failover", "multi_az", "members", "snapshot_days",
    "swap", "rejoined", "mirrored", "allocated_gib", "age_s", "retention_s", "migrates", "archived",
    "routing", "side", "evaluates", "versioned", "groups", "origin_regions", "retry_s", "internal",
)  # fmt: skip
"""Keys that both tell alike; `group`, `required`, `check` and `replicas` are compared below."""
ESTIMATOR_ONLY = {
    "backups": "told below, of stores that have no member in the other region",
    "retention_days": "point-in-time recovery stays in its region",
    "pitr": "the same",
    "pitr_retention_s": "the same",
    "zones": "losing a zone is each stack's own matter",
    "one_zone": "the same",
    "brokers": "the same",
    "min_isr": "the same",
    "sources": "read of the replicators, which are all in the stack that reads the other one's facts",
    "zonal": "the same",
    "proxy": "the same",
    "health": "the same",
    "targets": "the same as needs",
    "global": "whether all sides of a name are in one stack is told by the group",
    "urn": "units are told by name",
}
"""What is not told, and why not."""


OTHERS = tuple(each for each in Strategy if each is not Strategy.WARM_STANDBY)


def following(stack: str, strategy: Strategy) -> dict[str, Any]:
    """That stack's configuration under another strategy than its own."""
    given = {f"holdfast:{key}": value for key, value in changes(stack, strategy).items()}
    return {**configuration(stack), **given}


def storing(stack: str, strategy: Strategy) -> dict[str, Any]:
    """The same with every store beside the database."""
    found = following(stack, strategy)
    found["holdfast:systems"]["web"] |= {"cache": {"holds": "data"}, "sessions": {}, "files": {}}
    return found


def system_pairs() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    named = (
        "two-systems",
        "three-tier-stores",
        "active-standby",
        "replicated-disk",
        "workers",
        "workers-servers",
        "workflow",
        "zone-affinity",
        "content",
        "elastic-beanstalk",
    )
    two, stores, pairs, mirrored, jobs, media, flow, zonal, kept, greet = (
        ROOT / "examples" / name for name in named
    )
    return {
        "mirrored": (config(mirrored, "prod"), config(mirrored, "dr")),
        "workers": (config(jobs, "prod"), config(jobs, "dr")),
        "servers": (config(media, "prod"), config(media, "dr")),
        "workflow": (config(flow, "prod"), config(flow, "dr")),
        "zonal": (config(zonal, "prod"), config(zonal, "dr")),
        "content": (config(kept, "prod"), config(kept, "dr")),
        "beanstalk": (config(greet, "prod"), config(greet, "dr")),
        "pairs": (config(pairs, "prod"), config(pairs, "dr")),
        "stacks": (configuration("prod"), configuration("dr")),
        "two-systems": (config(two, "prod"), config(two, "dr")),
        "stores": (config(stores, "prod"), config(stores, "dr")),
        "stores-alone": (
            storing("prod", Strategy.BACKUP_AND_RESTORE),
            storing("dr", Strategy.BACKUP_AND_RESTORE),
        ),
        **{str(strategy): (following("prod", strategy), following("dr", strategy)) for strategy in OTHERS},
    }


@pytest.fixture(
    scope="module",
    params=[
        "stacks",
        "two-systems",
        "pairs",
        "mirrored",
        "workers",
        "servers",
        "workflow",
        "zonal",
        "content",
        "beanstalk",
        "stores",
        "stores-alone",
        *map(str, OTHERS),
    ],
)
def pair(request: pytest.FixtureRequest) -> dict[str, Deployment]:
    first, second = system_pairs()[request.param]
    prod = deployed("prod", first, {})
    return {"prod": prod, "dr": deployed("dr", second, {PEER: outputs(prod)})}


@pytest.fixture(params=["prod", "dr"])
def both(
    request: pytest.FixtureRequest, pair: dict[str, Deployment]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """By name: the units that the stack tells of, and those that the estimator reads."""
    stack, region = request.param, REGIONS[request.param]
    told = outputs(pair[stack])["recovery"]
    assert check(told) == []
    assert (told["stack"], told["region"]) == (stack, region)
    read = facts(resources(pair[stack], region), stack=stack, region=region)["members"]
    for member in read:
        member["needs"] = sorted(need.rsplit("::", 1)[-1] for need in member.get("needs", []))
    for member in told["members"]:
        member.setdefault("region", region)
        member.setdefault("role", "active")
        member.setdefault("needs", [])
    return {m["name"]: m for m in told["members"]}, {m["name"]: m for m in read}


def test_no_unit_is_missing_on_either_side(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told, read = both
    assert told
    assert sorted(told) == sorted(read)


def test_both_say_the_same_of_each(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told, read = both
    for name, mine in told.items():
        for key in COMPARED:
            assert mine.get(key) == read[name].get(key), f"{name}: {key}"


def test_members_elsewhere_are_found_by_the_same_identity(
    both: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    told, read = both
    for name, mine in told.items():
        if mine["kind"] == "dns" or mine.get("global"):
            assert f"{mine['kind']}:{mine['group']}" in read[name]["group"], name


def test_capacity_and_probes_are_the_same(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told, read = both
    watched = 0
    for name, mine in told.items():
        if mine["kind"] == "compute":
            tagged = read[name]["tags"].get("dr:required-capacity")
            wanted = read[name].get("required") if tagged is None else float(tagged)
            assert mine.get("required") == wanted, name
            assert mine.get("check") == read[name].get("check"), name
        probe = read[name].get("check", {})
        assert mine.get("check", {}) == {key: probe[key] for key in probe if key != "name"}, name
        watched += bool(probe)
    asked = {"load-balancer", "dns"} & {mine["kind"] for mine in told.values()}
    serves = any(mine.get("launch", "lambda") != "lambda" for mine in told.values()) and bool(asked)
    assert watched >= 2 * serves


def test_replicas_are_the_same(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told, read = both
    for name, mine in told.items():
        seen = [{key: row[key] for key in row if key != "bucket"} for row in read[name].get("replicas", [])]
        assert mine.get("replicas", []) == seen, name


def test_backups_are_told_where_they_are_the_way_to_the_other_region(
    both: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    told, read = both
    for name, mine in told.items():
        ties = {"global", "replicas"} if mine["kind"] == "efs" else {"global", "group", "replicas"}
        crosses = ties & set(mine) or mine["role"] == "replica"
        if mine["kind"] in ("aurora", "dynamodb", "efs", "ebs") and not crosses:
            seen = [
                {k: row[k] for k in row if k not in ("continuous", "unsure")}
                for row in read[name]["backups"]
                if row.get(
                    "copies"
                )  # EFS's own, and snapshots of Data Lifecycle Manager, stay in their region
            ]
            assert mine["backups"] == seen
        else:
            assert "backups" not in mine


def test_what_is_not_told_has_its_reason(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    told, read = both
    compared = {*COMPARED, "name", "group", "required", "check", "replicas", *ESTIMATOR_ONLY}
    assert {key for member in read.values() for key in member} <= compared
    assert {key for member in told.values() for key in member} <= compared
