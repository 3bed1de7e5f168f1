"""The Lambda function: reads what is asked, and has it done.

Events: {"action": "watch"}, each minute, by EventBridge Scheduler; {"action": "swap", "to": MEMBER}, `to` is the other one when left
out; {"action": "pause", "reason": "...", "minutes": 60}: until then nothing is swapped but by hand, though an instance that its Auto
Scaling group replaces is still registered; {"action": "resume"}; {"action": "status"}.

A release: pause, replace the standby's instance, try it on the test listener, swap, and swap back when it is bad; then the other one;
resume.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .clock import Clock
from .configuration import Asked, Configuration, asked, configuration
from .decide import Done, Look, Wait
from .lease import Lease, Leases, Move
from .machines import Machines
from .targets import Groups
from .telling import Voice
from .watch import Watcher, shown

_OWNERS: dict[str, str] = {}


@functools.cache
def _client(service: str, timeout: float) -> Any:
    # Kept between invocations, with its connections. A repeated request would land when nobody reckons with it.
    config = Config(connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 1})
    return boto3.client(service, config=config)


@dataclass(frozen=True)
class World:
    """What the function touches; all of it can be simulated."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock: Clock = field(default_factory=Clock)
    client: Callable[[str, float], Any] = _client
    write: Callable[[str], None] | None = None
    owners: dict[str, str] = field(default_factory=lambda: _OWNERS)
    """Whose an instance is, of all invocations before: a pair that is known swaps though Auto Scaling doesn't answer."""


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Do what the event asks. Raises ValueError for a bad event or environment, RuntimeError when AWS can't be asked."""
    return run(event, context, World())


def run(event: Any, context: Any, world: World) -> dict[str, Any]:
    """The same, in any world."""
    settings = configuration(world.environment)
    wanted = asked(event, settings.members)
    watcher = _watcher(settings, world, str(context.aws_request_id))
    clock = world.clock
    end = clock.now() + settings.timing.watch

    def go_on() -> bool:
        left = context.get_remaining_time_in_millis() / 1000
        return clock.now() + settings.timing.poll < end and left > settings.timing.reserve

    match wanted.action:
        case "watch":
            watcher.watch(go_on)
            return {"watched": settings.pair}
        case "swap":
            return _swap(watcher, wanted, go_on)
        case "pause":
            until = clock.wall() + 60 * wanted.minutes
            watcher.insist(lambda: watcher.leases.pause(wanted.reason, until))
            watcher.voice.say("paused", reason=wanted.reason, minutes=wanted.minutes)
        case "resume":
            watcher.insist(lambda: watcher.leases.pause("", 0))
            watcher.voice.say("resumed")
    return status(watcher)


def _watcher(settings: Configuration, world: World, invocation: str) -> Watcher:
    def client(service: str) -> Any:
        return world.client(service, settings.timing.socket)

    voice = Voice(settings.pair, settings.topic, client("sns"), world.clock.wall, invocation)
    if world.write:
        voice.write = world.write
    groups = Groups(
        balancing=client("elbv2"),
        scaling=client("autoscaling"),
        serving_arn=settings.serving,
        members_arn=settings.members_group,
        names=settings.members,
        known=world.owners,
    )
    told = settings.mirror
    return Watcher(
        configuration=settings,
        leases=Leases(client("dynamodb"), settings.table, settings.pair, mirrored=told is not None),
        groups=groups,
        voice=voice,
        clock=world.clock,
        machines=Machines(client("ec2"), told.address, told.tables) if told else None,
    )


def status(watcher: Watcher) -> dict[str, Any]:
    """How the pair stands, changed by nothing."""
    look: Look = watcher.insist(watcher.look)
    paused = look.lease.paused(look.wall)
    return {
        **shown(look),
        **watcher.states(look),
        "paused": {"reason": look.lease.reason, "until": look.lease.paused_until} if paused else None,
    }


def _swap(watcher: Watcher, wanted: Asked, go_on: Callable[[], bool]) -> dict[str, Any]:
    """Swap by hand, and wait until the new one serves. A repetition of the same invocation swaps nothing."""
    timing, clock, request = watcher.configuration.timing, watcher.clock, watcher.voice.invocation
    lease: Lease = watcher.insist(watcher.look).lease
    others = [member for member in watcher.configuration.members if member != lease.member]
    wish = lease.member if lease.request == request else wanted.to or others[0]
    begun = clock.now()
    moved = lease.member == wish
    while go_on() and clock.now() < begun + timing.swap:
        try:
            look, step = watcher.poll("" if moved else wish, request)
        except (ClientError, BotoCoreError) as error:
            watcher.failed(error)
            clock.sleep(timing.hurry)
            continue
        why = step.why if isinstance(step, Wait) and step.refused and not moved else ""
        if moved and look.lease.member != wish:
            why = f"{look.lease.member} has taken over: {look.lease.why}"
        if why:
            watcher.voice.flush()
            return {"swapped": False, "refused": why, **shown(look)}
        if isinstance(step, Done) and look.lease.member == wish and look.serving[look.lease.instance].healthy:
            watcher.voice.flush()
            return {"swapped": request == look.lease.request, **shown(look)}
        moved = moved or look.lease.member == wish
        clock.sleep(0 if isinstance(step, Move) else timing.hurry)
    watcher.voice.flush()
    raise RuntimeError(
        f"{watcher.configuration.pair}: {wish} doesn't serve after {clock.now() - begun:.0f} seconds; see status"
    )
