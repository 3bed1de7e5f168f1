"""Environments of Elastic Beanstalk: zones, health, updates, logs, TLS, metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.graph import NotKnownError, Resource, Unknown
from policies.graph.beanstalk import ENVIRONMENT, KIND, option, size, subnets
from policies.graph.zones import distinct_zones

from .kernel.rule import Context, Finding, Scope, rule

_LISTENER: Final = "aws:elbv2:listener:443"
_LAUNCH: Final = "aws:autoscaling:launchconfiguration"
_LOGS: Final = "aws:elasticbeanstalk:cloudwatch:logs"
_HEALTH: Final = "aws:elasticbeanstalk:healthreporting:system"
_MANAGED: Final = "aws:elasticbeanstalk:managedactions"
_LEVEL: Final = "aws:elasticbeanstalk:managedactions:platformupdate"


def _said(resource: Resource, namespace: str, name: str) -> Any:
    """The option's value. Raises NotKnownError where it isn't known."""
    found = option(resource, namespace, name)
    if isinstance(found, Unknown):
        raise NotKnownError(f"settings ({namespace} {name})")
    return found


@rule("beanstalk-environment-multi-az", ENVIRONMENT, scope=Scope.GRAPH)
def beanstalk_environment_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """An instance in each zone, in two zones or more."""
    if _said(resource, KIND, "EnvironmentType") == "SingleInstance":
        yield Finding("it has a single instance.")
        return
    wide, silent = distinct_zones(subnets(context.graph, resource))
    if wide + silent < 2:  # noqa: PLR2004
        yield Finding("its instances' subnets are in one zone, or not given.")
        return
    least = size(resource, "MinSize")
    if isinstance(least, Unknown):
        raise NotKnownError("settings (MinSize)")
    if least < max(wide, 2):
        yield Finding(f"MinSize is {least:g}, with {max(wide, 2)} zones.")
    elif silent:
        raise NotKnownError("the zones of its subnets")


@rule("beanstalk-enhanced-health", ENVIRONMENT)
def beanstalk_enhanced_health(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Basic is the API's default."""
    if (kind := _said(resource, _HEALTH, "SystemType")) != "enhanced":
        yield Finding(f"its health reporting is {kind or 'basic'}.")


@rule("beanstalk-managed-updates", ENVIRONMENT)
def beanstalk_managed_updates(resource: Resource, _context: Context) -> Iterator[Finding]:
    """With a window and a level, without which they don't come."""
    if _said(resource, _MANAGED, "ManagedActionsEnabled") != "true":
        yield Finding("ManagedActionsEnabled is not true.")
        return
    for namespace, name in ((_MANAGED, "PreferredStartTime"), (_LEVEL, "UpdateLevel")):
        if not _said(resource, namespace, name):
            yield Finding(f"{name} is not given.")


@rule("beanstalk-log-streaming", ENVIRONMENT)
def beanstalk_log_streaming(resource: Resource, _context: Context) -> Iterator[Finding]:
    """To CloudWatch, where they outlive the instance."""
    if _said(resource, _LOGS, "StreamLogs") != "true":
        yield Finding("StreamLogs is not true.")


@rule("beanstalk-https", ENVIRONMENT)
def beanstalk_https(resource: Resource, _context: Context) -> Iterator[Finding]:
    """By an application load balancer, and by it alone: the listener on port 80 is on unless it is switched off."""
    protocol = _said(resource, _LISTENER, "Protocol")
    if protocol != "HTTPS" or _said(resource, _LISTENER, "ListenerEnabled") == "false":
        yield Finding("it has no listener that speaks HTTPS on port 443.")
    if _said(resource, "aws:elbv2:listener:default", "ListenerEnabled") != "false":
        yield Finding("its listener on port 80 serves plain HTTP.")


@rule("beanstalk-imdsv2", ENVIRONMENT)
def beanstalk_imdsv2(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Its instances answer both versions unless the first is switched off."""
    if _said(resource, _LAUNCH, "DisableIMDSv1") != "true":
        yield Finding("DisableIMDSv1 is not true.")
