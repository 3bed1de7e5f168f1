"""What of a workflow people must look at: a queue, and an alarm when something is in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.data.queue import RETENTION_SECONDS, tls_only
from components.operations import Comparison, Metric, Missing, alarm
from components.permissions import document
from components.tags import Tags


def declare_letters(
    name: str,
    *,
    about: str,
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.sqs.Queue:
    """The queue, kept as long as SQS does. No other queue's dead letters go there."""
    queue = aws.sqs.Queue(
        name,
        message_retention_seconds=RETENTION_SECONDS[1],
        kms_master_key_id=key_arn,
        redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}),
        tags=tags.resource(name),
        opts=opts,
    )
    aws.sqs.QueuePolicy(
        f"{name}-policy", queue_url=queue.url, policy=document([tls_only(queue.arn)]), opts=opts
    )
    alarm(
        f"{name}-some",
        Metric(
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            dimensions={"QueueName": queue.name},
        ),
        Comparison.ABOVE,
        0,
        missing=Missing.NOT_BREACHING,  # an idle queue reports nothing
        description=f"{about}: orders that somebody must look at",
        tags=tags,
        actions=actions,
        opts=opts,
    )
    return queue
