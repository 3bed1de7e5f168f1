"""Stores that the founding stack declares in both regions, deployed whole; the joining stack reads of them and declares nothing."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws import faults
from tests.sandbox.projects import Runner, project, state_of

PROGRAM = """
from components.data import *
from components.security import *
from components.tags import Tags

tags = Tags(environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5)
region, other, peer = pulumi.Config("aws").require("region"), config.require("other"), config.get("peer")
if peer:
    founder = pulumi.StackReference(f"organization/small/{peer}")
    for output in ("orders", "ledger", "endpoints"):
        pulumi.export(output, founder.require_output(output))
else:
    key = MultiRegionKey("shop", MultiRegionKeyArgs(
        region=region, peer_region=other, tags=tags, via_services=("dynamodb",), publishers=("dsql",)
    ))
    shared = dict(tags=tags, region=region, kms_key_arn=key.arn)
    replica = TableReplica(region=other, kms_key_arn=key.peer_arn, topic_arn=f"arn:aws:sns:{other}:123456789012:t")
    keys = dict(attributes={"id": "S"}, hash_key="id", topic_arn=f"arn:aws:sns:{region}:123456789012:t")
    orders = GlobalTable("orders", GlobalTableArgs(replicas=[replica], ttl_attribute="until", **keys, **shared))
    ledger = GlobalTable("ledger", GlobalTableArgs(
        replicas=[replica], consistency="strong", witness_region="us-east-2", **keys, **shared
    ))
    database = DsqlCluster("sql", DsqlClusterArgs(
        peer=DsqlPeer(region=other, witness_region="us-east-2", kms_key_arn=key.peer_arn), **shared
    ))
    pulumi.export("orders", orders.table_name)
    pulumi.export("ledger", ledger.table_name)
    pulumi.export("endpoints", database.endpoints)
"""
STACKS = {
    "prod": {"aws:region": "us-east-1", "small:other": "us-west-2"},
    "dr": {"aws:region": "us-west-2", "small:other": "us-east-1", "small:peer": "prod"},
}


@pytest.fixture
def runner(tmp_path: Any, aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    root = project(tmp_path / "project", PROGRAM, STACKS)
    return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)


def test_either_region_serves_from_what_the_first_stack_declares(runner: Any, boto: Any) -> None:
    results = runner.up("prod", "dr")
    assert not [error for result in results for error in result.errors]
    joined = results[1].outputs
    east, west = boto("dynamodb"), boto("dynamodb", "us-west-2")
    for output, mode in (("orders", "EVENTUAL"), ("ledger", "STRONG")):
        there = west.describe_table(TableName=joined[output])["Table"]
        assert there["MultiRegionConsistency"] == mode
        assert there["DeletionProtectionEnabled"] is True
        assert there["SSEDescription"]["KMSMasterKeyArn"].startswith("arn:aws:kms:us-west-2:")
        tags = west.list_tags_of_resource(ResourceArn=there["TableArn"])["Tags"]
        assert {"Key": "backup", "Value": "required"} in tags
        backups = west.describe_continuous_backups(TableName=joined[output])["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        east.put_item(TableName=joined[output], Item={"id": {"S": "before"}})
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    for output in ("orders", "ledger"):
        west.put_item(TableName=joined[output], Item={"id": {"S": "while"}})
        found = west.scan(TableName=joined[output], ConsistentRead=True)["Items"]
        assert sorted(item["id"]["S"] for item in found) == ["before", "while"]
    (cluster,) = boto("dsql", "us-west-2").list_clusters()["clusters"]
    found = boto("dsql", "us-west-2").get_cluster(identifier=cluster["identifier"])
    assert (found["status"], found["endpoint"]) == ("ACTIVE", joined["endpoints"]["us-west-2"])
    faults.apply({"clear": True})
    assert sorted(item["id"]["S"] for item in east.scan(TableName=joined["orders"])["Items"]) == [
        "before",
        "while",
    ]
    alarms = boto("cloudwatch", "us-west-2").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"].rsplit("-", 1)[0] for alarm in alarms} >= {
        "orders-us-west-2-errors",
        "orders-us-west-2-lag-us-east-1",
        "ledger-us-west-2-throttles",
    }
