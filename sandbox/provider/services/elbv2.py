"""Elastic Load Balancing: load balancers, target groups, listeners and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.deviations.attributes import BALANCER, GROUP
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Resource, Tags

NAME_LENGTH = 32
_TAGS = Tags(
    add=Call("AddTags", {"ResourceArns": "[id]"}),
    remove=Call("RemoveTags", {"ResourceArns": "[id]"}),
)


def _attributes(names: Mapping[str, str]) -> Any:
    """AWS's list of attributes, from the inputs that are set."""

    def adjust(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        pairs = ((key, ctx.evaluate(f"in.{path}")) for path, key in names.items())
        return {**params, "Attributes": [{"Key": k, "Value": _text(v)} for k, v in pairs if v is not None]}

    return adjust


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) else str(value)


def _tops(names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({path.split(".", maxsplit=1)[0] for path in names}))


class _WithSuffix(Resource):
    """Adds the part of the ARN by which CloudWatch knows the resource."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        suffix = str(ctx.id).rsplit(":", 1)[-1].removeprefix("loadbalancer/")
        return None if found is None else {**found, "ArnSuffix": suffix}


def _scheme(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    return {**params, "Scheme": "internal" if ctx.inputs.get("internal") else "internet-facing"}


LOAD_BALANCER = simulated(
    "aws:lb/loadBalancer:LoadBalancer",
    _WithSuffix,
    create=Call(
        "CreateLoadBalancer",
        take=("internal", "ipAddressType", "loadBalancerType", "name", "securityGroups", "subnets"),
        adjust=_scheme,
    ),
    id="LoadBalancers[0].LoadBalancerArn",
    update=(
        Call(
            "ModifyLoadBalancerAttributes",
            {"LoadBalancerArn": "id"},
            take=_tops(BALANCER),
            whole=True,
            adjust=_attributes(BALANCER),
        ),
        Call("SetSubnets", {"LoadBalancerArn": "id"}, take=("subnets",)),
        Call("SetSecurityGroups", {"LoadBalancerArn": "id"}, take=("securityGroups",)),
        Call("SetIpAddressType", {"LoadBalancerArn": "id"}, take=("ipAddressType",)),
    ),
    rename={"loadBalancerType": "Type"},
    outputs={"arn": "id", "arnSuffix": "ArnSuffix", "zoneId": "CanonicalHostedZoneId", "dnsName": "DNSName"},
    ready="State.Code == 'active'",
    autoname=("name", NAME_LENGTH),
    unprotect=(
        Call(
            "ModifyLoadBalancerAttributes",
            {
                "LoadBalancerArn": "id",
                "Attributes": "[{Key: 'deletion_protection.enabled', Value: 'false'}]",
            },
        ),
    ),
    tags=_TAGS,
    kind="extended",
)


def _health_check(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """AWS has the health check's settings beside all others, under names of its own."""
    names = {
        "enabled": "HealthCheckEnabled",
        "protocol": "HealthCheckProtocol",
        "port": "HealthCheckPort",
        "path": "HealthCheckPath",
        "interval": "HealthCheckIntervalSeconds",
        "timeout": "HealthCheckTimeoutSeconds",
        "healthyThreshold": "HealthyThresholdCount",
        "unhealthyThreshold": "UnhealthyThresholdCount",
    }
    wanted = dict(ctx.inputs.get("healthCheck") or {})
    codes = wanted.pop("matcher", None)
    shape = ctx.api.input_shape("elbv2", "CreateTargetGroup")
    more = {names[n]: shapes.to_aws(v, shape.members[names[n]], {}, n) for n, v in wanted.items()}
    return {**params, **more, **({"Matcher": {"HttpCode": codes}} if codes else {})}


TARGET_GROUP = simulated(
    "aws:lb/targetGroup:TargetGroup",
    _WithSuffix,
    create=Call(
        "CreateTargetGroup",
        take=("healthCheck", "name", "port", "protocol", "protocolVersion", "targetType", "vpcId"),
        adjust=_health_check,
    ),
    id="TargetGroups[0].TargetGroupArn",
    update=(
        Call(
            "ModifyTargetGroup",
            {"TargetGroupArn": "id"},
            take=("healthCheck",),
            whole=True,
            adjust=_health_check,
        ),
        Call(
            "ModifyTargetGroupAttributes",
            {"TargetGroupArn": "id"},
            take=_tops(GROUP),
            whole=True,
            adjust=_attributes(GROUP),
        ),
    ),
    outputs={"arn": "id", "arnSuffix": "ArnSuffix"},
    autoname=("name", NAME_LENGTH),
    tags=_TAGS,
    kind="extended",
)

_ACTIONS = {
    "redirect": "RedirectConfig",
    "fixedResponse": "FixedResponseConfig",
    "forward": "ForwardConfig",
    "arn": "TargetGroupArn",
    "stickiness": "TargetGroupStickinessConfig",
    "duration": "DurationSeconds",
}


def _certificates(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    arn = ctx.inputs.get("certificateArn")
    given = {"Certificates": [{"CertificateArn": arn}]} if arn else {}
    # An application load balancer's listener speaks HTTP where the program names no protocol, as the real provider has it.
    plain = {"Protocol": "HTTP"} if "loadbalancer/app/" in str(ctx.inputs.get("loadBalancerArn")) else {}
    return {**plain, **params, **given}


LISTENER = simulated(
    "aws:lb/listener:Listener",
    create=Call(
        "CreateListener",
        take=("certificateArn", "defaultActions", "loadBalancerArn", "port", "protocol", "sslPolicy"),
        adjust=_certificates,
    ),
    id="Listeners[0].ListenerArn",
    update=(
        Call(
            "ModifyListener",
            {"ListenerArn": "id"},
            take=("certificateArn", "defaultActions", "port", "protocol", "sslPolicy"),
            whole=True,
            adjust=_certificates,
        ),
    ),
    rename=_ACTIONS,
    outputs={"arn": "id"},
    tags=_TAGS,
    kind="extended",
)

_CONDITIONS = {
    "hostHeader": "host-header",
    "httpHeader": "http-header",
    "httpRequestMethod": "http-request-method",
    "pathPattern": "path-pattern",
    "queryStrings": "query-string",
    "sourceIp": "source-ip",
}


def _conditions(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Pulumi names a condition by its member, AWS by a field and a member with `Config` behind its name."""
    shape = ctx.api.input_shape("elbv2", "CreateRule").members["Conditions"].member
    made = []
    for condition in ctx.inputs.get("conditions") or []:
        for name, wanted in ((n, w) for n, w in condition.items() if w is not None):
            member = shapes.find(f"{name.removesuffix('s')}Config", shape.members)
            if member is None:
                raise shapes.ShapeError(f"conditions.{name}: allowed are {', '.join(_CONDITIONS)}")
            body = {"values": wanted} if isinstance(wanted, list) else wanted
            inner = shapes.to_aws(body, shape.members[member], {"httpHeaderName": "HttpHeaderName"}, name)
            made.append({"Field": _CONDITIONS[name], member: inner})
    return {**params, "Conditions": made}


LISTENER_RULE = simulated(
    "aws:lb/listenerRule:ListenerRule",
    create=Call("CreateRule", take=("actions", "conditions", "listenerArn", "priority"), adjust=_conditions),
    id="Rules[0].RuleArn",
    update=(
        Call("ModifyRule", {"RuleArn": "id"}, take=("actions", "conditions"), whole=True, adjust=_conditions),
        Call(
            "SetRulePriorities",
            {"RulePriorities": "[{RuleArn: id, Priority: in.priority}]"},
            when=("priority",),
            take=(),
        ),
    ),
    # `conditions` alone has no counterpart: `adjust` writes AWS's.
    rename={**_ACTIONS, "conditions": "none"},
    outputs={"arn": "id"},
    tags=_TAGS,
)

RESOURCES = (LOAD_BALANCER, TARGET_GROUP, LISTENER, LISTENER_RULE)
