from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.policies.case import NOT_KNOWN, Case, R

RULE = "aws-resource-allowed-regions"
ONLY = {RULE: {"regions": ["us-east-1", "us-west-2"]}}
TABLE = "aws:dynamodb/table:Table"
PLAN = "aws:backup/plan:Plan"
GUARD = "aws:organizations/policy:Policy"


def copied(region: str) -> list[R]:
    copy = {"destinationVaultArn": f"arn:aws:backup:{region}:111122223333:backup-vault:far"}
    return [R(PLAN, props={"rules": [{"ruleName": "daily", "copyActions": [copy]}]})]


def guard(*regions: str) -> list[R]:
    statement = {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}}}
    return [R(GUARD, props={"content": json.dumps({"Statement": [statement]})})]


REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
BUCKET = "aws:s3/bucket:Bucket"
SENDERS: list[tuple[str, Callable[[Any], dict[str, Any]]]] = [
    ("aws:efs/replicationConfiguration:ReplicationConfiguration", lambda r: {"destination": {"region": r}}),
    ("aws:redshift/snapshotCopy:SnapshotCopy", lambda r: {"destinationRegion": r}),
    (
        "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        lambda r: {"replicationConfiguration": {"rules": [{"destinations": [{"region": r}]}]}},
    ),
    (
        "aws:dlm/lifecyclePolicy:LifecyclePolicy",
        lambda r: {"policyDetails": {"schedules": [{"crossRegionCopyRules": [{"target": r}]}]}},
    ),
    ("aws:secretsmanager/secret:Secret", lambda r: {"replicas": [{"region": r}]}),
    ("aws:ssmincidents/replicationSet:ReplicationSet", lambda r: {"regions": [{"name": r}]}),
    ("aws:keyspaces/keyspace:Keyspace", lambda r: {"replicationSpecification": {"regionLists": [r]}}),
    ("aws:dsql/cluster:Cluster", lambda r: {"multiRegionProperties": {"witnessRegion": r}}),
    (TABLE, lambda r: {"globalTableWitness": {"regionName": r}}),
]


def replication(bucket: str) -> R:
    return R(REPLICATION, props={"rules": [{"destination": {"bucket": f"arn:aws:s3:::{bucket}"}}]})


CASES = [
    Case(
        rule=RULE,
        bad=[R(TABLE, props={"region": "eu-west-1"})],
        good=[R(TABLE, props={"region": "us-west-2"})],
        unsure=[R(TABLE, props={"region": NOT_KNOWN})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="provider",
        bad=[R(TABLE, provider={"region": "eu-west-1"})],
        good=[R(TABLE, provider={"region": "us-west-2"})],
        unsure=[R(TABLE, provider={"region": NOT_KNOWN})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="replica",
        bad=[R(TABLE, props={"replicas": [{"regionName": "eu-west-1"}]})],
        good=[R(TABLE, props={"replicas": [{"regionName": "us-west-2"}]})],
        unsure=[R(TABLE, props={"replicas": [{"regionName": NOT_KNOWN}]})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="copy",
        bad=copied("eu-west-1"),
        good=copied("us-west-2"),
        unsure=[R(PLAN, props={"rules": NOT_KNOWN})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="guard",
        bad=guard("us-east-1", "eu-west-1"),
        good=guard("us-east-1"),
        unsure=[R(GUARD, props={"content": NOT_KNOWN})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="global",
        bad=[R(TABLE, provider={"region": "us-east-1"})],
        good=[R("aws:acm/certificate:Certificate", props={"region": "us-east-1"})],
        unsure=[R("aws:acm/certificate:Certificate", props={"region": NOT_KNOWN})],
        config={RULE: {"regions": ["eu-west-1"]}},
    ),
    Case(
        rule=RULE,
        note="switch-plan",
        bad=[R("aws:arcregionswitch/plan:Plan", props={"regions": ["us-east-1", "eu-west-1"]})],
        good=[R("aws:arcregionswitch/plan:Plan", props={"regions": ["us-east-1", "us-west-2"]})],
        unsure=[R("aws:arcregionswitch/plan:Plan", props={"regions": NOT_KNOWN})],
        config=ONLY,
    ),
    *(
        Case(
            rule=RULE,
            note=token,
            bad=[R(token, props=props("eu-west-1"))],
            good=[R(token, props=props("us-west-2"))],
            unsure=[R(token, props=props(NOT_KNOWN))],
            config=ONLY,
        )
        for token, props in SENDERS
    ),
    Case(
        rule=RULE,
        note="replicated-bucket",
        bad=[replication("far"), R(BUCKET, "b", {"bucket": "far", "region": "eu-west-1"})],
        good=[replication("far"), R(BUCKET, "b", {"bucket": "far", "region": "us-west-2"})],
        unsure=[R(REPLICATION, props={"rules": NOT_KNOWN})],
        config=ONLY,
    ),
    Case(
        rule=RULE,
        note="replicated-to-who-knows-where",
        remedy="Declare in this stack what it names, or exempt it",
        bad=[
            R(
                BUCKET,
                props={
                    "replicationConfiguration": {"rules": [{"destination": {"bucket": "arn:aws:s3:::far"}}]}
                },
            )
        ],
        good=[R(BUCKET, props={"replicationConfiguration": {}})],
        unsure=[R(BUCKET, props={"replicationConfiguration": NOT_KNOWN})],
        config=ONLY,
    ),
]
