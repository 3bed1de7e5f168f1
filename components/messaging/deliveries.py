"""Where the rules of a bus lead: queues, and the other region's bus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.messaging.bus import RegionBus
from components.options import handed_down
from components.outputs import register
from components.permissions import allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

RETRIED_SECONDS, RETRIES = 86_400, 185
"""A day, the longest: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"""


@dataclass(frozen=True, kw_only=True)
class DeliveriesArgs:
    """What the targets of a bus need."""

    tags: Tags
    bus: RegionBus
    queues: Mapping[str, pulumi.Input[str]]
    """By receiver: the ARN of its queue, known once the rules may send there."""
    letters_arn: pulumi.Input[str]
    """The queue of what could not be delivered, which the rules may send to."""


class Deliveries(pulumi.ComponentResource):
    """The targets of a bus's rules: each is tried for a day, then what could not be delivered is kept.

    Creates: a target for each rule, and the role by which events are put on the other region's bus. Survives: what the bus does.
    Costs: nothing of its own.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
    """

    def __init__(self, name: str, args: DeliveriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:messaging:Deliveries", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._own = pulumi.ResourceOptions(parent=self)
        bus = args.bus
        if bus.to_peer is not None and bus.peer_arn is not None:
            role = role_with_policy(
                f"{name}-sender",
                [allow("events:PutEvents", bus.peer_arn)],
                policy=f"{name}-sender-policy",
                about="Sends events on to the other region",
                trusted=trust("events.amazonaws.com", self, of_account=True),
                tags=args.tags,
                opts=self._own,
            )
            self._target("to-peer", bus.to_peer, bus.peer_arn, role)
        for each, rules in bus.rules.items():
            for what, rule in zip(("here", "again"), rules, strict=True):
                self._target(f"{each}-{what}", rule, args.queues[each], None)
        register(self)

    def _target(
        self,
        what: str,
        rule: aws.cloudwatch.EventRule,
        arn: pulumi.Input[str],
        role_arn: pulumi.Input[str] | None,
    ) -> None:
        aws.cloudwatch.EventTarget(
            f"{self._name}-{what}",
            event_bus_name=self._args.bus.name,
            rule=rule.name,
            arn=arn,
            role_arn=role_arn,
            retry_policy={
                "maximum_event_age_in_seconds": RETRIED_SECONDS,
                "maximum_retry_attempts": RETRIES,
            },
            dead_letter_config={"arn": self._args.letters_arn},
            opts=self._own,
        )
