"""Shared file systems: both made by one stack, mounted by each region's own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from components.checks import ArgumentError
from components.data import FilesPeer, SharedFiles, SharedFilesArgs
from policies.recovery import facts
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, SUBNETS, TAGS
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

FILES, WEST = "aws:efs/fileSystem:FileSystem", "us-west-2"
PEER = FilesPeer(region=WEST, kms_key_arn=PEER_KEY)


def peer(**changes: Any) -> FilesPeer:
    return FilesPeer(**{"region": WEST, "kms_key_arn": PEER_KEY, **changes})


def made(preview: bool = False, **changes: Any) -> tuple[Deployment, SharedFiles]:
    base = {"tags": TAGS, "subnet_ids": SUBNETS, "security_group_ids": ["sg-1"], "kms_key_arn": KEY}
    kept: list[SharedFiles] = []
    args = SharedFilesArgs(**{**base, **changes})
    deployment = deploy(lambda: kept.append(SharedFiles("files", args)), preview=preview)
    return deployment, kept[0]


def joined(**changes: Any) -> tuple[Deployment, SharedFiles]:
    return made(kms_key_arn=None, file_system_id="fs-west", **changes)


def test_a_file_system_is_encrypted_kept_and_mounted_in_each_zone():
    deployment, _ = made()
    files = deployment.one(FILES)
    assert files.inputs == {
        "encrypted": True,
        "kmsKeyId": KEY,
        "performanceMode": "generalPurpose",
        "throughputMode": "elastic",
        "lifecyclePolicies": [
            {"transitionToIa": "AFTER_30_DAYS"},
            {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ],
        "tags": TAGS.store("files-files"),
    }
    assert files.protect
    assert deployment.one("BackupPolicy").inputs["backupPolicy"] == {"status": "ENABLED"}
    assert {t.name: t.inputs["subnetId"] for t in deployment.all("MountTarget")} == {
        f"files-{zone}": subnet for zone, subnet in SUBNETS.items()
    }
    assert not deployment.all("ReplicationConfiguration")
    assert made(infrequent_after_days=1)[0].one(FILES).inputs["lifecyclePolicies"][0] == {
        "transitionToIa": "AFTER_1_DAY"
    }
    assert "lifecyclePolicies" not in made(infrequent_after_days=None)[0].one(FILES).inputs
    assert made(automatic_backups=False)[0].one("BackupPolicy").inputs["backupPolicy"] == {
        "status": "DISABLED"
    }


def test_only_own_roles_mount_it_and_only_over_tls():
    mount, plain = json.loads(made()[0].one("FileSystemPolicy").inputs["policy"])["Statement"]
    assert mount["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert "elasticfilesystem:ClientRootAccess" not in mount["Action"]
    assert mount["Condition"] == {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    assert (plain["Effect"], plain["Principal"]) == ("Deny", {"AWS": "*"})
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert mount["Resource"] == plain["Resource"] == "arn:aws:mock:us-east-1:123456789012:files-files"


def test_the_access_point_shows_one_directory_as_one_owner():
    deployment, files = made(directory="/srv/media", user_id=33, group_id=34)
    point = deployment.one("AccessPoint").inputs
    assert point["posixUser"] == {"uid": 33, "gid": 34}
    assert point["rootDirectory"] == {
        "path": "/srv/media",
        "creationInfo": {"ownerUid": 33, "ownerGid": 34, "permissions": "0750"},
    }
    (statement,) = files.mounting_statements("arn:fs")
    assert statement["Resource"] == "arn:fs"
    assert statement["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    assert (
        statement["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"] is files.access_point_arn
    )


def test_one_stack_makes_both_and_what_joins_them():
    deployment, files = made(peer=PEER)
    theirs = deployment.one(FILES, "files-peer-files")
    assert theirs.inputs["region"] == WEST
    assert theirs.inputs["kmsKeyId"] == PEER_KEY
    assert theirs.protect
    assert theirs.tags == TAGS.store("files-peer-files")
    same = {k: v for k, v in theirs.inputs.items() if k not in ("region", "kmsKeyId", "protection", "tags")}
    assert same == {
        k: v for k, v in deployment.one(FILES, "files-files").inputs.items() if k not in ("kmsKeyId", "tags")
    }
    for kind in ("BackupPolicy", "FileSystemPolicy"):
        assert {r.name.split("-")[1]: r.inputs.get("region") for r in deployment.all(kind)} == {
            "peer": WEST,
            "backups" if kind == "BackupPolicy" else "policy": None,
        }
    replication = deployment.one("ReplicationConfiguration")
    assert replication.inputs == {
        "sourceFileSystemId": "files-files-id",
        "destination": {"fileSystemId": "files-peer-files-id", "region": WEST},
    }
    assert replication.delete_before_replace
    assert {t.inputs["fileSystemId"] for t in deployment.all("MountTarget")} == {"files-files-id"}
    outputs = deployment.outputs[deployment.one("holdfast:data:SharedFiles").urn]
    assert outputs["peerFileSystemId"] == "files-peer-files-id"
    assert outputs["peerFileSystemArn"] == "arn:aws:mock:us-west-2:123456789012:files-peer-files"
    assert files.mount_target_ids.keys() == SUBNETS.keys()


def test_the_peer_is_open_to_be_overwritten_when_it_is_made_and_never_after():
    first = made(peer=PEER)[0].one(FILES, "files-peer-files")
    assert first.inputs["protection"] == {"replicationOverwrite": "DISABLED"}
    assert first.ignore_changes == ("protection",)
    later = made(peer=peer(new=False))[0].one(FILES, "files-peer-files")
    assert "protection" not in later.inputs
    assert later.ignore_changes == ()
    assert "protection" not in made(peer=PEER)[0].one(FILES, "files-files").inputs


def test_the_one_that_follows_is_the_one_that_is_made_open():
    back = made(peer=peer(replication="from-peer", home_region="us-east-1"))[0]
    own = back.one(FILES, "files-files")
    assert own.inputs["protection"] == {"replicationOverwrite": "DISABLED"}
    assert own.ignore_changes == ("protection",)
    for found, name in (
        (back, "files-peer-files"),
        (made(peer=peer(replication="off"))[0], "files-peer-files"),
    ):
        assert "protection" not in found.one(FILES, name).inputs


def test_a_swap_of_roles_turns_the_replication_and_touches_nothing_that_keeps_files():
    kept = {}
    for way in ("to-peer", "from-peer", "off"):
        deployment, files = made(peer=peer(replication=way, home_region="us-east-1", new=False))
        kept[way] = {r.urn: r.inputs for r in deployment.resources if "Replication" not in r.type}
        told = {fact["name"]: fact for fact in files.recovery_facts}
        assert told.keys() == {"files-files", "files-peer-files"}
    assert kept["to-peer"] == kept["from-peer"] == kept["off"]
    back = made(peer=peer(replication="from-peer", home_region="us-east-1"))[0].one(
        "ReplicationConfiguration"
    )
    assert back.inputs == {
        "sourceFileSystemId": "files-peer-files-id",
        "destination": {"fileSystemId": "files-files-id", "region": "us-east-1"},
        "region": WEST,
    }
    assert not made(peer=peer(replication="off"))[0].all("ReplicationConfiguration")


def test_whoever_joins_owns_its_mount_targets_and_nothing_of_the_files():
    deployment, files = joined()
    kinds = {r.type.rsplit(":", 1)[-1] for r in deployment.resources}
    assert kinds == {"SharedFiles", "MountTarget", "AccessPoint"}
    assert {r.inputs["fileSystemId"] for r in deployment.resources if r.type.startswith("aws:")} == {
        "fs-west"
    }
    assert files.recovery_facts == []
    assert files.arn is files.peer_file_system_id is None


def test_a_late_replica_is_told_of_in_the_sources_region():
    deployment, _ = made(peer=PEER, alarm_actions=["east"], lag_seconds=1200)
    alarm = deployment.one("MetricAlarm")
    assert alarm.inputs["metricName"] == "TimeSinceLastSync"
    assert alarm.inputs["dimensions"] == {
        "FileSystemId": "files-files-id",
        "DestinationFileSystemId": "files-peer-files-id",
    }
    assert (alarm.inputs["threshold"], alarm.inputs["treatMissingData"]) == (1200, "breaching")
    assert alarm.inputs["alarmActions"] == ["east"]
    assert "region" not in alarm.inputs
    assert deployment.one("ReplicationConfiguration").urn in alarm.dependencies
    away = peer(replication="from-peer", home_region="us-east-1", alarm_actions=["west"])
    back = made(peer=away, alarm_actions=["east"])[0].one("MetricAlarm").inputs
    assert (back["region"], back["alarmActions"]) == (WEST, ["west"])
    assert back["dimensions"]["FileSystemId"] == "files-peer-files-id"
    assert not made(peer=PEER)[0].all("MetricAlarm")
    assert not made(peer=peer(replication="off"), alarm_actions=["east"])[0].all("MetricAlarm")


def test_whoever_joins_is_told_how_late_those_are_that_follow_its_files():
    deployment, _ = joined(followed_by="fs-east", alarm_actions=["west"])
    alarm = deployment.one("MetricAlarm").inputs
    assert alarm["dimensions"] == {"FileSystemId": "fs-west", "DestinationFileSystemId": "fs-east"}
    assert (alarm["metricName"], alarm["alarmActions"]) == ("TimeSinceLastSync", ["west"])
    assert "region" not in alarm
    assert not joined(alarm_actions=["west"])[0].all("MetricAlarm")
    with pytest.raises(ArgumentError, match="followed_by: got one, allowed is None without file_system_id"):
        made(followed_by="fs-west")


@pytest.mark.parametrize("way", ["alone", "to-peer", "from-peer", "off"])
def test_the_recovery_facts_are_what_the_estimator_reads(way: str):
    changes = {} if way == "alone" else {"peer": peer(replication=way, home_region="us-east-1")}
    deployment, files = made(**changes)
    members = facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    read = {member["name"]: member for member in members}
    told = {fact["name"]: fact for fact in files.recovery_facts}
    assert told.keys() == read.keys()
    for name, fact in told.items():
        assert (fact["kind"], fact["tags"]) == (read[name]["kind"], read[name]["tags"])
        assert fact.get("role", "active") == read[name]["role"]
        assert fact.get("region", "us-east-1") == read[name]["region"]
        assert fact.get("replicas", []) == read[name].get("replicas", [])


def test_children_are_tagged_and_a_preview_shows_them_all():
    known, preview = (made(preview=p, peer=PEER, alarm_actions=["t"])[0] for p in (False, True))
    assert {r.urn for r in known.resources} == {r.urn for r in preview.resources}
    component = known.one("holdfast:data:SharedFiles").urn
    assert {r.parent for r in known.resources if r.type.startswith("aws:")} == {component}
    assert len(known.taggable()) == 4
    for resource in known.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subnet_ids": {"z": "s"}}, "subnet_ids: got ['z'], allowed is 2 or more: a zone that is lost takes"),
        ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: EFS would use"),
        ({"security_group_ids": ["a", "b", "c", "d", "e", "f"]}, "security_group_ids: got 6, allowed is 5 or fewer"),
        ({"kms_key_arn": None}, "kms_key_arn: got both or none, allowed is a key exactly when"),
        ({"file_system_id": "fs-1"}, "kms_key_arn: got both or none, allowed is a key exactly when"),
        ({"directory": "data"}, "directory: got 'data', allowed is a path of up to 4 names"),
        ({"directory": "/a/b/c/d/e"}, "directory: got '/a/b/c/d/e', allowed is a path of up to 4 names"),
        ({"directory": f"/{'a' * 100}"}, "directory: got"),
        ({"user_id": -1}, "user_id: got -1, allowed is 0 to 4294967295"),
        ({"group_id": 2**32}, "group_id: got 4294967296, allowed is 0 to 4294967295"),
        ({"infrequent_after_days": 31}, "infrequent_after_days: got 31, allowed is one of 1, 7, 14, 30"),
        ({"throughput": "provisioned"}, "throughput: got 'provisioned', allowed is one of elastic, bursting"),
        ({"lag_seconds": 900}, "lag_seconds: got 900, allowed is above 900: EFS replicates within 15"),
        ({"file_system_id": "fs-1", "kms_key_arn": None, "peer": PEER}, "peer: got one, allowed is None beside"),
        ({"peer": peer(replication="both")}, "peer.replication: got 'both', allowed is one of to-peer, from-peer"),
        ({"peer": peer(home_region=WEST)}, "peer.region: got 'us-west-2', allowed is another than the stack's"),
        ({"peer": peer(replication="from-peer")}, "peer.home_region: got None, allowed is the stack's own region"),
    ],
)  # fmt: skip
def test_bad_arguments(changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)


@pytest.mark.parametrize(
    ("replication", "held", "told"),
    [
        ("to-peer", True, {}),
        ("to-peer", False, {}),
        ("from-peer", True, {}),
        ("from-peer", False, {"files-files": "files-peer-files"}),
    ],
)
def test_files_that_wait_to_be_overwritten_say_by_what(
    replication: str, held: bool, told: dict[str, str]
) -> None:
    said = peer(replication=replication, held=held, new=False, home_region="us-east-1", backup_plan="theirs")
    deployment, _ = made(peer=said)
    found = {each.name: each.tags for each in deployment.all(FILES)}
    rebuilt = {name: tags["dr:rebuilt-from"] for name, tags in found.items() if "dr:rebuilt-from" in tags}
    assert rebuilt == told
    assert {name: tags.get("dr:backup-plan") for name, tags in found.items()} == {
        "files-files": None,
        "files-peer-files": "theirs",
    }
