"""Redshift clusters.

https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import NOTHING, Estimate, I, Option, R, X, Z, survive
from policies.recovery.schedule import largest_gap
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import backups, by_itself, elsewhere, failover, new_endpoint, present, unsure_of

from .backup import backups_of
from .common import at_least, days, unit

KIND = "redshift"
CLUSTER, COPY = "aws:redshift/cluster:Cluster", "aws:redshift/snapshotCopy:SnapshotCopy"
SCHEDULE = "aws:redshift/snapshotSchedule:SnapshotSchedule"
SCHEDULED = "aws:redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation"
SEVERAL = 2
"""Nodes that keep each other's data."""


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
        "nodes": r.number("numberOfNodes", 1),
        "snapshot_days": r.number("automatedSnapshotRetentionPeriod", 1),
        "snapshot_s": _gap(graph, r),
        "snapshot_copies": copies,
        "backups": backups_of(graph, r),
    }
    return unit(graph, KIND, r, facts)


def _gap(graph: Graph, r: Resource) -> float | Unknown | None:
    """Seconds between two snapshots of the schedules that the cluster has been given; None: Redshift's own."""
    found = [
        _definitions(schedule)
        for given in graph.users(r, "clusterIdentifier", SCHEDULED)
        for schedule in graph.linked(given, "scheduleIdentifier", SCHEDULE)
    ]
    # Whatever else takes snapshots, none is farther from the next than those of any one schedule.
    known = [gap for gap in found if isinstance(gap, int | float)]
    return min(known) if known else next(iter(found), None)


def _definitions(schedule: Resource) -> float | Unknown:
    path = "definitions"
    given = schedule.items(path)
    if isinstance(given, Unknown):
        return given
    gaps: list[int | None] = []
    for each in given:
        if isinstance(each, Unknown):
            return each
        try:
            gaps.append(largest_gap(_six_fields(str(each))))
        except ValueError as error:
            return Unknown(f"{schedule.name}.{path} ({error})")
    known = [gap for gap in gaps if gap is not None]
    return min(known) if known else Unknown(f"{schedule.name}.{path}, which never comes round")


def _six_fields(definition: str) -> str:
    """Redshift's cron has minutes, hours and days of the week.

    https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
    """
    found = re.fullmatch(r"cron\((\S+) (\S+) (\S+)\)", definition.strip())
    return f"cron({found[1]} {found[2]} ? * {found[3]} *)" if found else definition


def options(u: Unit, world: Surroundings) -> list[Option]:
    """A second zone, relocation, snapshots here and elsewhere."""
    figures = world.figures
    several = at_least(u.fact("nodes", 1), SEVERAL)
    found = present(
        by_itself(name, reach, NOTHING, failover(figures[key], u, name), sure)
        for name, sure, key, reach in (
            ("Multi-AZ compute", u.fact("multi_az", False), "redshift.multi_az", survive(I, Z)),
            (
                "relocation to another zone",
                u.fact("relocation", False),
                "redshift.relocate",
                survive(I, Z),
            ),
            ("replacement of a failed node", several, "redshift.replace_node", survive(I)),
        )
    )
    kept = u.fact("snapshot_days", 0)
    restore = failover(figures["redshift.restore"], u, "restore of an automated snapshot", "multi_az=True")
    gap = u.fact("snapshot_s")
    if at_least(kept, 1) is not False:
        age = figures["redshift.snapshot"] if gap is None else _between(gap)
        here = Option(
            name="automated snapshot",
            survives=survive(I, Z, X),
            rpo=age,
            terms=(restore, new_endpoint(u, world)),
            retention=days(kept),
            unsure=unsure_of(kept),
            vague=unsure_of(gap),
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


def _between(gap: float | Unknown) -> Estimate:
    """How much is written at most between two snapshots."""
    return Estimate(0, math.inf, "D") if isinstance(gap, Unknown) else Estimate(gap, gap)
