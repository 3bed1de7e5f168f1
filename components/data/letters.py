"""What people must look at: a queue, and an alarm when something is in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.data.queue import RETENTION_SECONDS, Sender, queue_policy
from components.operations import Comparison, Metric, Missing, alarm
from components.tags import Tags


def declare_letters(
    name: str,
    *,
    about: str,
    senders: Sequence[Sender] = (),
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.sqs.Queue:
    """The queue, kept as long as SQS does; the alarm is described as `about`. No other queue's dead letters go there."""
    queue = aws.sqs.Queue(
        name,
        message_retention_seconds=RETENTION_SECONDS[1],
        kms_master_key_id=key_arn,
        redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}),
        tags=tags.resource(name),
        opts=opts,
    )
    aws.sqs.QueuePolicy(
        f"{name}-policy", queue_url=queue.url, policy=queue_policy(queue.arn, senders), opts=opts
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
        description=about,
        tags=tags,
        actions=actions,
        opts=opts,
    )
    return queue
