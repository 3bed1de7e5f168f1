"""EFS file systems.

https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
"""

from __future__ import annotations

import math

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import NOTHING, Estimate, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import (
    Timed,
    always_on,
    backups,
    data_bytes,
    failover,
    new_endpoint,
    place,
    unsure_of,
)

from .backup import backups_of
from .common import DAY, unit
from .regionswitch import FUNCTION

KIND = "efs"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration"
POLICY = "aws:efs/backupPolicy:BackupPolicy"
_MB = 1e6


def read(graph: Graph) -> list[Unit]:
    """One unit for each file system; the target of a replication is a replica."""
    found = []
    for r in graph.of(FILE_SYSTEM):
        configs = graph.users(r, "sourceFileSystemId", REPLICATION)
        replicas = [{"region": _destination(c)} for c in configs]
        follows = any(
            r in graph.linked(c, "destination", FILE_SYSTEM)
            for c in graph.of(REPLICATION)
            if c not in configs
        )
        backups = backups_of(graph, r) + [_automatic(p) for p in graph.users(r, "fileSystemId", POLICY)]
        facts = {
            "one_zone": r.get("availabilityZoneName") not in (None, ""),
            "replicas": replicas,
            "backups": [b for b in backups if b],
        }
        role = "replica" if follows and not configs else "active"
        arn = r.get("arn")  # by which a plan's function is known to move it
        keys = frozenset({f"{KIND}:{arn}"}) if isinstance(arn, str) else frozenset[str]()
        found.append(unit(graph, KIND, r, facts, keys=keys, role=role))
    return found


def _destination(config: Resource) -> str | Unknown:
    region = config.get("destination.region")
    if isinstance(region, str):
        return region
    zone = config.get("destination.availabilityZoneName")
    if isinstance(zone, str):
        return zone.rstrip("abcdefgh")
    return region if isinstance(region, Unknown) else Unknown(f"{config.name}.destination.region")


def _automatic(policy: Resource) -> dict[str, object]:
    """Automatic backups: AWS's own daily plan, kept 35 days."""
    status = policy.get("backupPolicy.status")
    if isinstance(status, Unknown):
        unsure = [status.path]
    elif status in ("ENABLED", "ENABLING"):
        unsure = []
    else:
        return {}
    return {
        "plan": "automatic backups",
        "gap_s": DAY,
        "start_window_s": 8 * 3600,
        "retention_s": 35 * DAY,
        "unsure": unsure,
    }


def restore_time(u: Unit, world: Surroundings) -> Timed:
    """max(files / 1500 per second, bytes / 200 MB per second), twice that at worst."""
    files, size = u.tag_number("dr:files"), data_bytes(u, world)
    rate, per_file = world.figures.number("efs.restore_rate") * _MB, world.figures.number("efs.restore_files")
    keys = frozenset({"efs.restore_files", "efs.restore_rate", "restore.margin"})
    if isinstance(size, Unknown):
        return Estimate(0, math.inf, "D", keys), (size.path,)
    if files is None or isinstance(files, Unknown):
        return Estimate(size / rate, math.inf, "D", keys), (f"{u.name}: its number of files (tag dr:files)",)
    seconds = max(files / per_file, size / rate)
    return Estimate(seconds, seconds * world.figures.number("restore.margin"), "D", keys), ()


def options(u: Unit, world: Surroundings) -> list[Option]:
    """The service itself, the replica, backups."""
    figures = world.figures
    service = always_on(u, figures["efs.regional"])
    if u.fact("one_zone", False):
        service = Option(
            name="file system in one zone", survives=survive(I), rpo=NOTHING, managed=True, manual=False
        )
    found = [service]
    for replica in u.fact("replicas", []):
        region = replica.get("region")
        away = region != u.region
        found.append(
            Option(
                name=f"replica in {place(region)}",
                survives=survive(I, Z, R) if away else survive(I, Z),
                rpo=figures["efs.replication_lag"],
                terms=(
                    failover(figures["efs.failover"], u, "the replica is made writable and mounted"),
                    new_endpoint(u, world),
                ),
                unsure=unsure_of(region),
                automation=FUNCTION,
            )
        )
    return found + backups(u, world, restore_time(u, world))
