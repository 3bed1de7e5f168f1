"""What an AWS service tells of one resource, from the region's default bus into a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.messaging.deliveries import RETRIED_SECONDS, RETRIES
from components.tags import Tags


def declare_rule(
    name: str, *, about: str, pattern: Mapping[str, Any], tags: Tags, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.EventRule:
    """A rule on the default bus, where AWS's own services put their events; the values of `pattern` may be outputs."""
    return aws.cloudwatch.EventRule(
        f"{name}-rule",
        description=about,
        event_pattern=pulumi.Output.json_dumps(pattern),
        tags=tags.resource(f"{name}-rule"),
        opts=opts,
    )


def deliver(
    name: str,
    rule: aws.cloudwatch.EventRule,
    *,
    queue_arn: pulumi.Input[str],
    letters_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """Send what the rule finds to a queue, for a day; what could not be delivered to `letters_arn`. Both let the rule send."""
    aws.cloudwatch.EventTarget(
        f"{name}-target",
        rule=rule.name,
        arn=queue_arn,
        retry_policy={"maximum_event_age_in_seconds": RETRIED_SECONDS, "maximum_retry_attempts": RETRIES},
        dead_letter_config={"arn": letters_arn},
        opts=opts,
    )
