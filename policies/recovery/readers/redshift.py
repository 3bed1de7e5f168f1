"""Redshift clusters.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""

from __future__ import annotations

from dataclasses import replace

from policies.graph import Graph, Resource
from policies.recovery.model import NOTHING, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import backups, by_itself, elsewhere, failover, new_endpoint, present, unsure_of

from .backup import backups_of
from .common import at_least, days, unit

KIND = "redshift"
CLUSTER, COPY = "aws:redshift/cluster:Cluster", "aws:redshift/snapshotCopy:SnapshotCopy"


def read(graph: Graph) -> list[Unit]:
    """One unit for each cluster."""
    return [_cluster(graph, r) for r in graph.of(CLUSTER)]


def _cluster(graph: Graph, r: Resource) -> Unit:
    copies = [
        {"region": c.text("destinationRegion"), "retention_s": days(c.number("retentionPeriod", 7))}
        for c in graph.users(r, "clusterIdentifier", COPY)
    ]
    facts = {
        "multi_az": r.flag("multiAz"),
        "relocation": r.flag("availabilityZoneRelocationEnabled"),
        "snapshot_days": r.number("automatedSnapshotRetentionPeriod", 1),
        "snapshot_copies": copies,
        "backups": backups_of(graph, r),
    }
    return unit(graph, KIND, r, facts)


def options(u: Unit, world: Surroundings) -> list[Option]:
    """A second zone, relocation, snapshots here and elsewhere."""
    figures = world.figures
    found = present(
        by_itself(name, survive(I, Z), NOTHING, failover(figures[key], u, name), u.fact(fact, False))
        for name, fact, key in (
            ("Multi-AZ compute", "multi_az", "redshift.multi_az"),
            ("relocation to another zone", "relocation", "redshift.relocate"),
        )
    )
    kept = u.fact("snapshot_days", 0)
    restore = failover(figures["redshift.restore"], u, "restore of an automated snapshot", "multi_az=True")
    if at_least(kept, 1) is not False:
        here = Option(
            name="automated snapshot",
            survives=survive(I, Z, X),
            rpo=figures["redshift.snapshot"],
            terms=(restore, new_endpoint(u, world)),
            retention=days(kept),
            unsure=unsure_of(kept),
        )
        found.append(here)
        away = failover(figures["redshift.restore_region"], u, "restore of a copied snapshot")
        found += [
            replace(
                here,
                name=f"snapshot copied to {where}",
                survives=survive(I, Z, R, X),
                rpo=here.rpo + figures["backup.copy"],
                terms=(away, new_endpoint(u, world)),
                retention=copy.get("retention_s"),
                unsure=here.unsure + unsure,
            )
            for copy, where, unsure in elsewhere(u, u.fact("snapshot_copies", []))
        ]
    return found + backups(u, world, (figures["redshift.restore"], ()))
