"""Cloud Map: private DNS namespaces, and services in them."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource


class Namespace(Resource):
    """A namespace, which an operation makes that is over at once."""

    def made(self, ctx: Context) -> None:
        """Make it: the operation tells its id."""
        ctx.make()
        told = ctx.call("GetOperation", {"OperationId": ctx.id})
        ctx.id = str(told["Operation"]["Targets"]["NAMESPACE"])


class Service(Resource):
    """A service; with `forceDestroy` its instances go before it."""

    def remove(self, ctx: Context) -> None:
        """Take it away."""
        if ctx.inputs.get("forceDestroy") and self.find(ctx) is not None:
            for each in ctx.call("ListInstances", {"ServiceId": ctx.id})["Instances"]:
                ctx.call("DeregisterInstance", {"ServiceId": ctx.id, "InstanceId": each["Id"]})
        ctx.drop()


def _within(room: str) -> Any:
    """Put what is changed into the structure that the operation wants it in."""

    def adjust(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        changed: dict[str, Any] = {"Description": ctx.inputs.get("description") or ""}
        if records := (ctx.inputs.get("dnsConfig") or {}).get("dnsRecords"):
            changed["DnsConfig"] = {
                "DnsRecords": [{"Type": each["type"], "TTL": int(each["ttl"])} for each in records]
            }
        return {"Id": params["Id"], room: changed}

    return adjust


RESOURCES = (
    simulated(
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        Namespace,
        create=Call("CreatePrivateDnsNamespace"),
        id="OperationId",
        read=Read("GetNamespace", {"Id": "id"}, path="Namespace"),
        update=(
            Call(
                "UpdatePrivateDnsNamespace",
                {"Id": "id"},
                take=("description",),
                adjust=_within("Namespace"),
                whole=True,
            ),
        ),
        delete=(Call("DeleteNamespace", {"Id": "id"}),),
        outputs={"arn": "Arn", "hostedZone": "Properties.DnsProperties.HostedZoneId"},
        replace=("name", "vpc"),
        kind="extended",
    ),
    simulated(
        "aws:servicediscovery/service:Service",
        Service,
        id="Service.Id",
        read=Read("GetService", {"Id": "id"}, path="Service"),
        update=(
            Call(
                "UpdateService",
                {"Id": "id"},
                take=("description", "dnsConfig"),
                adjust=_within("Service"),
                whole=True,
            ),
        ),
        delete=(Call("DeleteService", {"Id": "id"}),),
        outputs={"arn": "Arn"},
        ignore={"forceDestroy": "used by delete"},
        replace=("name", "namespaceId", "type", "healthCheckCustomConfig"),
        kind="extended",
    ),
)
