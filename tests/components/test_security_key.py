from __future__ import annotations

import json
from dataclasses import replace

import pulumi
import pytest

from components.security import MultiRegionKey, MultiRegionKeyArgs
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="production",
    system="shop",
    owner="platform",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=1,
    rpo_minutes=5,
)
ARGS = MultiRegionKeyArgs(region="us-east-1", peer_region="us-west-2", tags=TAGS)


def run(args: MultiRegionKeyArgs = ARGS, *, preview: bool = False) -> Deployment:
    def program() -> None:
        key = MultiRegionKey("shop", args)
        for output in ("arn", "key_id", "alias_name", "alias_arn", "peer_arn"):
            pulumi.export(output, getattr(key, output))

    return deploy(program, preview=preview)


def statements(deployment: Deployment, type_: str) -> dict[str, dict]:
    policy = json.loads(deployment.one(type_).inputs["policy"])
    assert policy["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_key_and_replica() -> None:
    deployment = run()
    component = deployment.one("holdfast:security:MultiRegionKey")
    key, replica = deployment.one("aws:kms/key:Key"), deployment.one("aws:kms/replicaKey:ReplicaKey")
    assert key.inputs["multiRegion"] is True
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == 365
    assert key.inputs["deletionWindowInDays"] == replica.inputs["deletionWindowInDays"] == 30
    assert "region" not in key.inputs
    assert replica.inputs["region"] == "us-west-2"
    assert replica.inputs["primaryKeyArn"] == "arn:aws:mock:us-east-1:123456789012:shop-key"
    assert replica.property_dependencies["primaryKeyArn"] == {key.urn}
    assert {key.parent, replica.parent} == {component.urn}
    assert key.protect
    assert replica.protect
    assert key.tags == TAGS.resource("shop-key")
    assert replica.tags == TAGS.resource("shop-replica")


def test_alias_in_both_regions() -> None:
    deployment = run()
    here, there = deployment.one("Alias", "shop-alias"), deployment.one("Alias", "shop-replica-alias")
    assert here.inputs == {"name": "alias/shop", "targetKeyId": "mrk-shop-key"}
    assert there.inputs == {"name": "alias/shop", "targetKeyId": "mrk-shop-replica", "region": "us-west-2"}
    assert not here.protect
    named = run(replace(ARGS, alias="team/data")).all("Alias")
    assert {alias.inputs["name"] for alias in named} == {"alias/team/data"}


def test_every_taggable_resource_is_tagged_and_in_its_region() -> None:
    deployment = run()
    assert {r.type for r in deployment.taggable()} == {"aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"}
    for resource in deployment.taggable():
        assert resource.tags["dr-tier"] == "1"
    regions = {r.name: r.inputs.get("region") for r in deployment.resources if r.type.startswith("aws:")}
    assert regions == {
        "shop-key": None,
        "shop-alias": None,
        "shop-replica": "us-west-2",
        "shop-replica-alias": "us-west-2",
    }


@pytest.mark.parametrize(
    ("type_", "region"), [("aws:kms/key:Key", "us-east-1"), ("aws:kms/replicaKey:ReplicaKey", "us-west-2")]
)
def test_each_policy_names_its_own_region(type_: str, region: str) -> None:
    found = statements(run(), type_)
    assert found["AccountAdministration"]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert found["AccountAdministration"]["Action"] == "kms:*"
    via = found["UseThroughServices"]["Condition"]["StringEquals"]
    assert via["kms:CallerAccount"] == "123456789012"
    assert f"rds.{region}.amazonaws.com" in via["kms:ViaService"]
    assert all(f".{region}." in service for service in via["kms:ViaService"])
    assert found["GrantsForServices"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    logs = found["UseByCloudWatchLogs"]
    assert logs["Principal"] == {"Service": f"logs.{region}.amazonaws.com"}
    assert logs["Condition"]["ArnLike"] == {
        "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:123456789012:*"
    }


def test_publishers() -> None:
    found = statements(run(), "aws:kms/key:Key")
    assert found["PublishByCloudwatch"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"}
    }
    for sid, service in (
        ("PublishByEvents", "events"),
        ("PublishByBackup", "backup"),
        ("PublishByEventsRds", "events.rds"),
    ):
        assert found[sid]["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert found[sid]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        assert "Condition" not in found[sid], "EventBridge and Backup carry no source account"
    assert "UseByCloudFront" not in found


def test_policy_holds_what_was_asked_for_and_no_more() -> None:
    extra = {
        "Sid": "Auditor",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "kms:List*",
        "Resource": "*",
    }
    args = replace(ARGS, via_services=(), publishers=("cloudfront",), statements=(extra,))
    found = statements(run(args), "aws:kms/replicaKey:ReplicaKey")
    assert set(found) == {"AccountAdministration", "UseByCloudFront", "Auditor"}
    assert found["UseByCloudFront"]["Condition"]["ArnLike"] == {
        "aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"
    }


def test_aurora_dsql_uses_the_key_for_clusters_of_its_region() -> None:
    deployment = run(replace(ARGS, publishers=("dsql",)))
    for type_, region in (("aws:kms/key:Key", "us-east-1"), ("aws:kms/replicaKey:ReplicaKey", "us-west-2")):
        found = statements(deployment, type_)["UseByDsql"]
        assert found["Principal"] == {"Service": "dsql.amazonaws.com"}
        assert found["Condition"]["ArnLike"] == {
            "aws:SourceArn": f"arn:aws:dsql:{region}:123456789012:cluster/*"
        }


def test_settings_reach_the_keys() -> None:
    deployment = run(
        replace(ARGS, rotation_days=90, deletion_window_days=7, protect=False, description="Shop data")
    )
    key, replica = deployment.one("aws:kms/key:Key"), deployment.one("aws:kms/replicaKey:ReplicaKey")
    assert key.inputs["rotationPeriodInDays"] == 90
    assert key.inputs["deletionWindowInDays"] == replica.inputs["deletionWindowInDays"] == 7
    assert key.inputs["description"] == replica.inputs["description"] == "Shop data"
    assert not key.protect
    assert not replica.protect


def test_outputs() -> None:
    deployment = run()
    component = deployment.one("holdfast:security:MultiRegionKey")
    assert deployment.outputs[component.urn] == {
        "arn": "arn:aws:mock:us-east-1:123456789012:shop-key",
        "key_id": "mrk-shop-key",
        "alias_name": "alias/shop",
        "alias_arn": "arn:aws:mock:us-east-1:123456789012:shop-alias",
        "peer_arn": "arn:aws:mock:us-west-2:123456789012:shop-replica",
    }


def test_preview_with_unknown_outputs() -> None:
    deployment = run(preview=True)
    assert {r.name for r in deployment.all("Alias")} == {"shop-alias", "shop-replica-alias"}
    assert "AccountAdministration" in statements(deployment, "aws:kms/key:Key")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"peer_region": "us-east-1"}, "peer_region: got 'us-east-1', allowed is another than the key's own"),
        ({"alias": "aws/mine"}, "alias: got 'aws/mine', allowed is up to 250 letters, digits and /_-,"),
        ({"alias": "alias/mine"}, "alias: got 'alias/mine', allowed is up to 250 letters, digits and /_-,"),
        ({"alias": "with space"}, "alias: got 'with space', allowed is up to 250 letters, digits and /_-,"),
        ({"alias": "a" * 251}, "alias: got 'aaaaaaaaaaaaaaaaaa"),
        ({"rotation_days": 89}, "rotation_days: got 89, allowed is 90 to 2560 days"),
        ({"rotation_days": 2561}, "rotation_days: got 2561, allowed is 90 to 2560 days"),
        ({"deletion_window_days": 6}, "deletion_window_days: got 6, allowed is 7 to 30 days"),
        ({"deletion_window_days": 31}, "deletion_window_days: got 31, allowed is 7 to 30 days"),
        ({"via_services": ("ec2", "ec3")}, "via_services: got 'ec3', allowed is one of autoscaling, backup,"),
        ({"publishers": ("sqs",)}, "publishers: got 'sqs', allowed is one of logs, cloudwatch, events,"),
    ],
)
def test_bad_arguments(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **change))
