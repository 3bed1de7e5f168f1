"""What a bucket tells a queue of its objects."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.data.queue import Sender

SERVICE = "s3.amazonaws.com"
EVENTS = ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
"""Each has a sequencer, by which two events of one object are put in order; others have none.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html"""


def bucket_sender(arn: pulumi.Input[str], parent: pulumi.Resource) -> Sender:
    """S3, when it sends a bucket's events: the bucket must be this account's."""
    account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent)).account_id
    return Sender(service=SERVICE, source_arn=arn, account=account)


def declare_events(
    name: str,
    bucket: pulumi.Input[str],
    queue_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketNotification:
    """Have a bucket of the provider's region tell a queue of what is written and deleted; its ARN is known once S3 may send there.

    A bucket has one such resource: another one for the same bucket would take its place.
    S3 tells at least once, usually within seconds, at times after a minute or more, in no order.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
    """
    return aws.s3.BucketNotification(
        f"{name}-events",
        bucket=bucket,
        queues=[aws.s3.BucketNotificationQueueArgs(id="objects", queue_arn=queue_arn, events=list(EVENTS))],
        opts=opts,
    )
