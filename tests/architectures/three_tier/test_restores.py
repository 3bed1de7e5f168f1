"""A database restored from a recovery point stands beside what was there, serves, and is the program's own."""

from __future__ import annotations

import base64
from typing import Any

import pulumi
import pytest

from architectures.strategies import Strategy
from tests.architectures.conftest import PEER, outputs, run
from tests.architectures.strategy_table import changes
from tests.pulumi_mocks import Deployment

EAST = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1"
WEST = EAST.replace("us-east-1", "us-west-2")


def restoring(stack: str, strategy: Strategy, *restores: dict[str, Any], **database: Any) -> dict[str, Any]:
    given = changes(stack, strategy)
    given["systems"]["web"]["database"] |= {"restores": list(restores), **database}
    return given


def clusters(stack: Deployment) -> dict[str, dict[str, Any]]:
    return {found.name: found.inputs for found in stack.all("aws:rds/cluster:Cluster")}


def told(stack: Deployment) -> str:
    return str(stack.one("Parameter", "web-facts").inputs["value"])


@pytest.fixture(scope="module")
def founder() -> Deployment:
    return run(
        "prod", {}, **restoring("prod", Strategy.WARM_STANDBY, {"name": "clean", "recoveryPoint": EAST})
    )


def test_the_founder_restores_beside_the_original_and_serves_from_the_restored(founder: Deployment) -> None:
    found = clusters(founder)
    assert set(found) == {"web-db-cluster", "web-db-clean-cluster"}
    assert found["web-db-clean-cluster"]["snapshotIdentifier"] == EAST
    assert "snapshotIdentifier" not in found["web-db-cluster"]
    assert found["web-db-clean-cluster"]["clusterIdentifier"] == "shop-production-web-db-clean"
    assert "web-db-clean-cluster.cluster-x" in told(founder)
    globals_ = {g.name: g.inputs["globalClusterIdentifier"] for g in founder.all("GlobalCluster")}
    assert globals_ == {
        "web-db-global": "shop-production-web",
        "web-db-clean-global": "shop-production-web-clean",
    }
    assert all(r.protect for r in founder.all("aws:rds/cluster:Cluster"))
    kept = [m for m in outputs(founder)["recovery"]["members"] if m["kind"] == "aurora"]
    assert [member["name"] for member in kept] == ["web-db-cluster", "web-db-clean-cluster"]
    (servers,) = [m for m in outputs(founder)["recovery"]["members"] if m["kind"] == "compute"]
    assert servers["needs"] == ["web-db-clean-cluster"]


def test_servers_stay_and_find_out_themselves_which_database_serves(founder: Deployment) -> None:
    def script(stack: Deployment) -> str:
        return base64.b64decode(stack.one("LaunchTemplate", "web-app-template").inputs["userData"]).decode()

    plain = run("prod", {}, **changes("prod", Strategy.WARM_STANDBY))
    assert told(plain) != told(founder)
    assert script(plain) == script(founder), "a rolling replacement would write to both databases meanwhile"
    name = founder.one("Parameter", "web-facts").inputs["name"]
    assert f"--name '{name}'" in script(founder).split("<<'LOOK'")[1]
    assert "ExecStart=/srv/app/look" in script(founder).split("look.service")[1].split("UNIT\n")[1]


def test_the_other_region_follows_the_restored_one_by_its_name(founder: Deployment) -> None:
    dr = run("dr", {PEER: outputs(founder)}, **restoring("dr", Strategy.WARM_STANDBY, {"name": "clean"}))
    found = clusters(dr)
    assert found["web-db-clean-cluster"]["globalClusterIdentifier"] == "web-db-clean-global-id"
    assert found["web-db-cluster"]["globalClusterIdentifier"] == "web-db-global-id"
    assert "snapshotIdentifier" not in found["web-db-clean-cluster"]
    assert "web-db-clean-master" in told(dr)
    with pytest.raises(pulumi.RunError, match=r"web.database.restores: got \[\], allowed is \['clean'\]"):
        run("dr", {PEER: outputs(founder)}, **restoring("dr", Strategy.WARM_STANDBY))


def test_the_original_goes_when_it_is_let_go() -> None:
    clean = {"name": "clean", "recoveryPoint": EAST}
    alone = run("prod", {}, **restoring("prod", Strategy.WARM_STANDBY, clean, keepOriginal=False))
    assert set(clusters(alone)) == {"web-db-clean-cluster"}


def test_a_region_without_data_is_built_from_a_recovery_point_and_serves_behind_the_same_records() -> None:
    strategy = Strategy.BACKUP_AND_RESTORE
    prod = run("prod", {}, **changes("prod", strategy))
    dr = run(
        "dr", {PEER: outputs(prod)}, **restoring("dr", strategy, {"name": "clean", "recoveryPoint": WEST})
    )
    assert set(clusters(dr)) == {"web-db-clean-cluster"}
    assert not dr.all("GlobalCluster")
    group = dr.one("aws:autoscaling/group:Group").inputs
    assert (group["minSize"], group["desiredCapacity"]) == (6, 6)
    site = dr.one("Record", "web-site-site-record").inputs
    assert site["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert site["aliases"][0]["name"] == "us-west-2.www.holdfast.example"
    own = dr.one("aws:secretsmanager/secret:Secret")
    assert own.name == "web-db-clean-master-secret"
    assert own.name.removesuffix("-secret") in told(dr)


CLEAN = {"name": "clean", "recoveryPoint": EAST}


@pytest.mark.parametrize(
    ("stack", "strategy", "restores", "database", "message"),
    [
        ("prod", Strategy.WARM_STANDBY, [{"name": "clean"}], {}, r"restores\[0\].recoveryPoint: got nothing, allowed is the ARN of a rec"),
        ("dr", Strategy.BACKUP_AND_RESTORE, [{"name": "clean"}], {}, r"restores\[0\].recoveryPoint: got nothing, allowed is the ARN of a"),
        ("dr", Strategy.BACKUP_AND_RESTORE, [CLEAN], {}, rf"restores\[0\].recoveryPoint: got '{EAST}', allowed is a recovery point in us-west-2$"),
        ("dr", Strategy.PILOT_LIGHT, [{**CLEAN, "recoveryPoint": WEST}], {}, r"restores\[0\].recoveryPoint: got 'arn.*, allowed is nothing where"),
        ("prod", Strategy.WARM_STANDBY, [CLEAN, CLEAN], {}, r"restores\[1\].name: got 'clean', allowed is each name once$"),
        ("prod", Strategy.WARM_STANDBY, [{**CLEAN, "recoveryPoint": "snap"}], {}, r"restores\[0\].recoveryPoint: got 'snap', allowed is the ARN of a cl"),
        ("prod", Strategy.WARM_STANDBY, [], {"keepOriginal": False}, r"keepOriginal: got false, allowed is true without a restore"),
    ],
)  # fmt: skip
def test_what_can_not_be_restored_is_one_line(
    stack: str, strategy: Strategy, restores: list[dict[str, Any]], database: dict[str, Any], message: str
) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^holdfast:systems\.web\.database\.{message}"):
        run(stack, {}, **restoring(stack, strategy, *restores, **database))


def test_a_region_can_not_become_active_with_nothing_to_serve_from() -> None:
    given = changes("dr", Strategy.BACKUP_AND_RESTORE)
    given["recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-east-1", "peerStack": PEER}
    with pytest.raises(
        pulumi.RunError, match=r"database.restores: got none, allowed is a recovery point to restore"
    ):
        run("dr", {}, **given)
