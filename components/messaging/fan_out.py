"""A topic whose messages go to several queues, to each its own copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.options import handed_down
from components.outputs import register
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class FanOutArgs:
    """What the subscriptions of a topic need."""

    tags: Tags
    topic_arn: pulumi.Input[str]
    """A topic of the region. It sends to each queue in its own name: the queue's policy must let it."""
    queues: Mapping[str, pulumi.Input[str]]
    """Queues by name: ARNs that are known once the topic may send there."""
    letters_arn: pulumi.Input[str]
    """The queue of what could not be delivered, which the topic may send to."""


class FanOut(pulumi.ComponentResource):
    """Subscriptions of queues to a topic; a message arrives as it was sent, and what can't be delivered is kept.

    Creates: a subscription for each queue. Survives: a zone. Not the region: whoever publishes does so in the other one. Costs: deliveries
    to SQS cost nothing but SQS's requests.
    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html,
    https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    """

    def __init__(self, name: str, args: FanOutArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:messaging:FanOut", name, {}, handed_down(opts))
        for each, arn in args.queues.items():
            aws.sns.TopicSubscription(
                f"{name}-{each}",
                topic=args.topic_arn,
                protocol="sqs",
                endpoint=arn,
                raw_message_delivery=True,
                redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": args.letters_arn}),
                opts=pulumi.ResourceOptions(parent=self),
            )
        register(self)
