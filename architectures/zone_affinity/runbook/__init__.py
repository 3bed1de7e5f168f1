"""The runbook of a system whose requests stay in their zone: what to look at and what to call to move it to a region."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts import tier
from architectures.parts.aurora.clusters import LAG_SECONDS
from architectures.parts.aurora.restores import TEXTS, restored
from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import filled, mark
from architectures.system import Place
from architectures.zone_affinity.serving import Serving
from architectures.zone_affinity.settings import ZoneAffinitySettings

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or a kind of `TEXTS`. Raises KeyError for a name it lacks."""
    parts = TEXTS.get(kind) or [HERE / f"{part}.md" for part in ("look", kind, "end")]
    return filled(parts, values)


def written(
    name: str,
    settings: ZoneAffinitySettings,
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    more: dict[str, pulumi.Input[str]]
    if serving is None or serving.database.moves is None:
        kind, more = restored(place, serving.parts if serving else None, ["group", "applicationGroup"])
    else:
        kind, more = settings.switch.by, _named(settings, place, serving)
    if way_over is not None:
        more |= {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {stack.region: pulumi.Output.all(**own, **more).apply(lambda known: text(kind, known))}


def _named(settings: ZoneAffinitySettings, place: Place, serving: Serving) -> dict[str, pulumi.Input[str]]:
    """What the texts of a system that can be moved name."""
    writer = serving.database.moves
    assert writer is not None  # noqa: S101  asked for above
    web, application = (
        tier.full_size(each, place.stack).total for each in (settings.web, settings.application)
    )
    return {
        **{mark(part): value for part, value in serving.parts.items()},
        "BALANCER": serving.load_balancer.arn,
        "GLOBAL": writer.global_cluster,
        "PEER_CLUSTER_ARN": place.stack.of_peer(writer.arn),
        "LAG": f"{LAG_SECONDS:g}",
        "SERVERS": f"{web} web and {application} application",
        "WEB_SERVERS": str(web),
        "APPLICATION_SERVERS": str(application),
    }
