"""A queue of work, and where messages go that nobody could handle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between
from components.facts import Fact, fact
from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.options import handed_down
from components.outputs import once, register
from components.permissions import Statement, allow, document
from components.tags import Tags

RETENTION_SECONDS = (60, 1_209_600)
VISIBILITY_SECONDS = (1, 43_200)
RECEIVES = (1, 1000)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html"""
UNRECEIVED_MINUTES = (1, 1440)
"""An alarm looks back a day at most, minute by minute."""
LONG_POLL = 20
"""Seconds that a receiver waits for a message, the most that SQS allows: an empty queue then costs least."""
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Sender:
    """An AWS service that sends in its own name, on behalf of one resource."""

    service: str
    """`events.amazonaws.com`."""
    source_arn: pulumi.Input[str]
    """The rule, topic or other resource that it sends for."""
    account: pulumi.Input[str] | None = None
    """The account that this must belong to, where its ARN names none, as a bucket's: another account may take over the name of one that
    was deleted."""


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
    unreceived_minutes: int | None = None
    """Minutes for which messages may wait while nobody takes any before somebody is told, 1 to 1,440. None: nobody is."""
    senders: Sequence[Sender] = ()
    """AWS services that may send besides the roles that say so themselves."""
    promises: bool = False
    """Whether the queue carries the recovery point objective, so that its recovery is judged."""
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
        if self.unreceived_minutes is not None:
            between("unreceived_minutes", self.unreceived_minutes, *UNRECEIVED_MINUTES)


class WorkQueue(pulumi.ComponentResource):
    """A queue and its dead letter queue, encrypted, TLS only, watched. A message is delivered at least once: receivers bear it twice.

    Creates: two queues, the permission to redrive, a policy for each, alarms on the oldest message's age, on dead letters and, where asked
    for, on messages that nobody takes.
    Survives: a zone (SQS keeps messages in several). Not the region: its messages wait there until it is back, and no other region sees
    them. Costs: requests, two alarms.
    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    arn: pulumi.Output[str]
    url: pulumi.Output[str]
    name: pulumi.Output[str]
    dead_letter_url: pulumi.Output[str]
    dead_letter_arn: pulumi.Output[str]
    sent_to: pulumi.Output[str]
    """The ARN, known once the `senders` may send."""
    recovery_fact: Fact

    def __init__(self, name: str, args: WorkQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:WorkQueue", name, {}, handed_down(opts))
        self._args, own = args, pulumi.ResourceOptions(parent=self)
        dead, _ = self._queue(f"{name}-dead", RETENTION_SECONDS[1], None)
        queue, policy = self._queue(f"{name}-queue", args.retention_seconds, dead)
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
        if args.unreceived_minutes is not None:
            self._unreceived(name, queue, args.unreceived_minutes)
        self.arn, self.url, self.name, self.dead_letter_url = queue.arn, queue.url, queue.name, dead.url
        self.dead_letter_arn = dead.arn
        self.sent_to = once(queue.arn, policy.id)
        self.recovery_fact = fact(
            "queue",
            f"{name}-queue",
            self._tags(f"{name}-queue"),
            age_s=args.age_seconds,
            retention_s=args.retention_seconds,
        )
        register(self, "arn", "url", "name", "dead_letter_url", "dead_letter_arn")

    def _unreceived(self, name: str, queue: aws.sqs.Queue, minutes: int) -> None:
        """An alarm on messages that wait while nobody takes any: whoever worked them off is gone, or is told to stand still."""

        def metric(what: str, statistic: str) -> Metric:
            return Metric(
                namespace="AWS/SQS", name=what, statistic=statistic, dimensions={"QueueName": queue.name}
            )

        found = Expression(
            expression="IF(waiting > 0 AND FILL(received, 0) == 0, 1, 0)",
            label="Messages wait and nobody takes any",
            metrics={
                "waiting": metric("ApproximateNumberOfMessagesVisible", "Minimum"),
                "received": metric("NumberOfMessagesReceived", "Sum"),
            },
        )
        alarm(
            f"{name}-unreceived",
            found,
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # an idle queue reports nothing
            description=f"{name}: messages wait, and nobody takes any",
            tags=self._args.tags,
            actions=self._args.actions,
            periods=minutes,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _tags(self, child: str) -> dict[str, str]:
        tags = self._args.tags
        return tags.passing(child) if self._args.promises else tags.resource(child)

    def _queue(
        self, child: str, retention: int, dead: aws.sqs.Queue | None
    ) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
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
            tags=args.tags.resource(child) if dead is None else self._tags(child),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        policy = aws.sqs.QueuePolicy(
            f"{child}-policy",
            queue_url=queue.url,
            policy=queue_policy(queue.arn, args.senders if dead is not None else ()),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return queue, policy

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


def queue_policy(arn: pulumi.Output[str], senders: Sequence[Sender]) -> pulumi.Output[str]:
    """A queue's policy: nobody without TLS, and services for their resources.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
    """
    denied: Statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    sent: list[Statement] = [
        {
            "Effect": "Allow",
            "Principal": {"Service": each.service},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {
                "ArnEquals": {"aws:SourceArn": each.source_arn},
                **({"StringEquals": {"aws:SourceAccount": each.account}} if each.account else {}),
            },
        }
        for each in senders
    ]
    return document([denied, *sent])
