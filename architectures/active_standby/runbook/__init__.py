"""The runbook of an active-standby system: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.active_standby.serving import Serving
from architectures.active_standby.settings import ActiveStandbySettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import mark, moving
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or `restore`; in Markdown. Raises KeyError for a name it lacks."""
    return moving(HERE, kind, values)


def written(
    name: str,
    settings: ActiveStandbySettings,
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        kind, more = "restore", {"VAULT": place.ground.backups.vault_name}
    else:
        kind, more = settings.switch.by, {mark(part): value for part, value in serving.parts.items()}
    if way_over is not None:
        more |= {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {
        stack.region: pulumi.Output.all(**own, **more).apply(lambda known: text(kind, known)),
    }
