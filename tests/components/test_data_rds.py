"""DB instance, read replicas, Multi-AZ cluster and proxy."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.checks import ArgumentError
from components.data import (
    AuroraGlobal,
    RdsInstance,
    RdsMultiAzCluster,
    RdsProxy,
    RdsProxyArgs,
    RdsReplica,
    RdsReplicaArgs,
    ReplicaHome,
    ReplicatedBackups,
    ReplicatedBackupsArgs,
    SecretReplica,
)
from policies.recovery import facts
from tests.components.data_arguments import (
    KEY,
    PEER_KEY,
    REQUIRED_TAGS,
    SUBNETS,
    TAGS,
    aurora_args,
    cluster_args,
    instance_args,
)
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

SOURCE = "arn:aws:rds:us-east-1:123456789012:db:db-1"
PEER_SUBNETS = {"usw2-az1": "subnet-w1", "usw2-az2": "subnet-w2"}


def instance(preview: bool = False, **changes: Any) -> Deployment:
    return deploy(lambda: RdsInstance("db", instance_args(**changes)), preview=preview)


def replica(preview: bool = False, **changes: Any) -> Deployment:
    args = {
        "tags": TAGS,
        "source": "db-1",
        "engine": "postgres",
        "engine_version": "16.8",
        "security_group_ids": ["sg-1"],
        **changes,
    }
    return deploy(lambda: RdsReplica("copy", RdsReplicaArgs(**args)), preview=preview)


def backups(preview: bool = False, **changes: Any) -> Deployment:
    args = {"source_arn": SOURCE, "region": "us-west-2", "kms_key_arn": PEER_KEY, **changes}
    return deploy(lambda: ReplicatedBackups("db", ReplicatedBackupsArgs(**args)), preview=preview)


def cluster(preview: bool = False, **changes: Any) -> Deployment:
    return deploy(lambda: RdsMultiAzCluster("db", cluster_args(**changes)), preview=preview)


def aurora(**changes: Any) -> Deployment:
    return deploy(lambda: AuroraGlobal("db", aurora_args(**changes)))


def proxy(preview: bool = False, **changes: Any) -> Deployment:
    args = {
        "tags": TAGS,
        "engine": "aurora-postgresql",
        "cluster_identifier": "db-cluster",
        "secret_arns": ["arn:secret"],
        "kms_key_arn": KEY,
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        **changes,
    }
    return deploy(lambda: RdsProxy("pool", RdsProxyArgs(**args)), preview=preview)


def test_an_instance_has_a_standby_and_keeps_its_data():
    deployment = instance(database_name="shop", snapshot_identifier="snap-1")
    made = deployment.one("aws:rds/instance:Instance")
    expected = {
        "multiAz": True,
        "publiclyAccessible": False,
        "storageType": "gp3",
        "allocatedStorage": 100,
        "maxAllocatedStorage": 1000,
        "storageEncrypted": True,
        "kmsKeyId": KEY,
        "backupRetentionPeriod": 35,
        "deleteAutomatedBackups": False,
        "backupWindow": "02:00-03:00",
        "maintenanceWindow": "sun:08:00-sun:09:00",
        "copyTagsToSnapshot": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "db-subnets-1234567-final",
        "deletionProtection": True,
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
        "performanceInsightsEnabled": True,
        "performanceInsightsKmsKeyId": KEY,
        "performanceInsightsRetentionPeriod": 7,
        "databaseInsightsMode": "standard",
        "monitoringInterval": 60,
        "dbName": "shop",
        "username": "holdfast",
        "passwordWoVersion": 1,
        "dbSubnetGroupName": "db-subnets-1234567",
        "parameterGroupName": "db-parameters-1234567",
        "vpcSecurityGroupIds": ["sg-1"],
        "snapshotIdentifier": "snap-1",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "port": 5432,
    }
    assert {k: made.inputs.get(k) for k in expected} == expected
    assert made.secrets == {"passwordWo"}
    first = json.loads(deployment.one("SecretVersion").inputs["secretStringWo"])
    assert made.inputs["passwordWo"] == first["password"]
    told = deployment.one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert told == {"DATABASE_KIND": "instance", "DATABASE": made.inputs.get("identifier", "db-db-1234567")}
    assert made.urn in deployment.one("SecretRotation").dependencies
    assert made.protect
    assert set(made.ignore_changes) == {
        *("availabilityZone", "snapshotIdentifier", "restoreToPointInTime"),
        *("dbName", "username"),
    }
    assert made.tags["rpo-minutes"] == "5"
    assert {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"} in deployment.one(
        "ParameterGroup"
    ).inputs["parameters"]
    for resource in deployment.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS


def test_a_replica_in_the_region_takes_its_sources_key_and_subnets():
    deployment = replica(availability_zone="us-east-1b")
    made = deployment.one("aws:rds/instance:Instance")
    assert made.inputs["replicateSourceDb"] == "db-1"
    assert made.inputs["availabilityZone"] == "us-east-1b"
    assert not {"kmsKeyId", "dbSubnetGroupName", "region", "username", "passwordWo"} & made.inputs.keys()
    assert made.inputs["skipFinalSnapshot"] is True
    assert made.inputs["deletionProtection"] is True
    assert made.protect
    assert made.ignore_changes == ("replicateSourceDb",)
    assert not deployment.all("SubnetGroup")


def test_a_replica_in_another_region_has_everything_there():
    home = ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS, region="us-west-2")
    deployment = replica(source="arn:aws:rds:us-east-1:1:db:db-1", home=home, multi_az=True)
    made = deployment.one("aws:rds/instance:Instance")
    assert made.inputs["kmsKeyId"] == made.inputs["performanceInsightsKmsKeyId"] == PEER_KEY
    assert made.inputs["dbSubnetGroupName"] == "copy-subnets-1234567"
    assert made.inputs["multiAz"] is True
    assert set(made.ignore_changes) == {"replicateSourceDb", "availabilityZone"}
    for kind in ("aws:rds/instance:Instance", "SubnetGroup", "ParameterGroup"):
        assert deployment.one(kind).inputs["region"] == "us-west-2"
    assert deployment.one("SubnetGroup").inputs["subnetIds"] == list(PEER_SUBNETS.values())
    away = "arn:aws:rds:us-east-1:1:db:db-1"
    here = replica(source=away, home=ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS))
    assert not any("region" in r.inputs for r in here.resources)


def test_a_multi_az_cluster_spans_three_zones():
    deployment = cluster(storage_type="io1", iops=3000)
    made = deployment.one("Cluster")
    expected = {
        "engine": "mysql",
        "dbClusterInstanceClass": "db.m6gd.large",
        "storageType": "io1",
        "allocatedStorage": 100,
        "iops": 3000,
        "storageEncrypted": True,
        "kmsKeyId": KEY,
        "backupRetentionPeriod": 35,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
        "copyTagsToSnapshot": True,
        "enabledCloudwatchLogsExports": ["error", "slowquery"],
        "performanceInsightsEnabled": True,
        "monitoringInterval": 60,
    }
    assert {k: made.inputs.get(k) for k in expected} == expected
    assert made.protect
    assert set(made.ignore_changes) == {"availabilityZones", "databaseName", "masterUsername"}
    told = deployment.one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert told == {"DATABASE_KIND": "cluster", "DATABASE": made.inputs.get("clusterIdentifier")}
    assert "availabilityZones" not in made.inputs
    assert deployment.one("SubnetGroup").inputs["subnetIds"] == list(SUBNETS.values())
    assert deployment.one("ClusterParameterGroup").inputs["family"] == "mysql8.4"
    assert made.tags["backup"] == "required"


def test_a_proxy_demands_tls_and_may_read_its_secrets_alone():
    deployment = proxy(iam_authentication=True)
    made = deployment.one("Proxy")
    assert made.inputs["requireTls"] is True
    assert made.inputs["engineFamily"] == "POSTGRESQL"
    assert made.inputs["vpcSubnetIds"] == list(SUBNETS.values())
    assert made.inputs["auths"][0]["secretArn"] == "arn:secret"
    assert made.inputs["auths"][0]["iamAuth"] == "REQUIRED"
    policy = deployment.one("RolePolicy")
    assert policy.urn in made.dependencies
    read, decrypt = json.loads(policy.inputs["policy"])["Statement"]
    assert read["Resource"] == ["arn:secret"]
    assert read["Action"] == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    assert decrypt["Resource"] == KEY
    assert decrypt["Condition"] == {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
    target = deployment.one("ProxyTarget")
    assert target.inputs["dbClusterIdentifier"] == "db-cluster"
    assert target.inputs["targetGroupName"] == "default"
    assert "dbInstanceIdentifier" not in target.inputs
    assert target.delete_before_replace, "a proxy is before one database"
    pool = deployment.one("ProxyDefaultTargetGroup").inputs["connectionPoolConfig"]
    assert pool == {
        "maxConnectionsPercent": 90,
        "maxIdleConnectionsPercent": 45,
        "connectionBorrowTimeout": 30,
    }
    on_instance = proxy(cluster_identifier=None, instance_identifier="db-1", engine="mysql")
    assert on_instance.one("ProxyTarget").inputs["dbInstanceIdentifier"] == "db-1"
    assert on_instance.one("Proxy").inputs["engineFamily"] == "MYSQL"


def test_a_proxy_has_an_endpoint_for_reading_where_it_is_asked_for_once_the_database_is_behind_it():
    deployment = proxy(read_only=True)
    reads = deployment.one("ProxyEndpoint")
    assert (reads.inputs["targetRole"], reads.inputs["dbProxyEndpointName"]) == (
        "READ_ONLY",
        "pool-proxy-1234567-reads",
    )
    assert reads.inputs["vpcSecurityGroupIds"] == ["sg-1"]
    assert reads.inputs["vpcSubnetIds"] == list(SUBNETS.values())
    assert deployment.one("ProxyTarget").urn in reads.dependencies
    assert proxy().all("ProxyEndpoint") == []
    with pytest.raises(
        ArgumentError, match="read_only: got True before a DB instance, allowed is False there"
    ):
        proxy(cluster_identifier=None, instance_identifier="db-1", engine="mysql", read_only=True)


def test_who_may_sign_in_to_a_proxy_may_as_that_user_alone():
    def program() -> None:
        made = RdsProxy(
            "pool",
            RdsProxyArgs(
                tags=TAGS,
                engine="aurora-postgresql",
                cluster_identifier="db-cluster",
                secret_arns=["arn:secret"],
                kms_key_arn=KEY,
                subnet_ids=SUBNETS,
                security_group_ids=["sg-1"],
            ),
        )
        pulumi.export("statements", made.connecting_statements("app"))

    found = deploy(program).outputs
    [statements] = [each["statements"] for each in found.values() if "statements" in each]
    assert statements == [
        {
            "Effect": "Allow",
            "Action": "rds-db:connect",
            "Resource": "arn:aws:rds-db:us-east-1:123456789012:dbuser:prx-pool-proxy/app",
        }
    ]


@pytest.mark.parametrize(
    ("make", "type_", "named", "kind", "logs"),
    [
        (instance, "aws:rds/instance:Instance", "identifier", "instance", ["postgresql", "upgrade"]),
        (replica, "aws:rds/instance:Instance", "identifier", "instance", ["postgresql", "upgrade"]),
        (cluster, "Cluster", "clusterIdentifier", "cluster", ["error", "slowquery"]),
        (aurora, "Cluster", "clusterIdentifier", "cluster", ["postgresql"]),
    ],
)
def test_logs_have_a_key_and_an_end_before_the_database_writes_them(
    make: Any, type_: str, named: str, kind: str, logs: list[str]
):
    deployment = make(identifier="shop-db", log_retention_days=30)
    database = deployment.one(type_)
    groups = [group for group in deployment.all("LogGroup") if "-rotation-" not in group.name]
    assert database.inputs[named] == "shop-db"
    assert database.inputs["enabledCloudwatchLogsExports"] == logs
    assert {g.inputs["name"] for g in groups} == {f"/aws/rds/{kind}/shop-db/{log}" for log in logs}
    for group in groups:
        assert group.inputs["retentionInDays"] == 30
        assert group.inputs.get("kmsKeyId") == (None if make is replica else KEY)
        assert group.urn in database.dependencies
    assert {g.inputs["retentionInDays"] for g in make().all("LogGroup")} == {90}


@pytest.mark.parametrize("make", [instance, replica, cluster, aurora])
def test_a_database_without_a_name_gets_one_of_its_own(make: Any):
    deployment = make()
    name = "copy" if make is replica else "db"
    found = {
        r.inputs.get("identifier") or r.inputs.get("clusterIdentifier")
        for r in deployment.resources
        if r.type in ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster")
    }
    assert found == {f"{name}-1234567"}


@pytest.mark.parametrize(
    ("make", "source", "some"),
    [
        (instance, "db-instance", "low storage"),
        (replica, "db-instance", "failure"),
        (cluster, "db-cluster", "failover"),
        (aurora, "db-cluster", "maintenance"),
    ],
)
def test_the_topic_is_told_of_what_happens_to_the_database(make: Any, source: str, some: str):
    topic = "arn:aws:sns:us-east-1:123456789012:alerts"
    found = make(identifier="shop-db", event_topic_arn=topic).one("EventSubscription").inputs
    assert found["snsTopic"] == topic
    assert (found["sourceType"], found["sourceIds"]) == (source, ["shop-db"])
    assert some in found["eventCategories"]
    assert not make().all("EventSubscription")


def test_a_replica_elsewhere_has_its_logs_and_events_there():
    home = ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS, region="us-west-2")
    deployment = replica(source="arn:aws:rds:us-east-1:1:db:db-1", home=home, event_topic_arn="arn:t")
    for found in (*deployment.all("LogGroup"), deployment.one("EventSubscription")):
        assert found.inputs["region"] == "us-west-2"
    assert {g.inputs["kmsKeyId"] for g in deployment.all("LogGroup")} == {PEER_KEY}


def test_replicated_backups_lie_in_the_other_region_under_its_key():
    made = backups(retention_days=7).one("InstanceAutomatedBackupsReplication")
    assert made.inputs == {
        "sourceDbInstanceArn": SOURCE,
        "kmsKeyId": PEER_KEY,
        "retentionPeriod": 7,
        "region": "us-west-2",
    }
    assert made.protect


def test_a_late_or_broken_replica_tells_the_topic_of_its_own_region():
    home = ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS, region="us-west-2")
    found = replica(source=SOURCE, home=home, event_topic_arn="arn:t", lag_seconds=90).one("MetricAlarm")
    result, lag = found.inputs["metricQueries"]
    assert result["expression"] == "IF(lag < 0, 90 + 1, lag)"
    assert lag["metric"]["metricName"] == "ReplicaLag"
    assert lag["metric"]["dimensions"] == {"DBInstanceIdentifier": "copy-1234567"}
    assert (found.inputs["threshold"], found.inputs["treatMissingData"]) == (90, "notBreaching")
    assert (found.inputs["region"], found.inputs["alarmActions"]) == ("us-west-2", ["arn:t"])
    assert not replica().all("MetricAlarm")


def test_a_replica_is_ready_to_take_over():
    made = replica(insights_mode="advanced", insights_retention_days=465).one("aws:rds/instance:Instance")
    assert made.inputs["iamDatabaseAuthenticationEnabled"] is True
    assert made.inputs["databaseInsightsMode"] == "advanced"
    assert made.inputs["deleteAutomatedBackups"] is False
    assert (
        replica(iam_authentication=False)
        .one("aws:rds/instance:Instance")
        .inputs["iamDatabaseAuthenticationEnabled"]
        is False
    )


def test_an_instances_facts_are_what_the_estimator_reads():
    told: dict[str, Any] = {}

    def program() -> None:
        db = RdsInstance("db", instance_args())
        kept = ReplicatedBackups(
            "kept", ReplicatedBackupsArgs(source_arn=db.arn, region="us-west-2", kms_key_arn=PEER_KEY)
        )
        told.update({**db.recovery_fact, "log_copies": [kept.log_copy]})

    deployment = deploy(program)
    (read,) = facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    keys = ("kind", "name", "multi_az", "retention_days", "allocated_gib", "tags", "log_copies")
    assert {key: told[key] for key in keys} == {key: read[key] for key in keys}
    assert (
        "us-east-1:123456789012:db-db"
        in deployment.one("InstanceAutomatedBackupsReplication").inputs["sourceDbInstanceArn"]
    )


def test_a_replica_of_another_stacks_instance_says_whose_it_is():
    told: dict[str, Any] = {}

    def program() -> None:
        args = RdsReplicaArgs(
            tags=TAGS,
            source=SOURCE,
            engine="postgres",
            engine_version="16.8",
            security_group_ids=["sg-w"],
            home=ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS),
        )
        told.update(RdsReplica("copy", args).recovery_fact)
        told["group"].apply(lambda known: told.update(group=known))

    (read,) = facts(resources(deploy(program), "us-west-2"), stack="dr", region="us-west-2")["members"]
    assert {key: told[key] for key in ("kind", "name", "role", "tags")} == {
        key: read[key] for key in ("kind", "name", "role", "tags")
    }
    assert read["group"] == [told["group"]] == [f"rds:{SOURCE}"]


@pytest.mark.parametrize("make", [instance, replica, cluster, proxy, backups])
def test_children_belong_to_the_component_and_unknown_outputs_are_no_hurdle(make: Any):
    known, preview = make(), make(preview=True)
    assert {(r.type, r.name) for r in known.resources} == {(r.type, r.name) for r in preview.resources}
    for deployment in (known, preview):
        components = {r.urn for r in deployment.resources if r.type.startswith("holdfast:data:")}
        assert all(r.parent in components for r in deployment.resources if r.type.startswith("aws:"))
        assert components <= deployment.outputs.keys()
    for resource in known.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS


def test_a_database_its_replica_and_its_proxy_are_wired_by_outputs():
    def program() -> None:
        peer = SecretReplica(region="us-west-2", kms_key_arn=PEER_KEY)
        db = RdsInstance("db", instance_args(secret_replicas=[peer]))
        home = ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=PEER_SUBNETS, region="us-west-2")
        RdsReplica(
            "copy",
            RdsReplicaArgs(
                tags=TAGS,
                source=db.arn,
                engine="postgres",
                engine_version="16.8",
                security_group_ids=["sg-w"],
                home=home,
            ),
        )
        RdsProxy(
            "pool",
            RdsProxyArgs(
                tags=TAGS,
                engine="postgres",
                instance_identifier=db.identifier,
                secret_arns=[db.secret_arn],
                kms_key_arn=aws.kms.Key("key").arn,
                subnet_ids=SUBNETS,
                security_group_ids=["sg-1"],
            ),
        )
        pulumi.export("secret", db.secret_replica_arns["us-west-2"])

    deployment = deploy(program)
    assert (
        deployment.one("aws:rds/instance:Instance", "copy-db").inputs["replicateSourceDb"].endswith(":db-db")
    )
    assert deployment.one("ProxyTarget").inputs["dbInstanceIdentifier"] == "db-1234567"
    assert deploy(program, preview=True).one("Proxy")


INSTANCE_ERRORS: list[tuple[dict[str, Any], str]] = [
    (
        {"engine": "aurora-mysql"},
        "engine: got 'aurora-mysql', allowed is one of mariadb, mysql, oracle-ee, oracle-ee-cdb, oracle-se2, oracle-se2-cdb, postgres",
    ),
    ({"engine_version": "x"}, "engine_version: got 'x', allowed is a version of postgres like '16.8'"),
    ({"instance_class": "large"}, "instance_class: got 'large', allowed is a class like 'db.m7g.large'"),
    (
        {"subnet_ids": {"use1-az1": "s"}},
        "subnet_ids: got ['use1-az1'], allowed is 2 or more: RDS wants subnets in two",
    ),
    ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: RDS would use the VPC's"),
    ({"allocated_storage": 19}, "allocated_storage: got 19, allowed is 20 to 65536 GiB"),
    (
        {"max_allocated_storage": 109},
        "max_allocated_storage: got 109, allowed is at least 110% of allocated_storage",
    ),
    ({"max_allocated_storage": 70000}, "max_allocated_storage: got 70000, allowed is 20 to 65536 GiB"),
    ({"backup_retention_days": 0}, "backup_retention_days: got 0, allowed is 1 to 35 days: 0 would end"),
    ({"preferred_backup_window": "08:30-09:30"}, "overlaps"),
    ({"rotation_days": 0}, "rotation_days: got 0, allowed is 1 to 1000 days"),
    ({"username": "9"}, "username: got '9', allowed is a letter and up to 15 letters,"),
    ({"log_exports": ["audit"]}, "log_exports: got 'audit', allowed is one of iam-db-auth-error,"),
    ({"monitoring_interval": 2}, "monitoring_interval: got 2, allowed is one of 0, 1, 5, 10, 15, 30, 60"),
    (
        {"parameters": {"rds.force_ssl": "0"}},
        "parameters.rds.force_ssl: got '0', allowed is '1': clients must use TLS",
    ),
]
REPLICA_ERRORS: list[tuple[dict[str, Any], str]] = [
    (
        {"engine": "db2"},
        "engine: got 'db2', allowed is one of mariadb, mysql, oracle-ee, oracle-ee-cdb, postgres",
    ),
    (
        {"home": ReplicaHome(kms_key_arn=KEY, subnet_ids={"z": "s"})},
        "home.subnet_ids: got ['z'], allowed is 2 or more: RDS wants subnets in two",
    ),
    (
        {"multi_az": True, "availability_zone": "us-east-1a"},
        "availability_zone: got one, allowed is None with multi_az: AWS chooses",
    ),
    ({"source": SOURCE}, f"source: got '{SOURCE}', allowed is an identifier, or home: an ARN names"),
    (
        {"home": ReplicaHome(kms_key_arn=KEY, subnet_ids=SUBNETS)},
        "source: got 'db-1', allowed is the ARN of a DB instance, across regions",
    ),
    (
        {"source": SOURCE, "home": ReplicaHome(kms_key_arn=KEY, subnet_ids=SUBNETS, region="us-east-1")},
        "home.region: got 'us-east-1', allowed is another than the source's",
    ),
    ({"lag_seconds": 0}, "lag_seconds: got 0, allowed is above 0"),
    ({"backup_retention_days": 36}, "backup_retention_days: got 36, allowed is 1 to 35 days: 0 would end"),
    ({"max_allocated_storage": 10}, "max_allocated_storage: got 10, allowed is 20 to 65536 GiB"),
    ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: RDS would use the VPC's"),
]
CLUSTER_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"engine": "mariadb"}, "engine: got 'mariadb', allowed is one of mysql, postgres"),
    ({"subnet_ids": {"a": "s", "b": "s"}}, "subnet_ids: got 2, allowed is 3 to 3 zones"),
    ({"storage_type": "gp2"}, "storage_type: got 'gp2', allowed is one of gp3, io1, io2"),
    ({"storage_type": "io1"}, "iops: got None, allowed is 1000 or more with storage_type"),
    ({"allocated_storage": 50}, "allocated_storage: got 50, allowed is 100 to 65536 GiB"),
    ({"backup_retention_days": 0}, "backup_retention_days: got 0, allowed is 1 to 35 days: 0 would end"),
    (
        {"parameters": {"require_secure_transport": "OFF"}},
        "parameters.require_secure_transport: got 'OFF', allowed is 'ON': clients must use TLS",
    ),
]
PROXY_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"engine": "db2"}, "engine: got 'db2', allowed is one of aurora-mysql,"),
    ({"instance_identifier": "x"}, "cluster_identifier: got 2 databases, allowed is exactly one, here or as"),
    ({"cluster_identifier": None}, "cluster_identifier: got 0 databases, allowed is exactly one, here or as"),
    ({"secret_arns": []}, "secret_arns: got [], allowed is 1 or more: the proxy signs in with"),
    ({"subnet_ids": {"z": "s"}}, "subnet_ids: got ['z'], allowed is 2 or more: a proxy spans two zones"),
    ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: AWS would use the VPC's"),
    ({"idle_client_timeout": 0}, "idle_client_timeout: got 0, allowed is 1 to 28800 seconds"),
    ({"max_connections_percent": 101}, "max_connections_percent: got 101, allowed is 1 to 100 percent"),
    ({"borrow_timeout": 301}, "borrow_timeout: got 301, allowed is 0 to 300 seconds"),
]

BACKUPS_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"retention_days": 0}, "retention_days: got 0, allowed is 1 to 35 days: 0 would end"),
    ({"retention_days": 36}, "retention_days: got 36, allowed is 1 to 35 days"),
    ({"region": "us-east-1"}, "region: got 'us-east-1', allowed is another than the instance's"),
    (
        {"source_arn": "arn:aws:rds:us-east-1:123456789012:cluster:db"},
        "source_arn: got 'arn:aws:rds:us-east-1:123456789012:cluster:db', allowed is the ARN of a DB instance",
    ),
]


@pytest.mark.parametrize(
    ("make", "changes", "message"),
    [
        (make, *case)
        for make, cases in (
            (instance, INSTANCE_ERRORS),
            (replica, REPLICA_ERRORS),
            (cluster, CLUSTER_ERRORS),
            (proxy, PROXY_ERRORS),
            (backups, BACKUPS_ERRORS),
        )
        for case in cases
    ],
)
def test_bad_arguments(make: Any, changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        make(**changes)
