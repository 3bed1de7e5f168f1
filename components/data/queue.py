"""A queue of work, and where messages go that nobody could handle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.outputs import register
from components.permissions import Statement, allow, document
from components.tags import Tags

RETENTION_SECONDS = (60, 1_209_600)
VISIBILITY_SECONDS = (1, 43_200)
RECEIVES = (1, 1000)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html"""
LONG_POLL = 20
"""Seconds that a receiver waits for a message, the most that SQS allows: an empty queue then costs least."""
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class WorkQueueArgs:
    """What a queue needs."""

    tags: Tags
    key_arn: pulumi.Input[str]
    """Customer key of the region, which senders and receivers use too."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told of messages that wait too long, or that nobody could handle; at least one."""
    visibility_seconds: int = 60
    """Time that a receiver has for a message before another one gets it, 1 to 43,200."""
    receives: int = 5
    """How often a message is tried before it goes to the dead letters, 1 to 1,000."""
    retention_seconds: int = 4 * _DAY
    """How long a message is kept, 60 to 1,209,600; dead letters are kept the longest."""
    age_seconds: int = 900
    """Age of the oldest message above which somebody is told, 1 or more and less than it is kept."""
    protect: bool = True

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        at_least("actions", self.actions, 1, "dead letters that nobody hears of are lost")
        between("visibility_seconds", self.visibility_seconds, *VISIBILITY_SECONDS, "s")
        between("receives", self.receives, *RECEIVES, "times")
        between("retention_seconds", self.retention_seconds, *RETENTION_SECONDS, "s")
        between(
            "age_seconds", self.age_seconds, 1, self.retention_seconds - 1, "s, less than messages are kept"
        )


class WorkQueue(pulumi.ComponentResource):
    """A queue and its dead letter queue, encrypted, TLS only, watched. A message is delivered at least once: receivers bear it twice.

    Creates: two queues, the permission to redrive, a policy for each, alarms on the oldest message's age and on dead letters.
    Survives: a zone (SQS keeps messages in several). Not the region: its messages wait there until it is back, and no other region sees
    them. Costs: requests, two alarms.
    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    arn: pulumi.Output[str]
    url: pulumi.Output[str]
    name: pulumi.Output[str]
    dead_letter_url: pulumi.Output[str]

    def __init__(self, name: str, args: WorkQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:WorkQueue", name, {}, handed_down(opts))
        self._args, own = args, pulumi.ResourceOptions(parent=self)
        dead = self._queue(f"{name}-dead", RETENTION_SECONDS[1], None)
        queue = self._queue(f"{name}-queue", args.retention_seconds, dead)
        aws.sqs.RedriveAllowPolicy(
            f"{name}-redrive",
            queue_url=dead.url,
            redrive_allow_policy=pulumi.Output.json_dumps(
                {"redrivePermission": "byQueue", "sourceQueueArns": [queue.arn]}
            ),
            opts=own,
        )
        oldest = (
            "age",
            queue,
            "ApproximateAgeOfOldestMessage",
            args.age_seconds,
            "oldest message waits too long",
        )
        lost = (
            "dead-letters",
            dead,
            "ApproximateNumberOfMessagesVisible",
            0,
            "messages that nobody could handle",
        )
        for what, of, metric, threshold, about in (oldest, lost):
            alarm(
                f"{name}-{what}",
                Metric(
                    namespace="AWS/SQS", name=metric, statistic="Maximum", dimensions={"QueueName": of.name}
                ),
                Comparison.ABOVE,
                threshold,
                missing=Missing.NOT_BREACHING,  # an idle queue reports nothing
                description=f"{name}: {about}",
                tags=args.tags,
                actions=args.actions,
                opts=own,
            )
        self.arn, self.url, self.name, self.dead_letter_url = queue.arn, queue.url, queue.name, dead.url
        register(self, "arn", "url", "name", "dead_letter_url")

    def _queue(self, child: str, retention: int, dead: aws.sqs.Queue | None) -> aws.sqs.Queue:
        args = self._args
        redrive = None
        if dead is not None:
            redrive = pulumi.Output.json_dumps(
                {"deadLetterTargetArn": dead.arn, "maxReceiveCount": args.receives}
            )
        queue = aws.sqs.Queue(
            child,
            message_retention_seconds=retention,
            visibility_timeout_seconds=args.visibility_seconds,
            receive_wait_time_seconds=LONG_POLL,
            kms_master_key_id=args.key_arn,
            redrive_policy=redrive,
            tags=args.tags.resource(child),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.sqs.QueuePolicy(
            f"{child}-policy",
            queue_url=queue.url,
            policy=document([tls_only(queue.arn)]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return queue

    def receiving(self) -> list[Statement]:
        """What a receiver's role needs."""
        actions = ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"]
        return [
            allow([f"sqs:{each}" for each in actions], self.arn),
            allow("kms:Decrypt", self._args.key_arn),
        ]

    def sending(self) -> list[Statement]:
        """What a sender's role needs."""
        return [
            allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], self.arn),
            allow(["kms:GenerateDataKey", "kms:Decrypt"], self._args.key_arn),
        ]


def tls_only(arn: pulumi.Output[str]) -> Statement:
    """What a queue's policy says: nobody without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
