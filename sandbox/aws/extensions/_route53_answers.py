"""What Route 53 answers a resolver, by record sets, routing policies and health, and what its checkers see, who may ask by such names."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.route53.models import FakeZone, RecordSet, Route53Backend

from sandbox.aws.extensions._route53_hosts import answers, has, lost
from sandbox.aws.faults import TABLE

_ALARM = {"OK": True, "ALARM": False}
_DEPTH = 8


def resolve(
    backend: Route53Backend, zone: FakeZone, name: str, type_: str, region: str | None = None
) -> list[str] | None:
    """The record data of a name; None when it does not exist.

    An alias outside the zone answers with its target's name, as the sandbox has no addresses. `region` is
    the client's for latency records. Equally good records are chosen by set identifier, the heaviest of
    weighted ones: no answer is random.
    """
    return _resolve(backend, zone, name.rstrip(".").lower(), type_, region=region, depth=0)


def _resolve(
    backend: Route53Backend, zone: FakeZone, name: str, type_: str, *, region: str | None, depth: int
) -> list[str] | None:
    records = _named(zone, name, type_)
    if not records or depth > _DEPTH:
        return None
    record = _choose(backend, zone, records, region)
    if not record.alias_target:
        return [str(value) for value in record.records]
    target = record.alias_target["DNSName"].rstrip(".").lower()
    if record.alias_target["HostedZoneId"] == zone.resource_id:
        return _resolve(backend, zone, target, type_, region=region, depth=depth + 1)
    return [target]


def _named(zone: FakeZone, name: str, type_: str) -> list[RecordSet]:
    known = getattr(zone, "answered", zone.rrsets)
    found = [r for r in known if r.name.rstrip(".").lower() == name and r.type in (type_, "CNAME")]
    if not found and "." in name:
        wildcard = "*." + name.split(".", 1)[1]
        found = [r for r in known if r.name.rstrip(".").lower() in (wildcard, wildcard.replace("*", "\\052"))]
        found = [r for r in found if r.type in (type_, "CNAME")]
    return sorted(found, key=lambda record: record.set_identifier or "")


def _up(backend: Route53Backend, zone: FakeZone, record: RecordSet, depth: int = 0) -> bool:
    if record.health_check_id and not healthy(backend, record.health_check_id):
        return False
    alias = record.alias_target
    if not alias or str(alias.get("EvaluateTargetHealth", False)).lower() != "true":
        return True
    target = alias["DNSName"].rstrip(".").lower()
    if alias["HostedZoneId"] != zone.resource_id:
        return answers(backend.account_id, target)
    return depth <= _DEPTH and any(
        _up(backend, zone, r, depth + 1) for r in _named(zone, target, str(record.type))
    )


def _choose(
    backend: Route53Backend, zone: FakeZone, records: list[RecordSet], region: str | None
) -> RecordSet:
    """The record that answers. With none healthy, Route 53 answers as if all were."""
    live = [record for record in records if _up(backend, zone, record)]
    if records[0].failover is not None:
        by_role = {record.failover: record for record in records}
        first, second = by_role.get("PRIMARY"), by_role.get("SECONDARY")
        if first is None or second is None:
            return records[0]
        return second if first not in live and second in live else first
    live = live or records
    if live[0].weight is not None:
        return max((r for r in live), key=lambda r: int(r.weight))
    if live[0].region is not None:
        return next((r for r in live if r.region == region), live[0])
    if live[0].geo_location is not None:
        return next((r for r in live if r.geo_location.get("CountryCode") == "*"), live[0])
    return live[0]


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
    """Whether a host answers a path well: a name of a hosted zone as what it leads to."""
    target = named(backend, host)
    return answers(backend.account_id, target) and has(target, path) and not lost(target)


def named(backend: Any, host: str) -> str:
    """The host that a name of a hosted zone leads to; any other host is itself."""
    host = host.rstrip(".").lower()
    for zone in backend.zones.values():
        if host.endswith(f".{zone.name.rstrip('.').lower()}") and (data := resolve(backend, zone, host, "A")):
            return str(data[0]).rstrip(".").lower()
    return host


def test_dns_answer(response: Any, result: Any) -> Any:
    """Answer TestDNSAnswer.

    A resolver's address says nothing about its region here: `ResolverIP` may be `sandbox:REGION`.
    """
    zone_id = response._get_param("HostedZoneId")  # noqa: SLF001
    name, type_ = response._get_param("RecordName"), response._get_param("RecordType")  # noqa: SLF001
    resolver = response._get_param("ResolverIP") or ""  # noqa: SLF001
    backend = response.backend
    zone = backend.get_hosted_zone(zone_id)
    data = resolve(backend, zone, name, type_, resolver.removeprefix("sandbox:") or None)
    return result(
        {
            "Nameserver": zone.delegation_set.name_servers[0],
            "RecordName": name,
            "RecordType": type_,
            "RecordData": data or [],
            "ResponseCode": "NOERROR" if data is not None else "NXDOMAIN",
            "Protocol": "UDP",
        }
    )
