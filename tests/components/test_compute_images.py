from __future__ import annotations

import json
from typing import Any

import pytest

from components.checks import ArgumentError
from components.compute import (
    ImageReplica,
    ImageReplication,
    ImageReplicationArgs,
    ImageRepository,
    ImageRepositoryArgs,
)
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod",
    system="shop",
    owner="web",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=0.25,
    rpo_minutes=1,
)
REPOSITORY = "aws:ecr/repository:Repository"
PEER = ImageReplica(region="us-west-2", key_arn="arn:aws:kms:west")


def arguments(**more: Any) -> ImageRepositoryArgs:
    return ImageRepositoryArgs(
        **{"tags": TAGS, "name": "shop/prod/web", "key_arn": "arn:aws:kms:east", **more}
    )


def images(**more: Any) -> Deployment:
    return deploy(lambda: ImageRepository("web", arguments(**more)) and None)


def test_a_repository_is_immutable_scanned_encrypted_and_protected():
    found = images()
    made = found.one(REPOSITORY)
    assert made.inputs == {
        "name": "shop/prod/web",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:east"}],
        "forceDelete": False,
        "tags": TAGS.resource("web-images"),
    }
    assert made.protect
    assert found.by_urn(made.parent).parent == found.one("ImageRepository").urn
    assert not images(protect=False).one(REPOSITORY).protect


def test_old_images_go():
    found = images(keep_images=20, untagged_days=3)
    policy = found.one("LifecyclePolicy")
    assert policy.inputs["repository"] == "shop/prod/web"
    assert json.loads(policy.inputs["policy"])["rules"] == [
        {
            "rulePriority": 1,
            "description": "untagged for 3 days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 3,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": "all but the latest 20",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20},
            "action": {"type": "expire"},
        },
    ]


def test_the_peer_region_has_the_same_with_its_own_key():
    found = images(replica=PEER)
    here, there = found.one(REPOSITORY, "web-images").inputs, found.one(REPOSITORY, "web-images-copy").inputs
    own = {
        "region": "us-west-2",
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:west"}],
    }
    assert there == {**here, **own, "tags": TAGS.resource("web-images-copy")}
    assert found.one("LifecyclePolicy", "web-images-copy").inputs["region"] == "us-west-2"
    outputs = found.outputs[found.one("ImageRepository").urn]
    assert outputs["url"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com/web-images-1234567"
    assert outputs["replicaUrl"] == "123456789012.dkr.ecr.us-west-2.amazonaws.com/web-images-copy-1234567"
    assert outputs["replicaArn"] == "arn:aws:mock:us-west-2:123456789012:web-images-copy"


def test_the_registry_copies_what_is_named():
    asked = ImageReplicationArgs(peer_region="us-west-2", prefixes=["shop/prod/", "base/"])
    found = deploy(lambda: ImageReplication("images", asked) and None)
    made = found.one("ReplicationConfiguration")
    assert made.inputs["replicationConfiguration"] == {
        "rules": [
            {
                "destinations": [{"region": "us-west-2", "registryId": "123456789012"}],
                "repositoryFilters": [
                    {"filter": "shop/prod/", "filterType": "PREFIX_MATCH"},
                    {"filter": "base/", "filterType": "PREFIX_MATCH"},
                ],
            }
        ]
    }
    assert made.parent == found.one("ImageReplication").urn


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "Shop/web"}, "name: got 'Shop/web', allowed is 2 to 256 small letters and digits"),
        ({"name": "w"}, "name: got 'w', allowed is"),
        ({"name": "shop//web"}, "name: got 'shop//web', allowed is"),
        ({"name": "s" * 257}, "name: got 'sss"),
        ({"keep_images": 0}, "keep_images: got 0, allowed is 1 or more images"),
        ({"untagged_days": 0}, "untagged_days: got 0, allowed is 1 day or more"),
    ],
)
def test_what_cannot_be_is_refused(more, message):
    with pytest.raises(ArgumentError) as refused:
        arguments(**more).check()
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("prefixes", "message"),
    [
        ([], "prefixes: got [], allowed is 1 or more: what is not named is not copied"),
        (["a", "a"], "prefixes: got a more than once, allowed is each once"),
        ([""], "prefixes: got an empty text"),
        ([f"p{number}" for number in range(101)], "prefixes: got 101, allowed is at most 100"),
    ],
)
def test_replication_that_cannot_be_is_refused(prefixes, message):
    with pytest.raises(ArgumentError) as refused:
        ImageReplicationArgs(peer_region="us-west-2", prefixes=prefixes).check()
    assert str(refused.value).startswith(message)
