"""Secrets Manager: secrets with replicas, versions written once and never shown, passwords made by AWS."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Read, Resource, arn_tags

RECOVERY_DAYS = 30


def _places(inputs: dict[str, Any]) -> dict[str, dict[str, str]]:
    """AWS's form of each replica, by region."""
    return {
        replica["region"]: {
            "Region": replica["region"],
            **({"KmsKeyId": replica["kmsKeyId"]} if replica.get("kmsKeyId") else {}),
        }
        for replica in inputs.get("replicas") or []
    }


class _Secret(Resource):
    """A secret; replicas are added and removed by calls of their own, and go before it does."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        ctx.alter(changed - {"replicas"})
        if "replicas" not in changed:
            return
        old, new = _places(ctx.old), _places(ctx.inputs)
        self._leave(ctx, [region for region in old if old[region] != new.get(region)])
        more = [place for region, place in new.items() if old.get(region) != place]
        if more:
            ctx.call("ReplicateSecretToRegions", {"SecretId": ctx.id, "AddReplicaRegions": more})

    def remove(self, ctx: Context) -> None:
        self._leave(ctx, list(_places(ctx.inputs)))
        ctx.drop()

    @staticmethod
    def _leave(ctx: Context, regions: list[str]) -> None:
        if not regions:
            return
        try:
            ctx.call("RemoveRegionsFromReplication", {"SecretId": ctx.id, "RemoveReplicaRegions": regions})
        except AwsError as error:
            if not error.missing:
                raise


def _without_empty(params: dict[str, Any], _ctx: Context) -> dict[str, Any]:
    """AWS takes no empty list of replicas."""
    return {name: value for name, value in params.items() if value != []}


def _deletion(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    days = int(ctx.inputs.get("recoveryWindowInDays", RECOVERY_DAYS))
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    return {**params, **how}


SECRET = simulated(
    "aws:secretsmanager/secret:Secret",
    _Secret,
    create=Call("CreateSecret", rename={"replicas": "AddReplicaRegions"}, adjust=_without_empty),
    read=Read("DescribeSecret", {"SecretId": "id"}, path="[@][?DeletedDate==`null`] | [0]"),
    update=(
        Call("UpdateSecret", {"SecretId": "id"}, take=("description", "kmsKeyId")),
        # Runs from `_Secret.change`; here so that a change of replicas replaces nothing.
        Call(
            "ReplicateSecretToRegions",
            {"SecretId": "id"},
            take=("replicas",),
            rename={"replicas": "AddReplicaRegions"},
        ),
    ),
    delete=(Call("DeleteSecret", {"SecretId": "id"}, adjust=_deletion),),
    outputs={"arn": "ARN", "name": "Name"},
    tags=arn_tags(arn="id", arn_param="SecretId"),
    ignore={"recoveryWindowInDays": "used by delete"},
    autoname=("name", 512),
    kind="extended",
)


class _Version(Resource):
    """A version of a secret. What it keeps is never among the outputs."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        secret, _, version = str(ctx.id).rpartition("|")
        try:
            found = ctx.api.call(
                "secretsmanager", "GetSecretValue", {"SecretId": secret, "VersionId": version}, ctx.region
            )
        except AwsError as error:
            # A version of a secret that waits for its end is gone.
            if error.missing or "deleted" in error.message or "marked for deletion" in error.message:
                return None
            raise
        return {name: found[name] for name in ("ARN", "VersionId", "VersionStages")}

    def remove(self, ctx: Context) -> None:
        """Do nothing: AWS keeps the current version as long as its secret, older ones lose their labels."""


VERSION = _Version(
    token="aws:secretsmanager/secretVersion:SecretVersion",
    service="secretsmanager",
    create=Call("PutSecretValue", rename={"secretStringWo": "SecretString"}),
    id="join('|', [ARN, VersionId])",
    outputs={
        "arn": "ARN",
        "versionId": "VersionId",
        "versionStages": "VersionStages",
        "hasSecretStringWo": "in.secretStringWoVersion != `null`",
    },
    replace=("secretStringWoVersion",),
)

RESOURCES = (SECRET, VERSION)

INVOKES = (
    Invoke(
        token="aws:secretsmanager/getRandomPassword:getRandomPassword",
        service="secretsmanager",
        op="GetRandomPassword",
        answer={"randomPassword": "RandomPassword", "id": "region"},
    ),
    Invoke(
        token="aws:secretsmanager/getSecretVersion:getSecretVersion",
        service="secretsmanager",
        op="GetSecretValue",
        answer={
            "id": "join('|', [ARN, VersionId])",
            "arn": "ARN",
            "createdDate": "CreatedDate",
            "secretString": "SecretString",
            "secretBinary": "SecretBinary || ''",
            "versionId": "VersionId",
            "versionStages": "VersionStages",
        },
    ),
)
