"""Services of a system that are called from other VPCs, by VPC Lattice: the network of this region, and what is on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.containers import arguments, names
from architectures.containers.sections import Lattice, Service
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from architectures.system import Place
from components.network import (
    ClientVpc,
    LatticeService,
    LatticeServiceArgs,
    ServiceNetwork,
    ServiceNetworkArgs,
)
from components.tags import Tags

OWN = "own"
"""What the stack's own VPC is called among those that are associated."""


def prefix_list(region: str, parent: pulumi.Resource) -> pulumi.Output[str]:
    """AWS's list of the addresses from which VPC Lattice calls targets in the region."""
    opts = pulumi.InvokeOutputOptions(parent=parent)
    return aws.ec2.get_managed_prefix_list_output(name=f"com.amazonaws.{region}.vpc-lattice", opts=opts).id


def network(
    given: Lattice,
    name: str,
    stack: Stack,
    *,
    vpc_id: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    tags: Tags,
) -> ServiceNetworkArgs:
    """The arguments of the network; the settings' checks look at the same."""
    vpcs = {OWN: ClientVpc(vpc_id=vpc_id, cidr=stack.networks[0])}
    vpcs |= {each: ClientVpc(vpc_id=each, cidr=cidr) for each, cidr in given.vpcs.items()}
    return ServiceNetworkArgs(
        network_name=stack.named(name),
        vpcs=vpcs,
        signed=given.auth == "iam",
        key_arn=key_arn,
        tags=tags,
    )


def service(
    given: Lattice,
    on_it: Service,
    own: str,
    *,
    network_arn: pulumi.Input[str],
    vpc_id: pulumi.Input[str],
    account: pulumi.Input[str],
    tags: Tags,
) -> LatticeServiceArgs:
    """The arguments of a service on it, whose physical name is `own`; `account` is the ARN of this account's root."""
    return LatticeServiceArgs(
        service_name=names.lattice_service(own),
        network_arn=network_arn,
        vpc_id=vpc_id,
        port=on_it.port or 0,
        health_path=on_it.health_path,
        callers=(given.callers or [account]) if given.auth == "iam" else None,
        tags=tags,
    )


def faults(
    given: Lattice | None, services: Mapping[str, Service], name: str, stack: Stack
) -> Iterator[Fault]:
    """What can't be of the network, and of services on it."""
    on_it = {each: known for each, known in services.items() if known.lattice}
    if given is None:
        for each in on_it:
            allowed = "false without the system's lattice, which says who may call"
            yield fault(f"services.{each}.lattice", "true", allowed)
        return
    if not on_it:
        yield fault("lattice", "no service on it", "one or more with lattice: true")
    if given.auth == "none" and given.callers:
        allowed = "none with auth none: nobody is asked who he is"
        yield fault("lattice.callers", repr(sorted(given.callers)), allowed)
    args = network(given, name, stack, vpc_id=PLACEHOLDER, key_arn=PLACEHOLDER, tags=PLACEHOLDER_TAGS)
    keys = {f"vpcs[{each}].cidr": f"lattice.vpcs.{each}" for each in given.vpcs}
    yield from refusals(args.check, {**keys, "network_name": ""})
    for each, known in on_it.items():
        if known.port is None:  # the tasks' own fault
            continue
        made = service(
            given,
            known,
            stack.named(names.service(name, each)),
            network_arn=PLACEHOLDER,
            vpc_id=PLACEHOLDER,
            account=PLACEHOLDER,
            tags=PLACEHOLDER_TAGS,
        )
        found = refusals(made.check, arguments.LATTICE_KEYS)
        yield from ((f"services.{each}.{key}", said) for key, said in found)


def _root(parent: pulumi.Resource) -> pulumi.Output[str]:
    """The ARN that stands for this account in a policy."""
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=invoke).account_id
    return pulumi.Output.concat(
        "arn:", aws.get_partition_output(opts=invoke).partition, ":iam::", account, ":root"
    )


class OnLattice:
    """The network and the services on it, as children of the system."""

    target_arns: Mapping[str, pulumi.Output[str]]
    """Where ECS registers the tasks of each service."""
    outputs: dict[str, Any]
    """What people read of it: the network, which other VPCs' owners may look for, and the URL of each service."""

    def __init__(
        self,
        name: str,
        given: Lattice,
        services: Mapping[str, Service],
        place: Place,
        *,
        parent: pulumi.Resource,
    ) -> None:
        stack, tags, child = place.stack, place.tags, pulumi.ResourceOptions(parent=parent)
        vpc_id = place.ground.network.vpc_id
        args = network(given, name, stack, vpc_id=vpc_id, key_arn=place.ground.key_arn, tags=tags)
        own = ServiceNetwork(f"{name}-lattice", args, child)
        root = _root(parent)
        made = {
            each: LatticeService(
                f"{names.service(name, each)}-lattice",
                service(
                    given,
                    known,
                    stack.named(names.service(name, each)),
                    network_arn=own.arn,
                    vpc_id=vpc_id,
                    account=root,
                    tags=tags,
                ),
                child,
            )
            for each, known in services.items()
        }
        self.target_arns = {each: found.target_group_arn for each, found in made.items()}
        urls = {each: found.url for each, found in made.items()}
        self.outputs = {"network": own.arn, "urls": urls}
