"""The provider's rows of SNS and EventBridge."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.emptied import emptied

Boto = Callable[..., Any]
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "sns", "sqs", "events")


def make(provider: Provider, token: str, inputs: dict) -> tuple[str, dict, dict]:
    checked, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, checked)
    assert id_ is not None
    assert provider.read(token, id_, checked) is not None
    return id_, checked, outputs


def test_topic_attributes(boto: Boto) -> None:
    sns = boto("sns")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    assert "SignatureVersion" not in sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    for name, value in (("SignatureVersion", "2"), ("TracingConfig", "Active"), ("DisplayName", "Ops")):
        sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
    found = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (found["SignatureVersion"], found["TracingConfig"], found["DisplayName"]) == ("2", "Active", "Ops")
    for name, value in (("SignatureVersion", "3"), ("Colour", "red")):
        with pytest.raises(botocore.exceptions.ClientError, match="Invalid parameter"):
            sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)


def test_nothing_is_sent_to_addresses_that_nobody_confirmed(
    boto: Boto, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("moto.sns.models.requests.post", lambda url, **_: sent.append(url))
    sns = boto("sns")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    for protocol, endpoint in (("https", "https://hooks.example.com/x"), ("email", "a@example.com")):
        arn = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)["SubscriptionArn"]
        attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        assert attributes["PendingConfirmation"] == "true"
    sns.publish(TopicArn=topic, Message="m")
    assert sent == []


def test_topic_policy_and_subscription(provider: Provider, boto: Boto) -> None:
    topic, inputs, outputs = make(
        provider,
        "aws:sns/topic:Topic",
        {"kmsMasterKeyId": KEY, "signatureVersion": 2.0, "tags": {"a": "b"}},
    )
    sns = boto("sns")
    assert topic == outputs["arn"] == f"arn:aws:sns:us-east-1:123456789012:{inputs['name']}"
    found = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (found["KmsMasterKeyId"], found["SignatureVersion"]) == (KEY, "2")
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "b"}]
    news = {**inputs, "displayName": "Ops", "tags": {"a": "c"}, "tagsAll": {"a": "c"}}
    del news["kmsMasterKeyId"]
    assert provider.diff("aws:sns/topic:Topic", inputs, news).replaces == []
    provider.update("aws:sns/topic:Topic", topic, inputs, outputs, news)
    found = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert found["DisplayName"] == "Ops"
    assert not found.get("KmsMasterKeyId")
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "c"}]
    renamed = provider.diff("aws:sns/topic:Topic", inputs, {**inputs, "name": "x"})
    assert renamed.replaces == ["name"]

    statement = {
        "Sid": "Mine",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    token = "aws:sns/topicPolicy:TopicPolicy"
    id_, given, made = make(provider, token, {"arn": topic, "policy": policy})
    assert id_ == topic
    assert "Mine" in sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    other = {**given, "policy": policy.replace("Mine", "Ours")}
    assert provider.diff(token, given, other).replaces == []
    provider.update(token, id_, given, made, other)
    assert "Ours" in sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    assert provider.diff(token, given, {**given, "arn": "x"}).replaces == ["arn"]
    provider.delete(token, id_, other, made)
    assert "Ours" not in sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]

    token = "aws:sns/topicSubscription:TopicSubscription"
    boto("sqs").create_queue(QueueName="q")
    endpoint = "arn:aws:sqs:us-east-1:123456789012:q"
    id_, given, made = make(
        provider, token, {"topic": topic, "protocol": "sqs", "endpoint": endpoint, "rawMessageDelivery": True}
    )
    assert made["arn"] == id_
    attributes = sns.get_subscription_attributes(SubscriptionArn=id_)["Attributes"]
    assert (attributes["Endpoint"], attributes["RawMessageDelivery"]) == (endpoint, "true")
    provider.update(token, id_, given, made, {**given, "rawMessageDelivery": False})
    attributes = sns.get_subscription_attributes(SubscriptionArn=id_)["Attributes"]
    assert attributes["RawMessageDelivery"] == "false"
    assert provider.diff(token, given, {**given, "endpoint": "x"}).replaces == ["endpoint"]
    provider.delete(token, id_, given, made)
    assert provider.read(token, id_, given) is None
    _, _, email = make(provider, token, {"topic": topic, "protocol": "email", "endpoint": "a@example.com"})
    assert (email["topic"], email["pendingConfirmation"]) == (topic, True)

    provider.delete("aws:sns/topic:Topic", topic, news, outputs)
    assert provider.read("aws:sns/topic:Topic", topic, news) is None


def test_event_rule_and_target(provider: Provider, boto: Boto) -> None:
    rule_token, target_token = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
    events = boto("events")
    pattern = json.dumps({"source": ["aws.backup"]})
    rule, inputs, outputs = make(
        provider, rule_token, {"eventPattern": pattern, "description": "d", "tags": {"a": "b"}}
    )
    assert outputs["arn"] == f"arn:aws:events:us-east-1:123456789012:rule/{rule}"
    found = events.describe_rule(Name=rule)
    assert json.loads(found["EventPattern"]) == {"source": ["aws.backup"]}
    assert events.list_tags_for_resource(ResourceARN=outputs["arn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    news = {**inputs, "state": "DISABLED"}
    assert provider.diff(rule_token, inputs, news).replaces == []
    provider.update(rule_token, rule, inputs, outputs, news)
    assert events.describe_rule(Name=rule)["State"] == "DISABLED"
    assert provider.diff(rule_token, inputs, {**inputs, "name": "x"}).replaces == ["name"]

    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    given = {
        "rule": rule,
        "arn": topic,
        "inputTransformer": {"inputPaths": {"s": "$.source"}, "inputTemplate": '"<s>"'},
    }
    id_, target, made = make(provider, target_token, given)
    assert id_ == f"{rule}-{target['targetId']}"
    [listed] = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert listed == {
        "Id": target["targetId"],
        "Arn": topic,
        "InputTransformer": {"InputPathsMap": {"s": "$.source"}, "InputTemplate": '"<s>"'},
    }
    other = {k: v for k, v in target.items() if k != "inputTransformer"} | {"input": '"x"'}
    assert provider.diff(target_token, target, other).replaces == []
    provider.update(target_token, id_, target, made, other)
    [listed] = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert listed["Input"] == '"x"'
    assert "InputTransformer" not in listed
    assert provider.diff(target_token, target, {**target, "rule": "x"}).replaces == ["rule"]
    provider.delete(target_token, id_, other, made)
    assert provider.read(target_token, id_, other) is None
    provider.delete(rule_token, rule, news, outputs)
    assert provider.read(rule_token, rule, news) is None
    assert provider.read(target_token, id_, other) is None


def test_a_fifo_topic_is_one_and_hands_on_to_fifo_queues(provider: Provider, boto: Boto) -> None:
    topic, queue = "aws:sns/topic:Topic", "aws:sqs/queue:Queue"
    fifo = {"fifoTopic": True, "contentBasedDeduplication": True}
    arn, inputs, outputs = make(provider, topic, fifo)
    assert arn.endswith(".fifo")

    def kept() -> dict[str, str]:
        found = boto("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
        return {name: found[name] for name in ("FifoTopic", "ContentBasedDeduplication")}

    assert kept() == {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    assert provider.diff(topic, inputs, {**inputs, "fifoTopic": False}).replaces == ["fifoTopic"]
    off = {**inputs, "contentBasedDeduplication": False}
    assert provider.diff(topic, inputs, off).replaces == []
    provider.update(topic, arn, inputs, outputs, off)
    assert kept() == {"FifoTopic": "true", "ContentBasedDeduplication": "false"}
    _, _, made = make(provider, queue, {"fifoQueue": True})
    subscription = {"protocol": "sqs", "endpoint": made["arn"]}
    make(provider, "aws:sns/topicSubscription:TopicSubscription", {**subscription, "topic": arn})
    plain, _, _ = make(provider, topic, {"fifoTopic": False})
    assert "FifoTopic" not in boto("sns").get_topic_attributes(TopicArn=plain)["Attributes"]
    with pytest.raises(ProviderError, match="InvalidParameter"):
        make(provider, "aws:sns/topicSubscription:TopicSubscription", {**subscription, "topic": plain})
