"""The runbook of a sharded database: what to look at and what to call, shard by shard, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import fill
from architectures.sharded_database import names
from architectures.sharded_database.settings import ShardedDatabaseSettings
from architectures.sharded_database.shards import Shards
from architectures.system import Place
from components.compute import ServingFunction

HERE = Path(__file__).parent
PARTS = {
    "data-plane": ("begin", "look", "decide", "data-plane", "back", "restored", "slots"),
    "none": ("begin", "look", "decide", "none", "back", "restored", "slots"),
    "founder": ("begin", "look", "founder", "restored", "slots"),
    "rebuild": ("begin", "rebuild"),
}
"""Kinds of runbook, and the texts that each is made of: the region's replicas are promoted by a state machine, or by hand; its instances
were never replicas; it has none until they are restored."""
EACH = ("@SHARD@", "@DATABASE@")
"""A line with one of these stands once for each shard."""


def text(kind: str, values: Mapping[str, str], databases: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. `databases` is each shard's instance. Raises KeyError for a name that `values` lack."""
    lines: list[str] = []
    for part in (*PARTS[kind], *(["migrate"] if "MIGRATOR" in values else [])):
        for line in (HERE / f"{part}.md").read_text(encoding="utf-8").splitlines(keepends=True):
            several = databases if any(mark in line for mark in EACH) else {"": ""}
            lines += [line.replace(EACH[0], shard).replace(EACH[1], own) for shard, own in several.items()]
    return fill("".join(lines), values)


def written(
    name: str,
    settings: ShardedDatabaseSettings,
    place: Place,
    shards: Shards,
    *,
    way_over: DataPlane | None,
    migrator: ServingFunction | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    values: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
        "PATH": names.path(name, stack),
    }
    databases = {shard: made.serves.identifier for shard, made in shards.each.items()}
    kind = "founder"
    if set(databases) != set(settings.shards):
        kind, databases = "rebuild", dict.fromkeys(sorted(settings.shards), pulumi.Output.from_input(""))
    elif settings.follows(stack):
        kind = "data-plane" if way_over else "none"
    if migrator is not None:
        values["MIGRATOR"] = migrator.function_name
    if way_over is not None:
        values["MACHINE"] = way_over.machine
    if shards.alarms:
        values["ALARMS"] = pulumi.Output.all(*shards.alarms).apply(" ".join)
    known = pulumi.Output.all(values=pulumi.Output.all(**values), databases=pulumi.Output.all(**databases))
    return {stack.region: known.apply(lambda found: text(kind, found["values"], found["databases"]))}
