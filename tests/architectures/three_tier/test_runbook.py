"""What the runbooks say, and where they are put."""

from __future__ import annotations

import re

import pytest

from architectures.parts.aurora.restores import TEXTS
from architectures.strategies import Strategy
from architectures.three_tier.runbook import HERE, text
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.runbooks import all_is_filled_in, anything
from tests.architectures.strategy_table import changes
from tests.architectures.three_tier.test_restores import WEST as POINT
from tests.architectures.three_tier.test_restores import restoring
from tests.architectures.three_tier.test_stores import STORES
from tests.pulumi_mocks import Deployment

EAST, WEST = "us-east-1", "us-west-2"
KINDS = ("data-plane", "region-switch", "region-switch-both", "none", *TEXTS)
PATHS = [*HERE.glob("*.md"), *(path for kind in TEXTS.values() for path in kind)]


def objects(stack: Deployment) -> dict[str, dict[str, str]]:
    return {r.inputs["region"]: r.inputs for r in stack.all("BucketObjectv2") if "-runbook-" in r.name}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, PATHS)


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


def test_where_both_regions_serve_the_plan_takes_one_out_with_its_writer_and_in_again() -> None:
    """A plan of regions that both serve moves the writer, and turns a check off, when it deactivates a region."""
    given = {name: changes(name, Strategy.ACTIVE_ACTIVE) for name in ("prod", "dr")}
    for each in given.values():
        each["systems"]["web"]["switch"] = {
            "by": "region-switch",
            "minutes": {"capacity": 1, "database": 1, "traffic": 1},
        }
    founder = run("prod", {}, **given["prod"])
    joiner = run("dr", {PEER: outputs(founder)}, **given["dr"])
    for region, other in ((EAST, WEST), (WEST, EAST)):
        act, back = objects(joiner)[region]["content"].split("## Go back")
        assert re.findall(r"--region (\S+) .* --target-region (\S+) --action (\w+) --mode (\w+)", act) == [
            (region, other, "deactivate", "ungraceful"),
            (region, other, "deactivate", "graceful"),
        ]
        assert re.findall(r"--region (\S+) .* --target-region (\S+) --action (\w+)", back) == [
            (other, other, "activate"),
            (other, region, "deactivate"),
            (region, region, "activate"),
        ]


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
    assert "start-backup-job" not in content, "nothing is there to be backed up"


def test_what_was_rebuilt_goes_back_by_a_backup_that_nobody_writes_after() -> None:
    prod = run("prod", {}, **changes("prod", Strategy.BACKUP_AND_RESTORE))
    point = {"name": "rebuilt", "recoveryPoint": POINT}
    dr = run("dr", {PEER: outputs(prod)}, **restoring("dr", Strategy.BACKUP_AND_RESTORE, point))
    ground = outputs(prod)["foundation"]
    group, cluster, role = (
        dr.made[dr.one(*kind).urn]
        for kind in (
            ("aws:autoscaling/group:Group",),
            ("aws:rds/cluster:Cluster",),
            ("aws:iam/role:Role", "base-backup-role"),
        )
    )
    there = prod.made[prod.one("aws:autoscaling/group:Group").urn]["name"]
    act, back = objects(dr)[WEST]["content"].split("## Go back")
    here, listed = ground["peerVaultName"], "backup list-recovery-points-by-backup-vault --region"
    assert commands(act) == [f"{listed} {WEST} --backup-vault-name {here} --by-resource-type Aurora"]
    stop, by = "--min-size 0 --desired-capacity 0", f"--by-resource-arn {cluster['arn']}"
    as_role = f"--iam-role-arn {role['arn']}"
    copied = f"--source-backup-vault-name {here} --destination-backup-vault-arn {ground['vaultArn']}"
    assert commands(back) == [
        f"autoscaling update-auto-scaling-group --region {EAST} --auto-scaling-group-name {there} {stop}",
        f"autoscaling update-auto-scaling-group --region {WEST} --auto-scaling-group-name {group['name']} {stop}",
        f"backup start-backup-job --region {WEST} --backup-vault-name {here} --resource-arn {cluster['arn']} {as_role}",
        f"{listed} {WEST} --backup-vault-name {here} {by}",
        f"backup start-copy-job --region {WEST} --recovery-point-arn POINT {copied} {as_role}",
        f"{listed} {EAST} --backup-vault-name {ground['vaultName']} {by}",
    ]
    # The founding stack's region is never built anew: it restores beside what it has, and its record is PRIMARY.
    home = objects(prod)[EAST]["content"]
    assert "SECONDARY" not in home
    assert f"`holdfast:recovery.activeRegion` to {EAST}" in home
    assert commands(home)[1:] == [
        f"autoscaling update-auto-scaling-group --region {EAST} --auto-scaling-group-name {there} {stop}"
    ]


def commands(content: str) -> list[str]:
    return re.findall(r"^    aws (.+)$", content, re.MULTILINE)


def test_stores_are_moved_by_who_moves_the_rest() -> None:
    """A state machine moves them itself, and so do the functions of a plan; without either a person calls."""
    found = {kind: text(kind, _anything(), ["cache", "files"]) for kind in KINDS}
    moves = ("failover-global-replication-group", "delete-replication-configuration")
    for kind, said in found.items():
        act = said.partition("## Act")[2].partition("## Go back")[0]
        assert [move in act for move in moves] == [kind == "none"] * 2, kind
        back = said.partition("## Go back")[2]
        assert ("create-replication-configuration" in back) is (kind not in TEXTS)
        assert ("describe-global-replication-groups" in said) is (kind not in TEXTS)
    for kind in KINDS:
        assert "elasticache" not in text(kind, _anything(), ["files"])
        assert "efs" not in text(kind, _anything(), ["cache"])
        assert not {"elasticache", "efs"} & set(text(kind, _anything()).split())


def _anything() -> dict[str, str]:
    return anything(PATHS)


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
