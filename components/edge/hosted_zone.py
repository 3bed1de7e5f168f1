"""The public hosted zone of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge import checks
from components.logs import check_retention
from components.options import handed_down
from components.permissions import document
from components.tags import Tags

LOG_REGION = "us-east-1"
"""Where Route 53 writes logs of queries:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html"""


@dataclass(frozen=True, kw_only=True)
class HostedZoneArgs:
    """What a hosted zone needs."""

    domain: str
    """Domain name, lower case, without a final dot."""
    tags: Tags
    existing_zone_id: pulumi.Input[str] | None = None
    """A zone that exists already, of another stack for instance; None: the component creates one."""
    log_key_arn: pulumi.Input[str] | None = None
    """Customer key of us-east-1 for the log of queries. None: CloudWatch Logs encrypts with a key of its own."""
    log_retention_days: int = 90
    """Days that the log of queries is kept; CloudWatch Logs' own steps."""
    protect: bool = True
    """Pulumi refuses to delete the zone: a new one has other name servers, which the registrar must learn."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, unless the domain is one."""
        checks.domain("domain", self.domain)
        check_retention("log_retention_days", self.log_retention_days)


class HostedZone(pulumi.ComponentResource):
    """A public hosted zone, created or handed in.

    Creates: a zone with accelerated recovery: when us-east-1, where Route 53's control plane lives, is
    impaired, records can be changed again within 60 minutes. Answers never depended on it. With it a log of the
    queries, in us-east-1, and who may write it. Survives: loss of any region (100 % SLA of the DNS data plane).
    Costs: one zone a month, its queries and their log.
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
            self._log_queries(name, args, zone)
        else:
            self.zone_id, self.name_servers = pulumi.Output.from_input(args.existing_zone_id), None
        self.register_outputs({"zone_id": self.zone_id, "name": self.name, "name_servers": self.name_servers})

    def _log_queries(self, name: str, args: HostedZoneArgs, zone: aws.route53.Zone) -> None:
        child = pulumi.ResourceOptions(parent=self)
        whose = f"{args.tags.system}-{args.tags.environment}"
        log = aws.cloudwatch.LogGroup(
            f"{name}-queries",
            name=f"/aws/route53/{whose}/{args.domain}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            region=LOG_REGION,
            tags=args.tags.resource(f"{name}-queries"),
            opts=child,
        )
        writers = aws.cloudwatch.LogResourcePolicy(
            f"{name}-queries",
            policy_name=f"{whose}-{args.domain}-queries",
            policy_document=document(
                [
                    {
                        "Sid": "WriteByRoute53",
                        "Effect": "Allow",
                        "Principal": {"Service": "route53.amazonaws.com"},
                        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                        "Resource": pulumi.Output.concat(log.arn, ":*"),
                        "Condition": {
                            "ArnLike": {"aws:SourceArn": zone.arn},
                            "StringEquals": {"aws:SourceAccount": log.arn.apply(_account)},
                        },
                    }
                ]
            ),
            region=LOG_REGION,
            opts=child,
        )
        # Route 53 refuses a log group that it may not write to.
        aws.route53.QueryLog(
            f"{name}-queries",
            zone_id=zone.zone_id,
            cloudwatch_log_group_arn=log.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writers]),
        )


def _account(arn: str) -> str:
    return arn.split(":")[4]
