"""What CloudWatch, WAF, KMS and IAM don't take of alarms, log groups, web ACLs and policies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import ACCOUNT
from sandbox.provider.protocol import Context, Faults
from sandbox.provider.values import is_unknown, number

RETENTIONS = frozenset(
    {
        0,
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    }
)
"""Days; 0 is for ever: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html."""
SHORT_PERIODS, MINUTE, HOUR, DAY = (10, 20, 30), 60, 3600, 86400
"""Seconds: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html."""
MISSING = ("breaching", "notBreaching", "ignore", "missing")
LARGEST = {"aws:iam/policy:Policy": 6144, "aws:iam/rolePolicy:RolePolicy": 10240}
"""Characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""


def alarm(ctx: Context) -> Faults:
    """Refuse what no alarm can evaluate."""
    given = ctx.inputs
    period, periods, points = (
        number(given.get(n)) for n in ("period", "evaluationPeriods", "datapointsToAlarm")
    )
    if period is not None and period not in SHORT_PERIODS and (period < MINUTE or period % MINUTE):
        yield "period", f"ValidationError: Period must be 10, 20, 30 or a multiple of 60: {period:g}"
    if period is not None and periods is not None:
        span, most = ("day", DAY) if period < HOUR else ("week", 7 * DAY)
        if period * periods > most:
            text = f"Metrics cannot be checked across more than a {span} (EvaluationPeriods * Period must be <= {most})"
            yield "evaluationPeriods", f"ValidationError: {text}: {periods:g} * {period:g}"
    if points is not None and periods is not None and points > periods:
        yield (
            "datapointsToAlarm",
            f"ValidationError: DatapointsToAlarm {points:g} is more than EvaluationPeriods {periods:g}",
        )
    if given.get("statistic") is not None and given.get("extendedStatistic") is not None:
        yield (
            "extendedStatistic",
            "ValidationError: exactly one of Statistic and ExtendedStatistic must be specified",
        )
    missing = given.get("treatMissingData")
    if isinstance(missing, str) and missing not in MISSING:
        yield (
            "treatMissingData",
            f"ValidationError: TreatMissingData is one of {', '.join(MISSING)}, got {missing}",
        )


def log_group(ctx: Context) -> Faults:
    """Refuse a time to keep logs that CloudWatch doesn't offer."""
    days = number(ctx.inputs.get("retentionInDays"))
    if days is not None and days not in RETENTIONS:
        offered = ", ".join(map(str, sorted(RETENTIONS)))
        yield (
            "retentionInDays",
            f"InvalidParameterException: {days:g} is no retention that CloudWatch Logs offers: {offered}",
        )


def web_acl(ctx: Context) -> Faults:
    """Refuse a web ACL for CloudFront outside of its region, and rules that can't be put in an order."""
    if ctx.inputs.get("scope") == "CLOUDFRONT" and ctx.region != "us-east-1":
        text = "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"
        yield (
            "scope",
            f"WAFInvalidParameterException: {text}; CloudFront's web ACLs are made in us-east-1, not in {ctx.region}",
        )
    rules = ctx.inputs.get("rules")
    given = [r for r in rules if isinstance(r, Mapping)] if isinstance(rules, list) else []
    for field in ("priority", "name"):
        values = [r[field] for r in given if r.get(field) is not None and not is_unknown(r[field])]
        for value in (v for v, count in Counter(values).items() if count > 1):
            yield (
                "rules",
                f"WAFInvalidParameterException: Error reason: A rule's {field} must be unique, parameter: {value}",
            )


def web_acl_logging(ctx: Context) -> Faults:
    """Refuse a destination whose name doesn't begin as WAF wants it."""
    given = ctx.inputs.get("logDestinationConfigs")
    for arn in given if isinstance(given, list) else ():
        if isinstance(arn, str) and not arn.rsplit("/" if ":firehose:" in arn else ":", 1)[-1].startswith(
            "aws-waf-logs-"
        ):
            text = "Error reason: The ARN isn't valid., field: LOG_DESTINATION, parameter:"
            yield (
                "logDestinationConfigs",
                f"WAFInvalidParameterException: {text} {arn}; its name must begin with aws-waf-logs-",
            )


def key(ctx: Context) -> Faults:
    """Refuse a key's policy that nobody could change again."""
    document = _document(ctx.inputs.get("policy"))
    if document is None or ctx.inputs.get("bypassPolicyLockoutSafetyCheck") is True:
        return
    if not any(_lets_change(statement) for statement in document):
        yield (
            "policy",
            "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
        )


def policy(ctx: Context) -> Faults:
    """Refuse a policy that is longer than IAM takes."""
    text, most = ctx.inputs.get("policy"), LARGEST[ctx.row.token]
    size = len("".join(text.split())) if isinstance(text, str) else 0
    if size > most:
        yield "policy", f"LimitExceeded: Cannot exceed quota for PolicySize: {most}: {size} characters"


def _document(text: Any) -> list[Mapping[str, Any]] | None:
    """Statements of a policy; None where there is nothing to judge."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None  # refused when it is made
    statements = found.get("Statement") if isinstance(found, Mapping) else None
    listed = statements if isinstance(statements, list) else [statements]
    return [s for s in listed if isinstance(s, Mapping)] if statements else None


def _lets_change(statement: Mapping[str, Any]) -> bool:
    """Whether it lets the account that the sandbox runs as put another policy."""
    actions = statement.get("Action", [])
    words = [a.lower() for a in (actions if isinstance(actions, list) else [actions])]
    principal = statement.get("Principal")
    named = principal.get("AWS", []) if isinstance(principal, Mapping) else principal or []
    who = named if isinstance(named, list) else [named]
    mine = any(w in ("*", ACCOUNT) or str(w).startswith(f"arn:aws:iam::{ACCOUNT}:root") for w in who)
    return (
        statement.get("Effect") == "Allow"
        and mine
        and bool({"*", "kms:*", "kms:put*", "kms:putkeypolicy"} & set(words))
    )


BY_TYPE: Mapping[str, Any] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:wafv2/webAcl:WebAcl": web_acl,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": web_acl_logging,
    "aws:kms/key:Key": key,
    "aws:kms/replicaKey:ReplicaKey": key,
    "aws:iam/policy:Policy": policy,
    "aws:iam/rolePolicy:RolePolicy": policy,
}
