"""DB instances: an id of their own, the zones they were asked for, a standby to fail over to, replicas that can be removed.

moto gives every instance the same DbiResourceId, keeps no standby's zone, copies a replica's source so that a replica in another
region is left with groups that don't exist there, and can't remove such a replica.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK

_RESOURCE_ID = 26
_OWN = ("multi_az", "deletion_protection", "tags", "availability_zone", "db_parameter_group_name")
"""What a replica doesn't take over from its source."""


def refuse(code: str, message: str) -> Exception:
    """An error of RDS."""
    from moto.rds.exceptions import RDSClientError

    error: Exception = RDSClientError(code, message)
    return error


def install() -> None:
    """Patch moto's DB instances."""
    from moto.rds.models import DBInstance, DBInstanceClustered, RDSBackend
    from moto.rds.responses import RDSResponse

    DBInstance.__init__ = _init(DBInstance.__init__)
    DBInstance.dbi_resource_id = property(_resource_id, lambda _instance, _value: None)
    DBInstance.performance_insights_enabled = property(
        lambda instance: bool(getattr(instance, "enable_performance_insights", False))
    )
    DBInstance.secondary_availability_zone = property(_standby_zone)
    DBInstance.remove_replica = _remove_replica
    DBInstanceClustered.secondary_availability_zone = None
    RDSBackend.create_db_instance_read_replica = _create_replica
    RDSBackend.promote_read_replica = _promote(RDSBackend.promote_read_replica)
    RDSBackend.delete_db_instance = _delete(RDSBackend.delete_db_instance)
    RDSBackend.create_auto_snapshot = _once(RDSBackend.create_auto_snapshot, "database_snapshots")
    RDSResponse.reboot_db_instance = _reboot


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, backend: Any, *args: Any, **given: Any) -> None:
        cluster = backend.clusters.get(given.get("db_cluster_identifier") or "")
        zone = given.get("availability_zone")
        group = given.get("db_subnet_group_name") or (cluster.db_subnet_group_name if cluster else None)
        zones = group_zones(backend, group)
        if zone and zones and zone not in zones:
            raise refuse(
                "InvalidVPCNetworkStateFault",
                f"DB subnet group {group} has no subnet in {zone}, only in {', '.join(zones)}.",
            )
        if not zone and zones:
            members = [member.availability_zone for member in cluster.members] if cluster else []
            given["availability_zone"] = min(zones, key=members.count)
        if cluster and group and not given.get("db_subnet_group_name") and zones:
            given["db_subnet_group_name"] = group
        original(self, backend, *args, **given)
        self.enable_performance_insights = given.get("enable_performance_insights") or False
        for name in (
            "performance_insights_kms_key_id",
            "performance_insights_retention_period",
            "database_insights_mode",
        ):
            setattr(self, name, given.get(name))

    return init


def group_zones(backend: Any, group: str | None) -> list[str]:
    """Zones of a subnet group's subnets, sorted; none for a group that is not there."""
    found = backend.subnet_groups.get(group or "")
    return sorted({s["SubnetAvailabilityZone"]["Name"] for s in found.subnets}) if found else []


def _resource_id(instance: Any) -> str:
    made = f"{instance.db_instance_arn} {instance.created.isoformat()}"
    return f"db-{hashlib.sha256(made.encode()).hexdigest()[:_RESOURCE_ID].upper()}"


def _standby_zone(instance: Any) -> str | None:
    """Zone of the synchronous standby; None without one."""
    if not instance.multi_az:
        return None
    group = getattr(instance, "db_subnet_group", None)
    zones = group_zones(instance.backend, group.name) if group else []
    others = [zone for zone in zones if zone != instance.availability_zone]
    kept = instance.__dict__.get("_standby")
    if kept in others:
        return str(kept)
    return others[0] if others else None


def fail_over(instance: Any) -> None:
    """Swap instance and standby."""
    standby = instance.secondary_availability_zone
    if standby is None:
        raise refuse(
            "InvalidParameterCombination",
            f"{instance.db_instance_identifier} has no standby: a forced failover needs a Multi-AZ DB instance.",
        )
    instance._standby, instance.availability_zone = instance.availability_zone, standby  # noqa: SLF001


def _reboot(self: Any) -> Any:
    from moto.core.responses import ActionResult

    instance = self.backend.describe_db_instances(self.params.get("DBInstanceIdentifier"))[0]
    if self.params.get("ForceFailover"):
        fail_over(instance)
    return ActionResult({"DBInstance": instance})


def _create_replica(self: Any, asked: Any) -> Any:
    """A replica of its own, in this backend's region, with this region's groups."""
    from moto.core.utils import utcnow
    from moto.rds.exceptions import DBInstanceAlreadyExists

    given = dict(asked)
    identifier = given["db_instance_identifier"]
    if identifier in self.databases:
        raise DBInstanceAlreadyExists
    source = self.find_db_from_id(given["source_db_instance_identifier"])
    abroad = source.backend is not self
    if not source.backup_retention_period:
        raise refuse(
            "InvalidDBInstanceState",
            f"Automated backups are not enabled for {source.db_instance_identifier}.",
        )
    if abroad and source.storage_encrypted and not given.get("kms_key_id"):
        raise refuse(
            "InvalidParameterCombination",
            "A replica of an encrypted DB instance in another region needs a KmsKeyId.",
        )
    replica = copy.copy(source)
    replica.backend, replica.created = self, utcnow()
    replica.instance_create_time = replica.created
    replica.set_as_replica()
    zones = group_zones(self, given.get("db_subnet_group_name")) or (
        [] if abroad else group_zones(self, getattr(getattr(source, "db_subnet_group", None), "name", None))
    )
    defaults: dict[str, Any] = {
        "multi_az": False,
        "deletion_protection": False,
        "tags": [],
        "availability_zone": next(
            (z for z in zones if z != source.availability_zone), f"{self.region_name}a"
        ),
        "db_parameter_group_name": None if abroad else source.db_parameter_group_name,
    }
    for name in _OWN:
        setattr(replica, name, given.pop(name, None) or defaults[name])
    exports = given.pop("enable_cloudwatch_logs_exports", None)
    replica.enabled_cloudwatch_logs_exports = list(exports or [])
    replica.update(**given)
    self.databases[identifier] = replica
    source.add_replica(replica)
    return replica


def _remove_replica(self: Any, replica: Any) -> None:
    for name in (replica.db_instance_identifier, replica.db_instance_arn):
        if name in self.replicas:
            self.replicas.remove(name)


def _detach(replica: Any) -> None:
    """End replication: the replica is an instance of its own, its source no longer lists it."""
    from moto.rds.exceptions import DBInstanceNotFoundError

    try:
        replica.backend.find_db_from_id(replica.source_db_instance_identifier).remove_replica(replica)
    except DBInstanceNotFoundError:
        replica.is_replica = False  # its source is gone: nobody lists it
    replica.is_replica = False
    replica.source_db_instance_identifier = None


def _promote(original: Callable[..., Any]) -> Callable[..., Any]:
    def promote_read_replica(self: Any, asked: Any) -> Any:
        instance = self.describe_db_instances(asked["db_instance_identifier"])[0]
        if not instance.is_replica:
            raise refuse(
                "InvalidDBInstanceState", f"{instance.db_instance_identifier} is not a read replica."
            )
        promoted = original(self, asked)
        _detach(promoted)
        _busy(promoted)
        return promoted

    return promote_read_replica


def _busy(promoted: Any) -> None:
    """It is modified as long as the estimator's figure says; no time without the clock."""
    if not CLOCK.running:
        return

    def ready() -> None:
        promoted.status = "available"
        CLOCK.note("RDS", f"{promoted.db_instance_identifier} is promoted", promoted.backend.region_name)

    promoted.status = "modifying"
    CLOCK.after(CLOCK.lasts("rds.promote_replica"), ready)


def _delete(original: Callable[..., Any]) -> Callable[..., Any]:
    def delete_db_instance(self: Any, db_instance_identifier: str, **given: Any) -> Any:
        instance = self.describe_db_instances(db_instance_identifier)[0]
        final, skip = given.get("final_db_snapshot_identifier"), given.get("skip_final_snapshot")
        if final and (skip or instance.is_replica):
            raise refuse(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier can't be specified when "
                + ("deleting a read replica." if instance.is_replica else "SkipFinalSnapshot is enabled."),
            )
        if not final and not skip and not instance.is_replica and not instance.db_cluster_identifier:
            raise refuse(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
            )
        if instance.is_replica and not instance.deletion_protection:
            _detach(instance)
        return original(self, db_instance_identifier, **given)

    return delete_db_instance


def _once(original: Callable[..., Any], kept_in: str) -> Callable[..., Any]:
    """Automated snapshots are named by the minute; a second one in it gets a name of its own."""

    def create(self: Any, identifier: str, snapshot: str, *args: Any, **given: Any) -> Any:
        taken, name, count = getattr(self, kept_in), snapshot, 1
        while name in taken:
            count += 1
            name = f"{snapshot}-{count}"
        return original(self, identifier, name, *args, **given)

    return create
