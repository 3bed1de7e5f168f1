"""UpdateTable's replicas and witnesses: made, described and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws import faults
from sandbox.aws.extensions._dynamodb_group import (
    Group,
    customer_key,
    encrypted_by,
    group_of,
    others,
    refuse,
    replica,
    share,
    tables,
)
from sandbox.aws.extensions._region_sets import one_set

VERSION = "2019.11.21"
STRONG_OTHERS = 2
"""Regions besides its own that a strongly consistent table is in."""
_STREAM = "NEW_AND_OLD_IMAGES"


def install() -> None:
    """Patch moto's DynamoDB."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    Table.describe = _describe(Table.describe)
    DynamoHandler.update_table = _update_table(DynamoHandler.update_table)
    DynamoDBBackend.delete_table = _delete_table(DynamoDBBackend.delete_table)


def _describe(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def describe(self: Any, base_key: str = "TableDescription") -> dict[str, Any]:
        found = original(self, base_key)
        group = group_of(self)
        if group is not None:
            found[base_key] |= _described(self, group)
        return found

    return describe


def _described(table: Any, group: Group) -> dict[str, Any]:
    replicas = [
        {
            "RegionName": region,
            "ReplicaStatus": "ACTIVE",
            **({"KMSMasterKeyId": key} if (key := group.keys.get(region)) else {}),
        }
        for region in group.regions
        if region != table.region_name
    ]
    witnesses = [{"RegionName": group.witness, "WitnessStatus": "ACTIVE"}] if group.witness else []
    return {
        "GlobalTableVersion": VERSION,
        "Replicas": replicas,
        "MultiRegionConsistency": "STRONG" if group.strong else "EVENTUAL",
        **({"GlobalTableWitnesses": witnesses} if witnesses else {}),
    }


def _update_table(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def update_table(self: Any) -> Any:
        from moto.dynamodb.responses import DynamoResult

        answer, asked = original(self), self.body
        table = self.dynamodb_backend.get_table(asked["TableName"])
        share(table)
        if "ReplicaUpdates" in asked or "GlobalTableWitnessUpdates" in asked:
            _regroup(table, asked)
            return DynamoResult(table.describe())
        return answer

    return update_table


def _of(asked: dict[str, Any], updates: str, action: str) -> list[dict[str, Any]]:
    return [each[action] for each in asked.get(updates) or () if action in each]


def _regroup(table: Any, asked: dict[str, Any]) -> None:
    created, deleted = _of(asked, "ReplicaUpdates", "Create"), _of(asked, "ReplicaUpdates", "Delete")
    changed = _of(asked, "ReplicaUpdates", "Update")
    for each in (*created, *deleted, *changed):
        _reachable(table, each["RegionName"], own=each in changed)
    witness = _of(asked, "GlobalTableWitnessUpdates", "Create")
    gone = _of(asked, "GlobalTableWitnessUpdates", "Delete")
    if deleted:
        _remove(table, [each["RegionName"] for each in deleted], witness_too=bool(gone))
    if created:
        strong = asked.get("MultiRegionConsistency") == "STRONG"
        _add(table, created, strong=strong, witness=witness[0]["RegionName"] if witness else None)
    group = group_of(table)
    for each in changed:
        if group is None or each["RegionName"] not in group.regions:
            raise refuse(
                "Replica specified in the Replica Update or Replica Delete action of the request was not found."
            )
        if key := each.get("KMSMasterKeyId"):
            group.keys[each["RegionName"]] = key
            tables(group.account, each["RegionName"])[group.name].sse_specification = encrypted_by(key)


def _reachable(table: Any, region: str, *, own: bool) -> None:
    if region == table.region_name and not own:
        raise refuse(
            "Cannot add, delete, or update the local region through ReplicaUpdates. "
            "Use CreateTable, DeleteTable, or UpdateTable as required."
        )
    if faults.TABLE.region_lost(region):
        raise refuse(f"The region {region} does not answer.")


def _add(table: Any, created: list[dict[str, Any]], *, strong: bool, witness: str | None) -> None:
    group = group_of(table) or Group(table.account_id, table.name, [table.region_name])
    alone = group_of(table) is None
    if not alone and (group.strong or strong):
        raise refuse("Replicas can't be added to a global table with multi-Region strong consistency.")
    if strong or witness:
        _check_strong(table, [each["RegionName"] for each in created], strong=strong, witness=witness)
    key = customer_key(table)
    for each in created:
        region = each["RegionName"]
        if table.name in tables(table.account_id, region):
            raise refuse(
                f"Failed to create a the new replica of table with name: '{table.name}' "
                "because one or more replicas already existed as tables."
            )
        if key and not each.get("KMSMasterKeyId"):
            raise refuse(
                "One or more parameter values were invalid: KMSMasterKeyId must be specified for each replica."
            )
    group.strong, group.witness = strong or group.strong, witness
    if not group.strong:
        _stream(table)
    group.keys[table.region_name] = key
    for each in created:
        region = each["RegionName"]
        group.keys[region] = each.get("KMSMasterKeyId")
        made = replica(table, region, group.keys[region], streams=not group.strong)
        tables(table.account_id, region)[table.name] = made
        group.regions.append(region)
    table.group = group
    share(table)


def _stream(table: Any) -> None:
    """Replication reads the stream: it is switched on, and must have both images."""
    stream = table.stream_specification or {}
    if not stream.get("StreamEnabled"):
        table.set_stream_specification({"StreamEnabled": True, "StreamViewType": _STREAM})
    elif stream.get("StreamViewType") != _STREAM:
        raise refuse(f"Table with name {table.name} must have a stream of {_STREAM} to be replicated.")


def _check_strong(table: Any, regions: list[str], *, strong: bool, witness: str | None) -> None:
    if not strong:
        raise refuse(
            "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present."
        )
    places = [*regions, *([witness] if witness else [])]
    if len(places) != STRONG_OTHERS or len({*places, table.region_name}) != STRONG_OTHERS + 1:
        raise refuse(
            "Unsupported table replica count for global tables with MultiRegionConsistency set to STRONG."
        )
    if not one_set([table.region_name, *places]):
        raise refuse(f"Unsupported regions for MultiRegionConsistency STRONG: {', '.join(places)}.")
    if len(table):
        raise refuse("A table with items can't become one with multi-Region strong consistency.")
    if table.indexes:
        raise refuse("Local secondary indexes are not supported with multi-Region strong consistency.")
    if table.ttl.get("TimeToLiveStatus") == "ENABLED":
        raise refuse("Time to Live is not supported with multi-Region strong consistency.")


def _remove(table: Any, regions: list[str], *, witness_too: bool) -> None:
    group = group_of(table)
    if group is None or not set(regions) <= set(group.regions):
        raise refuse(
            "Replica specified in the Replica Update or Replica Delete action of the request was not found."
        )
    left = [region for region in group.regions if region not in regions]
    if group.strong and (len(left) > 1 or (group.witness is not None and not witness_too)):
        raise refuse("A global table with multi-Region strong consistency loses all its replicas or none.")
    for region in regions:
        if tables(group.account, region)[group.name].deletion_protection_enabled:
            raise refuse(
                f"1 validation error detected: Table '{group.name}' can't be deleted while DeletionProtectionEnabled is set to True"
            )
    for region in regions:
        del tables(group.account, region)[group.name]
    _leave(table, regions)


def _leave(table: Any, regions: list[str]) -> None:
    """Strike regions off; a table without replicas is global no more."""
    group = table.group
    group.regions = [region for region in group.regions if region not in regions]
    if len(group.regions) == 1:
        tables(group.account, group.regions[0])[group.name].group = None


def _delete_table(original: Callable[..., Any]) -> Callable[..., Any]:
    def delete_table(self: Any, name: str) -> Any:
        table = self.get_table(name)
        group = group_of(table)
        if group is not None and group.strong:
            raise refuse("A replica with multi-Region strong consistency can't be deleted alone.")
        left = others(table)
        gone = original(self, name)
        if left:
            _leave(left[0], [gone.region_name])
            gone.group = None
        return gone

    return delete_table
