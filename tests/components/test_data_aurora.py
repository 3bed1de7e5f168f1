"""The Aurora cluster of a global database: created in one region, joined in another."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data import AuroraGlobal, SecretReplica, ServerlessCapacity
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, SUBNETS, ZONES, aurora_args
from tests.pulumi_mocks import Deployment, deploy


def made(preview: bool = False, **changes: Any) -> tuple[Deployment, AuroraGlobal]:
    found: list[AuroraGlobal] = []
    deployment = deploy(lambda: found.append(AuroraGlobal("db", aurora_args(**changes))), preview=preview)
    return deployment, found[0]


def test_the_first_region_creates_the_global_cluster_and_writes_into_it():
    deployment, _ = made(database_name="shop")
    global_ = deployment.one("GlobalCluster")
    assert global_.inputs == {
        "globalClusterIdentifier": "db",
        "engine": "aurora-postgresql",
        "engineVersion": "16.8",
        "storageEncrypted": True,
        "deletionProtection": True,
        "tags": global_.tags,
    }
    cluster = deployment.one("Cluster")
    assert cluster.inputs["globalClusterIdentifier"] == "db-global-id"
    assert global_.urn in cluster.dependencies
    assert cluster.inputs["databaseName"] == "shop"
    assert cluster.inputs["masterUsername"] == "holdfast"
    assert "availabilityZones" not in cluster.inputs
    assert "manageMasterUserPassword" not in cluster.inputs
    assert "masterPassword" not in cluster.inputs


def test_the_first_password_is_write_only_and_the_one_that_the_secret_keeps():
    deployment, _ = made()
    cluster = deployment.one("Cluster")
    first = json.loads(deployment.one("SecretVersion").inputs["secretStringWo"])
    assert cluster.inputs["masterPasswordWo"] == first["password"]
    assert cluster.inputs["masterPasswordWoVersion"] == 1
    assert "masterPasswordWo" in cluster.secrets


def test_the_password_is_rotated_where_the_global_database_writes():
    deployment, _ = made(rotation_days=7)
    rotation = deployment.one("SecretRotation", "db-rotation-schedule")
    assert rotation.inputs["rotationRules"] == {"automaticallyAfterDays": 7}
    for first in [deployment.one("Cluster"), *deployment.all("ClusterInstance")]:
        assert first.urn in rotation.dependencies, "a cluster without instances takes no password"
    told = deployment.one("aws:lambda/function:Function").inputs["environment"]
    assert told == {"variables": {"DATABASE_KIND": "global", "DATABASE": "db-global-id"}}
    alone, _ = made(alone=True, identifier="shop")
    told = alone.one("aws:lambda/function:Function").inputs["environment"]
    assert told == {"variables": {"DATABASE_KIND": "cluster", "DATABASE": "shop"}}


def test_a_joined_region_has_no_credentials_and_makes_no_global_cluster():
    deployment, joined = made(global_cluster_identifier="db", zones=dict(list(ZONES.items())[:2]))
    assert not deployment.all("GlobalCluster")
    assert not deployment.all("Secret")
    assert not deployment.all("SecretRotation")
    assert {token for token, _ in deployment.invokes} == {"aws:index/getCallerIdentity:getCallerIdentity"}
    cluster = deployment.one("Cluster")
    assert cluster.inputs["globalClusterIdentifier"] == "db"
    assert not [k for k in cluster.inputs if k.startswith("master") or k == "databaseName"]
    assert len(deployment.all("ClusterInstance")) == 2
    assert joined.secret_arn is None
    assert joined.global_endpoint is None


def test_alone_it_has_its_secret_and_no_global_database():
    deployment, made_alone = made(alone=True)
    assert not deployment.all("GlobalCluster")
    cluster = deployment.one("Cluster").inputs
    assert "globalClusterIdentifier" not in cluster
    assert cluster["masterUsername"]
    assert deployment.one("aws:secretsmanager/secret:Secret")
    assert made_alone.global_cluster_identifier is made_alone.global_endpoint is None
    assert "global" not in made_alone.recovery_fact
    assert made_alone.recovery_fact["role"] == "active"


def test_a_restored_cluster_is_made_from_its_snapshot_and_the_global_database_around_it():
    deployment, _ = made(recovery_point="snap", database_name=None)
    cluster, around = deployment.one("Cluster"), deployment.one("GlobalCluster")
    assert cluster.inputs["snapshotIdentifier"] == "snap"
    assert "globalClusterIdentifier" not in cluster.inputs
    assert "databaseName" not in cluster.inputs
    assert around.inputs["sourceDbClusterIdentifier"].endswith(f":{cluster.name}")
    assert around.inputs["forceDestroy"] is True
    assert not {"engine", "engineVersion", "storageEncrypted"} & set(around.inputs)
    assert "snapshotIdentifier" in cluster.ignore_changes


def test_a_zone_more_keeps_every_instance_and_its_place():
    few = made(zones=dict(list(ZONES.items())[:2]))[0].all("ClusterInstance")
    more = {i.name: i.inputs for i in made()[0].all("ClusterInstance")}
    assert {i.name for i in few} == {"db-use1-az1", "db-use1-az2"}
    assert {i.name: i.inputs for i in few}.items() <= more.items()


def test_each_zone_has_an_endpoint_where_it_is_asked_for():
    deployment, database = made(zone_endpoints=True)
    found = {e.name: e for e in deployment.all("ClusterEndpoint")}
    assert sorted(found) == [f"db-reads-{zone}" for zone in sorted(ZONES)]
    members = {i.name: deployment.made[i.urn]["identifier"] for i in deployment.all("ClusterInstance")}
    for zone in ZONES:
        endpoint = found[f"db-reads-{zone}"].inputs
        assert endpoint["staticMembers"] == [members[f"db-{zone}"]]
        assert endpoint["customEndpointType"] == "ANY"
        assert endpoint["clusterEndpointIdentifier"].endswith(f"-{zone}")
        assert endpoint["tags"]["Name"] == f"db-reads-{zone}"
    assert sorted(database.zone_endpoints) == sorted(ZONES)
    assert made()[0].all("ClusterEndpoint") == []


def test_a_cluster_has_no_more_than_five_of_them():
    six = {f"use1-az{n}": f"us-east-1{letter}" for n, letter in enumerate("abcdef", 1)}
    subnets = dict.fromkeys(six, "subnet-1")
    assert len(made(zones=six, subnet_ids=subnets)[0].all("ClusterInstance")) == 6
    with pytest.raises(ValueError, match="zones: got 6, allowed is at most 5 with zone_endpoints"):
        made(zones=six, subnet_ids=subnets, zone_endpoints=True)


def test_instances_lie_in_the_zones_asked_for_and_readers_can_take_over():
    deployment, _ = made()
    instances = deployment.all("ClusterInstance")
    assert {i.name: i.inputs["availabilityZone"] for i in instances} == {
        f"db-{zone}": name for zone, name in ZONES.items()
    }
    assert {i.name: i.inputs["promotionTier"] for i in instances} == {
        "db-use1-az1": 0,
        "db-use1-az2": 1,
        "db-use1-az4": 1,
    }
    for instance in instances:
        assert instance.inputs["clusterIdentifier"] == "db-cluster-id"
        assert instance.inputs["publiclyAccessible"] is False
        assert instance.inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
        assert instance.inputs["autoMinorVersionUpgrade"] is False
        assert instance.inputs["performanceInsightsEnabled"] is True
        assert instance.inputs["performanceInsightsKmsKeyId"] == KEY
        assert instance.inputs["performanceInsightsRetentionPeriod"] == 7
        assert instance.inputs["monitoringInterval"] == 60
        assert instance.inputs["copyTagsToSnapshot"] is True
        assert instance.inputs["preferredMaintenanceWindow"] == "sun:08:00-sun:09:00"


def test_data_outlives_mistakes():
    deployment, _ = made()
    cluster = deployment.one("Cluster")
    expected = {
        "backupRetentionPeriod": 35,
        "deleteAutomatedBackups": False,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "db-subnets-1234567-final",
        "copyTagsToSnapshot": True,
        "storageEncrypted": True,
        "kmsKeyId": KEY,
        "preferredBackupWindow": "02:00-03:00",
        "preferredMaintenanceWindow": "sun:08:00-sun:09:00",
        "applyImmediately": False,
        "enabledCloudwatchLogsExports": ["postgresql"],
        "iamDatabaseAuthenticationEnabled": True,
        "performanceInsightsKmsKeyId": KEY,
        "databaseInsightsMode": "standard",
        "port": 5432,
        "vpcSecurityGroupIds": ["sg-1"],
    }
    assert {k: cluster.inputs.get(k) for k in expected} == expected
    for resource in (
        deployment.all("GlobalCluster") + deployment.all("Cluster") + deployment.all("ClusterInstance")
    ):
        assert resource.protect, resource.name
        assert resource.tags["rpo-minutes"] == "5"
        assert resource.tags["backup"] == "required"


def test_what_a_failover_changes_is_ignored():
    for joins in (None, "db"):
        ignored = made(global_cluster_identifier=joins)[0].one("Cluster").ignore_changes
        assert set(ignored) == {
            "availabilityZones",
            "replicationSourceIdentifier",
            "globalClusterIdentifier",
            "engineVersion",
            "masterUsername",
            "databaseName",
            "snapshotIdentifier",
        }


def test_no_physical_name_key_or_urn_says_which_region_writes():
    for deployment, _ in (made(), made(global_cluster_identifier="db")):
        for resource in deployment.resources:
            assert not any(
                role in resource.urn.lower() for role in ("primary", "standby", "secondary", "writer")
            )


@pytest.mark.parametrize(
    ("engine", "version", "family", "tls", "logs"),
    [
        ("aurora-postgresql", "16.8", "aurora-postgresql16", ("rds.force_ssl", "1"), ["postgresql"]),
        (
            "aurora-mysql",
            "8.0.mysql_aurora.3.08.2",
            "aurora-mysql8.0",
            ("require_secure_transport", "ON"),
            ["audit", "error", "slowquery"],
        ),
    ],
)
def test_clients_must_use_tls(engine: str, version: str, family: str, tls: tuple[str, str], logs: list[str]):
    deployment, _ = made(engine=engine, engine_version=version, parameters={"max_connections": "500"})
    group = deployment.one("ClusterParameterGroup")
    assert group.inputs["family"] == deployment.one("ParameterGroup").inputs["family"] == family
    parameters = {p["name"]: (p["value"], p["applyMethod"]) for p in group.inputs["parameters"]}
    assert parameters[tls[0]] == (tls[1], "immediate")
    assert parameters["max_connections"] == ("500", "pending-reboot")
    assert deployment.one("Cluster").inputs["enabledCloudwatchLogsExports"] == logs
    assert deployment.one("Cluster").inputs["dbClusterParameterGroupName"] == "db-cluster-parameters-1234567"
    for instance in deployment.all("ClusterInstance"):
        assert instance.inputs["dbParameterGroupName"] == "db-parameters-1234567"
        assert instance.inputs["engine"] == engine


def test_loss_across_regions_can_be_bounded():
    group = made(global_rpo_seconds=60)[0].one("ClusterParameterGroup")
    assert {"name": "rds.global_db_rpo", "value": "60", "applyMethod": "pending-reboot"} in group.inputs[
        "parameters"
    ]


def test_serverless_instances_scale_within_the_range():
    deployment, _ = made(serverless=ServerlessCapacity(min_units=0.5, max_units=16))
    assert deployment.one("Cluster").inputs["serverlessv2ScalingConfiguration"] == {
        "minCapacity": 0.5,
        "maxCapacity": 16,
    }
    assert {i.inputs["instanceClass"] for i in deployment.all("ClusterInstance")} == {"db.serverless"}


def test_optional_arguments_reach_aws():
    deployment, _ = made(
        io_optimized=True, write_forwarding=True, insights_mode="advanced", insights_retention_days=465,
        log_exports=[], monitoring_interval=0, global_cluster_name="shop", deletion_protection=False, protect=False,
    )  # fmt: skip
    cluster = deployment.one("Cluster").inputs
    assert cluster["storageType"] == "aurora-iopt1"
    assert cluster["enableGlobalWriteForwarding"] is True
    assert (cluster["databaseInsightsMode"], cluster["performanceInsightsRetentionPeriod"]) == (
        "advanced",
        465,
    )
    assert cluster["enabledCloudwatchLogsExports"] == []
    assert cluster["deletionProtection"] is False
    assert deployment.one("GlobalCluster").inputs["globalClusterIdentifier"] == "shop"
    assert [role.name for role in deployment.all("Role")] == ["db-rotation-role"]
    assert not any(r.protect for r in deployment.resources)


def test_enhanced_monitoring_gets_a_role_that_may_write_before_it_is_used():
    deployment, _ = made()
    role, attachment = deployment.one("Role", "db-monitoring"), deployment.one("RolePolicyAttachment")
    assert "monitoring.rds.amazonaws.com" in role.inputs["assumeRolePolicy"]
    assert attachment.inputs["policyArn"].endswith("/AmazonRDSEnhancedMonitoringRole")
    for instance in deployment.all("ClusterInstance"):
        assert instance.inputs["monitoringRoleArn"] == "arn:aws:mock:us-east-1:123456789012:db-monitoring"
        assert attachment.urn in instance.dependencies
    given_role, _ = made(monitoring_role_arn="arn:aws:iam::1:role/m")
    assert [role.name for role in given_role.all("Role")] == ["db-rotation-role"]
    assert {i.inputs["monitoringRoleArn"] for i in given_role.all("ClusterInstance")} == {
        "arn:aws:iam::1:role/m"
    }


def test_children_belong_to_the_component_and_carry_tags():
    deployment, _ = made()
    component = deployment.one("holdfast:data:AuroraGlobal")
    parts = [deployment.one(f"holdfast:data:{part}") for part in ("DatabaseSecret", "PasswordRotation")]
    assert {part.parent for part in parts} == {component.urn}
    for resource in deployment.resources:
        if resource.type.startswith("aws:"):
            assert resource.parent in {component.urn, *(part.urn for part in parts)}
            assert "region" not in resource.inputs
    for resource in deployment.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS, resource.name
    group = deployment.one("SubnetGroup")
    assert group.inputs["subnetIds"] == list(SUBNETS.values())
    assert deployment.one("Cluster").inputs["dbSubnetGroupName"] == "db-subnets-1234567"


def test_outputs():
    deployment, _ = made(secret_replicas=[SecretReplica(region="us-west-2", kms_key_arn=PEER_KEY)])
    outputs = deployment.outputs[deployment.one("holdfast:data:AuroraGlobal").urn]
    assert outputs == {
        "endpoint": "db-cluster.cluster-x.us-east-1.rds.amazonaws.com",
        "readerEndpoint": "db-cluster.cluster-ro-x.us-east-1.rds.amazonaws.com",
        "globalEndpoint": "db-global.global-x.global.rds.amazonaws.com",
        "clusterArn": "arn:aws:mock:us-east-1:123456789012:db-cluster",
        "clusterIdentifier": "db-1234567",
        "globalClusterIdentifier": "db-global-id",
        "secretArn": "arn:aws:mock:us-east-1:123456789012:db-master-secret",
        "instanceIdentifiers": {zone: f"db-{zone}-1234567" for zone in ZONES},
    }


def test_a_preview_with_nothing_known_registers_the_same():
    def unknown() -> None:
        key = aws.kms.Key("key")
        subnets = {zone: aws.ec2.Subnet(zone, vpc_id="vpc-1") for zone in ZONES}
        AuroraGlobal(
            "db",
            aurora_args(
                kms_key_arn=key.arn,
                zones={zone: subnet.availability_zone for zone, subnet in subnets.items()},
                subnet_ids={zone: subnet.id for zone, subnet in subnets.items()},
                secret_replicas=[SecretReplica(region="us-west-2", kms_key_arn=key.arn)],
            ),
        )

    preview = deploy(unknown, preview=True)
    names = {(r.type, r.name) for r in made()[0].resources}
    assert names <= {(r.type, r.name) for r in preview.resources}
    cluster = preview.one("Cluster").inputs
    assert "masterPasswordWo" in cluster


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"engine": "oracle"}, "engine: got 'oracle', allowed is one of aurora-mysql,"),
        ({"engine": "postgres"}, "engine: got 'postgres', allowed is one of aurora-mysql,"),
        ({"engine_version": "latest"}, "engine_version: got 'latest', allowed is a version of aurora-postgresql like"),
        ({"engine_version": "16"}, "engine_version: got '16', allowed is a version of aurora-postgresql like"),
        ({"zones": {}}, "zones: got 0, allowed is 1 to 16 zones"),
        ({"zones": {**ZONES, "use1-az6": "us-east-1f"}}, "subnet_ids: got none in use1-az6, allowed is one in every zone of zones"),
        ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: RDS would use the VPC's"),
        ({"backup_retention_days": 0}, "backup_retention_days: got 0, allowed is 1 to 35 days: 0 would end"),
        ({"backup_retention_days": 36}, "backup_retention_days: got 36, allowed is 1 to 35 days: 0 would end"),
        ({"rotation_days": 0}, "rotation_days: got 0, allowed is 1 to 1000 days"),
        ({"rotation_days": 1001}, "rotation_days: got 1001, allowed is 1 to 1000 days"),
        ({"monitoring_interval": 7}, "monitoring_interval: got 7, allowed is one of 0, 1, 5, 10, 15, 30, 60"),
        ({"insights_mode": "basic"}, "insights_mode: got 'basic', allowed is one of standard, advanced"),
        ({"insights_retention_days": 8}, "insights_retention_days: got 8, allowed is one of 7, 31, 62, 93, 124, 155,"),
        ({"insights_mode": "advanced"}, "insights_retention_days: got 7, allowed is 465 days or more with insights_mode"),
        ({"log_exports": ["slowquery"]}, "log_exports: got 'slowquery', allowed is one of iam-db-auth-error, instance,"),
        ({"parameters": {"rds.force_ssl": "0"}}, "parameters.rds.force_ssl: got '0', allowed is '1': clients must use TLS"),
        ({"global_cluster_identifier": "g", "global_cluster_name": "g"}, "global_cluster_name: got 'g', allowed is None beside"),
        ({"recovery_point": "s", "database_name": "shop"}, "recovery_point: got a snapshot, allowed is None with a global cluster to join"),
        ({"alone": True, "global_cluster_name": "g"}, "alone: got True in a global database, allowed is False there"),
        ({"alone": True, "write_forwarding": True}, "write_forwarding: got True alone, allowed is False where no other region"),
        ({"global_cluster_identifier": "g", "database_name": "shop"}, "database_name: got 'shop', allowed is None in a joined cluster, which"),
        ({"global_rpo_seconds": 19}, "global_rpo_seconds: got 19, allowed is 20 to 2147483647 seconds"),
        (
            {"engine": "aurora-mysql", "engine_version": "8.0.mysql_aurora.3.08.2", "global_rpo_seconds": 60},
            "global_rpo_seconds: got 60, allowed is None with aurora-mysql: only",
        ),
        ({"instance_class": "db.serverless"}, "instance_class: got 'db.serverless', allowed is another class, or serverless beside"),
        ({"instance_class": "r7g.large"}, "instance_class: got 'r7g.large', allowed is a class like 'db.m7g.large'"),
        ({"instance_class": "db.t4g.medium"}, "instance_class: got 'db.t4g.medium', allowed is a class that isn't burstable (t),"),
        ({"serverless": ServerlessCapacity(min_units=0.3, max_units=2)}, "serverless.min_units: got 0.3, allowed is a multiple of 0.5"),
        ({"serverless": ServerlessCapacity(min_units=1, max_units=257)}, "serverless.max_units: got 257, allowed is 0 to 256 capacity units"),
        ({"serverless": ServerlessCapacity(min_units=4, max_units=2)}, "serverless.max_units: got 2, allowed is 4 (min_units, at least 1) or more"),
        ({"serverless": ServerlessCapacity(min_units=0, max_units=0.5)}, "serverless.max_units: got 0.5, allowed is 1 (min_units, at least 1) or more"),
        ({"identifier": "Db"}, "identifier: got 'Db', allowed is up to 63 lower-case letters"),
        ({"identifier": "a--b"}, "identifier: got 'a--b'"),
        ({"identifier": "a" * 64}, "allowed is up to 63 lower-case letters"),
        ({"log_retention_days": 8}, "log_retention_days: got 8, allowed is one of 1, 3, 5, 7"),
        ({"username": "1st"}, "username: got '1st', allowed is a letter and up to 15 letters,"),
    ],
)  # fmt: skip
def test_bad_arguments(changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20))
def test_there_are_as_many_instances_as_zones(count: int):
    zones = {f"z{n}": f"us-east-1{chr(97 + n)}" for n in range(count)}
    changes = {"zones": zones, "subnet_ids": dict.fromkeys(zones, "subnet-1"), "monitoring_interval": 0}
    if 1 <= count <= 16:
        assert len(made(**changes)[0].all("ClusterInstance")) == count
    else:
        with pytest.raises(ValueError, match="zones"):
            made(**changes)
