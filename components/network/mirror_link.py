"""What two machines in two zones mirror a disk over, and the address that moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

import pulumi
import pulumi_aws as aws

from components.checks import need
from components.network.groups import ANYWHERE
from components.options import handed_down
from components.tags import Tags

ZONES = 2
_UNUSABLE = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.17.0.0/16", "224.0.0.0/3")
"""Where no address can be routed to a network interface: this host, link-local, multicast; and Docker's own on EC2."""


@dataclass(frozen=True, kw_only=True)
class MirrorLinkArgs:
    """What the link needs."""

    vpc_id: pulumi.Input[str]
    cidr: str
    """The VPC's own network."""
    peer_cidr: str
    """The other region's."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, of exactly two zones; the first one has the address first."""
    route_table_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to the route table of its private subnets: of all zones, not the two alone."""
    address: str
    """The moving one: IPv4, outside of both VPCs, since a subnet and its addresses belong to one zone."""
    port: int
    """TCP port of what serves, for who asks by the address."""
    mirror_port: int
    """TCP port by which the machines mirror."""
    probe_port: int
    """TCP port at which each machine tells the load balancer whether its half is there."""
    load_balancer_id: pulumi.Input[str]
    """Security group of the load balancer."""
    machine_id: pulumi.Input[str]
    """Security group of the machines' own interfaces."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that leads nowhere."""
        zones = sorted(self.subnet_ids)
        need(len(zones) == ZONES, "subnet_ids", repr(zones), f"{ZONES} zones: a half of the disk in each")
        outside = f"an IPv4 address outside of {self.cidr} and {self.peer_cidr}, that can be routed"
        try:
            given = IPv4Address(self.address)
        except ValueError:
            need(holds=False, argument="address", got=repr(self.address), allowed=outside)
        taken = [IPv4Network(each, strict=False) for each in (self.cidr, self.peer_cidr, *_UNUSABLE)]
        need(not any(given in each for each in taken), "address", repr(self.address), outside)
        ports = [self.port, self.mirror_port, self.probe_port]
        others = f"another than {self.mirror_port} and {self.probe_port}, which the mirror uses"
        need(len(set(ports)) == len(ports), "port", self.port, others)


class MirrorLink(pulumi.ComponentResource):
    """A network interface in each of two zones, with an address of its own that outlives its machine, and a route that moves.

    An interface can't cross zones, nor can an address of a subnet. So what moves is a route: each private route table leads one address
    from outside the VPC to the interface of who is primary. The program declares it; a function points it elsewhere.

    Creates: a security group with its rules, two network interfaces, a route in each table. Survives: an instance, whose successor
    attaches the interface; a zone, since the route moves. Costs: nothing but traffic between zones, in both directions.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html (routing to a network interface)
    """

    interface_ids: dict[str, pulumi.Output[str]]
    """By zone id."""
    interface_arns: dict[str, pulumi.Output[str]]
    addresses: dict[str, pulumi.Output[str]]
    """The interfaces' own, by zone id."""
    group_id: pulumi.Output[str]

    def __init__(self, name: str, args: MirrorLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:network:MirrorLink", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.group_id = aws.ec2.SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description="Interfaces of a mirrored disk",
            tags=args.tags.resource(f"{name}-group"),
            opts=self._child,
        ).id
        self._rules()
        made = {zone: self._interface(zone) for zone in args.subnet_ids}
        self.interface_ids = {zone: each.id for zone, each in made.items()}
        self.interface_arns = {zone: each.arn for zone, each in made.items()}
        self.addresses = {zone: each.private_ip for zone, each in made.items()}
        self._routes()
        self.register_outputs(
            {"interfaceIds": self.interface_ids, "addresses": self.addresses, "groupId": self.group_id}
        )

    def _interface(self, zone: str) -> aws.ec2.NetworkInterface:
        args, name = self._args, f"{self._name}-{zone}"
        return aws.ec2.NetworkInterface(
            name,
            subnet_id=args.subnet_ids[zone],
            description=f"Mirrored disk, {zone}",
            security_groups=[self.group_id],
            source_dest_check=False,  # it answers for the moving address, which isn't its own
            tags=args.tags.resource(name),
            # Whoever runs in the zone attaches it, by itself.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["attachments"]),
        )

    def _routes(self) -> None:
        args = self._args
        first = next(iter(self.interface_ids.values()))
        for zone, table in args.route_table_ids.items():
            aws.ec2.Route(
                f"{self._name}-to-{zone}",
                route_table_id=table,
                destination_cidr_block=f"{args.address}/32",
                network_interface_id=first,
                # The pair's function leads it to who is primary.
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=["network_interface_id"]),
            )

    def _rules(self) -> None:
        args, own = self._args, self.group_id
        into, out = aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule
        mirror, probe = args.mirror_port, args.probe_port
        self._rule(into, "mirror-in", own, mirror, "The other half", other=own)
        self._rule(out, "mirror-out", own, mirror, "The other half", other=own)
        self._rule(into, "clients", own, args.port, "Clients of the moving address", cidr=args.cidr)
        self._rule(
            out, "probe-out", args.load_balancer_id, probe, "Health of each half", other=args.machine_id
        )
        self._rule(
            into, "probe-in", args.machine_id, probe, "Health of this half", other=args.load_balancer_id
        )
        self._rule(
            out, "packages", args.machine_id, 80, "Signed packages of the archive of Ubuntu", cidr=ANYWHERE
        )

    def _rule(
        self,
        make: type[aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule],
        what: str,
        group: pulumi.Input[str],
        port: int,
        about: str,
        *,
        cidr: str | None = None,
        other: pulumi.Input[str] | None = None,
    ) -> None:
        name = f"{self._name}-{what}"
        make(
            name,
            security_group_id=group,
            description=about,
            cidr_ipv4=cidr,
            referenced_security_group_id=other,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self._args.tags.resource(name),
            opts=self._child,
        )
