"""The runbook of a system with a mirrored disk, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.active_standby.serving import Serving
from architectures.active_standby.settings import ActiveStandbySettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import filled, mark
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook where the system serves, or of a region where it is rebuilt; in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{kind}.md"], values)


def written(
    name: str,
    settings: ActiveStandbySettings,  # noqa: ARG001 - as every kind's
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,  # noqa: ARG001
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    known: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None:
        kind, more = "restore", {"VAULT": place.ground.backups.vault_name}
    else:
        kind, more = "serving", {mark(part): value for part, value in serving.parts.items()}
    return {stack.region: pulumi.Output.all(**known, **more).apply(lambda filled_in: text(kind, filled_in))}
