"""A queue of work that an AWS service's events come into, too, from the region's default bus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from architectures.parts import arguments
from architectures.parts.sections import Queue
from architectures.system import Place
from components.data import Sender, WorkQueue
from components.data.letters import declare_letters
from components.messaging import declare_rule, deliver

EVENTS = "events.amazonaws.com"


def told_to_queue(
    name: str,
    given: Queue,
    place: Place,
    *,
    about: str,
    pattern: Mapping[str, Any],
    promises: bool = False,
    opts: pulumi.ResourceOptions,
) -> WorkQueue:
    """The queue, the rule that finds events for it, and a queue of those that could not be delivered, which somebody is told of.

    `promises` as in WorkQueueArgs.
    """
    ground = place.ground
    actions = [ground.topic.arn]
    args = arguments.queue(
        given, tags=place.tags, key_arn=ground.key_arn, actions=actions, protect=place.stack.protect
    )
    rule = declare_rule(name, about=f"{name}: {about}", pattern=pattern, tags=place.tags, opts=opts)
    sender = Sender(service=EVENTS, source_arn=rule.arn)
    queue = WorkQueue(name, replace(args, senders=[sender], promises=promises), opts)
    letters = declare_letters(
        f"{name}-undelivered",
        about=f"{name}: events that could not be delivered to the queue",
        senders=[sender],
        key_arn=ground.key_arn,
        actions=actions,
        tags=place.tags,
        opts=opts,
    )
    deliver(name, rule, queue_arn=queue.sent_to, letters_arn=letters.arn, opts=opts)
    return queue
