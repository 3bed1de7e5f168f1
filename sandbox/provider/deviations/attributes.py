"""Elastic Load Balancing's attributes: what Pulumi has as properties, AWS has as a list of keys and values."""

from __future__ import annotations

from collections.abc import Mapping

BALANCER = {
    "accessLogs.enabled": "access_logs.s3.enabled",
    "accessLogs.bucket": "access_logs.s3.bucket",
    "accessLogs.prefix": "access_logs.s3.prefix",
    "clientKeepAlive": "client_keep_alive.seconds",
    "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "enableWafFailOpen": "waf.fail_open.enabled",
    "enableZonalShift": "zonal_shift.config.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
}
"""Pulumi's properties of a load balancer and the attributes that they are."""
GROUP = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "slowStart": "slow_start.duration_seconds",
    "stickiness.enabled": "stickiness.enabled",
    "stickiness.type": "stickiness.type",
    "stickiness.cookieDuration": "stickiness.lb_cookie.duration_seconds",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": (
        "target_group_health.dns_failover.minimum_healthy_targets.count"
    ),
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": (
        "target_group_health.dns_failover.minimum_healthy_targets.percentage"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage"
    ),
}
"""The same of a target group."""


def told(names: Mapping[str, str]) -> dict[str, str]:
    """Expressions for AWS's list of attributes: property, or `property.member` at any depth, -> key of its attribute."""
    tree: dict[str, dict[str, str]] = {}
    for path, key in names.items():
        top, _, rest = path.partition(".")
        tree.setdefault(top, {})[rest] = key
    return {top: _attribute(below) for top, below in tree.items()}


def _attribute(names: Mapping[str, str]) -> str:
    if "" in names:
        return f"Attributes[?Key=='{names['']}'].Value | [0]"
    return f"{{{', '.join(f'{name}: {inner}' for name, inner in told(names).items())}}}"
