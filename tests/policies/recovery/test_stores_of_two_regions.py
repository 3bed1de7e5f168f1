"""Caches, files, buckets and instances of two stacks, made by the components: what each stack's export lets the other judge."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.data import (
    Bucket,
    BucketArgs,
    BucketReplica,
    CacheGlobal,
    CacheGlobalArgs,
    FilesPeer,
    RdsInstance,
    RdsReplica,
    RdsReplicaArgs,
    ReplicaHome,
    ReplicatedBackups,
    ReplicatedBackupsArgs,
    SharedFiles,
    SharedFilesArgs,
)
from policies.recovery import Report, check, facts, judge
from policies.recovery.model import Verdict
from tests.components.data_arguments import KEY, PEER_KEY, SUBNETS, TAGS, instance_args
from tests.policies.recovery.build import node
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import deploy

EAST, WEST = "us-east-1", "us-west-2"
WEST_SUBNETS = {"usw2-az1": "subnet-w1", "usw2-az2": "subnet-w2"}


TOLD: dict[str, list[dict[str, Any]]] = {}
"""What each stack's components state of themselves, once they are known."""


def cache(**changes: Any) -> CacheGlobal:
    base = {
        "tags": TAGS,
        "identifier": "shop-prod",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "kms_key_arn": KEY,
    }
    return CacheGlobal("cache", CacheGlobalArgs(**{**base, **changes}))


def state(stack: str, *told: Any) -> None:
    pulumi.Output.from_input(list(told)).apply(lambda known: TOLD.update({stack: known}))


def prod() -> None:
    store = cache()
    files = SharedFiles(
        "files",
        SharedFilesArgs(
            tags=TAGS,
            subnet_ids=SUBNETS,
            security_group_ids=["sg-1"],
            kms_key_arn=KEY,
            peer=FilesPeer(region=WEST, kms_key_arn=PEER_KEY),
        ),
    )
    both = BucketReplica(region=WEST, kms_key_arn=PEER_KEY, home_region=EAST)
    media = Bucket("media", BucketArgs(tags=TAGS, kms_key_arn=KEY, replica=both))
    db = RdsInstance("db", instance_args())
    kept = ReplicatedBackups(
        "kept", ReplicatedBackupsArgs(source_arn=db.arn, region=WEST, kms_key_arn=PEER_KEY)
    )
    instance = {**db.recovery_fact, "log_copies": [kept.log_copy]}
    state("prod", store.recovery_fact, *files.recovery_facts, *media.recovery_facts, instance)


def dr() -> None:
    store = cache(global_replication_group_id="ldgnf-shop-prod", subnet_ids=WEST_SUBNETS)
    SharedFiles(
        "files",
        SharedFilesArgs(
            tags=TAGS, subnet_ids=WEST_SUBNETS, security_group_ids=["sg-1"], file_system_id="fs-west"
        ),
    )
    copy = RdsReplica(
        "db",
        RdsReplicaArgs(
            tags=TAGS,
            source=pulumi.Output.from_input("arn:aws:mock:us-east-1:123456789012:db-db"),
            engine="postgres",
            engine_version="16.8",
            security_group_ids=["sg-w"],
            home=ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=WEST_SUBNETS),
        ),
    )
    state("dr", store.recovery_fact, copy.recovery_fact)


def exported(stack: str, program: Any, region: str) -> dict[str, Any]:
    deploy(program)
    made: dict[str, Any] = json.loads(
        json.dumps({"schema": 1, "stack": stack, "region": region, "members": TOLD[stack]})
    )
    assert check(made) == []
    return made


def options(report: Report, failure: str) -> dict[str, str | None]:
    return {n.unit.name: n.option for n in report.failures[failure].nodes}


@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "preview"])
def test_the_founding_stack_judges_each_failure(preview: bool) -> None:
    report = judge(resources(deploy(prod, preview=preview), EAST))
    zone = options(report, "zone")
    assert zone["cache-group"] == "replica in another zone"
    assert zone["db-db"] == "Multi-AZ standby"
    region = options(report, "region")
    assert region["files-files"] == f"replica in {WEST}"
    assert region["media-bucket"] == f"replica in {WEST}"
    assert region["media-copy-bucket"] == f"replica in {EAST}"
    assert region["db-db"] == f"replicated backups in {WEST}"
    assert node(report, "region", "cache-group").verdict is Verdict.UNDETERMINED


def test_the_joining_stack_judges_what_the_founding_one_tells() -> None:
    told = exported("prod", prod, EAST)
    # The mocks' stack is called prod as well: its own resources would win over facts of that name.
    report = judge(resources(deploy(dr), WEST), peers=[{**told, "stack": "east"}])
    region = options(report, "region")
    assert region["cache-group"] == f"Global Datastore's member in {WEST}"
    assert region["files-files"] == f"replica in {WEST}"
    assert region["media-bucket"] == f"replica in {WEST}"
    assert region["db-db"] == f"read replica in {WEST}"
    assert all(n.verdict is not Verdict.UNDETERMINED for n in report.failures["region"].nodes)


def test_the_founding_stack_with_the_joined_ones_export_knows_the_replica() -> None:
    own = resources(deploy(prod), EAST)
    for each in own:  # what AWS computed, as it stands after a deployment
        if each.type.endswith("globalReplicationGroup:GlobalReplicationGroup"):
            each.props["globalReplicationGroupId"] = "ldgnf-shop-prod"  # type: ignore[index]
        if each.type == "aws:rds/instance:Instance":
            each.props["arn"] = "arn:aws:mock:us-east-1:123456789012:db-db"  # type: ignore[index]
    region = options(judge(own, peers=[exported("dr", dr, WEST)]), "region")
    assert region["cache-group"] == f"Global Datastore's member in {WEST}"
    assert region["db-db"] == f"read replica in {WEST}"


def test_a_joined_group_tells_nothing_that_the_datastore_says() -> None:
    told = facts(resources(deploy(dr), WEST), stack="dr", region=WEST)
    (group,) = (m for m in told["members"] if m["kind"] == "elasticache")
    assert group["role"] == "replica"
    assert not {"automatic_failover", "multi_az"} & group.keys()
    said = resources(deploy(dr), WEST)
    next(r for r in said if r.type.endswith(":ReplicationGroup")).props.update(  # type: ignore[attr-defined]
        automaticFailoverEnabled=True, multiAzEnabled=False
    )
    (group,) = (m for m in facts(said, stack="dr", region=WEST)["members"] if m["kind"] == "elasticache")
    assert (group["automatic_failover"], group["multi_az"]) == (True, False)


def test_without_its_peer_the_region_takes_the_files() -> None:
    gone = [r for r in resources(deploy(prod), EAST) if "replicationConfiguration" not in r.type]
    assert node(judge(gone), "region", "files-files").verdict is Verdict.UNATTAINABLE
