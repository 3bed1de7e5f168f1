"""What Route 53's checkers see: load balancers, distributions and alarms as they are, and faults on top."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.models import cloudfront_backends
from moto.cloudwatch.models import cloudwatch_backends

from sandbox.aws.extensions.elbv2 import serves
from sandbox.aws.faults import TABLE

_ALARM = {"OK": True, "ALARM": False}
_DEPTH = 8


def healthy(backend: Any, check_id: str, depth: int = 0) -> bool:
    """Whether a health check is healthy. A check that no longer exists counts as healthy, as in Route 53."""
    check = backend.health_checks.get(check_id)
    if check is None:
        return True
    # A disabled check stops asking and counts as healthy; inversion still applies.
    seen = True if check.disabled else _seen(backend, check, depth)
    return seen is not bool(check.inverted)


def _seen(backend: Any, check: Any, depth: int) -> bool:
    forced = TABLE.health_check(check.id)
    if forced is not None:
        return forced
    if check.type_ == "CALCULATED":
        children = check.children or []
        if depth > _DEPTH:
            return False
        return sum(healthy(backend, child, depth + 1) for child in children) >= int(
            check.health_threshold or 0
        )
    if check.type_ == "CLOUDWATCH_METRIC":
        return _alarm(backend, check)
    if check.type_ == "RECOVERY_CONTROL":
        # A routing control is off until somebody turns it on; a Region switch plan turns those that it vends.
        return bool(getattr(check, "switched_on", False))
    return asked(backend, check.fqdn or check.ip_address or "", check.resource_path or "/")


def _alarm(backend: Any, check: Any) -> bool:
    """An alarm's state; without data, what the check says of that. Without a last state known, it's healthy."""
    region, name = check.alarm_identifier["Region"], check.alarm_identifier["Name"]
    alarm = cloudwatch_backends[backend.account_id][region].alarms.get(name)
    state = _ALARM.get(alarm.state_value) if alarm is not None else None
    if state is not None:  # of a lost region's alarm it is the last one that was known: nothing changes there
        check.last_state = state
        if not TABLE.region_lost(region):
            return state
    missing = check.insufficient_data_health_status or "LastKnownStatus"
    return getattr(check, "last_state", True) if missing == "LastKnownStatus" else bool(missing == "Healthy")


def asked(backend: Any, host: str, path: str) -> bool:
    """Whether a host answers a path well: a name of a hosted zone as what it leads to. A static page is at the root, and nowhere else."""
    target = named(backend, host)
    return answers(backend.account_id, target) and (
        not target.endswith(".cloudfront.net") or path in ("/", "/index.html")
    )


def named(backend: Any, host: str) -> str:
    """The host that a name of a hosted zone leads to; any other host is itself."""
    from sandbox.aws.extensions._route53_answers import resolve

    host = host.rstrip(".").lower()
    for zone in backend.zones.values():
        if host.endswith(f".{zone.name.rstrip('.').lower()}") and (data := resolve(backend, zone, host, "A")):
            return str(data[0]).rstrip(".").lower()
    return host


def answers(account_id: str, host: str) -> bool:
    """Whether a host answers: load balancers and distributions as they are, hosts outside AWS always."""
    host = host.rstrip(".").lower()
    forced = TABLE.endpoint(host)
    if forced is not None:
        return forced
    if host.endswith(".elb.amazonaws.com"):
        return bool(serves(account_id, host))
    if host.endswith(".cloudfront.net"):
        distributions = cloudfront_backends[account_id]["aws"].distributions.values()
        return any(d.domain_name == host and _delivers(d.distribution_config) for d in distributions)
    return True


def _delivers(config: Any) -> bool:
    """Whether a distribution is enabled and one of the origins that its default behaviour asks is there."""
    target = config.DefaultCacheBehavior.target_origin_id
    groups = {group["Id"]: group for group in config.OriginGroups.get("Items") or ()}
    members = groups[target]["Members"]["Items"] if target in groups else [{"OriginId": target}]
    asked = {member["OriginId"] for member in members}
    hosts = [origin.domain_name for origin in config.Origins["Items"] if origin.id in asked]
    return bool(config.Enabled) and any(not _lost(host) for host in hosts)


def _lost(host: str) -> bool:
    """Whether a regional host of AWS, `bucket.s3.REGION.amazonaws.com` for instance, went with its region."""
    labels = host.removesuffix(".amazonaws.com").split(".")
    return host.endswith(".amazonaws.com") and any(TABLE.region_lost(label) for label in labels)
