"""A pair with a mirrored disk on simulated time: the real function and the real agents, over one table and one model of the disk."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from architectures.replicated_disk.node import agent
from functions.active_standby import mirror
from tests.functions.mirror_disk import Mirror, RefusedError, Side
from tests.functions.pair_fates import Fate, calm, hostile
from tests.functions.pair_services import MEMBERS, Instance
from tests.functions.pair_time import Process
from tests.functions.pair_world import World

INTERFACES = dict(zip(MEMBERS, ("eni-a", "eni-b"), strict=True))
TABLES = ("rtb-a", "rtb-b")
ADDRESS = "192.168.200.1/32"
STARTS = 3.0
"""Seconds that what serves takes to start."""


class Node:
    """A machine that runs: its agent, its half of the disk, its watchdog."""

    def __init__(self, world: MirrorWorld, id_: str, member: str) -> None:
        self.world, self.id, self.member = world, id_, member
        self.side = world.mirror.sides[MEMBERS.index(member)]
        self.started = self.bites = float("inf")
        self.process: Process | None = None
        self.waiting: list[Callable[[], None]] = []

    # the machine

    def boot(self) -> None:
        self.side.outdates = self._handler
        self.world.mirror.boot(self.side)
        self.process = self._process(self._run)

    def off(self) -> None:
        """Whatever ran is gone."""
        self.started = self.bites = float("inf")
        self.waiting.clear()
        if self.process:
            self.process.kill()
        self.world.mirror.crash(self.side)

    def reset(self) -> None:
        self.off()
        self.world.loop.after(8, lambda: (self.world.nodes.get(self.member) is self and self.boot()) or None)

    def suspend(self, seconds: float) -> None:
        """The machine as a whole stands still, its watchdog too, which goes on with what was left."""
        left = self.bites - self.world.loop.now
        self.world.mirror.suspend(self.side)
        self.world.loop.after(seconds, lambda: self._awake(left))

    def _awake(self, left: float) -> None:
        if not self.side.suspended or self.world.nodes.get(self.member) is not self:
            return
        self.world.mirror.resume(self.side)
        for go_on in [*self.waiting]:
            go_on()
        self.waiting.clear()
        if left < float("inf"):
            self.bites = self.world.loop.now + left
            self.world.loop.at(self.bites, self._guard)

    def _process(self, work: Callable[[Process], Any]) -> Process:
        process = Process(self.world.loop, work, self.world.dice.uniform(0, 1e6))
        self.world.processes.append(process)
        process.resume()
        return process

    def _run(self, process: Process) -> None:
        self.agent = agent.Agent(
            self._table(process), self.Disk(self, process), self, process.clock, mirror.RIGHT
        )
        while True:
            try:
                self.agent.turn()
            except (ClientError, OSError, RefusedError, Exception) as error:  # noqa: BLE001 - as the agent does
                self.world.lines.append({"at": self.world.loop.now, "what": repr(error)})
            process.wait(lambda: self._later(mirror.RENEW, process))

    def _later(self, seconds: float, process: Process) -> None:
        """Resume then; a machine that is suspended does so when it goes on."""

        def due() -> None:
            if self.side.suspended:
                self.waiting.append(process.resume)
            else:
                process.resume()

        self.world.loop.after(seconds, due)

    def _table(self, process: Process) -> agent.Table:
        return agent.Table(self.world._client(process, "dynamodb"), "lease", "shop", self.id, self.member)

    def _handler(self, done: Callable[[bool], None]) -> None:
        self._process(lambda process: done(agent.outdate(self._table(process)) == agent.OUTDATED))

    # the watchdog

    def pet(self) -> None:
        self.bites = self.world.loop.now + mirror.WATCHDOG
        self.world.loop.at(self.bites, self._guard)

    def rest(self) -> None:
        self.bites = float("inf")

    def _guard(self) -> None:
        if self.world.loop.now >= self.bites and not self.side.suspended and self.world.bites:
            self.world.loop.after(0, self.reset)  # not from within the agent's own thread

    # what the agent does

    class Disk:
        """As `agent.Disk`."""

        def __init__(self, node: Node, process: Process) -> None:
            self.node, self.process = node, process
            self.side, self.mirror = node.side, node.world.mirror

        def primary(self) -> bool:
            return self.side.primary

        def mirrored(self) -> bool:
            return self.mirror.mirrored(self.side)

        def promote(self, *, force: bool) -> None:
            self.process.wait(lambda: self.node._later(0.2, self.process))
            table = self.node._table(self.process)
            self.mirror.promote(self.side, lambda: agent.outdate(table) == agent.OUTDATED, force=force)

        def start(self) -> None:
            self.node.started = min(self.node.started, self.node.world.loop.now + STARTS)

        def demote(self) -> None:
            self.node.started = float("inf")
            self.process.wait(lambda: self.node._later(1, self.process))
            self.mirror.demote(self.side)

    # what others see

    def serves(self) -> bool:
        side = self.side
        return side.primary and not side.frozen and not side.suspended and self.started <= self.world.loop.now

    def answers(self) -> bool:
        """What the members' group asks: whether the machine runs and its agent turns."""
        if self.process is None or self.process.done or not self.side.running or self.side.suspended:
            return False
        return self.process.clock() - self.agent.turned < 5 * mirror.RIGHT


@dataclass
class MirrorWorld(World):
    protocol: str = "C"
    bites: bool = True
    """Whether watchdogs work."""

    def __post_init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.states: dict[str, str] = {}
        self.routes = dict.fromkeys(TABLES, "eni-a")
        super().__post_init__()

    def launch(self, member: str, boots: float = 20) -> str:
        if not hasattr(self, "mirror"):
            self.mirror = Mirror(self.loop, self.protocol)
            self.serving.answers = lambda id_: any(n.id == id_ and n.serves() for n in self.nodes.values())
        id_ = f"i-{len(self.instances)}{member[-1]}"
        self.instances[id_] = Instance(member)
        self.states[id_] = "running"
        self.members.register(id_)
        node = self.nodes[member] = Node(self, id_, member)
        self.mirror.crash(node.side)
        self.loop.after(boots, lambda: (self.nodes[member] is node and node.boot()) or None)
        return id_

    def replace(self, member: str) -> None:
        node = self.nodes[member]
        node.off()
        self.states[node.id] = "terminated"
        self.members.deregister(node.id)
        self.launch(member)

    def answers(self, id_: str) -> bool:
        return any(node.id == id_ and node.answers() for node in self.nodes.values())

    @property
    def environment(self) -> dict[str, str]:
        told = {"interfaces": INTERFACES, "tables": TABLES, "address": ADDRESS}
        disk = {"protocol": self.protocol, "starts": 30}
        return {**super().environment, "MIRROR": json.dumps(told), "DISK": json.dumps(disk)}

    def update_item(self, **given: Any) -> Any:
        super().update_item(**given)
        found = self.table.get_item("lease", {"pair": {"S": "shop"}})
        return {"Attributes": found.to_json()["Attributes"]}

    # EC2

    def describe_instances(self, **given: Any) -> Any:
        states = [{"State": {"Name": self.states[id_]}} for id_ in given["InstanceIds"]]
        return {"Reservations": [{"Instances": states}]}

    def stop_instances(self, **given: Any) -> None:
        assert given["Force"]
        for id_ in given["InstanceIds"]:
            self.loop.after(self.dice.uniform(1, 40), lambda id_=id_: self._stopped(id_))

    def _stopped(self, id_: str) -> None:
        """Its Auto Scaling group replaces what is stopped."""
        for member, node in list(self.nodes.items()):
            if node.id == id_:
                self.replace(member)

    def describe_route_tables(self, **given: Any) -> Any:
        route = lambda table: {"DestinationCidrBlock": ADDRESS, "NetworkInterfaceId": self.routes[table]}  # noqa: E731
        return {
            "RouteTables": [
                {"RouteTableId": table, "Routes": [route(table)]} for table in given["RouteTableIds"]
            ]
        }

    def replace_route(self, **given: Any) -> None:
        self.routes[given["RouteTableId"]] = given["NetworkInterfaceId"]

    # what is seen

    def well(self) -> bool:
        """Whether the lease's instance alone is primary, serves, and has the address, and the other one has a copy."""
        holder = next((node for node in self.nodes.values() if node.id == self.holder), None)
        return (
            holder is not None
            and holder.serves()
            and self.serves_alone(holder.side)
            and set(self.routes.values()) == {INTERFACES[holder.member]}
            and self.serving.registered() == [holder.id]
            and self.item().get("sole", "") == ""
        )

    def serves_alone(self, side: Side) -> bool:
        return [each for each in self.mirror.sides if each.primary] == [side] and self.mirror.mirrored(side)

    @property
    def troubles(self) -> list[str]:
        return self.wrong + self.mirror.wrong


KINDS = ("swap", "crash", "crash", "replace", "link", "link", "suspend", "watch", "kill")
LASTS, RECOVERS = 150.0, 240.0


def agents(dice: random.Random, operation: str, request: int) -> Fate:
    """One call in eight has what the guarantee allows."""
    return hostile(dice, operation, request) if dice.random() < 0.125 else calm(dice, operation, request)


@dataclass(frozen=True)
class Trouble:
    at: float
    kind: str
    which: int = 0


def happen(world: MirrorWorld, trouble: Trouble) -> None:
    member = MEMBERS[trouble.which % 2]
    node = world.nodes[member]
    match trouble.kind:
        case "crash":
            if node.side.running:
                node.reset()
        case "replace":
            world.replace(member)
        case "link":
            world.mirror.link(up=bool(trouble.which % 3 == 0))
        case "suspend":
            node.suspend(5 + 13 * trouble.which)
        case "kill":
            for process in [p for p in world.processes if not p.done and p is not node.process][:1]:
                process.kill()
        case "swap":
            world.invoke({"action": "swap", "to": member})
        case action:
            world.invoke({"action": action})


def play(seed: int, troubles: Sequence[Trouble], **more: Any) -> MirrorWorld:
    """Trouble, then none: the world after it has had time to recover. `close` it."""
    world = MirrorWorld(seed, fates=agents, settings={"coolDown": 30}, **more)
    world.schedule(7)
    for trouble in troubles:
        world.loop.at(trouble.at, lambda trouble=trouble: happen(world, trouble))
    world.loop.run(LASTS)
    world.fates = calm
    world.mirror.link(up=True)
    world.loop.run(LASTS + RECOVERS, stop=lambda: world.loop.now > LASTS + 130 and world.well())
    return world


def random_troubles(seed: int) -> list[Trouble]:
    dice = random.Random(seed)
    return [
        Trouble(dice.uniform(20, LASTS), dice.choice(KINDS), dice.randrange(4))
        for _ in range(dice.randrange(2, 14))
    ]
