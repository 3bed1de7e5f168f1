"""Replicas that a DynamoDB table declares, and the calls that reach a replica in its own region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.protocol import Context

INPUTS = ("replicas", "globalTableWitness")
"""Inputs of a table that are about its replicas."""
REMADE = ("kmsKeyArn", "consistencyMode")
"""Changes of these make a replica anew, as the real provider does."""


def call(ctx: Context, operation: str, region: str, **params: Any) -> dict[str, Any]:
    """Call DynamoDB in a region."""
    return ctx.call(operation, params, "dynamodb", region)


def _wanted(inputs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["regionName"]: each for each in inputs.get("replicas") or ()}


def _witness(inputs: Mapping[str, Any]) -> str | None:
    return (inputs.get("globalTableWitness") or {}).get("regionName")


def bring(ctx: Context, old: Mapping[str, Any]) -> None:
    """Bring the replicas from what they were to what the inputs say: those that can't change are made anew."""
    before, after = _wanted(old), _wanted(ctx.inputs)
    anew = {r for r in before if r in after and any(before[r].get(n) != after[r].get(n) for n in REMADE)}
    gone = [region for region in before if region not in after or region in anew]
    if gone:
        _delete(ctx, gone, _witness(old))
    new = [after[region] for region in after if region not in before or region in anew]
    if new:
        _create(ctx, new)
    for region, each in after.items():
        was = {} if region in anew else before.get(region, {})
        if bool(each.get("pointInTimeRecovery")) != bool(was.get("pointInTimeRecovery")):
            recovery(ctx, str(ctx.id), region, enabled=bool(each.get("pointInTimeRecovery")))
        if bool(each.get("deletionProtectionEnabled")) != bool(was.get("deletionProtectionEnabled")):
            protect(ctx, str(ctx.id), region, enabled=bool(each.get("deletionProtectionEnabled")))
        if each.get("propagateTags"):
            _tag(ctx, region)


def _create(ctx: Context, new: list[dict[str, Any]]) -> None:
    """All at once when they are strongly consistent, else one by one, as the real provider does."""
    creates = [{"Create": creation(each["regionName"], each.get("kmsKeyArn"))} for each in new]
    if any(each.get("consistencyMode") == "STRONG" for each in new):
        witness = _witness(ctx.inputs)
        more = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]} if witness else {}
        _update(ctx, ReplicaUpdates=creates, MultiRegionConsistency="STRONG", **more)
        return
    for create in creates:
        _update(ctx, ReplicaUpdates=[create])


def creation(region: str, key: str | None) -> dict[str, Any]:
    """What is asked for to make a replica."""
    return {"RegionName": region, **({"KMSMasterKeyId": key} if key else {})}


def _update(ctx: Context, **params: Any) -> None:
    ctx.call("UpdateTable", {"TableName": ctx.id, **params})


def _delete(ctx: Context, regions: list[str], witness: str | None) -> None:
    more = {"GlobalTableWitnessUpdates": [{"Delete": {"RegionName": witness}}]} if witness else {}
    _update(ctx, ReplicaUpdates=[{"Delete": {"RegionName": region}} for region in regions], **more)


def recovery(ctx: Context, name: str, region: str, *, enabled: bool) -> None:
    """Switch a replica's point-in-time recovery."""
    setting = {"PointInTimeRecoveryEnabled": enabled}
    call(ctx, "UpdateContinuousBackups", region, TableName=name, PointInTimeRecoverySpecification=setting)


def protect(ctx: Context, name: str, region: str, *, enabled: bool) -> None:
    """Switch a replica's protection against deletion."""
    call(ctx, "UpdateTable", region, TableName=name, DeletionProtectionEnabled=enabled)


def _tag(ctx: Context, region: str) -> None:
    """The table's tags, in place of the replica's."""
    arn = _arn(ctx, region)
    # AWS lists them by pages: the first one, until there is none.
    while held := {each["Key"] for each in call(ctx, "ListTagsOfResource", region, ResourceArn=arn)["Tags"]}:
        call(ctx, "UntagResource", region, ResourceArn=arn, TagKeys=sorted(held))
    tags = [{"Key": key, "Value": value} for key, value in sorted(ctx.tags.items())]
    if tags:
        call(ctx, "TagResource", region, ResourceArn=arn, Tags=tags)


def _arn(ctx: Context, region: str) -> str:
    return str(call(ctx, "DescribeTable", region, TableName=ctx.id)["Table"]["TableArn"])


def found(ctx: Context, table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The replicas of a described table, each with what only its own region tells."""
    return [{**each, **look(ctx, str(ctx.id), each["RegionName"])} for each in table.get("Replicas") or ()]


def look(ctx: Context, name: str, region: str) -> dict[str, Any]:
    """What a replica's own region says of it."""
    there = call(ctx, "DescribeTable", region, TableName=name)["Table"]
    backups = call(ctx, "DescribeContinuousBackups", region, TableName=name)["ContinuousBackupsDescription"]
    status = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return {**there, "Recovered": status == "ENABLED"}


def told(ctx: Context, table: Mapping[str, Any], *, computed: bool = False) -> list[dict[str, Any]]:
    """The replicas in Pulumi's names, in the order of the inputs; `computed`: with what AWS computes."""
    order = list(_wanted(ctx.inputs))
    rows = sorted(
        table.get("Replicas") or (),
        key=lambda each: order.index(each["RegionName"]) if each["RegionName"] in order else len(order),
    )
    mode = table.get("MultiRegionConsistency", "EVENTUAL")
    return [_told(_wanted(ctx.inputs).get(each["RegionName"], {}), each, mode, computed) for each in rows]


def _told(given: Mapping[str, Any], each: Mapping[str, Any], mode: str, computed: bool) -> dict[str, Any]:
    said = {
        "regionName": each["RegionName"],
        "consistencyMode": mode,
        "deletionProtectionEnabled": bool(each.get("DeletionProtectionEnabled")),
        "pointInTimeRecovery": each["Recovered"],
        "propagateTags": bool(given.get("propagateTags")),
        **({"kmsKeyArn": each["KMSMasterKeyId"]} if each.get("KMSMasterKeyId") else {}),
    }
    if not computed:
        # What was left to its default is not made an input.
        return {
            name: value for name, value in said.items() if name in given or value not in (False, "EVENTUAL")
        }
    more = {"arn": "TableArn", "streamArn": "LatestStreamArn", "streamLabel": "LatestStreamLabel"}
    return {**said, **{name: each[member] for name, member in more.items() if member in each}}


def witness(table: Mapping[str, Any]) -> dict[str, str] | None:
    """The witness of a described table."""
    places = [each["RegionName"] for each in table.get("GlobalTableWitnesses") or ()]
    return {"regionName": places[0]} if places else None


def unprotect(ctx: Context) -> None:
    """Lift the replicas' protection against deletion."""
    for region in _wanted(ctx.inputs):
        protect(ctx, str(ctx.id), region, enabled=False)


def remove(ctx: Context) -> None:
    """Remove the replicas that are still there."""
    table = ctx.look() or {}
    regions = [each["RegionName"] for each in table.get("Replicas") or ()]
    if regions:
        place = witness(table)
        _delete(ctx, regions, place["regionName"] if place else None)
