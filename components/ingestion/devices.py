"""What devices may do, and where what they send goes."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.letters import declare_letters
from components.facts import Fact
from components.ingestion.args import IngestionArgs
from components.ingestion.delivery import RecordDelivery
from components.options import handed_down
from components.permissions import allow, document
from components.roles import role_with_policy
from components.trust import trust

SQL_VERSION = "2016-03-23"
"""https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-sql-version.html"""
SELECTED = "SELECT *, topic() AS topic, topic(2) AS thing, timestamp() AS received"
"""What a device sent, with where, by whom, and when it came: only the device's own thing can have sent it there."""
THING = "${iot:Connection.Thing.ThingName}"
"""Stands for the thing that a device's certificate is attached to.
https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html"""


class DeviceIngestion(pulumi.ComponentResource):
    """AWS IoT Core's rule from devices' topics into a Firehose stream, and the policy that a device's certificate is given.

    Creates: the delivery, the rule with its role, a queue of what the rule couldn't hand on (with an alarm), the policy: a device connects
    as the thing that its certificate is attached to, and sends below that thing's topic alone. Survives: a zone. Not the region: each has
    an endpoint, certificates and things of its own, and a device must know both. Costs: by messages and data. Source:
    https://docs.aws.amazon.com/iot/latest/developerguide/disaster-recovery-resiliency.html
    """

    delivery: RecordDelivery
    rule: pulumi.Output[str]
    policy: pulumi.Output[str]
    """Name of the policy."""
    letters_url: pulumi.Output[str]
    recovery_facts: list[Fact]

    def __init__(self, name: str, args: IngestionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:ingestion:DeviceIngestion", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.delivery = RecordDelivery(f"{name}-delivery", args, self._child)
        letters = declare_letters(
            f"{name}-letters",
            about=f"{name}: what devices sent couldn't be handed on",
            key_arn=args.key_arn,
            actions=args.actions,
            tags=args.tags,
            opts=self._child,
        )
        self.letters_url = letters.url
        self.rule = self._rule(letters).name
        self.policy = self._policy().name
        self.recovery_facts = [self.delivery.recovery_fact]
        outputs.register(self, "rule", "policy")

    def _rule(self, letters: aws.sqs.Queue) -> aws.iot.TopicRule:
        name, args = f"{self._name}-rule", self._args
        role_arn = role_with_policy(
            f"{self._name}-sender",
            [
                allow(["firehose:PutRecord", "firehose:PutRecordBatch"], self.delivery.arn),
                allow("sqs:SendMessage", letters.arn),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn),
            ],
            policy=f"{self._name}-sender-policy",
            about=f"{self._name}: hands on what devices send",
            trusted=trust("iot.amazonaws.com", self, of_account=True),
            tags=args.tags,
            opts=self._child,
        )
        return aws.iot.TopicRule(
            name,
            name="".join(mark if mark.isalnum() else "_" for mark in args.identifier),
            description=f"{self._name}: what devices send goes into the bucket",
            enabled=True,
            sql=f"{SELECTED} FROM '{args.root}/+/#'",
            sql_version=SQL_VERSION,
            firehoses=[
                {
                    "delivery_stream_name": self.delivery.name,
                    "role_arn": role_arn,
                    "separator": "\n",
                }
            ],
            error_action={
                "sqs": {"queue_url": letters.url, "role_arn": role_arn, "use_base64": False},
            },
            tags=args.tags.resource(name),
            opts=self._child,
        )

    def _policy(self) -> aws.iot.Policy:
        """A device is who its certificate says, and nobody else.

        https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html
        """
        name, args = f"{self._name}-policy", self._args
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        here = pulumi.Output.concat("arn:", partition, f":iot:{args.region}:", account)
        attached = {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}
        return aws.iot.Policy(
            name,
            policy=document(
                [
                    allow("iot:Connect", pulumi.Output.concat(here, f":client/{THING}"), attached),
                    allow("iot:Publish", pulumi.Output.concat(here, f":topic/{args.root}/{THING}/*")),
                ]
            ),
            tags=args.tags.resource(name),
            opts=self._child,
        )
