"""A namespace of Cloud Map in a VPC, and services whose instances clients find there themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, each_once, need
from components.options import handed_down
from components.outputs import register
from components.permissions import Statement, allow
from components.tags import Tags

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{LABEL}(\.{LABEL})+")
TTL_SECONDS = 10
"""How long a resolver keeps addresses: a task that is gone is asked for so long by clients that go by DNS."""


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """What a namespace needs."""

    namespace: str
    """A DNS name of two labels or more, which the VPC's resolver answers; the VPC has no other zone of that name."""
    vpc_id: pulumi.Input[str]
    services: Sequence[str]
    """Names, one or more: `<service>.<namespace>` has the addresses of up to eight healthy instances, the API has all."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        fits = _NAME.fullmatch(self.namespace) is not None
        allowed = (
            "a DNS name of two labels or more, each of at most 63 lower-case letters, digits and hyphens"
        )
        need(fits, "namespace", repr(self.namespace), allowed)
        at_least("services", self.services, 1, "somebody is found")
        each_once("services", self.services)


class Registry(pulumi.ComponentResource):
    """A private DNS namespace with services, whose instances say themselves, or have ECS say, whether they are healthy.

    Creates: the namespace, which has a private hosted zone, and its services.
    Survives: an instance, a zone; it belongs to its region. While Cloud Map can't be asked, clients go on with what they know.
    Costs: the hosted zone, and each instance that ECS doesn't register, by the month; calls of the API.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
    """

    namespace: str
    service_arns: dict[str, pulumi.Output[str]]
    """By name."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:network:Registry", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        namespace = aws.servicediscovery.PrivateDnsNamespace(
            f"{name}-namespace",
            name=args.namespace,
            vpc=args.vpc_id,
            description="Where clients find instances themselves",
            tags=args.tags.resource(f"{name}-namespace"),
            opts=own,
        )
        made = {
            each: aws.servicediscovery.Service(
                f"{name}-{each}",
                name=each,
                description=f"Instances of {each}",
                dns_config={
                    "namespace_id": namespace.id,
                    "dns_records": [{"type": "A", "ttl": TTL_SECONDS}],
                    "routing_policy": "MULTIVALUE",
                },
                health_check_custom_config={
                    "failure_threshold": 1
                },  # without it the provider sends no such check
                force_destroy=True,  # who registered itself, and didn't leave, keeps nothing
                tags=args.tags.resource(f"{name}-{each}"),
                opts=own,
            )
            for each in args.services
        }
        self.namespace = args.namespace
        self.service_arns = {each: found.arn for each, found in made.items()}
        register(self, "namespace", "service_arns")

    def finding(self, services: Sequence[str]) -> Statement:
        """What a client of those services needs. The API knows no resources, its names are conditions.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
        """
        named = {
            "servicediscovery:NamespaceName": self.namespace,
            "servicediscovery:ServiceName": list(services),
        }
        return allow("servicediscovery:DiscoverInstances", "*", {"StringEquals": named})
