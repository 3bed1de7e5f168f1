"""Ways out of the private subnets: a NAT gateway per zone, one for the region, a single one, or none."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.tags import Tags


class NatMode(enum.StrEnum):
    """How private subnets reach the internet.

    A change between `zone` and `regional` replaces nothing in use: the new gateways stand before routes move and the old ones go.
    For that time both need addresses, and an account has five Elastic IP addresses a region unless its quota was raised.
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html
    """

    ZONE = "zone"
    """A gateway in each zone: losing a zone takes no other zone's way out."""
    REGIONAL = "regional"
    """One gateway that AWS spreads over the zones, without subnets, with an address of ours in each.
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html"""
    SINGLE = "single"
    """One gateway in the first zone listed. Every zone depends on that one: for development only."""
    NONE = "none"
    """No way out: everything goes over VPC endpoints."""


def create_nat(
    name: str,
    mode: NatMode,
    zones: Sequence[str],
    *,
    vpc_id: pulumi.Input[str],
    public_subnet_ids: Mapping[str, pulumi.Input[str]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> tuple[dict[str, pulumi.Output[str]], dict[str, pulumi.Output[str]]]:
    """Create the gateways; return by zone id the gateway its private route goes to, and the public addresses.

    `opts` has the parent, and the internet gateway as a dependency: without it no address can be used.
    """
    if mode is NatMode.NONE:
        return {}, {}
    served = zones[:1] if mode is NatMode.SINGLE else zones
    # An address can't serve two gateways, so a change of mode needs other ones: the new gateway comes before the old go.
    what = f"{name}-nat-regional" if mode is NatMode.REGIONAL else f"{name}-nat"
    addresses = {
        zone: aws.ec2.Eip(f"{what}-{zone}", domain="vpc", tags=tags.resource(f"{what}-{zone}"), opts=opts)
        for zone in served
    }
    public_ips = {zone: address.public_ip for zone, address in addresses.items()}
    if mode is NatMode.REGIONAL:
        # Addresses are given per zone: without them AWS enters a zone only after it has seen workload
        # there, and the addresses that others see would change.
        gateway = aws.ec2.NatGateway(
            what,
            vpc_id=vpc_id,
            availability_mode="regional",
            connectivity_type="public",
            availability_zone_addresses=[
                aws.ec2.NatGatewayAvailabilityZoneAddressArgs(
                    availability_zone_id=zone, allocation_ids=[addresses[zone].allocation_id]
                )
                for zone in sorted(served)
            ],
            tags=tags.resource(what),
            opts=opts,
        )
        return dict.fromkeys(zones, gateway.id), public_ips
    gateways = {
        zone: aws.ec2.NatGateway(
            f"{name}-nat-{zone}",
            subnet_id=public_subnet_ids[zone],
            allocation_id=addresses[zone].allocation_id,
            connectivity_type="public",
            tags=tags.resource(f"{name}-nat-{zone}"),
            opts=opts,
        ).id
        for zone in served
    }
    return {zone: gateways.get(zone, gateways[served[0]]) for zone in zones}, public_ips
