"""All units together: which of them are one across regions, which region serves, what watches it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from policies.graph import STACK, Graph, Unknown

from .edges import connect, log_destinations
from .facts import Peer, declared_peers, own_role
from .kinds import KINDS, read
from .model import Estimate, Option, Step, Term
from .readers.api import KIND as API
from .readers.cognito import KIND as POOL
from .readers.compute import KIND as COMPUTE
from .readers.elb import KIND as BALANCER
from .readers.emrserverless import KIND as BATCH
from .readers.firehose import KIND as FIREHOSE
from .readers.queues import KIND as QUEUE
from .readers.regionswitch import KIND as SWITCH
from .readers.route53 import KIND as DNS
from .readers.route53 import seconds, watch
from .readers.ses import KIND as MAIL
from .readers.streams import KIND as STREAM
from .settings import Settings
from .unit import Unit

SERVING: Final = (COMPUTE, BALANCER, API, QUEUE, STREAM, FIREHOSE, MAIL, BATCH, POOL)
"""Kinds whose members in two stacks are known by their names."""

_AT_HAND: Final = "it exports recovery, and this stack recovery_peers; in files, add its export"
"""How the facts of another stack come here."""


class World:
    """Everything that a judgement needs to know."""

    def __init__(self, graph: Graph, settings: Settings, peers: Iterable[Mapping[str, Any]] = ()) -> None:
        self.graph, self.settings, self.figures = graph, settings, settings.figures
        self.notes: list[str] = []
        self._options: dict[int, list[Option]] = {}
        self.units = read(graph)
        logs = log_destinations(graph, self.units)
        connect(graph, self.units)
        self.logs = [u for u in self.units if u.urn in logs]
        self.units = [u for u in self.units if u.urn not in logs]
        self._roles: dict[str, str] = {}
        self._take_peers(peers)
        self._group()
        self._resolve_needs()
        self._exchange_sides()
        self.standby = self._standby_regions()
        self._inherit_tags()

    # Peers and roles

    def _take_peers(self, given: Iterable[Mapping[str, Any]]) -> None:
        stacks = {r.stack for r in self.graph.resources}
        found: dict[str, Peer] = {}
        for stack in self.graph.of(STACK):
            role, region, problem = own_role(stack, self.graph)
            if problem:
                self.notes.append(problem)
            elif role and region:
                self._roles[region] = role
            peers, problems = declared_peers(stack)
            self.notes += problems
            found |= {p.stack: p for p in peers}
        found |= {p.stack: p for p in (Peer.read(f, f"peers[{i}]") for i, f in enumerate(given))}
        for peer in found.values():
            if peer.stack in stacks:
                continue  # its own resources say more
            self.units += peer.units
            if peer.role:
                self._roles[peer.region] = peer.role

    def _exchange_sides(self) -> None:
        """Where both stacks say that the SECONDARY region serves: checks that somebody turned decide, not the pair."""
        for members in self._groups.values():
            pair = [u for u in members if u.kind == DNS and isinstance(u.fact("side"), str)]
            said = {(u.fact("side"), self._roles.get(u.region)) for u in pair}
            if said == {("PRIMARY", "standby"), ("SECONDARY", "active")}:
                for u in pair:
                    first = u.fact("side") == "SECONDARY"
                    u.role = "active" if first else "replica"
                    u.facts = {**u.facts, "side": "PRIMARY" if first else "SECONDARY"}

    def _standby_regions(self) -> set[str]:
        """Where a stack says so; else where the SECONDARY side of a name leads, unless it leads where PRIMARY does."""
        found = {region for region, role in self._roles.items() if role == "standby"}
        active = {region for region, role in self._roles.items() if role == "active"}
        for members in self._groups.values():
            sides: dict[Any, set[str]] = defaultdict(set)
            for u in members:
                if u.kind == DNS:
                    sides[u.fact("side")].add(u.region)
            found |= sides["SECONDARY"] - sides["PRIMARY"] - active
        return found

    # Groups

    def _group(self) -> None:
        parent = {id(u): u for u in self.units}

        def top(u: Unit) -> Unit:
            while parent[id(u)] is not u:
                u = parent[id(u)]
            return u

        by_key: dict[str, Unit] = {}
        for u in self.units:
            for key in u.keys:
                first = by_key.setdefault(key, u)
                parent[id(top(u))] = top(first)
        for a, b in self._same_name():
            parent[id(top(a))] = top(b)
        self._groups: dict[int, list[Unit]] = defaultdict(list)
        for u in self.units:
            self._groups[id(top(u))].append(u)
        self._top = {id(u): id(top(u)) for u in self.units}

    def _same_name(self) -> list[tuple[Unit, Unit]]:
        """Servers, load balancers, APIs, queues and streams of two stacks: equal names, or a fact that names the component."""
        pairs = []
        for kind in SERVING:
            of_kind = [u for u in self.units if u.kind == kind]
            by_name: dict[str, list[Unit]] = defaultdict(list)
            for u in of_kind:
                by_name[u.name].append(u)
            for same in by_name.values():
                pairs += [
                    (same[0], u) for u in same[1:] if u.stack != same[0].stack and u.region != same[0].region
                ]
            for fact in (u for u in of_kind if not u.local):
                inside = [u for u in of_kind if u.local and u.name != fact.name and fact.name in u.names]
                if len(inside) == 1 and not any(u.local for u in by_name[fact.name]):
                    pairs.append((fact, inside[0]))
        return pairs

    def group(self, unit: Unit) -> list[Unit]:
        """The unit and its members elsewhere."""
        return self._groups[self._top[id(unit)]]

    def siblings(self, unit: Unit) -> list[Unit]:
        """Its members in other regions."""
        return [u for u in self.group(unit) if u.region != unit.region]

    def _resolve_needs(self) -> None:
        by_urn = {u.urn: u for u in self.units}
        by_name: dict[tuple[str, str], Unit] = {(u.stack, u.name): u for u in self.units}
        self._needs: dict[int, set[int]] = defaultdict(set)
        for u in self.units:
            for need in u.needs:
                other = by_urn.get(need) or by_name.get((u.stack, need))
                if other is not None and self._top[id(other)] != self._top[id(u)]:
                    self._needs[self._top[id(u)]].add(self._top[id(other)])

    def needs(self, unit: Unit) -> list[Unit]:
        """The units that it can't work without, with their members elsewhere."""
        return [u for g in sorted(self._needs[self._top[id(unit)]]) for u in self._groups[g]]

    def _inherit_tags(self) -> None:
        """A record can't be tagged: it promises what the strictest of what it leads to promises."""
        for u in self.units:
            if u.kind == DNS and not u.tags.given:
                behind = [m for m in self.needs(u) if "dr-tier" in m.tags.given]
                if behind:
                    u.tags = min(behind, key=lambda m: (m.region != u.region, str(m.tag("dr-tier")))).tags

    def options(self, unit: Unit) -> list[Option]:
        """Every way back that the unit's kind gives it, worked out once."""
        if id(unit) not in self._options:
            self._options[id(unit)] = KINDS[unit.kind].options(unit, self)
        return self._options[id(unit)]

    # Regions

    def serving(self, unit: Unit) -> bool:
        """Whether users or data depend on this member today."""
        others = self.siblings(unit)
        if unit.region in self.standby:
            alone = KINDS[unit.kind].store and unit.role == "active" and not others
            return alone and not self.awaits(unit)
        if unit.role == "replica":
            return any(o.region in self.standby and o.role == "active" for o in others)
        return True

    def awaits(self, unit: Unit) -> bool:
        """Whether a member in another region is declared, and nothing is known of it here."""
        if not KINDS[unit.kind].spans or self.siblings(unit):
            return False
        if unit.kind == DNS:
            return bool(unit.vague) or self._one_sided(unit)
        if unit.elsewhere or unit.vague:
            return True
        return unit.kind in SERVING and self._half_open()

    def _half_open(self) -> bool:
        """Whether traffic is routed between regions, and only one side is at hand."""
        return any(self._one_sided(u) for u in self.units if u.kind == DNS)

    def _one_sided(self, unit: Unit) -> bool:
        """Whether a record is routed with others of its name, and none of them is at hand."""
        return (
            unit.fact("routing") != "simple" and not unit.fact("global", False) and not self.other_sides(unit)
        )

    def other_sides(self, unit: Unit) -> list[Unit]:
        """The records that answer for the same name when this one doesn't."""
        return [
            u
            for u in self.group(unit)
            if u is not unit and (u.fact("side") != unit.fact("side") or not u.fact("side"))
        ]

    def missing(self, unit: Unit) -> str:
        """Why the loss of its region can't be judged."""
        if unit.vague:
            return unit.vague[0]
        said = unit.elsewhere[0] if unit.elsewhere else "the other side of its DNS routing"
        return f"{said}: the facts of the stack that declares its member in another region are not at hand ({_AT_HAND})"

    def reaches_beyond(self, unit: Unit) -> bool:
        """Whether any data or traffic is declared outside the unit's region: then the rest can be deployed there."""
        return any(r != unit.region for r in self._regions())

    def _regions(self) -> set[str]:
        if not hasattr(self, "_all_regions"):
            found: set[str] = set()
            for u in self.units:
                found.add(u.region)
                for row in (
                    *u.fact("replicas", []),
                    *u.fact("log_copies", []),
                    *u.fact("snapshot_copies", []),
                ):
                    found.add(_named(row))
                for backup in u.fact("backups", []):
                    found |= {_named(c) for c in backup.get("copies", [])}
            self._all_regions = found - {""}
        return self._all_regions

    def region_of_key(self, key: str) -> str | None:
        """The region of the unit with this identity, of whichever stack."""
        return next((u.region for u in self.units if key in u.keys), None)

    # What notices, and who decides

    def check_behind(self, unit: Unit) -> Mapping[str, Any]:
        """The health check of the servers that a record leads to."""
        for near in self.needs(unit):
            for u in (near, *self.needs(near)):
                if u.fact("check") and u.kind == "compute" and u.region == unit.region:
                    return dict(u.fact("check"))
        return {}

    def region_watch(self) -> tuple[Term, tuple[str, ...]] | None:
        """The fastest thing that notices the loss of the region that serves."""
        if not hasattr(self, "_watch"):
            found = [
                w
                for u in self.units
                if u.kind == DNS and self.serving(u) and (w := watch(u, self)) is not None
            ]
            self._watch = min(found, key=lambda w: (bool(w[1]), w[0].time.high)) if found else None
        return self._watch

    def automation(self, unit: Unit, option: Option) -> tuple[Unit, bool | Unknown] | None:
        """The Region switch plan that takes this option without a person."""
        if not option.automation:
            return None
        ours = {
            x
            for m in self.group(unit)
            for x in (m.urn, m.name, *m.owned, *m.names, *(k.split(":", 1)[1] for k in m.keys))
        }
        ours |= {a for m in self.group(unit) if isinstance(a := self._arn(m), str)}
        # A function may be told of a store by its ID, with which its ARN ends.
        ours |= {each.rpartition("/")[2] for each in ours if each.startswith("arn:")}
        for plan in self.units:
            if plan.kind != SWITCH or plan.fact("triggered", False) is False:
                continue
            whole = [plan, *self._children(plan)]
            blocks = {b for p in whole for b in p.fact("blocks", [])}
            if option.automation not in blocks or any(p.fact("approval", False) for p in whole):
                continue
            if option.automation == "dns" or ours & {c for p in whole for c in p.fact("covers", [])}:
                return plan, plan.fact("triggered", False)
        return None

    def _children(self, plan: Unit) -> list[Unit]:
        """The plans that a plan runs as its last steps."""
        named = set(plan.fact("children", []))
        return [
            u for u in self.units if u.kind == SWITCH and u is not plan and named & {u.urn, u.fact("arn")}
        ]

    def _arn(self, unit: Unit) -> Any:
        resource = self.graph.by_urn.get(unit.urn)
        return resource.get("arn") if resource is not None else None

    def trigger(self, plan: Unit) -> Term:
        """How long the alarm that starts a plan takes."""
        alarm: Sequence[Any] | Mapping[str, Any] = plan.fact("alarm", {})
        time, _ = seconds({"alarm": alarm}, self.figures)
        return Term(Step.DETECT, time, plan.urn, f"alarm that starts {plan.name}", "period=60 of the alarm")


def _named(row: Mapping[str, Any]) -> str:
    region = row.get("region")
    return region if isinstance(region, str) else ""


def longest(a: Estimate, b: Estimate) -> Estimate:
    """The later of two things that happen at the same time."""
    worse = a if a.high >= b.high else b
    return Estimate(max(a.low, b.low), max(a.high, b.high), worse.grade, worse.sources)
