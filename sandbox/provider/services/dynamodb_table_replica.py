"""A replica of a DynamoDB table as a resource of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.protocol import Context
from sandbox.provider.services.dynamodb_replicas import call, creation, look, protect, recovery
from sandbox.provider.table import Call, Read, Resource, arn_tags


class _Replica(Resource):
    """One replica, which the table doesn't declare: asked for in the table's region, then lives in its own."""

    def made(self, ctx: Context) -> None:
        home, name = _home(ctx)
        asked = creation(ctx.region, ctx.inputs.get("kmsKeyArn"))
        if override := ctx.inputs.get("tableClassOverride"):
            asked["TableClassOverride"] = override
        call(ctx, "UpdateTable", home, TableName=name, ReplicaUpdates=[{"Create": asked}])
        ctx.id = f"{name}:{home}"
        self._settle(ctx, {})
        ctx.outputs = {"arn": look(ctx, name, ctx.region)["TableArn"]}
        ctx.retag({}, ctx.tags)

    def find(self, ctx: Context) -> dict[str, Any] | None:
        name, home = str(ctx.id).split(":")
        try:
            table = call(ctx, "DescribeTable", home, TableName=name)["Table"]
        except AwsError as error:
            if error.missing:
                return None
            raise
        here = [each for each in table.get("Replicas") or () if each["RegionName"] == ctx.region]
        return {**here[0], **look(ctx, name, ctx.region), "Home": table["TableArn"]} if here else None

    def says(self, _ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        said = {
            "globalTableArn": found["Home"],
            "deletionProtectionEnabled": bool(found.get("DeletionProtectionEnabled")),
            "pointInTimeRecovery": found["Recovered"],
            "kmsKeyArn": found.get("KMSMasterKeyId"),
        }
        return {name: value for name, value in said.items() if value is not None}

    def change(self, ctx: Context, _changed: frozenset[str]) -> None:
        self._settle(ctx, ctx.old)

    def _settle(self, ctx: Context, old: Mapping[str, Any]) -> None:
        name = str(ctx.id).split(":")[0]
        for key, switch in (("pointInTimeRecovery", recovery), ("deletionProtectionEnabled", protect)):
            if bool(ctx.inputs.get(key)) != bool(old.get(key)):
                switch(ctx, name, ctx.region, enabled=bool(ctx.inputs.get(key)))

    def unprotected(self, ctx: Context) -> None:
        protect(ctx, str(ctx.id).split(":")[0], ctx.region, enabled=False)

    def remove(self, ctx: Context) -> None:
        name, home = str(ctx.id).split(":")
        gone = [{"Delete": {"RegionName": ctx.region}}]
        if self.find(ctx) is not None:
            call(ctx, "UpdateTable", home, TableName=name, ReplicaUpdates=gone)


def _home(ctx: Context) -> tuple[str, str]:
    """Region and name of the table that is replicated."""
    parts = str(ctx.inputs["globalTableArn"]).split(":")
    return parts[3], parts[5].removeprefix("table/")


_SWITCHED = "switched in the replica's own region"
REPLICA = _Replica(
    token="aws:dynamodb/tableReplica:TableReplica",  # noqa: S106  a type, not a secret
    service="dynamodb",
    create=Call("UpdateTable", take=()),
    id="id",
    read=Read("DescribeTable"),
    ignore={"pointInTimeRecovery": _SWITCHED, "deletionProtectionEnabled": _SWITCHED},
    replace=("globalTableArn", "kmsKeyArn", "tableClassOverride"),
    outputs={"arn": "TableArn"},
    tags=arn_tags(arn="out.arn", at_create=None),
    kind="extended",
)
RESOURCES = (REPLICA,)
