"""DynamoDB tables, with replicas in other regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services import dynamodb_replicas as replicas
from sandbox.provider.table import Call, Read, Resource

CREATE = (
    "attributes", "billingMode", "deletionProtectionEnabled", "globalSecondaryIndexes", "hashKey", "localSecondaryIndexes", "name",
    "rangeKey", "readCapacity", "serverSideEncryption", "streamEnabled", "streamViewType", "tableClass", "writeCapacity",
)  # fmt: skip


def _keys(given: dict[str, Any]) -> list[dict[str, str]]:
    """Hash and range key; an index may name several of each in `keySchemas`."""
    listed = [
        {"AttributeName": k["attributeName"], "KeyType": k["keyType"]} for k in given.get("keySchemas") or ()
    ]
    pairs = ((given.get("hashKey"), "HASH"), (given.get("rangeKey"), "RANGE"))
    return listed or [{"AttributeName": name, "KeyType": kind} for name, kind in pairs if name]


def _capacity(given: dict[str, Any]) -> dict[str, int]:
    return {
        "ReadCapacityUnits": int(given.get("readCapacity") or 1),
        "WriteCapacityUnits": int(given.get("writeCapacity") or 1),
    }


def _index(given: dict[str, Any], *, provisioned: bool) -> dict[str, Any]:
    projection = {"ProjectionType": given["projectionType"]}
    if given.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = given["nonKeyAttributes"]
    capacity = {"ProvisionedThroughput": _capacity(given)} if provisioned else {}
    return {"IndexName": given["name"], "KeySchema": _keys(given), "Projection": projection, **capacity}


def _table(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """CreateTable, whose keys, indexes and capacity are structures of their own."""
    given = ctx.inputs
    provisioned = given.get("billingMode", "PROVISIONED") == "PROVISIONED"
    made: dict[str, Any] = {
        n: params[n]
        for n in ("TableName", "BillingMode", "DeletionProtectionEnabled", "TableClass")
        if n in params
    }
    made["KeySchema"] = _keys(given)
    made["AttributeDefinitions"] = [
        {"AttributeName": a["name"], "AttributeType": a["type"]} for a in given.get("attributes") or ()
    ]
    if provisioned:
        made["ProvisionedThroughput"] = _capacity(given)
    for name, member, has in (
        ("globalSecondaryIndexes", "GlobalSecondaryIndexes", provisioned),
        ("localSecondaryIndexes", "LocalSecondaryIndexes", False),
    ):
        if given.get(name):
            made[member] = [_index(each, provisioned=has) for each in given[name]]
    if given.get("streamEnabled"):
        made["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": given["streamViewType"]}
    if sse := given.get("serverSideEncryption"):
        key = {"KMSMasterKeyId": sse["kmsKeyArn"], "SSEType": "KMS"} if sse.get("kmsKeyArn") else {}
        made["SSESpecification"] = {"Enabled": sse["enabled"], **key}
    return made


UPDATED = {
    "BillingMode": ("billingMode",),
    "DeletionProtectionEnabled": ("deletionProtectionEnabled",),
    "ProvisionedThroughput": ("billingMode", "readCapacity", "writeCapacity"),
    "SSESpecification": ("serverSideEncryption",),
    "StreamSpecification": ("streamEnabled", "streamViewType"),
    "TableClass": ("tableClass",),
}
"""What UpdateTable takes, by the inputs that it comes from: AWS refuses what is as it was."""


def _update(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    whole = {"StreamSpecification": {"StreamEnabled": False}, **_table(params, ctx)}
    moved = {m for m, names in UPDATED.items() if any(ctx.inputs.get(n) != ctx.old.get(n) for n in names)}
    return {"TableName": ctx.id, **{m: whole[m] for m in sorted(moved) if m in whole}}


def _recovery(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    shape = ctx.api.input_shape("dynamodb", "UpdateContinuousBackups").members[
        "PointInTimeRecoverySpecification"
    ]
    value = ctx.inputs.get("pointInTimeRecovery") or {"enabled": False}
    names = {"enabled": "PointInTimeRecoveryEnabled"}
    return {
        **params,
        "PointInTimeRecoverySpecification": shapes.to_aws(value, shape, names, "pointInTimeRecovery"),
    }


def _expiry(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    value = ctx.inputs.get("ttl") or ctx.old.get("ttl") or {}
    on = bool(ctx.inputs.get("ttl")) and value.get("enabled", True)
    return {
        **params,
        "TimeToLiveSpecification": {"Enabled": on, "AttributeName": value.get("attributeName", "")},
    }


class _Table(Resource):
    """A table and its replicas, which are tables of other regions."""

    def made(self, ctx: Context) -> None:
        ctx.make()
        try:
            replicas.bring(ctx, {})
        except AwsError:
            self.remove(ctx)
            raise

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        return found and {**found, "Replicas": replicas.found(ctx, found)}

    def computed(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        values = ctx.computed(found)
        told = replicas.told(ctx, found, computed=True)
        return {**values, "replicas": told} if told else values

    def says(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in ctx.said(found).items() if name not in replicas.INPUTS}
        told, witness = replicas.told(ctx, found), replicas.witness(found)
        return {
            **said,
            **({"replicas": told} if told else {}),
            **({"globalTableWitness": witness} if witness else {}),
        }

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        ctx.alter(changed)
        if changed & {*replicas.INPUTS, "tags", "tagsAll"}:
            replicas.bring(ctx, ctx.old)

    def unprotected(self, ctx: Context) -> None:
        super().unprotected(ctx)
        replicas.unprotect(ctx)

    def remove(self, ctx: Context) -> None:
        replicas.remove(ctx)
        super().remove(ctx)


TABLE = simulated(
    "aws:dynamodb/table:Table",
    _Table,
    create=Call("CreateTable", take=CREATE, adjust=_table),
    id="TableDescription.TableName",
    read=Read("DescribeTable", {"TableName": "id"}, path="Table"),
    update=(
        Call(
            "UpdateTable",
            {"TableName": "id"},
            take=(
                "billingMode",
                "deletionProtectionEnabled",
                "readCapacity",
                "serverSideEncryption",
                "streamEnabled",
                "streamViewType",
                "tableClass",
                "writeCapacity",
            ),
            whole=True,
            adjust=_update,
        ),
        Call(
            "UpdateContinuousBackups",
            {"TableName": "id"},
            take=("pointInTimeRecovery",),
            whole=True,
            adjust=_recovery,
        ),
        Call("UpdateTimeToLive", {"TableName": "id"}, take=("ttl",), whole=True, adjust=_expiry),
    ),
    delete=(Call("DeleteTable", {"TableName": "id"}),),
    unprotect=(Call("UpdateTable", {"TableName": "id", "DeletionProtectionEnabled": "`false`"}),),
    rename={
        "name": "TableName",
        "globalSecondaryIndexes": "see _index",
        "localSecondaryIndexes": "see _index",
    },
    replace=("name", "hashKey", "rangeKey", "localSecondaryIndexes"),
    ignore=dict.fromkeys(replicas.INPUTS, "made by UpdateTable, see dynamodb_replicas"),
    outputs={"arn": "TableArn", "streamArn": "LatestStreamArn", "streamLabel": "LatestStreamLabel"},
    keeps=True,
    kind="extended",
)
RESOURCES = (TABLE,)
