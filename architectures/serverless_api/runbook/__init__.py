"""The runbook of a serverless API: what to look at, and what there is to do, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts.api.front import called, kept_warm
from architectures.parts.aurora.clusters import LAG_SECONDS
from architectures.parts.runbook import filled, mark, told
from architectures.parts.way_over import WayOver
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place
from components.compute.function import ALIAS

HERE = Path(__file__).parent
WRITER = "writer-"
"""Begins the kind of a runbook of a system whose database moves, before the value of `switch.by`."""
_Values = Mapping[str, pulumi.Input[str]]


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind: `none`, `restore`, `restore-database`, or `WRITER` with what moves it; in Markdown.

    Raises KeyError for a name that the text has and `values` lack.
    """
    if kind.startswith(WRITER):
        parts = [f"{WRITER}look", kind, f"{WRITER}end"]
    else:
        parts = {
            "none": ["look", "none"],
            "restore": ["restore"],
            "restore-database": ["restore", "restore-database"],
        }[kind]
    return filled([HERE / f"{part}.md" for part in parts], values)


def written(
    name: str,
    settings: ServerlessApiSettings,
    place: Place,
    serving: Serving | None,
    way_over: WayOver | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of each region that this stack knows enough of, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name, "KEY": place.ground.key_arn}
        return {stack.region: told(text, "restore-database" if settings.database else "restore", own)}
    own |= {
        "DEEP": serving.api.base + settings.deep_health_path,
        "TABLE": serving.table.name,
        "WARM": kept_warm(
            stack.region,
            (called(made, settings.functions[each].provisioned) for each, made in serving.functions.items()),
        ),
    }
    if serving.database is not None:
        return _moved(settings, place, serving, way_over, own)
    own |= {
        "API": serving.api.dns_name,
        "ALARMS": pulumi.Output.all(*serving.api.alarms.values()).apply(" ".join),
        "LAG": serving.table.lag_alarm,
    }
    return {stack.region: told(text, "none", own)}


def _moved(
    settings: ServerlessApiSettings, place: Place, serving: Serving, way_over: WayOver | None, own: _Values
) -> dict[str, pulumi.Output[str]]:
    """Those of a system whose database follows the other region's, or is followed."""
    stack, database = place.stack, serving.database
    assert database is not None and database.made.moves is not None  # noqa: S101, PT018  asked for where it is so
    writer = database.made.moves
    shared: _Values = {"GLOBAL": writer.global_cluster, "BEHIND": f"{LAG_SECONDS:g}"}
    here = {**own, **shared, **{mark(key): value for key, value in serving.parts.items()}}
    if way_over is None:
        return {
            stack.region: told(text, f"{WRITER}none", {**here, "PEER_CLUSTER_ARN": stack.of_peer(writer.arn)})
        }
    if way_over.machine is not None:
        machines = {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
        return {stack.region: told(text, f"{WRITER}data-plane", {**here, **machines})}
    if way_over.plan is None or place.peer is None:
        return {}
    kind, plan = f"{WRITER}region-switch", {"PLAN": way_over.plan}
    return {
        stack.region: told(text, kind, {**here, **plan}),
        stack.peer_region: told(text, kind, {**own, **shared, **_theirs(settings, place, serving), **plan}),
    }


def _theirs(settings: ServerlessApiSettings, place: Place, serving: Serving) -> _Values:
    """What the founding stack's region has of its own, where the plan of this stack moves to it."""
    stack, peer = place.stack, place.peer
    assert peer is not None  # noqa: S101  the joining stack alone has the plan
    parts, functions = peer.part("parts"), peer.part("functions")
    return {
        "REGION": stack.peer_region,
        "PEER": stack.region,
        **{mark(key): parts.text(key) for key in serving.parts},
        "WARM": kept_warm(
            stack.peer_region,
            ((functions.text(each), ALIAS, given.provisioned) for each, given in settings.functions.items()),
        ),
    }
