"""S3: whom a bucket tells of its objects."""

from __future__ import annotations

from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.services.s3_settings import setting
from sandbox.provider.table import Call, Read

_KINDS = {
    "queues": ("QueueConfigurations", "queueArn", "QueueArn"),
    "topics": ("TopicConfigurations", "topicArn", "TopicArn"),
    "lambdaFunctions": ("LambdaFunctionConfigurations", "lambdaFunctionArn", "LambdaFunctionArn"),
}
"""Property -> member of the call, and what each has the ARN in."""
_FILTERS = {"filterPrefix": "prefix", "filterSuffix": "suffix"}


def _told(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The whole configuration: the call replaces what was there."""
    found: dict[str, Any] = {}
    for name, (member, own, theirs) in _KINDS.items():
        for each in ctx.inputs.get(name) or []:
            rules = [
                {"Name": rule, "Value": each[given]} for given, rule in _FILTERS.items() if each.get(given)
            ]
            made = {theirs: each[own], "Events": each["events"]}
            made |= {"Id": each["id"]} if each.get("id") else {}
            made |= {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}
            found.setdefault(member, []).append(made)
    if ctx.inputs.get("eventbridge"):
        found["EventBridgeConfiguration"] = {}
    return {**params, "NotificationConfiguration": found}


def _shown(member: str, own: str, theirs: str) -> str:
    rules = ", ".join(
        f"{given}: Filter.Key.FilterRules[?Name=='{rule}'].Value | [0]" for given, rule in _FILTERS.items()
    )
    return f"{member}[].{{id: Id, {own}: {theirs}, events: Events, {rules}}}"


NOTIFICATION = setting(
    "aws:s3/bucketNotification:BucketNotification",
    Call(
        "PutBucketNotificationConfiguration",
        take=("bucket", "eventbridge", *_KINDS),
        whole=True,
        adjust=_told,
    ),
    Read(
        "GetBucketNotificationConfiguration",
        {"Bucket": "id"},
        path="{" + ", ".join(f"{name}: {_shown(*kind)}" for name, kind in _KINDS.items()) + "}",
    ),
    Call(
        "PutBucketNotificationConfiguration",
        {"Bucket": "id", "NotificationConfiguration": "`{}`"},
        whole=True,
    ),
    kind="extended",
)

RESOURCES = (NOTIFICATION,)
