"""Residency: resources and copies stay in the regions that are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource, strings

from .documents import listed, statements
from .kernel.rule import ALL, Context, Finding, Severity, rule

_GUARDS: Final = ("aws:organizations/policy:Policy", "aws:iam/policy:Policy")
_GLOBAL_PARTS: Final = 4
"""Parts of an ARN up to its region, counted from 0 at `arn`."""


def _copies(resource: Resource) -> Iterator[tuple[str, str]]:
    """Regions a resource copies its data to, and the property that says so."""
    for replica in resource.known.views("replicas"):
        yield replica.text("regionName") or replica.text("region"), "replicas"
    if resource.type == "aws:backup/plan:Plan":
        for each in resource.known.views("rules"):
            for copy in each.views("copyActions"):
                yield _region_of(copy.text("destinationVaultArn")), "copyActions"
    if resource.type == "aws:arcregionswitch/plan:Plan":
        for region in resource.known.texts("regions"):
            yield region, "regions"


def _region_of(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) > _GLOBAL_PARTS else ""


def _guarded(resource: Resource) -> Iterator[tuple[str, str]]:
    """Regions that a policy lets requests through to, by the condition key `aws:RequestedRegion`."""
    name = "content" if resource.type.startswith("aws:organizations/") else "policy"
    for statement in statements(resource.known.text(name)):
        conditions = statement.get("Condition")
        for tests in conditions.values() if isinstance(conditions, dict) else ():
            values = tests.get("aws:RequestedRegion") if isinstance(tests, dict) else None
            for region in strings(listed(values)):
                yield region, "aws:RequestedRegion"


@rule(
    "aws-resource-allowed-regions",
    "aws:",
    severity=Severity.HIGH,
    tiers=ALL,
    why="Data that must stay in a country leaves it with one replica or one backup copy.",
    remedy="Move the resource or its copy to an allowed region, or allow the region in the configuration.",
    page="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_data_classification_define_protection.html",
    pillar="SEC07-BP02 Apply data protection controls based on data sensitivity",
    options={
        "regions": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "regions that resources and copies may be in; empty for no restriction",
        },
        "global": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["us-east-1"],
            "description": "regions allowed besides, for certificates and firewalls of global services",
        },
    },
)
def aws_resource_allowed_regions(resource: Resource, context: Context) -> Iterator[Finding]:
    """The resource's own region, its copies, and what region guards let through."""
    allowed = set(context.options.texts("regions"))
    if not allowed:
        return
    home = resource.sure_region()
    everywhere = allowed | (set(context.options.texts("global")) if _global_service(resource) else set())
    if home and home not in everywhere:
        yield Finding(f"it is in {home}, allowed: {', '.join(sorted(allowed))}.")
    found = [*_copies(resource), *(_guarded(resource) if resource.type in _GUARDS else ())]
    for region, prop in found:
        if region and region not in allowed:
            yield Finding(f"{prop} names {region}, allowed: {', '.join(sorted(allowed))}.")


def _global_service(resource: Resource) -> bool:
    """What a global service needs in us-east-1: its certificates, firewalls and metrics."""
    return resource.type.startswith(
        (
            "aws:acm/",
            "aws:wafv2/",
            "aws:cloudfront/",
            "aws:route53/",
            "aws:iam/",
            "aws:cloudwatch/",
            "aws:shield/",
        )
    )
