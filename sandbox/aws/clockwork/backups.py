"""AWS Backup on the clock: what its plans have made of databases until now, and the copy that is under way.

A plan runs as often as its schedule says. Which hour that is doesn't matter here: a drill asks for the moment at which most is lost: when
a copy is just about to arrive, or a run is about to begin. What a recovery point holds are the rows of the moment at which its job began.
https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import everywhere, rows
from sandbox.aws.clockwork.clock import CLOCK, Action
from sandbox.aws.faults import TABLE

AURORA, DSQL = "Aurora", "DSQL"
"""AWS Backup's words for them."""
_MINUTE = 60.0
_TAG = "aws:ResourceTag/"


@dataclass(frozen=True)
class Point:
    """A recovery point."""

    arn: str
    vault: str
    region: str
    kind: str
    source: str
    """ARN of what was backed up."""
    created: datetime
    found: tuple[rows.Row, ...]
    """The rows in it."""


POINTS: list[Point] = []
"""Those that there are, in the order in which they came."""


@dataclass(frozen=True)
class _Rule:
    """A rule of a plan, and a database that it backs up."""

    region: str
    kind: str
    cluster: Any
    vault: str
    copied_to: tuple[str, ...]
    """ARNs of vaults."""
    gap: float
    """Seconds between two runs."""
    window: float
    """Seconds in which a run may begin."""


def have_run(*, arrives: float | None = None, begins: float | None = None) -> int:
    """Let every plan have run as it says, so that its next copy reaches its other vault, or its next run begins, in so many seconds.

    Returns how many plans' rules those are. Raises ValueError for a schedule that can't be read, or for neither moment.
    """
    if (arrives is None) == (begins is None):
        raise ValueError("backups needs one of arrives and begins")
    job, copy = CLOCK.lasts("backup.job"), CLOCK.lasts("backup.copy")
    found = list(_rules())
    for rule in found:
        began = CLOCK.now + (begins if arrives is None else arrives - copy - job)  # type: ignore[operator]
        # This one began late in its window, the one before it at once: the longest that there can be between them.
        _take(rule, began - CLOCK.pace * rule.window - rule.gap, job, copy)
        _take(rule, began, job, copy)
    return len(found)


def _take(rule: _Rule, began: float, job: float, copy: float) -> None:
    """A run of a rule: a recovery point when its job ends, a copy of it in each of the other vaults later."""
    _at(began + job, partial(_arrive, rule, rule.region, rule.vault, began, copied=False))
    for arn in rule.copied_to:
        _at(began + job + copy, partial(_copied, rule, arn, began))


def back_up(arn: str, vault: str, region: str) -> None:
    """Make a recovery point of a database, as somebody asked for, in a vault of its region. Raises LookupError for one that isn't there."""
    rule = _asked(arn, vault, region)
    CLOCK.after(CLOCK.lasts("backup.job"), partial(_arrive, rule, region, vault, CLOCK.now, copied=False))


def copy(found: Point, destination: str) -> None:
    """Copy a recovery point to a vault, by its ARN. Raises LookupError when its database is no longer there."""
    rule = _asked(found.source, found.vault, found.source.split(":")[3])
    began = (found.created - CLOCK.epoch).total_seconds()
    CLOCK.after(CLOCK.lasts("backup.copy"), partial(_copied, rule, destination, began))


def _asked(arn: str, vault: str, region: str) -> _Rule:
    """A run that no plan began."""
    for kind, cluster, _ in _databases(region):
        if _arn(cluster) == arn:
            return _Rule(region, kind, cluster, vault, (), 0.0, 0.0)
    raise LookupError(f"{arn} is no database that the sandbox backs up")


def _copied(rule: _Rule, vault: str, began: float) -> None:
    """A copy is in a vault, which is named by its ARN."""
    _arrive(rule, vault.split(":")[3], vault.rpartition(":")[2], began, copied=True)


def _at(moment: float, act: Action) -> None:
    """Do something at a moment, at once when it is past."""
    if moment > CLOCK.now:
        CLOCK.after(moment - CLOCK.now, act)
    else:
        act()


def _arrive(rule: _Rule, region: str, vault: str, began: float, *, copied: bool) -> None:
    """A recovery point is in a vault; none that would have had to leave, or to reach, a region that is lost."""
    if TABLE.region_lost(rule.region) or TABLE.region_lost(region):
        return
    name = f"awsbackup:{'copyjob' if copied else 'job'}-{uuid.uuid4()}"
    moment = CLOCK.epoch + timedelta(seconds=began)
    arn = _MADE[rule.kind](rule, region, name)
    kept = tuple(rows.at(rule.cluster, began))
    POINTS.append(Point(arn, vault, region, rule.kind, _arn(rule.cluster), moment, kept))
    if CLOCK.now > 0:
        CLOCK.note(
            "Backup", f"{arn.rpartition(':')[2]} of {rule.cluster.db_cluster_identifier} is there", region
        )


def _arn(cluster: Any) -> str:
    """What was backed up: of a database of two regions the region's own cluster."""
    return str(cluster.own_arn if isinstance(cluster, everywhere.Cluster) else cluster.db_cluster_arn)


def _snapshot(rule: _Rule, region: str, name: str) -> str:
    """A cluster snapshot, as AWS Backup keeps Aurora."""
    from moto.rds.models import DBClusterSnapshot, rds_backends

    backend = rds_backends[ACCOUNT][region]
    made = DBClusterSnapshot(backend, rule.cluster, name, "manual")
    made.tags = list(rule.cluster.tags)
    backend.cluster_snapshots[name] = made
    return f"arn:aws:rds:{region}:{ACCOUNT}:cluster-snapshot:{name}"


def _recovery_point(_rule: _Rule, region: str, name: str) -> str:
    """What AWS Backup keeps itself."""
    return f"arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{name.rpartition(':')[2]}"


_MADE = {AURORA: _snapshot, DSQL: _recovery_point}


def point(arn: str) -> Point | None:
    """A recovery point by its ARN."""
    return next((each for each in POINTS if each.arn == arn), None)


def _rules() -> Iterator[_Rule]:
    """Rules of the plans of regions that are there, with each database that their selections name."""
    from moto.backup.models import backup_backends

    from policies.recovery.schedule import largest_gap
    from sandbox.aws.extensions._backup_store import stores

    for region, backend in list(backup_backends[ACCOUNT].items()):
        if TABLE.region_lost(region):
            continue
        chosen = stores(ACCOUNT, region).selections.items()
        for plan in backend.plans.values():
            wanted = [s["BackupSelection"] for (id_, _), s in chosen if id_ == plan.backup_plan_id]
            taken = [
                (kind, cluster, tags)
                for kind, cluster, tags in _databases(region)
                if any(_selects(each, tags) for each in wanted)
            ]
            for rule in plan.backup_plan["Rules"]:
                gap = largest_gap(rule["ScheduleExpression"])
                for kind, cluster, _ in taken if gap else ():
                    yield _Rule(
                        region,
                        kind,
                        cluster,
                        rule["TargetBackupVaultName"],
                        tuple(each["DestinationBackupVaultArn"] for each in rule.get("CopyActions") or ()),
                        float(gap or 0),
                        float(rule["StartWindowMinutes"]) * _MINUTE,
                    )


def _databases(region: str) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
    """A region's databases with their tags."""
    from moto.rds.models import rds_backends

    for cluster in rds_backends[ACCOUNT][region].clusters.values():
        yield AURORA, cluster, {each["Key"]: each["Value"] for each in cluster.tags}
    for own, tags in everywhere.tagged(region):
        yield DSQL, own, tags


def _selects(selection: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    """Whether a selection of everything takes what has those tags: all of its conditions must hold."""
    equal = (selection.get("Conditions") or {}).get("StringEquals") or []
    return "*" in (selection.get("Resources") or ()) and all(
        tags.get(each["ConditionKey"].removeprefix(_TAG)) == each["ConditionValue"] for each in equal
    )
