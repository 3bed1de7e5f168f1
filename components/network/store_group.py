"""The security group of stores, and the one whose members reach them, at one port."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between
from components.network.security_groups import LARGEST_PORT
from components.options import handed_down
from components.outputs import register
from components.tags import Tags

CLIENTS, STORES = "clients", "stores"


@dataclass(frozen=True, kw_only=True)
class StoreGroupArgs:
    """What the two groups need."""

    tags: Tags
    vpc_id: pulumi.Input[str]
    port: int
    """TCP port, 1 to 65535."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        between("port", self.port, 1, LARGEST_PORT)


class StoreGroup(pulumi.ComponentResource):
    """Stores that whoever is in the other group reaches, and nobody else; they open no connections themselves.

    Creates: both groups, and a pair of rules between them. A server, task or function that asks the stores is put in the clients' group
    beside its own. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    store_id: pulumi.Output[str]
    client_id: pulumi.Output[str]

    def __init__(self, name: str, args: StoreGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:network:StoreGroup", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.store_id, self.client_id = self._group(STORES), self._group(CLIENTS)
        into, out = aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule
        self._rule(into, f"{STORES}-from-{CLIENTS}", self.store_id, self.client_id)
        self._rule(out, f"{CLIENTS}-to-{STORES}", self.client_id, self.store_id)
        register(self, "store_id", "client_id")

    def _group(self, what: str) -> pulumi.Output[str]:
        name = f"{self._name}-{what}"
        return aws.ec2.SecurityGroup(
            name,
            vpc_id=self._args.vpc_id,
            description=f"{what.capitalize()} of {self._name}",
            tags=self._args.tags.resource(name),
            opts=self._child,
        ).id

    def _rule(
        self,
        make: type[aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule],
        what: str,
        group_id: pulumi.Output[str],
        other_id: pulumi.Output[str],
    ) -> None:
        name = f"{self._name}-{what}"
        make(
            name,
            security_group_id=group_id,
            description=f"Between {CLIENTS} and {STORES}",
            referenced_security_group_id=other_id,
            ip_protocol="tcp",
            from_port=self._args.port,
            to_port=self._args.port,
            tags=self._args.tags.resource(name),
            opts=self._child,
        )
