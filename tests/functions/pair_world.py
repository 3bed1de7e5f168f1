"""An AWS for the active-standby function on simulated time, with any number of its invocations at once.

Table: moto's own evaluation of conditions. Load balancer: `pair_balancer`. What becomes of each call is drawn from `Fates`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from functions.active_standby import handler
from functions.active_standby.clock import Clock
from functions.active_standby.timing import timing
from tests.functions.pair_balancer import TargetGroup
from tests.functions.pair_time import Loop, Process

MEMBERS = ("pair-a", "pair-b")
SERVING, PROBED = (
    f"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{n}/1" for n in ("serving", "members")
)


@dataclass(frozen=True)
class Fate:
    """What becomes of one call. Seconds."""

    lands: float | None = 0.03
    """From the call to its effect; None: never."""
    answers: float = 0.02
    """From the effect to the answer's arrival, which the caller may not wait for."""
    stopped: float = 0.0
    """How long the process is stopped before it sees the outcome."""
    refused: bool = False
    """Answered with an error, without effect."""


Fates = Callable[[random.Random, str, int], Fate]
"""By dice, operation, and TIMING's `request`."""


def calm(dice: random.Random, operation: str, request: int) -> Fate:
    """As AWS usually is: tens of milliseconds, one call in a hundred up to a second."""
    return Fate(lands=dice.uniform(0.1, 0.9) if dice.random() < 0.01 else dice.uniform(0.01, 0.08))


def hostile(dice: random.Random, operation: str, request: int) -> Fate:
    """All that the guarantee allows: a write lands within twice `request`, though its caller has given up; a process stops anywhere else."""
    writes = operation in ("register_targets", "deregister_targets", "update_item")
    quick = dice.uniform(0.001, 0.1)
    kind = dice.random() * (1 if writes else 4)
    if operation == "get_item" and dice.random() < 0.1:
        return Fate(lands=quick, stopped=dice.uniform(0, 12))
    if kind < 0.35:
        return Fate(lands=1.98 * request * (dice.random() if dice.random() < 0.5 else 1))
    if kind < 0.42:
        return Fate(lands=quick, answers=99)
    if kind < 0.5:
        return Fate(refused=True)
    if kind < 0.55:
        return Fate(lands=None)
    if kind < 0.65:
        return Fate(lands=quick, stopped=dice.uniform(0, 12))
    return Fate(lands=quick)


@dataclass
class Instance:
    member: str
    up: bool = True


@dataclass
class World:
    seed: int
    fates: Fates = calm
    settings: dict[str, int] = field(default_factory=dict)
    lag: float = 0.0
    cold: float = 0.3
    """The most seconds that a start of the function takes."""

    def __post_init__(self) -> None:
        self.dice, self.loop = random.Random(self.seed), Loop()
        self.timing = timing(self.settings)
        self.instances: dict[str, Instance] = {}
        self.serving, self.members = (
            TargetGroup(self.loop, self.dice, self._answers, lag) for lag in (self.lag, 0.0)
        )
        self.table = _table()
        self.history: list[tuple[float, dict[str, Any]]] = []
        self.wrong: list[str] = []
        self.lines: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.processes: list[Process] = []
        self.calling: Process | None = None
        self._healthy: dict[str, float] = {}
        for member in MEMBERS:
            self.launch(member, boots=0)

    def _answers(self, id_: str) -> bool:
        return id_ in self.instances and self.instances[id_].up

    # what may happen

    def launch(self, member: str, boots: float = 20) -> str:
        id_ = f"i-{len(self.instances)}{member[-1]}"
        made = self.instances[id_] = Instance(member, up=not boots)
        self.members.register(id_)
        if boots:
            self.loop.after(boots, lambda: setattr(made, "up", True))
        return id_

    def replace(self, member: str) -> None:
        """The Auto Scaling group ends what it has and launches another one."""
        for id_, each in self.instances.items():
            if each.member == member and id_ in self.members.registered():
                each.up = False
                self.members.deregister(id_)
        self.launch(member)

    def invoke(self, event: dict[str, Any], request: str = "") -> Process:
        """One invocation, ended at the function's timeout."""
        request = request or f"r{len(self.processes)}"
        deadline = self.loop.now + self.timing.timeout

        def work(process: Process) -> Any:
            process.sleep(self.dice.uniform(0, self.cold))
            context = SimpleNamespace(
                aws_request_id=request, get_remaining_time_in_millis=lambda: 1000 * (deadline - self.loop.now)
            )
            return handler.run(event, context, self._as_seen_by(process))

        process = Process(self.loop, work, self.dice.uniform(0, 1e6), self.dice.uniform(0.999, 1.001))
        self.processes.append(process)
        process.resume()
        self.loop.at(deadline, process.kill)
        return process

    def schedule(self, minutes: int, first: int = 0) -> None:
        """A watch in each minute, at any second of it: the precision that Scheduler promises."""
        for minute in range(first, first + minutes):
            self.loop.at(
                60 * minute + self.dice.uniform(0, 59), lambda: self.invoke({"action": "watch"}) and None
            )

    def close(self) -> None:
        for process in self.processes:
            process.kill()

    # what is seen

    def item(self) -> dict[str, Any]:
        found = self.table.get_item("lease", {"pair": {"S": "shop"}})
        raw = found.to_json()["Attributes"] if found else {}
        return {name: next(iter(value.values())) for name, value in raw.items()}

    @property
    def holder(self) -> str:
        return self.item().get("instance", "")

    def serves(self) -> bool:
        """Whether exactly one is registered, is found healthy, answers, and has the lease."""
        registered = self.serving.registered()
        return (
            registered == [self.holder]
            and self.serving.targets[registered[0]].state == "healthy"
            and self._answers(registered[0])
        )

    # what the function calls

    def _as_seen_by(self, process: Process) -> handler.World:
        wall = 1.7e9 + self.dice.uniform(-1, 1)
        return handler.World(
            environment={
                "LEASE_TABLE": "lease",
                "PAIR": "shop",
                "SERVING_TARGET_GROUP": SERVING,
                "MEMBERS_TARGET_GROUP": PROBED,
                "MEMBERS": json.dumps(MEMBERS),
                "TOPIC": "arn:aws:sns:us-east-1:123456789012:alarms",
                "TIMING": json.dumps(self.settings),
            },
            clock=Clock(process.clock, lambda: wall + self.loop.now, process.sleep),
            client=lambda service, _: self._client(process, service),
            write=lambda line: self.lines.append({"at": self.loop.now, **json.loads(line)}),
            owners={},
        )

    def _client(self, process: Process, service: str) -> Any:
        operations = {
            "elbv2": ("describe_target_health", "register_targets", "deregister_targets"),
            "autoscaling": ("describe_auto_scaling_groups",),
            "dynamodb": ("get_item", "update_item"),
            "sns": ("publish",),
        }[service]

        def bound(operation: str) -> Callable[..., Any]:
            effect = getattr(self, f"_{operation}")
            return lambda **given: process.wait(
                lambda: self._call(process, operation, lambda: effect(**given))
            )

        exceptions = SimpleNamespace(ConditionalCheckFailedException=Refused)
        return SimpleNamespace(exceptions=exceptions, **{each: bound(each) for each in operations})

    def _call(self, process: Process, operation: str, effect: Callable[[], Any]) -> None:
        self.calling = process
        fate, outcome = self.fates(self.dice, operation, self.timing.request), dict[str, Any]()

        def land() -> None:
            if fate.refused:
                outcome["raised"] = ClientError({"Error": {"Code": "Throttling"}}, operation)
                return
            try:
                outcome["value"] = effect()
            except ClientError as error:
                outcome["raised"] = error

        def see() -> None:
            process.resume(**(outcome or {"raised": ReadTimeoutError(endpoint_url=operation)}))

        gives_up = 3 * self.timing.socket
        if fate.lands is not None:
            self.loop.after(fate.lands, land)
        if fate.lands is not None and fate.lands + fate.answers <= gives_up:
            self.loop.after(fate.lands + fate.answers + fate.stopped, see)
        else:
            error = ReadTimeoutError(endpoint_url=operation)
            self.loop.after(gives_up + fate.stopped, lambda: process.resume(raised=error))

    def _group(self, arn: str) -> TargetGroup:
        return {SERVING: self.serving, PROBED: self.members}[arn]

    def _describe_target_health(self, TargetGroupArn: str) -> Any:
        for id_, each in self.members.targets.items():
            if each.state == "healthy":
                self._healthy[id_] = self.loop.now
        return self._group(TargetGroupArn).shown()

    def _register_targets(self, TargetGroupArn: str, Targets: list[dict[str, Any]]) -> None:
        assert TargetGroupArn == SERVING
        (target,) = Targets
        id_, now = target["Id"], self.loop.now
        others = [f"{other} {each.state}" for other, each in self.serving.targets.items() if other != id_]
        if others:
            self.wrong.append(f"{now:.2f}: {id_} registered beside {', '.join(others)}")
        held = [lease["instance"] for at, lease in self.history if at >= now - 3.03 * self.timing.request]
        if id_ not in [*held, *(lease["instance"] for _, lease in self.history[-1 - len(held) :][:1])]:
            self.wrong.append(f"{now:.2f}: {id_} registered without the lease")
        if self._healthy.get(id_, -99) < now - 8 * self.timing.request:
            self.wrong.append(f"{now:.2f}: {id_} registered though not healthy")
        self.serving.register(id_)

    def _deregister_targets(self, TargetGroupArn: str, Targets: list[dict[str, Any]]) -> None:
        assert TargetGroupArn == SERVING
        for target in Targets:
            self.serving.deregister(target["Id"])

    def _describe_auto_scaling_groups(self, AutoScalingGroupNames: list[str]) -> Any:
        return {
            "AutoScalingGroups": [
                {
                    "AutoScalingGroupName": name,
                    "Instances": [
                        {"InstanceId": id_} for id_, i in self.instances.items() if i.member == name
                    ],
                }
                for name in AutoScalingGroupNames
            ]
        }

    def _get_item(self, TableName: str, Key: Any, ConsistentRead: bool = False) -> Any:
        assert ConsistentRead
        found = self.table.get_item(TableName, Key)
        return {"Item": found.to_json()["Attributes"]} if found else {}

    def _update_item(self, **given: Any) -> None:
        from moto.dynamodb.exceptions import ConditionalCheckFailed

        before = self.item()
        try:
            self.table.update_item(
                table_name=given["TableName"],
                key=given["Key"],
                update_expression=given["UpdateExpression"],
                expression_attribute_names=given["ExpressionAttributeNames"],
                expression_attribute_values=given["ExpressionAttributeValues"],
                condition_expression=given.get("ConditionExpression"),
            )
        except ConditionalCheckFailed:
            raise Refused({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem") from None
        if "#epoch" in given["ExpressionAttributeNames"]:
            after = self.item()
            self._check_move(before, after)
            self.history.append((self.loop.now, after))

    def _check_move(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """A swap that nobody asked for keeps out of pauses and cool-downs, as far as clocks agree."""
        now, wall = self.loop.now, 1.7e9 + self.loop.now
        if int(after["epoch"]) != int(before.get("epoch", 0)) + 1:
            self.wrong.append(f"{now:.2f}: epoch {after['epoch']} after epoch {before['epoch']}")
        if "epoch" not in before or after["member"] == before["member"] or after["request"]:
            return
        if self._healthy.get(after["instance"], -99) < now - 8 * self.timing.request:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} though not healthy")
        if float(before.get("paused_until", 0)) > wall + 2:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} in a pause")
        there = self.serving.targets.get(before["instance"])
        settled = there is not None and there.state != "draining" and there.since < now - 15
        settled &= before["instance"] in self.members.registered()
        if settled and wall - float(before["swapped"]) < self.timing.cool_down - 2:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} in a cool-down")

    def _publish(self, TopicArn: str, Subject: str, Message: str) -> None:
        self.messages.append(Subject)


class Refused(ClientError):
    """ConditionalCheckFailedException."""


def _table() -> Any:
    from moto.dynamodb.models import DynamoDBBackend

    backend = DynamoDBBackend("us-east-1", "123456789012")
    backend.create_table(
        "lease",
        [{"AttributeName": "pair", "KeyType": "HASH"}],
        None,
        [{"AttributeName": "pair", "AttributeType": "S"}],
        None,
        None,
        None,
        "PAY_PER_REQUEST",
        None,
        [],
        None,
        None,
    )
    return backend
