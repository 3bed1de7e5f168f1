"""A region's part of an Aurora Global Database, as a three-tier system uses it."""

from __future__ import annotations

import pulumi

from architectures.parts.aurora.clusters import clusters
from architectures.parts.sample_app.script import facts
from architectures.system import Place
from architectures.three_tier.database import Database
from architectures.three_tier.settings import ThreeTierSettings


def aurora(
    name: str,
    settings: ThreeTierSettings,
    place: Place,
    group_id: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> Database:
    """Make the clusters; `group_id` is the security group before them."""
    given, made = settings.database, clusters(name, settings, place, group_id, child)
    return Database(
        endpoint=made.serves.endpoint,
        told=pulumi.Output.all(made.serves.endpoint, made.serves.reader_endpoint, made.secret).apply(
            lambda known: facts(given.engine, known[:2], settings.port, given.name, known[2])
        ),
        statements=made.statements,
        recovery=made.recovery,
        used=made.recovery[-1:],
        limits=made.limits,
        moves=made.moves,
        parts=made.parts,
        outputs=made.outputs,
    )
