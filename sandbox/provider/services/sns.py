"""SNS: topics, their policies, subscriptions."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, arn_tags

_TOPIC_ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
_FIFO_ATTRIBUTES = {
    "archivePolicy": "ArchivePolicy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "fifoThroughputScope": "FifoThroughputScope",
    "fifoTopic": "FifoTopic",
}
_SUBSCRIPTION_ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
}


def _text(value: Any) -> str:
    """Write a value as SNS's attributes have it: all text, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) else str(value)


def _attribute(op: str, subject: str, wire: str, name: str) -> Call:
    """Set one attribute, as SNS does: one call each."""

    def value(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        return {**params, "AttributeValue": _text(ctx.inputs.get(wire))}

    return Call(op, {subject: "id", "AttributeName": f"'{name}'"}, take=(wire,), whole=True, adjust=value)


def _fifo(ctx: Context) -> dict[str, Any]:
    """What a FIFO topic is told when it is made; a standard one nothing, since even `false` makes moto a FIFO topic."""
    if ctx.inputs.get("fifoTopic") is not True:
        return {}
    given = {name: _text(ctx.inputs.get(wire)) for wire, name in _FIFO_ATTRIBUTES.items()}
    return {"Attributes": {name: value for name, value in given.items() if value}}


TOPIC = simulated(
    "aws:sns/topic:Topic",
    create=Call(
        "CreateTopic", take=("name", *_FIFO_ATTRIBUTES), adjust=lambda params, ctx: {**params, **_fifo(ctx)}
    ),
    read=Read("GetTopicAttributes", {"TopicArn": "id"}, path="Attributes"),
    update=tuple(
        _attribute("SetTopicAttributes", "TopicArn", *pair)
        for pair in ({**_TOPIC_ATTRIBUTES, **_FIFO_ATTRIBUTES}.items())
        if pair[0] != "fifoTopic"
    ),
    replace=("name", "fifoTopic"),
    autoname=("name", 256),
    outputs={"arn": "id", "owner": "Owner"},
    tags=arn_tags(arn="id"),
    kind="extended",
)


def _default_policy(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Give a topic back the policy that SNS gives every new one: its owner may do all."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:DeleteTopic", "SNS:Publish"],
        "Resource": ctx.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": ctx.evaluate("account")}},
    }
    return {**params, "AttributeValue": json.dumps({"Version": "2008-10-17", "Statement": [statement]})}


_POLICY = {"TopicArn": "in.arn", "AttributeName": "'Policy'"}
_SET_POLICY = Call("SetTopicAttributes", _POLICY, rename={"policy": "AttributeValue"}, whole=True)

TOPIC_POLICY = Resource(
    token="aws:sns/topicPolicy:TopicPolicy",  # noqa: S106  a type, not a secret
    service="sns",
    create=_SET_POLICY,
    id="in.arn",
    read=Read("GetTopicAttributes", {"TopicArn": "id"}, path="Attributes"),
    update=(_SET_POLICY,),
    delete=(Call("SetTopicAttributes", _POLICY, adjust=_default_policy),),
    replace=("arn",),
    outputs={"owner": "Owner"},
)

TOPIC_SUBSCRIPTION = Resource(
    token="aws:sns/topicSubscription:TopicSubscription",  # noqa: S106  a type, not a secret
    service="sns",
    create=Call(
        "Subscribe",
        {"ReturnSubscriptionArn": "`true`"},
        take=("topic", "protocol", "endpoint"),
        rename={"topic": "TopicArn"},
    ),
    id="SubscriptionArn",
    read=Read("GetSubscriptionAttributes", {"SubscriptionArn": "id"}, path="Attributes"),
    update=tuple(
        _attribute("SetSubscriptionAttributes", "SubscriptionArn", *pair)
        for pair in _SUBSCRIPTION_ATTRIBUTES.items()
    ),
    delete=(Call("Unsubscribe", {"SubscriptionArn": "id"}),),
    ignore={
        "confirmationTimeoutInMinutes": "nobody confirms in the sandbox",
        "endpointAutoConfirms": "nobody confirms in the sandbox",
    },
    outputs={
        "arn": "id",
        "ownerId": "Owner",
        "pendingConfirmation": "PendingConfirmation == 'true'",
    },
    kind="extended",
)

RESOURCES = (TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION)
