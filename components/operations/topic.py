"""The topic that carries alarms and failed jobs to people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import each_once, need, one_of
from components.options import handed_down
from components.outputs import once
from components.tags import Tags

PUBLISHERS = ("cloudwatch", "events", "backup", "events.rds")
"""AWS services that may publish: CloudWatch alarms, EventBridge rules, AWS Backup vaults, RDS event
subscriptions."""


@dataclass(frozen=True, kw_only=True)
class TopicArgs:
    """What a topic needs."""

    key_arn: pulumi.Input[str]
    """Customer key of the topic's region. Its policy must let the publishers use it (`MultiRegionKey` does).
    """
    tags: Tags
    emails: Sequence[str] = ()
    """Addresses; each gets a message that must be confirmed by hand."""
    urls: Sequence[str] = ()
    """HTTPS endpoints, each of which must confirm its subscription."""
    publishers: Sequence[str] = ("cloudwatch", "events", "backup", "events.rds")
    """Services that may publish, of `PUBLISHERS`."""
    region: str | None = None
    """Only for a topic outside the provider's region."""


def validate_topic(args: TopicArgs) -> None:
    """Raise ArgumentError for the first argument that AWS would refuse."""
    for email in args.emails:
        fits = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email)
        need(bool(fits), "emails", repr(email), "an e-mail address")
    for url in args.urls:
        fits = re.fullmatch(r"https://[^\s/]+(/\S*)?", url)
        need(bool(fits), "urls", repr(url), "an https:// address")
    each_once("emails", args.emails)
    each_once("urls", args.urls)
    for service in args.publishers:
        one_of("publishers", service, PUBLISHERS)


def topic_policy(arn: str, account: str, publishers: Sequence[str]) -> dict[str, Any]:
    """Return the topic's policy document: the named services publish, and nobody without TLS."""
    statements: list[dict[str, Any]] = [
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    for service in publishers:
        statement: dict[str, Any] = {
            "Sid": "PublishBy" + "".join(part.capitalize() for part in service.split(".")),
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": arn,
        }
        if service == "cloudwatch":
            # EventBridge's and Backup's requests carry no source account: with this condition they could not
            # publish.
            # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
            statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


class Topic(pulumi.ComponentResource):
    """An encrypted SNS topic that AWS's own services publish to.

    Creates: topic, its policy, a subscription for each address.
    Survives: the loss of a zone. A region's alarms need a topic in that region, so each region has its own.
    Costs: nothing for a thousand e-mails a month, then 2 USD per 100,000.
    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: TopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        validate_topic(args)
        super().__init__("holdfast:operations:Topic", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        topic = aws.sns.Topic(
            f"{name}-topic",
            kms_master_key_id=args.key_arn,
            signature_version=2,
            region=args.region,
            tags=args.tags.resource(f"{name}-topic"),
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(
                pulumi.Output.all(topic.arn, account).apply(
                    lambda known: topic_policy(known[0], known[1], args.publishers)
                )
            ),
            region=args.region,
            opts=child,
        )
        for protocol, endpoints in (("email", args.emails), ("https", args.urls)):
            for endpoint in endpoints:
                # Named by address, not by place in the list: taking one away leaves the others alone.
                slug = re.sub(r"[^A-Za-z0-9]+", "-", endpoint.removeprefix("https://")).strip("-")
                aws.sns.TopicSubscription(
                    f"{name}-{protocol}-{slug}",
                    topic=topic.arn,
                    protocol=protocol,
                    endpoint=endpoint,
                    region=args.region,
                    opts=child,
                )

        # Whoever takes the ARN from here publishes only once the policy lets it.
        self.arn = once(topic.arn, policy.id)
        self.name = topic.name
        self.register_outputs({"arn": self.arn, "name": self.name})
