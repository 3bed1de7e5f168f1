"""A table and its replicas."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.checks import ArgumentError
from components.data import (
    GlobalTable,
    GlobalTableArgs,
    LocalTableIndex,
    TableIndex,
    TableReplica,
)
from components.data.region_sets import REGION_SETS
from components.data.table_alarms import LAG_SECONDS
from policies.recovery import facts
from policies.recovery.figures import Figures
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, TAGS
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, Registered, deploy

TOPIC, PEER_TOPIC = (f"arn:aws:sns:{region}:123456789012:alarms" for region in ("us-east-1", "us-west-2"))
WEST = TableReplica(region="us-west-2", kms_key_arn=PEER_KEY, topic_arn=PEER_TOPIC)
OHIO = TableReplica(region="us-east-2", kms_key_arn=KEY)
STRONG: dict[str, Any] = {"consistency": "strong", "replicas": [WEST], "witness_region": "us-east-2"}


def args(**changes: Any) -> GlobalTableArgs:
    base = {
        "tags": TAGS,
        "region": "us-east-1",
        "kms_key_arn": KEY,
        "attributes": {"id": "S"},
        "hash_key": "id",
        "replicas": [WEST],
        "topic_arn": TOPIC,
    }
    return GlobalTableArgs(**{**base, **changes})


def made(preview: bool = False, **changes: Any) -> Deployment:
    def program() -> None:
        table = GlobalTable("orders", args(**changes))
        pulumi.export("fact", table.recovery_fact)

    return deploy(program, preview=preview)


def table(**changes: Any) -> Registered:
    return made(**changes).one("aws:dynamodb/table:Table")


def alarms(deployment: Deployment) -> dict[str, Registered]:
    return {each.name: each for each in deployment.all("MetricAlarm")}


def test_a_table_and_its_replica_are_protected_alike():
    deployment = made()
    found = deployment.one("aws:dynamodb/table:Table")
    assert found.inputs == {
        "billingMode": "PAY_PER_REQUEST",
        "attributes": [{"name": "id", "type": "S"}],
        "hashKey": "id",
        "streamEnabled": True,
        "streamViewType": "NEW_AND_OLD_IMAGES",
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY},
        "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 35},
        "replicas": [
            {
                "regionName": "us-west-2",
                "kmsKeyArn": PEER_KEY,
                "consistencyMode": "EVENTUAL",
                "pointInTimeRecovery": True,
                "deletionProtectionEnabled": True,
                "propagateTags": True,
            }
        ],
        "deletionProtectionEnabled": True,
        "tags": TAGS.store("orders-table"),
    }
    assert found.protect
    assert not found.ignore_changes
    component = deployment.one("holdfast:data:GlobalTable").urn
    assert {r.parent for r in deployment.resources if r.type.startswith("aws:")} == {component}
    assert found.tags["rpo-minutes"] == "5"
    assert all(each.tags.keys() >= REQUIRED_TAGS for each in deployment.taggable())
    assert len([each for each in deployment.resources if "dynamodb" in each.type]) == 1, (
        "the replica is part of it"
    )


def test_what_others_use_of_it():
    deployment = made()
    (outputs,) = [found for urn, found in deployment.outputs.items() if "GlobalTable" in urn]
    assert outputs["tableName"] == "orders-table-1234567"
    assert outputs["tableArn"] == "arn:aws:mock:us-east-1:123456789012:orders-table"
    assert outputs["replicaArns"] == {"us-west-2": "arn:aws:mock:us-west-2:123456789012:orders-table"}
    assert outputs["streamArn"].endswith("/stream/1")
    assert made(preview=True).one("aws:dynamodb/table:Table").inputs == deployment.one("Table").inputs


def test_a_strong_table_has_a_witness_and_no_stream():
    found = table(**STRONG).inputs
    assert found["globalTableWitness"] == {"regionName": "us-east-2"}
    assert [each["consistencyMode"] for each in found["replicas"]] == ["STRONG"]
    assert "streamEnabled" not in found
    three = table(consistency="strong", replicas=[WEST, OHIO]).inputs
    assert "globalTableWitness" not in three
    assert [(r["regionName"], r["consistencyMode"]) for r in three["replicas"]] == [
        ("us-west-2", "STRONG"),
        ("us-east-2", "STRONG"),
    ]


def test_a_table_of_one_region_has_neither_replica_nor_stream():
    deployment = made(replicas=[])
    found = deployment.one("aws:dynamodb/table:Table").inputs
    assert not {"replicas", "streamEnabled", "globalTableWitness"} & found.keys()
    assert set(alarms(deployment)) == {"orders-us-east-1-errors", "orders-us-east-1-throttles"}


def test_indexes_and_expiry():
    found = table(
        attributes={"id": "S", "at": "N", "owner": "S"},
        range_key="at",
        indexes=[
            TableIndex(name="by-owner", hash_key="owner", range_key="at", projected=["total"]),
            TableIndex(name="owners", hash_key="owner", projected=[]),
        ],
        local_indexes=[LocalTableIndex(name="by-person", range_key="owner")],
        ttl_attribute="until",
    ).inputs
    assert found["rangeKey"] == "at"
    assert found["ttl"] == {"attributeName": "until", "enabled": True}
    assert found["globalSecondaryIndexes"] == [
        {
            "name": "by-owner",
            "keySchemas": [
                {"attributeName": "owner", "keyType": "HASH"},
                {"attributeName": "at", "keyType": "RANGE"},
            ],
            "projectionType": "INCLUDE",
            "nonKeyAttributes": ["total"],
        },
        {
            "name": "owners",
            "keySchemas": [{"attributeName": "owner", "keyType": "HASH"}],
            "projectionType": "KEYS_ONLY",
        },
    ]
    assert found["localSecondaryIndexes"] == [
        {"name": "by-person", "rangeKey": "owner", "projectionType": "ALL"}
    ]


def test_each_region_tells_its_own_topic():
    deployment = made()
    found = alarms(deployment)
    assert set(found) == {
        f"orders-{here}-{what}"
        for here, other in (("us-east-1", "us-west-2"), ("us-west-2", "us-east-1"))
        for what in ("errors", "throttles", f"lag-{other}")
    }
    for name, each in found.items():
        away = name.startswith("orders-us-west-2")
        assert each.inputs.get("region") == ("us-west-2" if away else None), name
        assert each.inputs["alarmActions"] == each.inputs["okActions"] == [PEER_TOPIC if away else TOPIC]
        assert each.inputs["treatMissingData"] == "notBreaching"
    lag = found["orders-us-west-2-lag-us-east-1"].inputs
    assert (lag["metricName"], lag["namespace"], lag["statistic"]) == (
        "ReplicationLatency",
        "AWS/DynamoDB",
        "Average",
    )
    assert lag["dimensions"] == {"TableName": "orders-table-1234567", "ReceivingRegion": "us-east-1"}
    assert (lag["period"], lag["threshold"], lag["comparisonOperator"]) == (300, 5000, "GreaterThanThreshold")


def test_errors_and_throttles_are_counted_over_all_operations():
    for strong, operations in ((False, 10), (True, 8)):
        found = alarms(made(**STRONG) if strong else made())
        for what, metric in (("errors", "SystemErrors"), ("throttles", "ThrottledRequests")):
            result, *queries = found[f"orders-us-east-1-{what}"].inputs["metricQueries"]
            assert result["expression"] == " + ".join(f"FILL(m{n}, 0)" for n in range(operations))
            assert {q["metric"]["metricName"] for q in queries} == {metric}
            names = [q["metric"]["dimensions"]["Operation"] for q in queries]
            assert len(set(names)) == len(names) == operations
            assert any("Transact" in each for each in names) is not strong
            assert {q["metric"]["dimensions"]["TableName"] for q in queries} == {"orders-table-1234567"}
        assert any("lag" in name for name in found) is not strong


def test_nobody_is_told_where_no_topic_is_named():
    quiet = replace(WEST, topic_arn=None)
    assert not alarms(made(topic_arn=None, replicas=[quiet]))
    assert {name.split("-lag")[0] for name in alarms(made(replicas=[quiet]))} == {
        "orders-us-east-1-errors",
        "orders-us-east-1-throttles",
        "orders-us-east-1",
    }


def test_the_lag_that_is_told_is_the_most_that_the_estimate_counts_on():
    assert Figures()["dynamodb.global_lag"].high == LAG_SECONDS


@pytest.mark.parametrize(
    "changes", [{}, STRONG, {"consistency": "strong", "replicas": [WEST, OHIO]}, {"replicas": []}]
)
def test_it_says_of_its_recovery_what_the_estimator_reads(changes: dict[str, Any]):
    deployment = made(**changes)
    told = next(found["fact"] for found in deployment.outputs.values() if "fact" in found)
    (read,) = facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    assert told["name"] == read["name"] == "orders-table"
    assert (told["kind"], told["tags"]) == (read["kind"], read["tags"])
    assert told.get("replicas", []) == read.get("replicas", [])
    assert read["pitr"] is True


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consistency": "weak"}, "consistency: got 'weak', allowed is one of eventual, strong"),
        (
            {"tags": replace(TAGS, rpo_minutes=0)},
            "consistency: got 'eventual', allowed is strong with tags.rpo_minutes 0",
        ),
        ({"witness_region": "us-east-2"}, "witness_region: got 'us-east-2', allowed is None with consistency 'eventual'"),
        ({"replicas": [WEST, WEST]}, "replicas.region: got us-west-2 more than once"),
        (
            {"replicas": [replace(WEST, region="us-east-1")]},
            "replicas[0].region: got 'us-east-1', allowed is another than the table's own",
        ),
        (
            {"consistency": "strong"},
            "replicas: got 2 regions (us-east-1, us-west-2), allowed is 3 regions with consistency 'strong'",
        ),
        ({**STRONG, "replicas": [WEST, OHIO], "witness_region": None, "ttl_attribute": "until"}, "ttl_attribute: got 'until', allowed is None with"),
        ({**STRONG, "replicas": [WEST, OHIO]}, "witness_region: got 'us-east-2', allowed is another region of the US set"),
        ({**STRONG, "witness_region": "us-east-1"}, "witness_region: got 'us-east-1', allowed is another region of the US set that us-east-1 is in: us-east-2"),
        ({**STRONG, "witness_region": "us-west-2"}, "witness_region: got 'us-west-2', allowed is another region"),
        ({**STRONG, "witness_region": "eu-west-1"}, "witness_region: got 'eu-west-1', allowed is another region"),
        ({**STRONG, "replicas": [replace(WEST, region="eu-west-1")]}, "replicas[0].region: got 'eu-west-1', allowed is another region"),
        ({**STRONG, "region": "sa-east-1"}, "region: got 'sa-east-1', allowed is one of ap-northeast-1"),
        ({**STRONG, "replicas": []}, "replicas: got 2 regions (us-east-1, us-east-2), allowed is 3"),
        (
            {
                **STRONG,
                "attributes": {"id": "S", "at": "N", "by": "S"},
                "range_key": "at",
                "local_indexes": [LocalTableIndex(name="mine", range_key="by")],
            },
            "local_indexes: got ['mine'], allowed is none with consistency 'strong'",
        ),
        ({"attributes": {"id": "T"}}, "attributes[id]: got 'T', allowed is one of S, N, B"),
        ({"hash_key": "no"}, "hash_key: got 'no', allowed is one of id"),
        ({"attributes": {"id": "S", "total": "N"}}, "attributes: got total, allowed is keys of the table"),
        ({"indexes": [TableIndex(name="x", hash_key="no")]}, "indexes[x].hash_key: got 'no'"),
        (
            {"indexes": [TableIndex(name="x", hash_key="id"), TableIndex(name="x", hash_key="id")]},
            "indexes.name: got x more than once",
        ),
        ({"indexes": [TableIndex(name=str(n), hash_key="id") for n in range(21)]}, "indexes: got 21, allowed is 20"),
        (
            {"local_indexes": [LocalTableIndex(name="x", range_key="id")]},
            "range_key: got None, allowed is a key, with local_indexes",
        ),
        ({"recovery_days": 36}, "recovery_days: got 36, allowed is 1 to 35 days"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_before_anything_is_registered(changes: dict[str, Any], said: str):
    into = Deployment()
    with pytest.raises(ArgumentError, match=re.escape(said)):
        deploy(lambda: GlobalTable("orders", args(**changes)), into=into)
    assert not [each for each in into.resources if each.type.startswith(("aws:", "holdfast:"))]


REGIONS = sorted({region for members in REGION_SETS.values() for region in members} | {"sa-east-1"})


@settings(max_examples=150)
@given(
    home=st.sampled_from(REGIONS),
    others=st.lists(st.sampled_from(REGIONS), max_size=3),
    witness=st.none() | st.sampled_from(REGIONS),
)
def test_a_strong_table_is_in_three_different_regions_of_one_set(
    home: str, others: list[str], witness: str | None
):
    places = [home, *others, *([witness] if witness else [])]
    fits = (
        len(places) == len(set(places)) == 3
        and bool(others)
        and any(set(places) <= set(members) for members in REGION_SETS.values())
    )
    replicas = [TableReplica(region=region, kms_key_arn=KEY) for region in others]
    asked = args(region=home, replicas=replicas, witness_region=witness, consistency="strong")
    if fits:
        asked.check()
    else:
        with pytest.raises(ArgumentError):
            asked.check()
