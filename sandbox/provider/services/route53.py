"""Route 53: hosted zones, health checks and records."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider import shapes
from sandbox.provider.api import AwsError
from sandbox.provider.context import ProviderError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.refusals.dns import text
from sandbox.provider.table import Call, Read, Resource, Tags


def _tags(kind: str, resource_id: str) -> Tags:
    params = {"ResourceType": f"'{kind}'", "ResourceId": resource_id}
    return Tags(
        at_create=None,
        add=Call("ChangeTagsForResource", params),
        add_param="AddTags",
        remove=Call("ChangeTagsForResource", params),
        remove_param="RemoveTagKeys",
    )


def _zone_settings(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """A comment makes a configuration; the first VPC makes the zone private."""
    vpcs = ctx.inputs.get("vpcs") or []
    if len(vpcs) > 1:
        raise ProviderError(
            "aws:route53/zone:Zone: the sandbox takes one VPC; associate others by ZoneAssociation"
        )
    params["HostedZoneConfig"] = {"Comment": ctx.inputs.get("comment") or "Managed by Pulumi"}
    if vpcs:
        params["VPC"] = {"VPCId": vpcs[0]["vpcId"], "VPCRegion": vpcs[0].get("vpcRegion") or ctx.region}
    return params


class _Zone(Resource):
    """A hosted zone. AWS answers its id as a path; Pulumi's is the last part."""

    def made(self, ctx: Context) -> None:
        super().made(ctx)
        ctx.id = str(ctx.id).rsplit("/", 1)[-1]

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        return None if found is None else {**found, "ZoneId": str(ctx.id).rsplit("/", 1)[-1]}

    def remove(self, ctx: Context) -> None:
        if ctx.inputs.get("forceDestroy"):
            sets = ctx.call("ListResourceRecordSets", {"HostedZoneId": ctx.id})["ResourceRecordSets"]
            gone = [
                {"Action": "DELETE", "ResourceRecordSet": s} for s in sets if s["Type"] not in ("NS", "SOA")
            ]
            if gone:
                ctx.call(
                    "ChangeResourceRecordSets", {"HostedZoneId": ctx.id, "ChangeBatch": {"Changes": gone}}
                )
        ctx.drop()


ZONE = _Zone(
    token="aws:route53/zone:Zone",
    service="route53",
    create=Call(
        "CreateHostedZone",
        {"CallerReference": "uuid"},
        take=("comment", "delegationSetId", "name", "vpcs"),
        adjust=_zone_settings,
    ),
    id="HostedZone.Id",
    read=Read(
        "GetHostedZone",
        {"Id": "id"},
        path="merge(HostedZone, {NameServers: DelegationSet.NameServers})",
    ),
    update=(
        Call("UpdateHostedZoneComment", {"Id": "id"}, take=("comment",)),
        Call("UpdateHostedZoneFeatures", {"HostedZoneId": "id"}, take=("enableAcceleratedRecovery",)),
    ),
    delete=(Call("DeleteHostedZone", {"Id": "id"}),),
    outputs={
        "arn": "join('', ['arn:aws:route53:::hostedzone/', ZoneId])",
        "nameServers": "NameServers",
        "primaryNameServer": "NameServers[0]",
        "zoneId": "ZoneId",
    },
    ignore={"forceDestroy": "used by delete"},
    tags=_tags("hostedzone", "out.zoneId"),
    kind="extended",
)

_CHECK = {
    "fqdn": "FullyQualifiedDomainName",
    "childHealthThreshold": "HealthThreshold",
    "invertHealthcheck": "Inverted",
}
_CHANGEABLE = (
    "childHealthThreshold",
    "childHealthchecks",
    "cloudwatchAlarmName",
    "cloudwatchAlarmRegion",
    "disabled",
    "enableSni",
    "failureThreshold",
    "fqdn",
    "insufficientDataHealthStatus",
    "invertHealthcheck",
    "ipAddress",
    "port",
    "regions",
    "resourcePath",
    "searchString",
)


def _config(ctx: Context, names: tuple[str, ...], shape: Any) -> dict[str, Any]:
    apart = ("cloudwatchAlarmName", "cloudwatchAlarmRegion")
    given = {n: ctx.inputs[n] for n in names if ctx.inputs.get(n) is not None and n not in apart}
    config: dict[str, Any] = shapes.to_aws(given, shape, _CHECK, "healthCheck")
    if ctx.inputs.get("cloudwatchAlarmName"):
        config["AlarmIdentifier"] = {
            "Name": ctx.inputs["cloudwatchAlarmName"],
            "Region": ctx.inputs["cloudwatchAlarmRegion"],
        }
    return config


_FIXED = ("measureLatency", "requestInterval", "routingControlArn", "type")


def _new_check(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    shape = ctx.api.input_shape("route53", "CreateHealthCheck").members["HealthCheckConfig"]
    return {
        "CallerReference": params["CallerReference"],
        "HealthCheckConfig": _config(ctx, (*_CHANGEABLE, *_FIXED), shape),
    }


def _changed_check(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    shape = ctx.api.input_shape("route53", "UpdateHealthCheck")
    return {"HealthCheckId": params["HealthCheckId"], **_config(ctx, _CHANGEABLE, shape)}


HEALTH_CHECK = simulated(
    "aws:route53/healthCheck:HealthCheck",
    create=Call(
        "CreateHealthCheck", {"CallerReference": "uuid"}, take=(*_CHANGEABLE, *_FIXED), adjust=_new_check
    ),
    update=(
        Call(
            "UpdateHealthCheck", {"HealthCheckId": "id"}, take=_CHANGEABLE, whole=True, adjust=_changed_check
        ),
    ),
    rename=_CHECK,
    outputs={"arn": "join('', ['arn:aws:route53:::healthcheck/', id])"},
    tags=_tags("healthcheck", "id"),
    kind="extended",
)

_CHANGES = (
    "aliases",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "healthCheckId",
    "latencyRoutingPolicies",
    "multivalueAnswerRoutingPolicy",
    "records",
    "ttl",
    "weightedRoutingPolicies",
)


def _record_set(ctx: Context) -> dict[str, Any]:
    """The record set as AWS writes it."""
    given = ctx.inputs
    record: dict[str, Any] = {"Name": _fqdn(ctx), "Type": given["type"]}
    if given.get("aliases"):
        alias = given["aliases"][0]
        record["AliasTarget"] = {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": bool(alias["evaluateTargetHealth"]),
        }
    else:
        values = [text(given["type"], v) for v in given.get("records") or ()]
        record |= {
            "TTL": int(given.get("ttl") or 0),
            "ResourceRecords": [{"Value": value} for value in values],
        }
    first = {name: (given.get(name) or [{}])[0] for name in _CHANGES if name.endswith("Policies")}
    geo = {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"}
    place = first["geolocationRoutingPolicies"]
    weight = first["weightedRoutingPolicies"].get("weight")
    more = {
        "SetIdentifier": given.get("setIdentifier"),
        "HealthCheckId": given.get("healthCheckId"),
        "Failover": first["failoverRoutingPolicies"].get("type"),
        "Region": first["latencyRoutingPolicies"].get("region"),
        "Weight": None if weight is None else int(weight),
        "GeoLocation": {geo[k]: v for k, v in place.items() if v} or None,
        "MultiValueAnswer": given.get("multivalueAnswerRoutingPolicy"),
    }
    return record | {name: value for name, value in more.items() if value is not None}


def _fqdn(ctx: Context) -> str:
    """The record's full name: a name outside the zone is taken as relative to it."""
    zone = ctx.call("GetHostedZone", {"Id": ctx.inputs["zoneId"]})["HostedZone"]["Name"].rstrip(".")
    name = str(ctx.inputs["name"]).rstrip(".").lower()
    if name == zone or name.endswith(f".{zone}"):
        return name
    return f"{name}.{zone}" if name else zone


class _Record(Resource):
    """A record set: one member of a zone, made and changed in batches of one."""

    def made(self, ctx: Context) -> None:
        self._change(ctx, "UPSERT" if ctx.inputs.get("allowOverwrite") else "CREATE", _record_set(ctx))
        parts = [ctx.inputs["zoneId"], _fqdn(ctx), ctx.inputs["type"], ctx.inputs.get("setIdentifier")]
        ctx.id = "_".join(part for part in parts if part)

    def find(self, ctx: Context) -> dict[str, Any] | None:
        try:
            name = _fqdn(ctx)
        except AwsError as error:
            if error.missing:  # the zone went, and the record with it
                return None
            raise
        found = self._set(ctx, name)
        return None if found is None else {"Fqdn": name, "Set": found}

    def _set(self, ctx: Context, name: str) -> dict[str, Any] | None:
        start = {
            "HostedZoneId": ctx.inputs["zoneId"],
            "StartRecordName": name,
            "StartRecordType": ctx.inputs["type"],
        }
        sets = ctx.call("ListResourceRecordSets", start)["ResourceRecordSets"]
        wanted = (f"{name}.", ctx.inputs["type"], ctx.inputs.get("setIdentifier"))
        keyed = {(s["Name"].replace("\\052", "*"), s["Type"], s.get("SetIdentifier")): s for s in sets}
        return keyed.get(wanted)

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if changed:
            self._change(ctx, "UPSERT", _record_set(ctx))

    def remove(self, ctx: Context) -> None:
        found = self.find(ctx)
        if found is not None:
            self._change(ctx, "DELETE", found["Set"])

    @staticmethod
    def _change(ctx: Context, action: str, record: dict[str, Any]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        ctx.call("ChangeResourceRecordSets", {"HostedZoneId": ctx.inputs["zoneId"], "ChangeBatch": batch})


RECORD = simulated(
    "aws:route53/record:Record",
    _Record,
    create=Call("ChangeResourceRecordSets", take=(*_CHANGES, "name", "setIdentifier", "type", "zoneId")),
    update=(Call("ChangeResourceRecordSets", take=_CHANGES, whole=True),),
    outputs={"fqdn": "Fqdn"},
    replace=("name", "setIdentifier", "type", "zoneId"),
    ignore={"allowOverwrite": "decides between CREATE and UPSERT"},
    kind="extended",
)

QUERY_LOG = simulated(
    "aws:route53/queryLog:QueryLog",
    create=Call(
        "CreateQueryLoggingConfig",
        {"HostedZoneId": "in.zoneId", "CloudWatchLogsLogGroupArn": "in.cloudwatchLogGroupArn"},
        take=("cloudwatchLogGroupArn", "zoneId"),
        adjust=lambda params, _ctx: params,
    ),
    id="QueryLoggingConfig.Id",
    read=Read("GetQueryLoggingConfig", {"Id": "id"}, path="QueryLoggingConfig"),
    delete=(Call("DeleteQueryLoggingConfig", {"Id": "id"}),),
    rename={"cloudwatchLogGroupArn": "CloudWatchLogsLogGroupArn", "zoneId": "HostedZoneId"},
    outputs={"arn": "join('', ['arn:aws:route53:::queryloggingconfig/', id])"},
    kind="extended",
)

RESOURCES = (ZONE, HEALTH_CHECK, RECORD, QUERY_LOG)
