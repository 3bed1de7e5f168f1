"""KMS: keys, replicas in other regions, aliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.context import put
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, arn_tags
from sandbox.provider.values import is_unknown

_TAGS = arn_tags(arn="id", arn_param="KeyId", key="TagKey", value="TagValue")
# A key that waits for its end is gone for Pulumi.
_LIVING = "[KeyMetadata][?KeyState != 'PendingDeletion' && KeyState != 'PendingReplicaDeletion'] | [0]"
_READ = Read("DescribeKey", {"KeyId": "id"}, path=_LIVING)
_PUT_POLICY = Call("PutKeyPolicy", {"KeyId": "id", "PolicyName": "'default'"}, take=("policy",))
_DESCRIBE = Call("UpdateKeyDescription", {"KeyId": "id"}, take=("description",))


def _window(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    days = ctx.inputs.get("deletionWindowInDays")
    return params if days is None else {**params, "PendingWindowInDays": int(days)}


_DELETE = Call("ScheduleKeyDeletion", {"KeyId": "id"}, adjust=_window)
_WINDOW = {"deletionWindowInDays": "used by delete"}


class _Key(Resource):
    """A key: rotation and enablement are switched by pairs of calls."""

    def made(self, ctx: Context) -> None:
        ctx.make()
        self._switch(ctx, frozenset(ctx.inputs))

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        ctx.alter(changed)
        self._switch(ctx, changed)

    @staticmethod
    def _switch(ctx: Context, changed: frozenset[str]) -> None:
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            if ctx.inputs.get("enableKeyRotation"):
                days = ctx.inputs.get("rotationPeriodInDays")
                more = {} if days is None else {"RotationPeriodInDays": int(days)}
                ctx.call("EnableKeyRotation", {"KeyId": ctx.id, **more})
            elif ctx.old:
                ctx.call("DisableKeyRotation", {"KeyId": ctx.id})
        if "isEnabled" in changed:
            enabled = ctx.inputs.get("isEnabled") in (None, True)
            ctx.call("EnableKey" if enabled else "DisableKey", {"KeyId": ctx.id})


class _ReplicaKey(Resource):
    """A replica: asked for in the primary key's region, then lives in its own."""

    def made(self, ctx: Context) -> None:
        params = ctx.params(self.create)
        if self.tags and ctx.tags:
            put(params, "Tags", self.tags.encode(ctx.tags))
        primary = str(ctx.inputs["primaryKeyArn"]).split(":")[3]
        answer = ctx.call(self.create.op, params, region=primary)
        ctx.id = answer["ReplicaKeyMetadata"]["KeyId"]


def _refuse_key(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Only symmetric keys whose material KMS made are rotated."""
    spec, store = inputs.get("customerMasterKeySpec"), inputs.get("customKeyStoreId")
    usual = spec in (None, "SYMMETRIC_DEFAULT") or is_unknown(spec)
    if inputs.get("enableKeyRotation") is True and (store or not usual):
        what = f"of spec {spec}" if not usual else "in a custom key store"
        return f"UnsupportedOperationException: a key {what} can't be rotated by KMS"
    return None


KEY = simulated(
    "aws:kms/key:Key",
    _Key,
    read=_READ,
    update=(_DESCRIBE, _PUT_POLICY),
    delete=(_DELETE,),
    rename={"bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck"},
    ignore={
        **_WINDOW,
        "enableKeyRotation": "switched by EnableKeyRotation and DisableKeyRotation",
        "rotationPeriodInDays": "sent by EnableKeyRotation",
        "isEnabled": "switched by EnableKey and DisableKey",
    },
    outputs={"arn": "Arn", "keyId": "KeyId"},
    tags=_TAGS,
    refuse=_refuse_key,
    kind="extended",
)

REPLICA_KEY = simulated(
    "aws:kms/replicaKey:ReplicaKey",
    _ReplicaKey,
    create=Call("ReplicateKey", {"ReplicaRegion": "region"}, rename={"primaryKeyArn": "KeyId"}),
    read=_READ,
    update=(_DESCRIBE, _PUT_POLICY),
    delete=(_DELETE,),
    ignore=_WINDOW,
    outputs={"arn": "Arn", "keyId": "KeyId", "keySpec": "KeySpec", "keyUsage": "KeyUsage"},
    tags=_TAGS,
    kind="extended",
)


def _refuse_alias(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    name = inputs.get("name")
    if name is None:
        return "ValidationException: the sandbox needs a name"
    if isinstance(name, str) and not name.startswith("alias/"):
        return f"ValidationException: alias name {name!r} must begin with 'alias/'"
    return None


ALIAS = Resource(
    token="aws:kms/alias:Alias",  # noqa: S106  a type, not a secret
    service="kms",
    create=Call("CreateAlias"),
    id="in.name",
    read=Read("DescribeKey", {"KeyId": "id"}, path="KeyMetadata"),
    update=(Call("UpdateAlias", {"AliasName": "id"}, take=("targetKeyId",)),),
    delete=(Call("DeleteAlias", {"AliasName": "id"}),),
    rename={"name": "AliasName"},
    outputs={
        "arn": "join('', ['arn:aws:kms:', region, ':', account, ':', id])",
        "targetKeyArn": "Arn",
    },
    refuse=_refuse_alias,
)

RESOURCES = (KEY, REPLICA_KEY, ALIAS)
