"""The public hosted zone of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge import checks
from components.options import handed_down
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class HostedZoneArgs:
    """What a hosted zone needs."""

    domain: str
    """Domain name, lower case, without a final dot."""
    tags: Tags
    existing_zone_id: pulumi.Input[str] | None = None
    """A zone that exists already, of another stack for instance; None: the component creates one."""
    protect: bool = True
    """Pulumi refuses to delete the zone: a new one has other name servers, which the registrar must learn."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, unless the domain is one."""
        checks.domain("domain", self.domain)


class HostedZone(pulumi.ComponentResource):
    """A public hosted zone, created or handed in.

    Creates: a zone with accelerated recovery: when us-east-1, where Route 53's control plane lives, is
    impaired, records can be changed again within 60 minutes. Answers never depended on it. Survives: loss of
    any region (100 % SLA of the DNS data plane). Costs: one zone a month and its queries.
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
    """

    zone_id: pulumi.Output[str]
    name: str
    name_servers: pulumi.Output[Sequence[str]] | None
    """What the registrar must name; None for a zone handed in, whose owner knows them."""

    def __init__(self, name: str, args: HostedZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:HostedZone", name, {}, handed_down(opts))
        self.name = args.domain
        if args.existing_zone_id is None:
            zone = aws.route53.Zone(
                f"{name}-zone",
                name=args.domain,
                comment=f"{args.tags.system} {args.tags.environment}",
                enable_accelerated_recovery=True,
                force_destroy=False,
                tags=args.tags.resource(f"{name}-zone"),
                opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
            )
            self.zone_id, self.name_servers = zone.zone_id, zone.name_servers
        else:
            self.zone_id, self.name_servers = pulumi.Output.from_input(args.existing_zone_id), None
        self.register_outputs({"zone_id": self.zone_id, "name": self.name, "name_servers": self.name_servers})
