"""The runbooks that a stack can fill in: of its own region; with Region switch, the joining stack's plan moves to either."""

from __future__ import annotations

from typing import TypeVar

import pulumi

from architectures.parts.aurora.clusters import LAG_SECONDS
from architectures.parts.aurora.restores import restored
from architectures.parts.runbook import plan_kind
from architectures.parts.way_over import WayOver
from architectures.system import Place
from architectures.three_tier.runbook import moved, runbook
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings

_Known = TypeVar("_Known")


def written(
    name: str, settings: ThreeTierSettings, place: Place, serving: Serving | None, way_over: WayOver | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of each region that this stack knows enough of, by region."""
    stack = place.stack
    here = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        kind, told = restored(place, serving.parts if serving else None, ["group"])
        return {stack.region: runbook(kind, {**here, **told})}
    shared: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "SERVERS": str(settings.full_size(stack).total),
    }
    database = _database(serving)
    own, stores = {**shared, **here}, {**database, **serving.stores.moved}
    if settings.switch.by == "none":
        writer = serving.database.moves
        more = {"PEER_CLUSTER_ARN": stack.of_peer(writer.arn)} if writer else {}
        return {stack.region: moved("none", serving.parts, stores, **own, **more)}
    over = _there(way_over)
    if over.machine is not None:
        machines = {"MACHINE": over.machine, "PEER_MACHINE": stack.of_peer(over.machine)}
        return {stack.region: moved("data-plane", serving.parts, stores, **own, **machines)}
    if over.plan is None or place.peer is None:
        return {}
    theirs = place.peer.part("parts")
    parts = {key: theirs.text(key) for key in serving.parts}
    back = {**shared, "REGION": stack.peer_region, "PEER": stack.region, "PLAN": over.plan}
    kind = plan_kind(settings.posture(stack).traffic)
    return {
        stack.region: moved(kind, serving.parts, stores, **own, PLAN=over.plan),
        stack.peer_region: moved(kind, parts, {**database, **serving.stores.moved_back}, **back),
    }


def _database(serving: Serving) -> dict[str, dict[str, pulumi.Input[str]]]:
    """What of the database both regions call alike."""
    writer = serving.database.moves
    if writer is None:
        return {"dsql": {}}
    return {"aurora": {"GLOBAL": writer.global_cluster, "LAG": f"{LAG_SECONDS:g}"}}


def _there(value: _Known | None) -> _Known:
    assert value is not None  # noqa: S101  a system that is moved has it
    return value
