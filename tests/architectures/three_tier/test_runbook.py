"""What the runbooks say, and where they are put."""

from __future__ import annotations

import pytest

from architectures.parts.aurora.restores import RUNBOOK as RESTORE
from architectures.strategies import Strategy
from architectures.three_tier.runbook import HERE, text
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.runbooks import all_is_filled_in, anything
from tests.architectures.strategy_table import changes
from tests.architectures.three_tier.test_stores import STORES
from tests.pulumi_mocks import Deployment

EAST, WEST = "us-east-1", "us-west-2"
KINDS = ("data-plane", "region-switch", "none", "restore")


def objects(stack: Deployment) -> dict[str, dict[str, str]]:
    return {r.inputs["region"]: r.inputs for r in stack.all("BucketObjectv2") if "-runbook-" in r.name}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, (*HERE.glob("*.md"), RESTORE))


def test_each_stack_writes_its_own_regions_into_that_region(prod: Deployment, dr: Deployment) -> None:
    copy = outputs(prod)["systems"]["web"]["peerRunbooks"]
    [(region, east)], [(other, west)] = objects(prod).items(), objects(dr).items()
    assert (region, east["bucket"]) == (EAST, outputs(prod)["systems"]["web"]["runbooks"])
    assert (other, west["bucket"]) == (WEST, copy)
    assert west["key"] == "us-west-2.md"
    assert outputs(dr)["systems"]["web"]["runbook"] == {WEST: f"s3://{copy}/us-west-2.md"}
    assert east["content"].startswith(f"# web: take over in {EAST} from {WEST}\n")
    group, machine = dr.made[dr.one("Group").urn]["name"], dr.made[dr.one("StateMachine").urn]["arn"]
    assert f"--region {WEST} --auto-scaling-group-names {group}" in west["content"]
    assert f"--region {WEST} --state-machine-arn {machine} --input" in west["content"]
    back = outputs(prod)["systems"]["web"]["takeover"]
    assert f"--region {EAST} --state-machine-arn {back} --input" in west["content"]
    assert "start 6 servers" in west["content"]


def test_the_stack_that_has_the_plan_writes_both(prod: Deployment) -> None:
    switch = {"by": "region-switch"}
    founder = run("prod", {}, systems=with_system("prod", "web", switch=switch))
    joiner = run("dr", {PEER: outputs(founder)}, systems=with_system("dr", "web", switch=switch))
    assert objects(founder) == {}
    found = objects(joiner)
    plan = outputs(joiner)["systems"]["web"]["switch"]["plan"]
    for region in (EAST, WEST):
        assert (
            f"start-plan-execution --region {region} --plan-arn {plan} --target-region {region}"
            in found[region]["content"]
        )
    parts = outputs(founder)["systems"]["web"]["parts"]
    assert f"--auto-scaling-group-names {parts['group']}" in found[EAST]["content"]
    assert found[EAST]["bucket"] == outputs(founder)["systems"]["web"]["runbooks"]


def test_without_a_switch_a_person_calls_what_moves_each_part() -> None:
    made = run("prod", {}, systems=with_system("prod", "web", switch={"by": "none"}))
    content = objects(made)[EAST]["content"]
    cluster = made.made[made.one("aws:rds/cluster:Cluster").urn]["arn"]
    assert f"failover-global-cluster --region {EAST}" in content
    assert f"--target-db-cluster-identifier {cluster} --allow-data-loss" in content
    assert f"--target-db-cluster-identifier {cluster.replace(EAST, WEST)}" in content
    assert "--min-size 6 --desired-capacity 6" in content


def test_where_only_recovery_points_cross_the_runbook_is_about_them() -> None:
    prod = run("prod", {}, **changes("prod", Strategy.BACKUP_AND_RESTORE))
    dr = run("dr", {PEER: outputs(prod)}, **changes("dr", Strategy.BACKUP_AND_RESTORE))
    content = objects(dr)[WEST]["content"]
    vault = outputs(prod)["foundation"]["peerVaultName"]
    assert f"list-recovery-points-by-backup-vault --region {WEST} --backup-vault-name {vault}" in content


def test_stores_are_moved_by_who_moves_the_rest() -> None:
    """A state machine moves them itself, and so do the functions of a plan; without either a person calls."""
    found = {kind: text(kind, _anything(), ["cache", "files"]) for kind in KINDS}
    moves = ("failover-global-replication-group", "delete-replication-configuration")
    for kind, said in found.items():
        act = said.partition("## Act")[2].partition("## Go back")[0]
        assert [move in act for move in moves] == [kind == "none"] * 2, kind
        back = said.partition("## Go back")[2]
        assert ("create-replication-configuration" in back) is (kind != "restore")
        assert ("describe-global-replication-groups" in said) is (kind != "restore")
    for kind in KINDS:
        assert "elasticache" not in text(kind, _anything(), ["files"])
        assert "efs" not in text(kind, _anything(), ["cache"])
        assert not {"elasticache", "efs"} & set(text(kind, _anything()).split())


def _anything() -> dict[str, str]:
    return anything((*HERE.glob("*.md"), RESTORE))


@pytest.mark.parametrize("by", ["data-plane", "region-switch", "none"])
def test_the_names_of_stores_are_those_of_the_region(by: str) -> None:
    said = {**STORES, "switch": {"by": by}}
    founder = run("prod", {}, systems=with_system("prod", "web", **said))
    joiner = run("dr", {PEER: outputs(founder)}, systems=with_system("dr", "web", **said))
    own, theirs = "web-files-files-id", "web-files-peer-files-id"
    written = {**objects(founder), **objects(joiner)}
    for region, mine, other in ((EAST, own, theirs), (WEST, theirs, own)):
        content = written[region]["content"]
        peer = WEST if region == EAST else EAST
        again = f"create-replication-configuration --region {region} --source-file-system-id {mine} "
        assert f"{again}--destinations FileSystemId={other},Region={peer}" in content
        assert "--global-replication-group-id ldgnf-shop-production-web-cache" in content
        assert ("failover-global-replication-group" in content) == (by == "none")
        if by == "none":
            assert (
                f"delete-replication-configuration --region {region} --source-file-system-id {other}"
                in content
            )
            assert f"--primary-region {region} --primary-replication-group-id web-cache-group-id" in content
