"""Elastic IP addresses and NAT gateways, zonal and regional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.ec2_network import arn
from sandbox.provider.table import Call, Read, Resource, ec2_tags

ZONE_NAMES = {"availabilityZone": "AvailabilityZone", "availabilityZoneId": "AvailabilityZoneId"}


class Nat(Resource):
    """A NAT gateway; the addresses of a regional one can change."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Take away the addresses that are no longer wanted, then add the new ones."""
        if "availabilityZoneAddresses" not in changed:
            return
        have = (self.find(ctx) or {}).get("NatGatewayAddresses", [])
        zones = ctx.inputs.get("availabilityZoneAddresses") or []
        want = [(allocation, zone) for zone in zones for allocation in zone["allocationIds"]]
        gone = [a["AssociationId"] for a in have if not any(_serves(a, *wanted) for wanted in want)]
        if gone:
            ctx.call("DisassociateNatGatewayAddress", {"NatGatewayId": ctx.id, "AssociationIds": gone})
        for allocation, zone in want:
            if not any(_serves(a, allocation, zone) for a in have):
                where = {ZONE_NAMES[name]: zone[name] for name in ZONE_NAMES if zone.get(name)}
                ctx.call(
                    "AssociateNatGatewayAddress",
                    {"NatGatewayId": ctx.id, "AllocationIds": [allocation], **where},
                )


def _serves(address: Mapping[str, Any], allocation: str, zone: Mapping[str, Any]) -> bool:
    """Whether the gateway has the address in that zone, given by id or by name."""
    there = any(zone.get(name) and zone[name] == address.get(member) for name, member in ZONE_NAMES.items())
    return there and address["AllocationId"] == allocation


def refuse_nat(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse a zonal gateway without what AWS needs for it."""
    if inputs.get("availabilityMode") == "regional":
        return None
    public = inputs.get("connectivityType") != "private"
    missing = [
        name for name in ("subnetId", *(("allocationId",) if public else ())) if inputs.get(name) is None
    ]
    return f"MissingParameter: the request must contain {missing[0]}" if missing else None


EIP = simulated(
    "aws:ec2/eip:Eip",
    id="AllocationId",
    read=Read("DescribeAddresses", {"AllocationIds": "[id]"}, path="Addresses[0]"),
    delete=(Call("ReleaseAddress", {"AllocationId": "id"}),),
    outputs={"arn": arn("elastic-ip"), "allocationId": "id"},
    tags=ec2_tags("elastic-ip"),
)

NAT_GATEWAY = simulated(
    "aws:ec2/natGateway:NatGateway",
    Nat,
    read=Read("DescribeNatGateways", {"NatGatewayIds": "[id]"}, path="NatGateways[?State!='deleted'] | [0]"),
    update=(Call("AssociateNatGatewayAddress", {"NatGatewayId": "id"}, take=("availabilityZoneAddresses",)),),
    rename={"privateIp": "PrivateIpAddress"},
    outputs={
        "publicIp": "NatGatewayAddresses[0].PublicIp",
        "privateIp": "NatGatewayAddresses[0].PrivateIp",
        "networkInterfaceId": "NatGatewayAddresses[0].NetworkInterfaceId",
        "associationId": "NatGatewayAddresses[0].AssociationId",
    },
    tags=ec2_tags("natgateway"),
    refuse=refuse_nat,
    kind="extended",
)

RESOURCES = (EIP, NAT_GATEWAY)
