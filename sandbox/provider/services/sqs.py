"""SQS: queues, whose settings are all attributes, and their policies."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read

ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


def _attributes(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Attributes as text; one that is no longer given is emptied."""
    given = {m: ctx.inputs[n] for n, m in ATTRIBUTES.items() if ctx.inputs.get(n) is not None}
    gone = {m: "" for n, m in ATTRIBUTES.items() if ctx.old.get(n) is not None and m not in given}
    fifo = {"FifoQueue": "true"} if ctx.inputs.get("fifoQueue") and "QueueUrl" not in params else {}
    text = {m: str(v).lower() if isinstance(v, bool) else str(v) for m, v in given.items()}
    return {**params, "Attributes": {**text, **gone, **fifo}}


QUEUE = simulated(
    "aws:sqs/queue:Queue",
    create=Call("CreateQueue", {"QueueName": "in.name"}, take=(*ATTRIBUTES, "fifoQueue"), adjust=_attributes),
    id="QueueUrl",
    read=Read("GetQueueAttributes", {"QueueUrl": "id", "AttributeNames": "['All']"}, path="Attributes"),
    update=(
        Call(
            "SetQueueAttributes", {"QueueUrl": "id"}, take=tuple(ATTRIBUTES), whole=True, adjust=_attributes
        ),
    ),
    delete=(Call("DeleteQueue", {"QueueUrl": "id"}),),
    replace=("name", "fifoQueue"),
    outputs={"arn": "QueueArn", "url": "id"},
)
POLICY = simulated(
    "aws:sqs/queuePolicy:QueuePolicy",
    create=Call(
        "SetQueueAttributes",
        {"QueueUrl": "in.queueUrl", "Attributes.Policy": "in.policy"},
        take=("policy", "queueUrl"),
        adjust=lambda p, _ctx: {n: v for n, v in p.items() if n != "policy"},
    ),
    id="in.queueUrl",
    read=Read("GetQueueAttributes", {"QueueUrl": "id", "AttributeNames": "['Policy']"}, path="Attributes"),
    update=(
        Call(
            "SetQueueAttributes",
            {"QueueUrl": "id", "Attributes.Policy": "in.policy"},
            take=(),
            when=("policy",),
        ),
    ),
    delete=(Call("SetQueueAttributes", {"QueueUrl": "id", "Attributes.Policy": "''"}),),
    replace=("queueUrl",),
)
RESOURCES = (QUEUE, POLICY)
