"""A VPC with public, private and data subnets in every zone, keyed by zone id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.network.cidr import subnet_plan, validate_network
from components.network.endpoints import (
    create_gateway_endpoints,
    create_interface_endpoints,
    validate_endpoints,
)
from components.network.flow_logs import create_flow_log, validate_retention
from components.network.nat import NatMode, create_nat
from components.options import handed_down
from components.tags import Tags

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class VpcArgs:
    """What a VPC needs."""

    cidr: str
    """A private IPv4 network, /16 to /23, e.g. `10.0.0.0/16`. Changing it replaces the VPC."""
    zones: Sequence[str]
    """Ids (not names, which differ between accounts) of at least two zones of the region, e.g. `use1-az1`."""
    tags: Tags
    region: str
    """The region of the stack, e.g. `us-east-1`: part of the names of endpoint services."""
    nat: NatMode = NatMode.ZONE
    """How private subnets reach the internet."""
    interface_endpoints: Sequence[str] = ()
    """Services to reach over interface endpoints, e.g. `ssm`, `ecr.api`. Each costs by the hour and zone."""
    flow_log_retention_days: int = 90
    """Days that flow logs are kept: one of the retentions that CloudWatch Logs has, 1 to 3653."""
    logs_key_arn: pulumi.Input[str] | None = None
    """KMS key for the flow logs; its policy must let CloudWatch Logs use it. Without it, AWS's own key."""
    subnet_tags: Mapping[str, str] = field(default_factory=dict)
    """Further tags of the subnets alone."""
    peer_cidr: str | None = None
    """CIDR of the VPC in the other region, which this one must not overlap."""


def validate_vpc(args: VpcArgs) -> None:
    """Raise ArgumentError for the first argument that AWS, or the address plan, would refuse."""
    validate_network(args.cidr, args.zones, args.region, args.peer_cidr)
    validate_endpoints(args.interface_endpoints)
    validate_retention(args.flow_log_retention_days)


class Vpc(pulumi.ComponentResource):
    """A VPC over several zones, ready for systems that must outlive one of them.

    Creates: the VPC with DNS on, three subnets a zone (public; private, with a route out over NAT; data, with
    none), their route tables, an internet gateway, NAT gateways, endpoints, flow logs, and the default
    security group without rules.
    Survives: the loss of a zone: each has its own subnets, route and NAT. Adding a zone or an endpoint
    replaces nothing.
    Costs: NAT gateways and interface endpoints by the hour and gigabyte, flow logs by the gigabyte.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html
    """

    vpc_id: pulumi.Output[str]
    cidr: str
    public_subnet_ids: dict[str, pulumi.Output[str]]
    """By zone id; for load balancers and NAT gateways alone."""
    private_subnet_ids: dict[str, pulumi.Output[str]]
    """By zone id; for applications and interface endpoints."""
    data_subnet_ids: dict[str, pulumi.Output[str]]
    """By zone id; for stores: no route leaves the VPC, but for S3 and DynamoDB."""
    private_route_table_ids: dict[str, pulumi.Output[str]]
    """By zone id: of the private subnet."""
    zone_names: dict[str, pulumi.Output[str]]
    """Zone id -> this account's name of the zone, e.g. `us-east-1a`."""
    nat_public_ips: dict[str, pulumi.Output[str]]
    """By zone id: the addresses that others see. One entry with a single NAT gateway, none without."""
    endpoint_ids: dict[str, pulumi.Output[str]]
    """By service: `s3`, `dynamodb` and the interface endpoints."""
    flow_log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: VpcArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        validate_vpc(args)
        super().__init__("holdfast:network:Vpc", name, {}, handed_down(opts))
        self.cidr = args.cidr
        self._name, self._tags, self._opts = name, args.tags, pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=args.tags.resource(name),
            opts=self._opts,
        )
        self.vpc_id = vpc.id
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default", vpc_id=vpc.id, tags=args.tags.resource(f"{name}-default"), opts=self._opts
        )
        subnets = self._subnets(args)
        self.public_subnet_ids, self.private_subnet_ids, self.data_subnet_ids = (
            {zone: subnet.id for zone, subnet in subnets[tier].items()}
            for tier in ("public", "private", "data")
        )
        self.zone_names = {zone: subnet.availability_zone for zone, subnet in subnets["private"].items()}
        route_tables = self._routing(args)
        self.endpoint_ids = create_gateway_endpoints(
            name,
            region=args.region,
            vpc_id=vpc.id,
            route_table_ids=route_tables,
            tags=args.tags,
            opts=self._opts,
        ) | create_interface_endpoints(
            name,
            args.interface_endpoints,
            region=args.region,
            vpc_id=vpc.id,
            cidr=args.cidr,
            subnet_ids=self.private_subnet_ids,
            tags=args.tags,
            opts=self._opts,
        )
        self.flow_log_group_name = create_flow_log(
            name,
            region=args.region,
            vpc_id=vpc.id,
            retention_days=args.flow_log_retention_days,
            key_arn=args.logs_key_arn,
            tags=args.tags,
            opts=self._opts,
        )
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "cidr": self.cidr,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
                "dataSubnetIds": self.data_subnet_ids,
                "zoneNames": self.zone_names,
                "natPublicIps": self.nat_public_ips,
                "endpointIds": self.endpoint_ids,
                "flowLogGroupName": self.flow_log_group_name,
            }
        )

    def _subnets(self, args: VpcArgs) -> dict[str, dict[str, aws.ec2.Subnet]]:
        """Tier -> zone id -> subnet."""
        made: dict[str, dict[str, aws.ec2.Subnet]] = {"public": {}, "private": {}, "data": {}}
        for zone, cidrs in subnet_plan(args.cidr, args.zones).items():
            for tier, subnets in made.items():
                child = f"{self._name}-{tier}-{zone}"
                subnets[zone] = aws.ec2.Subnet(
                    child,
                    vpc_id=self.vpc_id,
                    availability_zone_id=zone,
                    cidr_block=getattr(cidrs, tier),
                    # Load balancers and NAT gateways bring their own public addresses.
                    map_public_ip_on_launch=False,
                    tags={**self._tags.resource(child), **args.subnet_tags},
                    opts=self._opts,
                )
        return made

    def _routing(self, args: VpcArgs) -> list[pulumi.Output[str]]:
        """Internet gateway, NAT and route tables; the ids of all route tables."""
        internet = aws.ec2.InternetGateway(
            f"{self._name}-internet",
            vpc_id=self.vpc_id,
            tags=self._tags.resource(f"{self._name}-internet"),
            opts=self._opts,
        )
        public = self._route_table("public", self.public_subnet_ids)
        aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=public,
            destination_cidr_block=ANYWHERE,
            gateway_id=internet.id,
            opts=self._opts,
        )
        gateways, self.nat_public_ips = create_nat(
            self._name,
            args.nat,
            args.zones,
            vpc_id=self.vpc_id,
            public_subnet_ids=self.public_subnet_ids,
            tags=self._tags,
            opts=pulumi.ResourceOptions.merge(self._opts, pulumi.ResourceOptions(depends_on=[internet])),
        )
        private: dict[str, pulumi.Output[str]] = {}
        for zone in sorted(args.zones):
            private[zone] = self._route_table(f"private-{zone}", {zone: self.private_subnet_ids[zone]})
            if zone in gateways:
                aws.ec2.Route(
                    f"{self._name}-private-{zone}-nat",
                    route_table_id=private[zone],
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=gateways[zone],
                    opts=self._opts,
                )
        self.private_route_table_ids = private
        return [public, *private.values(), self._route_table("data", self.data_subnet_ids)]

    def _route_table(self, what: str, subnet_ids: dict[str, pulumi.Output[str]]) -> pulumi.Output[str]:
        """Create a route table for the subnets given by zone id, without routes but the VPC's own."""
        child = f"{self._name}-{what}"
        table = aws.ec2.RouteTable(
            child, vpc_id=self.vpc_id, tags=self._tags.resource(child), opts=self._opts
        )
        for zone, subnet_id in subnet_ids.items():
            aws.ec2.RouteTableAssociation(
                child if child.endswith(zone) else f"{child}-{zone}",
                subnet_id=subnet_id,
                route_table_id=table.id,
                opts=self._opts,
            )
        return table.id
