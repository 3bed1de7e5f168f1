"""An AWS for the active-standby function on simulated time, with any number of its invocations at once.

What the calls do: `pair_services`. What becomes of each call is drawn from `Fates`.
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
from tests.functions.pair_fates import Fates, calm
from tests.functions.pair_services import EPOCH, MEMBERS, PROBED, SERVING, Instance, RefusedError, Services
from tests.functions.pair_time import Loop, Process

OPERATIONS: dict[str, tuple[str, ...]] = {
    "elbv2": ("describe_target_health", "register_targets", "deregister_targets"),
    "autoscaling": ("describe_auto_scaling_groups",),
    "dynamodb": ("get_item", "update_item"),
    "sns": ("publish",),
    "ec2": ("describe_instances", "stop_instances", "describe_route_tables", "replace_route"),
}
"""What is called, by service; of EC2 by pairs with a mirrored disk alone."""


@dataclass
class World(Services):
    seed: int
    fates: Fates = calm
    settings: dict[str, int] = field(default_factory=dict)
    lag: float = 0.0
    cold: float = 0.3
    """The most seconds that a start of the function takes."""

    def __post_init__(self) -> None:
        self.dice, self.loop = random.Random(self.seed), Loop()
        super().__init__(self.loop, self.dice, timing(self.settings), self.lag)
        self.lines: list[dict[str, Any]] = []
        self.processes: list[Process] = []
        self.calling: Process | None = None
        for member in MEMBERS:
            self.launch(member, boots=0)

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

    def begin(self) -> None:
        """Both have been up for long, and the first one serves."""
        first = next(iter(self.instances))
        self.serving.register(first)
        for target in (*self.serving.targets.values(), *self.members.targets.values()):
            target.state = "healthy"
        values = {
            "epoch": {"N": "1"},
            "member": {"S": MEMBERS[0]},
            "instance": {"S": first},
            "served": {"BOOL": True},
            "swapped": {"N": "0"},
        }
        self.table.put_item("lease", {"pair": {"S": "shop"}, **values})
        self.history.append((self.loop.now, self.item()))

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

    @property
    def holder(self) -> str:
        return self.item().get("instance", "")

    def serves(self) -> bool:
        """Whether exactly one is registered, is found healthy, answers, and has the lease."""
        registered = self.serving.registered()
        return (
            registered == [self.holder]
            and self.serving.targets[registered[0]].state == "healthy"
            and self.answers(registered[0])
        )

    # what the function calls

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LEASE_TABLE": "lease",
            "PAIR": "shop",
            "SERVING_TARGET_GROUP": SERVING,
            "MEMBERS_TARGET_GROUP": PROBED,
            "MEMBERS": json.dumps(MEMBERS),
            "TOPIC": "arn:aws:sns:us-east-1:123456789012:alarms",
            "TIMING": json.dumps(self.settings),
        }

    def _as_seen_by(self, process: Process) -> handler.World:
        wall = EPOCH + self.dice.uniform(-1, 1)
        return handler.World(
            environment=self.environment,
            clock=Clock(process.clock, lambda: wall + self.loop.now, process.sleep),
            client=lambda service, _: self._client(process, service),
            write=lambda line: self.lines.append({"at": self.loop.now, **json.loads(line)}),
            owners={},
        )

    def _client(self, process: Process, service: str) -> Any:
        operations = OPERATIONS[service]

        def bound(operation: str) -> Callable[..., Any]:
            return lambda **given: process.wait(
                lambda: self._call(process, operation, lambda: getattr(self, operation)(**given))
            )

        exceptions = SimpleNamespace(ConditionalCheckFailedException=RefusedError)
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
