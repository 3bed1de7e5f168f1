"""The runbooks that a stack can fill in: of its own region; with Region switch, the joining stack's plan moves to either."""

from __future__ import annotations

from typing import TypeVar

import pulumi

from architectures.system import Place
from architectures.three_tier.runbook import moved, runbook
from architectures.three_tier.serving import LAG_SECONDS, Serving
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.way_over import WayOver

_Known = TypeVar("_Known")


def written(
    name: str, settings: ThreeTierSettings, place: Place, serving: Serving | None, way_over: WayOver | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of each region that this stack knows enough of, by region."""
    stack = place.stack
    here = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        vault = place.ground.backups.vault_name
        return {stack.region: runbook("restore", {**here, "VAULT": vault})}
    shared: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "LAG": f"{LAG_SECONDS:g}",
        "SERVERS": str(settings.full_size(stack).total),
        "GLOBAL": _there(serving.database.global_cluster_identifier),
    }
    own = {**shared, **here}
    if settings.switch.by == "none":
        peer_arn = stack.of_peer(serving.database.cluster_arn)
        return {
            stack.region: moved("none", serving.parts, serving.stores.moved, **own, PEER_CLUSTER_ARN=peer_arn)
        }
    over = _there(way_over)
    if over.machine is not None:
        machines = {"MACHINE": over.machine, "PEER_MACHINE": stack.of_peer(over.machine)}
        return {stack.region: moved("data-plane", serving.parts, serving.stores.moved, **own, **machines)}
    if over.plan is None or place.peer is None:
        return {}
    theirs = place.peer.part("parts")
    parts = {key: theirs.text(key) for key in serving.parts}
    back = {**shared, "REGION": stack.peer_region, "PEER": stack.region, "PLAN": over.plan}
    return {
        stack.region: moved("region-switch", serving.parts, serving.stores.moved, **own, PLAN=over.plan),
        stack.peer_region: moved("region-switch", parts, serving.stores.moved_back, **back),
    }


def _there(value: _Known | None) -> _Known:
    assert value is not None  # noqa: S101  a system that is moved has it
    return value
