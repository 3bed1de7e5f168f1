"""Files, buckets and the backups of an instance over two stacks: deployed, read back, taken over in the region that is left."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults
from sandbox.aws.client import client
from sandbox.provider import Provider, deviations
from sandbox.provider.derived import Derived
from sandbox.provider.ignored import ignoring
from sandbox.provider.readback import KEPT
from tests.sandbox.projects import Runner, project, state_of
from tests.sandbox.test_rds_components import ROOM

REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
STORES = (
    ROOM
    + """
subnets, group = network("net")
peer = config.get("peer")
told = pulumi.StackReference(f"organization/small/{peer}") if peer else None
own = key("key")
their = None if peer else key("peer-key", "us-west-2")
topic = aws.sns.Topic("alerts").arn

cache = CacheGlobal("cache", CacheGlobalArgs(
    tags=tags, identifier="shop-prod", subnet_ids=ids(subnets), security_group_ids=[group.id], kms_key_arn=own,
    global_replication_group_id=told.require_output("datastore") if told else None, event_topic_arn=topic, protect=False,
    engine="redis", engine_version="7.1", parameters={} if told else {"maxmemory-policy": "noeviction"},
))
files = SharedFiles("files", SharedFilesArgs(
    tags=tags, subnet_ids=ids(subnets), security_group_ids=[group.id], protect=False,
    **({"file_system_id": told.require_output("files")} if told else {"kms_key_arn": own, "alarm_actions": [topic]}),
    peer=None if told else FilesPeer(region="us-west-2", kms_key_arn=their),
))
pulumi.export("datastore", cache.global_replication_group_id)
pulumi.export("files", files.peer_file_system_id)
if not told:
    west = aws.sns.Topic("peer-alerts", region="us-west-2").arn
    media = Bucket("media", BucketArgs(tags=tags, kms_key_arn=own, protect=False, alarm_actions=[topic], replica=BucketReplica(
        region="us-west-2", kms_key_arn=their, home_region="us-east-1", alarm_actions=[west])))
    db = RdsInstance("db", RdsInstanceArgs(
        tags=tags, engine="postgres", engine_version="16.8", subnet_ids=ids(subnets), security_group_ids=[group.id],
        kms_key_arn=own, protect=False, deletion_protection=False,
    ))
    kept = ReplicatedBackups("kept", ReplicatedBackupsArgs(
        source_arn=db.arn, region="us-west-2", kms_key_arn=their, protect=False))
    pulumi.export("bucket", media.bucket)
    pulumi.export("copy", media.replica_bucket)
    pulumi.export("backups", kept.arn)
    pulumi.export("here", files.file_system_id)
"""
)


@pytest.fixture(scope="module")
def deployed(aws_server, tmp_path_factory):
    """Both stacks' results. They are deployed once: each test leaves the AWS as it found it."""
    aws_server.app.reset()
    stacks = {
        "prod": {"aws:region": "us-east-1"},
        "dr": {"aws:region": "us-west-2", "small:peer": "prod"},
    }
    directory = tmp_path_factory.mktemp("stores")
    root = project(directory / "project", STORES, stacks)
    with pytest.MonkeyPatch.context() as monkeypatch:
        state = state_of(f"http://127.0.0.1:{aws_server.port}", directory / "state")
        results = Runner(root, state, monkeypatch).up("prod", "dr")
    assert not (errors := [error for result in results for error in result.errors]), "\n".join(errors)
    return results


@pytest.fixture
def endpoint(aws_server):
    return f"http://127.0.0.1:{aws_server.port}"


@pytest.fixture
def there(endpoint):
    """Clients of the AWS that is deployed to."""
    return lambda service, region="us-east-1": client(endpoint, service, region)


@pytest.fixture
def lost():
    """us-east-1 is lost until the test is over."""
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    yield
    faults.apply({"clear": True})


def own(results, endpoint):
    """Each resource with the provider of its stack."""
    for result in results:
        provider = Provider(endpoint, REGIONS[result.name])
        for made in result.resources:
            if made.type.startswith("aws:") and made.custom:
                yield provider, made


def after(results, endpoint, ignored):
    """What a refresh and the next run would change, by name of the resource: `ignored` are paths by type."""
    for provider, made in own(results, endpoint):
        found = provider.refresh(made.type, made.id, dict(made.inputs), dict(made.outputs))
        assert found is not None, f"{made.urn} is gone"
        wanted = ignoring(ignored.get(made.type, ()), found[0], made.inputs)
        difference = provider.diff(made.type, found[0], wanted)
        if difference.diffs:
            yield made.urn.rpartition("::")[2], difference


def test_a_refresh_changes_nothing_and_aws_says_every_input_or_the_table_why_not(deployed, endpoint):
    unsaid: dict[str, set[str]] = {}
    for provider, made in own(deployed, endpoint):
        found = provider.refresh(made.type, made.id, dict(made.inputs), dict(made.outputs))
        assert found is not None, f"{made.urn} is gone"
        fresh, outputs = found
        # AWS's own doing: what follows is shut, and members have parameters of their own.
        moved = {"protection", "parameterGroupName", "globalReplicationGroupId"}
        assert {n: v for n, v in fresh.items() if n not in moved} == {
            n: v for n, v in made.inputs.items() if n not in moved
        }, made.urn
        row = provider.row(made.type)
        if isinstance(row, Derived):
            continue
        reasons = {*row.ignore, *deviations.of(row.token).silent}
        silent = outputs.get(KEPT, {}).get("silent", ())
        unsaid.setdefault(row.token, set()).update(
            n for n in silent if n not in reasons and not n.endswith("WoVersion")
        )
    assert {token: names for token, names in unsaid.items() if names} == {}


GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
IGNORED = {
    GROUP: (
        "globalReplicationGroupId",
        "automaticFailoverEnabled",
        "multiAzEnabled",
        "nodeType",
        "engine",
        "engineVersion",
        "numNodeGroups",
        "parameterGroupName",
    ),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": ("primaryReplicationGroupId",),
}


def test_a_cache_that_failed_over_asks_for_no_change(deployed, endpoint, there):
    which = {"GlobalReplicationGroupId": "ldgnf-shop-prod", "PrimaryReplicationGroupId": "shop-prod"}
    west = there("elasticache", "us-west-2")
    west.failover_global_replication_group(PrimaryRegion="us-west-2", **which)
    changes = dict(after(deployed, endpoint, IGNORED))
    assert {name for name in changes if "cache" in name} == set()
    assert "parameterGroupName" in dict(after(deployed, endpoint, {}))["cache-group"].diffs
    west.failover_global_replication_group(PrimaryRegion="us-east-1", **which)


def test_both_file_systems_are_there_to_be_mounted(deployed, there):
    outputs = deployed[0].outputs
    for region, identifier in (("us-east-1", outputs["here"]), ("us-west-2", outputs["files"])):
        efs = there("efs", region)
        (files,) = efs.describe_file_systems(FileSystemId=identifier)["FileSystems"]
        assert files["Encrypted"] is True
        assert {"backup", "rpo-minutes"} <= {tag["Key"] for tag in files["Tags"]}
        targets = efs.describe_mount_targets(FileSystemId=identifier)["MountTargets"]
        assert len({target["AvailabilityZoneName"] for target in targets}) == 3
        (point,) = efs.describe_access_points(FileSystemId=identifier)["AccessPoints"]
        assert point["RootDirectory"]["Path"] == "/data"
        assert efs.describe_backup_policy(FileSystemId=identifier)["BackupPolicy"]["Status"] == "ENABLED"
        assert "SecureTransport" in efs.describe_file_system_policy(FileSystemId=identifier)["Policy"]


def test_files_are_taken_over_by_ending_the_replication_from_where_it_went(deployed, there):
    here, other = deployed[0].outputs["here"], deployed[0].outputs["files"]
    west = there("efs", "us-west-2")

    def protection():
        (files,) = west.describe_file_systems(FileSystemId=other)["FileSystems"]
        return files["FileSystemProtection"]["ReplicationOverwriteProtection"]

    assert protection() == "REPLICATING"
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    west.delete_replication_configuration(SourceFileSystemId=here)
    assert protection() == "ENABLED"
    faults.apply({"clear": True})
    again = {"SourceFileSystemId": here, "Destinations": [{"FileSystemId": other, "Region": "us-west-2"}]}
    with pytest.raises(ClientError, match=r"overwrite protection of .* must be disabled"):
        there("efs").create_replication_configuration(**again)
    west.update_file_system_protection(FileSystemId=other, ReplicationOverwriteProtection="DISABLED")
    there("efs").create_replication_configuration(**again)
    assert protection() == "REPLICATING"


def test_a_refreshed_replica_is_updated_once_the_program_is_silent_of_its_protection(deployed, endpoint):
    ((provider, made),) = ((p, m) for p, m in own(deployed, endpoint) if m.urn.endswith("::files-peer-files"))
    fresh, outputs = provider.refresh(made.type, made.id, dict(made.inputs), dict(made.outputs))
    assert fresh["protection"] == {"replicationOverwrite": "REPLICATING"}
    ignored = ignoring(["protection"], fresh, made.inputs)
    _, failures = provider.check(made.type, made.urn, fresh, ignored)
    assert "got REPLICATING" in failures[0][1]
    silent = {name: value for name, value in made.inputs.items() if name != "protection"}
    checked, failures = provider.check(made.type, made.urn, fresh, silent)
    assert failures == []
    assert not provider.diff(made.type, fresh, checked).changes
    told = provider.update(made.type, made.id, fresh, outputs, checked)
    assert told["protection"] == {"replicationOverwrite": "REPLICATING"}


def test_objects_go_both_ways_and_not_in_circles(deployed, there):
    east, west = there("s3"), there("s3", "us-west-2")
    media, copy = (deployed[0].outputs[name] for name in ("bucket", "copy"))
    first = east.put_object(Bucket=media, Key="from-east", Body=b"1")
    second = west.put_object(Bucket=copy, Key="from-west", Body=b"2")
    assert west.get_object(Bucket=copy, Key="from-east")["VersionId"] == first["VersionId"]
    found = east.get_object(Bucket=media, Key="from-west")
    assert (found["VersionId"], found["ReplicationStatus"]) == (second["VersionId"], "REPLICA")
    for s3, bucket in ((east, media), (west, copy)):
        assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 2
    west.delete_object(Bucket=copy, Key="from-east")
    assert [o["Key"] for o in east.list_objects_v2(Bucket=media)["Contents"]] == ["from-west"]
    names = {
        region: {
            a["MetricName"]
            for a in there("cloudwatch", region).describe_alarms()["MetricAlarms"]
            if a.get("Namespace") == "AWS/S3"
        }
        for region in REGIONS.values()
    }
    assert (
        names["us-east-1"]
        == names["us-west-2"]
        == {
            "OperationsFailedReplication",
            "ReplicationLatency",
            "OperationsPendingReplication",
        }
    )


@pytest.mark.usefixtures("lost")
def test_an_instance_is_restored_from_what_its_region_left_elsewhere(deployed, there):
    west = there("rds", "us-west-2")
    (copies,) = west.describe_db_instance_automated_backups(
        DBInstanceAutomatedBackupsArn=deployed[0].outputs["backups"]
    )["DBInstanceAutomatedBackups"]
    assert copies["BackupRetentionPeriod"] == 35
    assert copies["KmsKeyId"].split(":")[3] == "us-west-2"
    made = west.restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=deployed[0].outputs["backups"],
        TargetDBInstanceIdentifier="again",
        UseLatestRestorableTime=True,
    )["DBInstance"]
    assert (made["DBInstanceIdentifier"], made["Engine"]) == ("again", "postgres")
    assert made["DBInstanceArn"].startswith("arn:aws:rds:us-west-2:")
    assert made["KmsKeyId"] == copies["KmsKeyId"]
