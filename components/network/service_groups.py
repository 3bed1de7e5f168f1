"""Security groups of services side by side: who calls whom is said, and nobody else gets through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need
from components.network.groups import ANYWHERE, LOAD_BALANCER, Groups, check_ingress
from components.tags import Tags

LARGEST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Member:
    """One service."""

    port: int | None
    """TCP port on which it listens, 1 to 65535. None: nothing reaches it."""
    outside: bool = False
    """Whether the load balancer reaches it."""
    lattice: bool = False
    """Whether VPC Lattice reaches it."""
    calls: Sequence[str] = ()
    """Names of the services that it opens connections to."""


@dataclass(frozen=True, kw_only=True)
class ServiceGroupsArgs:
    """What the security groups of services need."""

    vpc_id: pulumi.Input[str]
    tags: Tags
    services: Mapping[str, Member]
    """By name: lower case letters, digits and hyphens."""
    ingress_cidrs: Sequence[str] = (ANYWHERE,)
    """IPv4 networks that may reach the load balancer, on 443 and 80."""
    lattice_prefix_list_id: pulumi.Input[str] | None = None
    """AWS's list of the networks that VPC Lattice calls from; needed where it reaches a service."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that leads nowhere."""
        at_least("services", self.services, 1, "somebody serves")
        check_ingress(self.ingress_cidrs)
        for name, member in self.services.items():
            need(name not in (LOAD_BALANCER, "https"), "services", repr(name), "any other name")
            if member.port is not None:
                between(f"services[{name}].port", member.port, 1, LARGEST_PORT)
            for way, said in (("outside", member.outside), ("lattice", member.lattice)):
                reached = member.port is not None or not said
                need(reached, f"services[{name}].{way}", "True", "False without a port")
            listed = self.lattice_prefix_list_id is not None or not member.lattice
            need(listed, "lattice_prefix_list_id", "None", "VPC Lattice's list, since it reaches a service")
            for other in member.calls:
                listens = other != name and other in self.services and self.services[other].port is not None
                allowed = "the name of another service that has a port"
                need(listens, f"services[{name}].calls", repr(other), allowed)


class ServiceGroups(Groups):
    """A group for the load balancer and one for each service; each connection is a pair of rules between two groups.

    Services that face outside take connections of the load balancer, those on a service network VPC Lattice's; any service takes those of
    the services that call it, and of nobody else. So calls between services never go by way of the load balancer. Each may open HTTPS
    connections, for AWS's services.

    Creates: groups and rules. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """

    service_ids: dict[str, pulumi.Output[str]]
    """By name of the service."""

    def __init__(
        self, name: str, args: ServiceGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        kind = "holdfast:network:ServiceGroups"
        super().__init__(
            kind,
            name,
            vpc_id=args.vpc_id,
            tags=args.tags,
            ingress_cidrs=args.ingress_cidrs,
            opts=opts,
        )
        self.service_ids = {each: self._group(each, f"Service {each}") for each in args.services}
        for each, member in args.services.items():
            self._https_out(each, self.service_ids[each])
            if member.outside and member.port is not None:
                self._connect(LOAD_BALANCER, self.load_balancer_id, each, member.port, self.service_ids[each])
            if member.lattice and member.port is not None:
                self._from_lattice(each, member.port, args.lattice_prefix_list_id)
            for other in member.calls:
                port = args.services[other].port
                if port is not None:
                    self._connect(each, self.service_ids[each], other, port, self.service_ids[other])
        self.register_outputs({"loadBalancerId": self.load_balancer_id, "serviceIds": self.service_ids})

    def _from_lattice(self, name: str, port: int, prefix_list_id: pulumi.Input[str] | None) -> None:
        self._rule(
            aws.vpc.SecurityGroupIngressRule,
            f"{name}-from-lattice",
            self.service_ids[name],
            port,
            "From VPC Lattice",
            prefix_list_id=prefix_list_id,
        )
