"""Health checks tell a failed front from a failed application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .kernel.resource import Resource
from .kernel.rule import NONE, UPPER, Context, Finding, Scope, Severity, rule
from .kernel.values import UNKNOWN
from .tokens import HEALTH_CHECK

_MONITOR: Final = "REL11-BP01 Monitor all components of the workload to detect failures"
_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"


@rule(
    "route53-health-check-by-name",
    HEALTH_CHECK,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="A check on an address watches one machine, and the wrong one after a replacement.",
    remedy="Check the load balancer or the site by fqdn.",
    page="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
    pillar=_MONITOR,
)
def route53_health_check_by_name(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Endpoint checks only."""
    if resource.props.has("ipAddress"):
        yield Finding("ipAddress is set.")


@rule(
    "route53-health-check-deep-and-shallow",
    HEALTH_CHECK,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="A shallow check misses a dead database behind a live front; a deep one alone fails over for a hiccup in a dependency.",
    remedy="Check the endpoint and an application path, and join both in a calculated check.",
    page="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html",
    pillar=_MONITOR,
)
def route53_health_check_deep_and_shallow(resource: Resource, context: Context) -> Iterator[Finding]:
    """Endpoint checks on the same name with different paths, or a TCP check beside a path. Not of static sites."""
    kind = resource.props.raw.get("type")
    if not isinstance(kind, str) or not kind.startswith(("HTTP", "TCP")):
        return
    name = resource.props.raw.get("fqdn")
    if str(name).endswith(".cloudfront.net") or any(
        target.type == _DISTRIBUTION for target in context.graph.targets(resource, "fqdn")
    ):
        return
    seen: set[str] = set()
    own = set(resource.property_dependencies.get("fqdn", ()))
    for other in context.graph.of(HEALTH_CHECK):
        if other.props.raw.get("type") in (None, UNKNOWN) or not str(other.props.raw["type"]).startswith(
            ("HTTP", "TCP")
        ):
            continue
        same = other.props.raw.get("fqdn") == name and name not in (None, UNKNOWN)
        if same or own & set(other.property_dependencies.get("fqdn", ())) or other is resource:
            path = other.props.raw.get("resourcePath")
            computed = path is UNKNOWN and "resourcePath" not in other.property_dependencies
            seen.add("" if computed or not path else str(path))
    if len(seen) < 2:  # noqa: PLR2004
        yield Finding(f"it is the only kind of check on {'its name' if name is UNKNOWN else name}.")
