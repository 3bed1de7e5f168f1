"""DynamoDB tables and global tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.functions import only_leases
from policies.recovery.model import NOTHING, Estimate, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, backups, elsewhere, failover, new_endpoint, unsure_of

from .backup import backups_of
from .common import DAY, unit

KIND = "dynamodb"
TABLE, REPLICA = "aws:dynamodb/table:Table", "aws:dynamodb/tableReplica:TableReplica"
_DEFAULT_DAYS = 35


def read(graph: Graph) -> list[Unit]:
    """One unit for each table; its replicas belong to it. The lease of a pair keeps nothing that could be missed."""
    return [_table(graph, r) for r in graph.of(TABLE) if not only_leases(graph, r)]


def _table(graph: Graph, r: Resource) -> Unit:
    declared = r.rows("replicas")
    replicas: list[dict[str, Any]] = []
    for i, entry in enumerate(declared if isinstance(declared, list) else [declared]):
        if isinstance(entry, Unknown):
            replicas.append({"region": entry, "strong": Unknown(f"{entry.path}.consistencyMode")})
        else:
            mode = r.get(f"replicas.{i}.consistencyMode", "EVENTUAL")
            strong = mode if isinstance(mode, Unknown) else mode == "STRONG"
            replicas.append({"region": r.text(f"replicas.{i}.regionName"), "strong": strong})
    own = graph.users(r, "globalTableArn", REPLICA)
    replicas += [{"region": graph.region(x), "strong": False} for x in own]
    days = r.number("pointInTimeRecovery.recoveryPeriodInDays", _DEFAULT_DAYS)
    facts = {
        "pitr": r.flag("pointInTimeRecovery.enabled"),
        "pitr_retention_s": days * DAY if isinstance(days, int | float) else days,
        "replicas": replicas,
        "backups": backups_of(graph, r),
    }
    return unit(graph, KIND, r, facts, owned=[x.urn for x in own])


def options(u: Unit, world: Surroundings) -> list[Option]:
    """The service itself, replicas, point in time, backups."""
    figures = world.figures
    found = [always_on(u, figures["dynamodb.regional"])]
    found += [
        Option(
            name=f"replica in {where}",
            survives=survive(I, Z, R),
            rpo=_lag(replica.get("strong"), figures["dynamodb.global_lag"]),
            manual=False,
            managed=True,
            unsure=unsure,
            vague=unsure_of(replica.get("strong")),
        )
        for replica, where, unsure in elsewhere(u, u.fact("replicas", []))
    ]
    restore = figures["dynamodb.restore"], ()
    pitr = u.fact("pitr", False)
    if pitr is not False:
        found.append(
            Option(
                name="point-in-time restore",
                survives=survive(X),
                rpo=figures["dynamodb.pitr_lag"],
                terms=(failover(restore[0], u, "restore to a new table"), new_endpoint(u, world)),
                retention=u.fact("pitr_retention_s", _DEFAULT_DAYS * DAY),
                unsure=unsure_of(pitr),
            )
        )
    return found + backups(u, world, restore)


def _lag(strong: bool | Unknown | None, eventual: Estimate) -> Estimate:
    """What a replica may lack: nothing where a write waits for it; all of that span where it isn't known whether one does."""
    if isinstance(strong, Unknown):
        return Estimate(NOTHING.low, eventual.high, eventual.grade, eventual.sources)
    return NOTHING if strong else eventual
