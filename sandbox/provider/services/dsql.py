"""Aurora DSQL: clusters and the peerings between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

OWNED = "AWS_OWNED_KMS_KEY"
WAITING = "PENDING_SETUP"
# A cluster that waits for its peer to go too is gone for Pulumi.
_LIVING = "[@][?status != 'PENDING_DELETE' && status != 'DELETING'] | [0]"
_READ = Read(
    "GetCluster",
    {"identifier": "id"},
    path=_LIVING,
    merge=(Read("GetVpcEndpointServiceName", {"identifier": "id"}),),
)
_UNPROTECT = Call("UpdateCluster", {"identifier": "id", "deletionProtectionEnabled": "`false`"})


class _Cluster(Resource):
    """A cluster: of its peers AWS tells more than the program asked for."""

    def says(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in ctx.said(found).items() if name != "multiRegionProperties"}
        given = ctx.inputs.get("multiRegionProperties") or {}
        shared = _shared(found)
        if shared:
            said["multiRegionProperties"] = {
                name: value for name, value in shared.items() if name != "clusters" or given.get("clusters")
            }
        return said

    def computed(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        shared = _shared(found)
        return {**ctx.computed(found), **({"multiRegionProperties": shared} if shared else {})}

    def remove(self, ctx: Context) -> None:
        if ctx.inputs.get("forceDestroy"):
            self.unprotected(ctx)
        super().remove(ctx)


def _shared(found: Mapping[str, Any]) -> dict[str, Any]:
    """Witness and peers, without the cluster itself."""
    told = found.get("multiRegionProperties") or {}
    peers = [arn for arn in told.get("clusters") or () if arn != found.get("arn")]
    return {"witnessRegion": told["witnessRegion"], "clusters": peers} if told else {}


CLUSTER = simulated(
    "aws:dsql/cluster:Cluster",
    _Cluster,
    read=_READ,
    update=(
        Call("UpdateCluster", {"identifier": "id"}, take=("deletionProtectionEnabled", "kmsEncryptionKey")),
    ),
    delete=(Call("DeleteCluster", {"identifier": "id"}),),
    ignore={"forceDestroy": "used by delete", "timeouts": "nothing here takes time"},
    defaults={"deletionProtectionEnabled": False},
    replace=("multiRegionProperties",),
    outputs={
        "identifier": "identifier",
        "kmsEncryptionKey": f"encryptionDetails.kmsKeyArn || '{OWNED}'",
        "encryptionDetails": "[encryptionDetails.{encryptionStatus: encryptionStatus, encryptionType: encryptionType}]",
        "vpcEndpointServiceName": "serviceName",
    },
    unprotect=(_UNPROTECT,),
    kind="extended",
)


class _Peering(Resource):
    """One cluster's half of a peering. Nothing takes it back but the end of the cluster."""

    def made(self, ctx: Context) -> None:
        ctx.id = str(ctx.inputs["identifier"])
        status = ctx.call("GetCluster", {"identifier": ctx.id})["status"]
        if status != WAITING:
            raise AwsError(
                "ConflictException", f"cluster {ctx.id} is {status}, not {WAITING}", self.create.op
            )
        asked = {name: ctx.inputs[name] for name in ("clusters", "witnessRegion")}
        ctx.call(self.create.op, {"identifier": ctx.id, "multiRegionProperties": asked})

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        return {"identifier": ctx.id, **_shared(found)} if found and _shared(found) else None

    def says(self, _ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        return dict(found)

    def remove(self, ctx: Context) -> None:
        """The real provider calls nothing either."""


PEERING = _Peering(
    token="aws:dsql/clusterPeering:ClusterPeering",  # noqa: S106  a type, not a secret
    service="dsql",
    create=Call("UpdateCluster", take=("clusters", "identifier", "witnessRegion")),
    id="in.identifier",
    read=Read("GetCluster", {"identifier": "id"}, path=_LIVING),
    replace=("clusters", "identifier", "witnessRegion"),
    ignore={"timeouts": "nothing here takes time"},
    kind="extended",
)
RESOURCES = (CLUSTER, PEERING)
