"""Load balancers leave failed targets, and clients leave failed load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import NONE, UPPER, Context, Finding, Severity, rule
from .tokens import LOAD_BALANCERS, TARGET_GROUPS

_FAIL_OVER: Final = "REL11-BP02 Fail over to healthy resources"
_MONITOR: Final = "REL11-BP01 Monitor all components of the workload to detect failures"


@rule(
    "lb-target-group-http-check",
    *TARGET_GROUPS,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="A port that accepts a connection says nothing about the application behind it.",
    remedy='Check a path by HTTP or HTTPS with matcher "200".',
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    pillar=_MONITOR,
    principles=("R16",),
)
def lb_target_group_http_check(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Groups that speak HTTP. AWS's defaults are a path of / and 200."""
    props = resource.known
    if props.text("protocol") not in ("HTTP", "HTTPS"):
        return
    check = props.view("healthCheck")
    if check.text("protocol", "HTTP") == "TCP" or not check.flag("enabled", default=True):
        yield Finding("its health check is by TCP, or off.")
    matcher = check.text("matcher", "200")
    if matcher.split(",")[0].split("-")[0][:1] != "2" or any(code in matcher for code in ("-4", "-5", "-3")):
        yield Finding(f"its matcher {matcher} takes errors for health.")


@rule(
    "lb-target-group-fail-open",
    *TARGET_GROUPS,
    severity=Severity.LOW,
    tiers=NONE,
    why="Left with too few healthy targets a group overloads them; sending to all, or leaving by DNS, keeps more alive.",
    remedy="Set target_group_health with dns_failover and unhealthy_state_routing thresholds.",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    pillar="REL05-BP01 Implement graceful degradation to transform applicable hard dependencies into soft dependencies",
    finding="No fail-open below N healthy",
)
def lb_target_group_fail_open(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Either threshold."""
    health = resource.known.view("targetGroupHealth")
    if not (health.has("dnsFailover") or health.has("unhealthyStateRouting")):
        yield Finding("targetGroupHealth is not set.")


@rule(
    "lb-client-keep-alive",
    *LOAD_BALANCERS,
    severity=Severity.LOW,
    tiers=NONE,
    why="A connection that lives for an hour keeps its client on a load balancer that DNS has long left.",
    remedy="Set client_keep_alive to a few minutes, such as 180.",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
    pillar=_FAIL_OVER,
    finding="ALB keep-alive 3600 s",
    options={
        "maximumSeconds": {
            "type": "integer",
            "minimum": 60,
            "maximum": 604800,
            "default": 300,
            "description": "largest client_keep_alive, seconds",
        }
    },
)
def lb_client_keep_alive(resource: Resource, context: Context) -> Iterator[Finding]:
    """Application load balancers; AWS's default is an hour."""
    if resource.known.text("loadBalancerType", "application") != "application":
        return
    seconds, most = resource.known.number("clientKeepAlive", 3600), context.options.number("maximumSeconds")
    if seconds > most:
        yield Finding(f"clientKeepAlive is {seconds:g} s, more than {most:g}.")
