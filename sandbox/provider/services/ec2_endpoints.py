"""VPC endpoints and flow logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.ec2_network import arn
from sandbox.provider.table import Call, Read, Resource, ec2_tags
from sandbox.provider.values import is_unknown

LISTS = {
    "routeTableIds": "RouteTableIds",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
}
MONITORED = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}


class Endpoint(Resource):
    """An endpoint; ModifyVpcEndpoint wants what to add to its lists and what to remove."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Send the difference of each list, and the rest as it is."""
        params: dict[str, Any] = {"VpcEndpointId": ctx.id}
        for name, member in LISTS.items():
            old, new = ctx.old.get(name) or [], ctx.inputs.get(name) or []
            for verb, items in (("Add", set(new) - set(old)), ("Remove", set(old) - set(new))):
                if items:
                    params[f"{verb}{member}"] = sorted(items)
        if "privateDnsEnabled" in changed:
            params["PrivateDnsEnabled"] = bool(ctx.inputs.get("privateDnsEnabled"))
        if "policy" in changed:
            policy = ctx.inputs.get("policy")
            params |= {"PolicyDocument": policy} if policy else {"ResetPolicy": True}
        if len(params) > 1:
            ctx.call("ModifyVpcEndpoint", params)


def refuse_endpoint(inputs: Mapping[str, Any], ctx: Context) -> str | None:
    """Refuse the endpoint service of another region."""
    service = inputs.get("serviceName")
    if is_unknown(service) or not str(service).startswith("com.amazonaws.") or inputs.get("serviceRegion"):
        return None
    if str(service).split(".")[2] != ctx.region:
        return f"InvalidServiceName: The Vpc Endpoint Service '{service}' does not exist"
    return None


def monitored(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Say in CreateFlowLogs' two parameters what the flow log watches."""
    kind, id_ = next((kind, ctx.inputs[name]) for name, kind in MONITORED.items() if ctx.inputs.get(name))
    return {**params, "ResourceType": kind, "ResourceIds": [id_]}


def refuse_flow_log(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse a flow log of nothing, or of two things."""
    found = [name for name in MONITORED if inputs.get(name) is not None]
    if len(found) == 1:
        return None
    return (
        f"InvalidParameter: exactly one of {', '.join(MONITORED)} is needed, got {', '.join(found) or 'none'}"
    )


ENDPOINT = simulated(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    Endpoint,
    read=Read(
        "DescribeVpcEndpoints", {"VpcEndpointIds": "[id]"}, path="VpcEndpoints[?State!='deleted'] | [0]"
    ),
    update=(
        Call("ModifyVpcEndpoint", {"VpcEndpointId": "id"}, take=(*LISTS, "privateDnsEnabled", "policy")),
    ),
    rename={"policy": "PolicyDocument"},
    defaults={"vpcEndpointType": "Gateway"},
    outputs={"arn": arn("vpc-endpoint")},
    refuse=refuse_endpoint,
    kind="extended",
)

FLOW_LOG = simulated(
    "aws:ec2/flowLog:FlowLog",
    create=Call(
        "CreateFlowLogs",
        take=(
            *MONITORED,
            "trafficType",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "iamRoleArn",
            "maxAggregationInterval",
        ),
        rename={"iamRoleArn": "DeliverLogsPermissionArn"},
        adjust=monitored,
    ),
    id="FlowLogIds[0]",
    outputs={"arn": arn("vpc-flow-log")},
    tags=ec2_tags("vpc-flow-log"),
    refuse=refuse_flow_log,
    kind="extended",
)

RESOURCES = (ENDPOINT, FLOW_LOG)
