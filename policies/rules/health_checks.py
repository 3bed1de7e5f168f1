"""Health checks tell a failed front from a failed application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import HEALTH_CHECK

_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"


@rule("route53-health-check-by-name", HEALTH_CHECK)
def route53_health_check_by_name(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Endpoint checks only."""
    if resource.known.has("ipAddress"):
        yield Finding("ipAddress is set.")


@rule("route53-health-check-deep-and-shallow", HEALTH_CHECK, scope=Scope.GRAPH)
def route53_health_check_deep_and_shallow(resource: Resource, context: Context) -> Iterator[Finding]:
    """Endpoint checks on the same name with different paths, or a TCP check beside a path. Not of static sites."""
    name = resource.get("fqdn")
    if not _of_endpoint(resource) or str(name).endswith(".cloudfront.net"):
        return
    if context.graph.linked(resource, "fqdn", _DISTRIBUTION):
        return
    seen: set[str] = set()
    own = set(resource.property_dependencies.get("fqdn", ()))
    for other in context.graph.of(HEALTH_CHECK):
        if not _of_endpoint(other):
            continue
        same = isinstance(name, str) and other.get("fqdn") == name
        if same or own & set(other.property_dependencies.get("fqdn", ())) or other is resource:
            seen.add(str(other.get("resourcePath")) if other.gives("resourcePath") else "")
    if len(seen) < 2:  # noqa: PLR2004
        yield Finding(f"it is the only kind of check on {name if isinstance(name, str) else 'its name'}.")


def _of_endpoint(check: Resource) -> bool:
    kind = check.get("type")
    return isinstance(kind, str) and kind.startswith(("HTTP", "TCP"))
