"""What filters requests before a load balancer, a REST API or CloudFront hands them on."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between, each_once, need
from components.logs import check_retention
from components.options import handed_down
from components.tags import Tags

CLOUDFRONT_REGION = "us-east-1"
"""Where web ACLs of CloudFront live, with their logs, and its certificates, and where its access logs are delivered from:
https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"""
RATE_LIMIT = (10, 2_000_000_000)
"""Requests of one address within five minutes.
https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"""
LOG_PREFIX = "aws-waf-logs-"
"""How the name of a log group must begin:
https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html"""
MANAGED = (
    ("reputation", "AWSManagedRulesAmazonIpReputationList"),
    ("bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
    ("common", "AWSManagedRulesCommonRuleSet"),
)
"""AWS's rule groups: addresses known for attacks, requests known to exploit something, the common attacks of OWASP's list. Together
925 of the 1500 units that a web ACL's price includes.
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""
BODY_SIZE = "SizeRestrictions_BODY"
"""Rule of the common group that blocks bodies above 8 KB, and so uploads."""


class Scope(enum.StrEnum):
    """What a web ACL stands before."""

    REGIONAL = "REGIONAL"
    """A load balancer of its region, or a stage of a REST API."""
    CLOUDFRONT = "CLOUDFRONT"


@dataclass(frozen=True, kw_only=True)
class WebAclArgs:
    """What a web ACL needs."""

    scope: Scope
    prefix: str
    """Begins the name of the log group, which is unique in an account's region."""
    tags: Tags
    key_arn: pulumi.Input[str] | None
    """Customer key of the log's region. None where there is none: CloudWatch Logs encrypts with a key of its own."""
    rate_limit: int = 2000
    """Requests of one address within five minutes above which it is blocked, 10 to 2,000,000,000."""
    count_only: Sequence[str] = (BODY_SIZE,)
    """Rules of the common group that count instead of blocking."""
    retention_days: int = 90
    """Days that the log is kept; CloudWatch Logs' own steps."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        between("rate_limit", self.rate_limit, *RATE_LIMIT, "requests in five minutes")
        each_once("count_only", list(self.count_only))
        need(all(self.count_only), "count_only", "an empty name", "names of rules of the common group")
        check_retention("retention_days", self.retention_days)


class WebAcl(pulumi.ComponentResource):
    """AWS's managed rules and a limit for each address, with a log of what was blocked or counted.

    Creates: web ACL, log group, logging without the header that authorizes. Survives: part of the service that it stands before, zone
    by zone. Costs: the ACL, four rules, requests and logs. A limit keeps one address from taking the capacity of all; a flood from
    many addresses is for Shield.
    Source: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: WebAclArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:WebAcl", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        region = CLOUDFRONT_REGION if args.scope is Scope.CLOUDFRONT else None
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            scope=str(args.scope),
            description=f"Before {name}",
            default_action={"allow": {}},
            rules=_rules(args),
            visibility_config={
                "cloudwatch_metrics_enabled": True,
                "metric_name": name,
                "sampled_requests_enabled": True,
            },
            region=region,
            tags=args.tags.resource(f"{name}-acl"),
            opts=child,
        )
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=f"{LOG_PREFIX}{args.prefix}-{args.scope.lower()}",
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            region=region,
            tags=args.tags.resource(f"{name}-log"),
            opts=child,
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[log.arn],
            redacted_fields=[
                {"single_header": {"name": "authorization"}},
                {"single_header": {"name": "cookie"}},
            ],
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [
                            {"action_condition": {"action": action}} for action in ("BLOCK", "COUNT")
                        ],
                    }
                ],
            },
            region=region,
            opts=child,
        )
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})


def _rules(args: WebAclArgs) -> list[aws.wafv2.WebAclRuleArgsDict]:
    limited: aws.wafv2.WebAclRuleArgsDict = {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"rate_based_statement": {"limit": args.rate_limit, "aggregate_key_type": "IP"}},
        "visibility_config": _seen("rate"),
    }
    return [limited, *(_managed(number, *group, args) for number, group in enumerate(MANAGED, start=1))]


def _managed(priority: int, name: str, group: str, args: WebAclArgs) -> aws.wafv2.WebAclRuleArgsDict:
    statement: aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgsDict = {
        "name": group,
        "vendor_name": "AWS",
    }
    if name == "common" and args.count_only:
        statement["rule_action_overrides"] = [
            {"name": rule, "action_to_use": {"count": {}}} for rule in args.count_only
        ]
    return {
        "name": name,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": statement},
        "visibility_config": _seen(name),
    }


def _seen(name: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgsDict:
    return {"cloudwatch_metrics_enabled": True, "metric_name": name, "sampled_requests_enabled": True}
