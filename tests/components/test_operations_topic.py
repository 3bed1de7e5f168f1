from __future__ import annotations

import json
from dataclasses import replace

import pulumi
import pytest

from components.operations import Topic, TopicArgs
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
ARGS = TopicArgs(
    key_arn="arn:aws:kms:us-east-1:123456789012:key/mrk-1",
    tags=TAGS,
    emails=("oncall@example.com",),
    urls=("https://hooks.example.com/in/1",),
)
ARN = "arn:aws:mock:us-east-1:123456789012:ops-topic"


def run(args: TopicArgs = ARGS, *, preview: bool = False) -> Deployment:
    return deploy(lambda: pulumi.export("arn", Topic("ops", args).arn), preview=preview)


def test_topic_is_encrypted_and_tagged() -> None:
    deployment = run()
    topic = deployment.one("aws:sns/topic:Topic")
    assert topic.inputs["kmsMasterKeyId"] == ARGS.key_arn
    assert topic.inputs["signatureVersion"] == 2
    assert topic.parent == deployment.one("holdfast:operations:Topic").urn
    assert topic.tags == TAGS.resource("ops-topic")
    assert [r.name for r in deployment.taggable()] == ["ops-topic"]


def test_policy() -> None:
    deployment = run()
    policy = deployment.one("TopicPolicy")
    assert policy.inputs["arn"] == ARN
    found = {s["Sid"]: s for s in json.loads(policy.inputs["policy"])["Statement"]}
    assert set(found) == {
        "DenyWithoutTls",
        "PublishByCloudwatch",
        "PublishByEvents",
        "PublishByEventsRds",
        "PublishByBackup",
    }
    assert found["DenyWithoutTls"]["Effect"] == "Deny"
    assert found["DenyWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert found["PublishByCloudwatch"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"}
    }
    assert found["PublishByBackup"]["Principal"] == {"Service": "backup.amazonaws.com"}
    assert "Condition" not in found["PublishByEvents"], "EventBridge carries no source account"
    assert {s["Resource"] for s in found.values()} == {ARN}


def test_publishers_are_chosen() -> None:
    policy = run(replace(ARGS, publishers=("events.rds",))).one("TopicPolicy").inputs["policy"]
    assert [s["Sid"] for s in json.loads(policy)["Statement"]] == ["DenyWithoutTls", "PublishByEventsRds"]


def test_subscriptions() -> None:
    found = {s.name: s.inputs for s in run().all("TopicSubscription")}
    assert found == {
        "ops-email-oncall-example-com": {
            "topic": ARN,
            "protocol": "email",
            "endpoint": "oncall@example.com",
        },
        "ops-https-hooks-example-com-in-1": {
            "topic": ARN,
            "protocol": "https",
            "endpoint": "https://hooks.example.com/in/1",
        },
    }


def test_taking_an_address_away_leaves_the_others() -> None:
    both = run(replace(ARGS, emails=("a@example.com", "b@example.com")))
    one = run(replace(ARGS, emails=("b@example.com",)))
    assert {s.urn for s in one.all("TopicSubscription")} < {s.urn for s in both.all("TopicSubscription")}


def test_the_arn_waits_for_the_policy() -> None:
    def program() -> None:
        topic = Topic("ops", ARGS)
        Topic("user", replace(ARGS, key_arn=topic.arn))

    deployment = deploy(program)
    user = deployment.one("aws:sns/topic:Topic", "user-topic")
    assert user.inputs["kmsMasterKeyId"] == ARN
    assert deployment.one("TopicPolicy", "ops-policy").urn in user.property_dependencies["kmsMasterKeyId"]


def test_region_reaches_every_child() -> None:
    deployment = run(replace(ARGS, region="us-west-2"))
    children = [r for r in deployment.resources if r.type.startswith("aws:")]
    assert len(children) == 4
    assert {r.inputs["region"] for r in children} == {"us-west-2"}


def test_outputs_and_preview() -> None:
    deployment = run()
    component = deployment.one("holdfast:operations:Topic")
    assert deployment.outputs[component.urn] == {"arn": ARN, "name": "ops-topic-1234567"}
    assert len(run(preview=True).resources) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"emails": ("nobody",)}, "emails: got 'nobody', allowed is an e-mail address"),
        (
            {"emails": ("a@example.com", "a@example.com")},
            r"emails: got a@example\.com more than once, allowed is each once",
        ),
        (
            {"urls": ("http://example.com/x",)},
            r"urls: got 'http://example\.com/x', allowed is an https:// address",
        ),
        (
            {"urls": ("https://a.example", "https://a.example")},
            r"urls: got https://a\.example more than once, allowed is each once",
        ),
        (
            {"publishers": ("lambda",)},
            "publishers: got 'lambda', allowed is one of cloudwatch, events, backup,",
        ),
    ],
)
def test_bad_arguments(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **change))
