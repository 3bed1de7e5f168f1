"""Load balancers leave failed targets, and clients leave failed load balancers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Resource

from .kernel.rule import Context, Finding, number, rule
from .tokens import LOAD_BALANCERS, TARGET_GROUPS


@rule("lb-target-group-http-check", *TARGET_GROUPS)
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


@rule("lb-target-group-fail-open", *TARGET_GROUPS)
def lb_target_group_fail_open(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Either threshold."""
    health = resource.known.view("targetGroupHealth")
    if not (health.has("dnsFailover") or health.has("unhealthyStateRouting")):
        yield Finding("targetGroupHealth is not set.")


@rule(
    "lb-client-keep-alive",
    *LOAD_BALANCERS,
    options={"maximumSeconds": number(60, 604800, 300, "largest client_keep_alive, seconds")},
)
def lb_client_keep_alive(resource: Resource, context: Context) -> Iterator[Finding]:
    """Application load balancers; AWS's default is an hour."""
    if resource.known.text("loadBalancerType", "application") != "application":
        return
    seconds, most = resource.known.number("clientKeepAlive", 3600), context.options.number("maximumSeconds")
    if seconds > most:
        yield Finding(f"clientKeepAlive is {seconds:g} s, more than {most:g}.")
