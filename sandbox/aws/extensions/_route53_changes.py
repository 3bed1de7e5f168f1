"""Changes of record sets: a batch is checked as Route 53 checks it, then made whole or not at all."""

from __future__ import annotations

import copy
from typing import Any

from moto.route53.exceptions import InvalidActionValue, NoSuchHealthCheck, Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend
from moto.route53.utils import validate_domain_name

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._route53_records import faults

_POLICIES = {
    "Weight": "weight",
    "Region": "region",
    "Failover": "failover",
    "GeoLocation": "geo_location",
    "MultiValueAnswer": "multi_value_answer",
}


def change_resource_record_sets(self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    """Replace moto's method of the same name."""
    zone = self.get_hosted_zone(zoneid)
    before = list(zone.rrsets)
    try:
        for change in change_list:
            _make(self, zone, change)
        _check_zone(zone, [change["ResourceRecordSet"] for change in change_list])
    except Exception:
        zone.rrsets = before
        raise
    if CLOCK.running:
        _spread(zone, before)


def _spread(zone: FakeZone, before: list[RecordSet]) -> None:
    """Let Route 53's servers answer with a change when it has reached them all, in simulated time."""
    changed = list(zone.rrsets)
    zone.answered = getattr(zone, "answered", before)

    def reached() -> None:
        zone.answered = changed

    CLOCK.after(CLOCK.lasts("propagate.record_change"), reached)


def _refuse(message: str) -> Route53ClientError:
    return Route53ClientError("InvalidChangeBatch", f"[{message}]")


def _name(name: str) -> str:
    return name.rstrip(".").lower() + "."


def _make(backend: Route53Backend, zone: FakeZone, change: dict[str, Any]) -> None:
    action, wanted = change["Action"], copy.deepcopy(change["ResourceRecordSet"])
    if action not in ("CREATE", "UPSERT", "DELETE"):
        raise InvalidActionValue(action)
    validate_domain_name(wanted["Name"], code="InvalidChangeBatch")
    wanted["Name"] = _name(wanted["Name"])
    if wanted["Name"] != _name(zone.name) and not wanted["Name"].endswith("." + _name(zone.name)):
        raise _refuse(f"RRSet with DNS name {wanted['Name']} is not permitted in zone {zone.name}")
    _check_form(action, wanted)
    if "ResourceRecords" in wanted:
        wanted["ResourceRecords"] = [record["Value"] for record in wanted["ResourceRecords"]]
    record = RecordSet(wanted)
    found = next((r for r in zone.rrsets if _key(r) == _key(record)), None)
    if action == "DELETE":
        if found is None:
            raise _refuse(f"Tried to delete resource record set {_title(record)} but it was not found")
        if not _same(found, record):
            text = "but the values provided do not match the current values"
            raise _refuse(f"Tried to delete resource record set {_title(record)} {text}")
        zone.rrsets = [r for r in zone.rrsets if r is not found]
        return
    if action == "CREATE" and found is not None:
        raise _refuse(f"Tried to create resource record set {_title(record)} but it already exists")
    if record.health_check_id and record.health_check_id not in backend.health_checks:
        raise NoSuchHealthCheck(record.health_check_id)
    if record.failover == "PRIMARY" and not record.alias_target and not record.health_check_id:
        raise _refuse("A non-alias primary ResourceRecordSet must have an associated health check.")
    zone.rrsets = [record if r is found else r for r in zone.rrsets] + ([record] if found is None else [])


def _check_form(action: str, wanted: dict[str, Any]) -> None:
    """What Route 53 checks of one change by itself."""
    for code, message in faults(wanted, action):
        raise Route53ClientError(code, message)


def _check_zone(zone: FakeZone, changed: list[dict[str, Any]]) -> None:
    """What Route 53 checks of a change among the other records of the zone."""
    names = {_name(record["Name"]) for record in changed}
    for record in (r for r in zone.rrsets if _name(r.name) in names):
        _check_canonical(zone, record, [_name(r["Name"]) for r in changed if r["Type"] == "CNAME"])
        others = [r for r in zone.rrsets if r is not record and _spot(r) == _spot(record)]
        for other in others:
            if _policy(other) != _policy(record):
                raise _refuse(
                    f"RRSet {_title(record)} cannot be created as other RRSets exist with the same name and type."
                )
            for field, label in (
                ("failover", "failover"),
                ("region", "region"),
                ("geo_location", "location"),
            ):
                value = getattr(record, field)
                if value is not None and value == getattr(other, field):
                    text = f"{label} {value} cannot be created because a RRSet with the same name, type and {label}"
                    raise _refuse(f"RRSet {_title(record)} and {text} already exists.")
        _check_alias(zone, record)


def _check_canonical(zone: FakeZone, record: RecordSet, changed: list[str]) -> None:
    """A name that is an alias of another, by CNAME, has no other record, so the zone's own name, which has SOA and NS, has no CNAME."""
    name, place = _name(record.name), _name(zone.name)
    if record.type == "CNAME" and name == place:
        raise _refuse(f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {place}")
    others = [r for r in zone.rrsets if _name(r.name) == name and r.type != record.type]
    if record.type == "CNAME" and others and name in changed:
        text = "as it conflicts with other records with the same DNS name"
        raise _refuse(f"RRSet of type CNAME with DNS name {name} is not permitted {text} in zone {place}")
    if record.type != "CNAME" and name not in changed and any(r.type == "CNAME" for r in others):
        text = "because a conflicting RRSet of type CNAME with the same DNS name already exists"
        raise _refuse(
            f"RRSet of type {record.type} with DNS name {name} is not permitted {text} in zone {place}"
        )


def _check_alias(zone: FakeZone, record: RecordSet) -> None:
    alias = record.alias_target
    if not alias or alias["HostedZoneId"] != zone.resource_id:
        return
    target = _name(alias["DNSName"])
    if not any(_name(r.name) == target and r.type == record.type for r in zone.rrsets):
        text = f"{target}, type {record.type} in zone {zone.resource_id}, but that target was not found"
        raise _refuse(f"Tried to create an alias that targets {text}")


def _spot(record: RecordSet) -> tuple[str, str]:
    return _name(record.name), str(record.type)


def _key(record: RecordSet) -> tuple[str, str, str | None]:
    return *_spot(record), record.set_identifier


def _policy(record: RecordSet) -> str | None:
    return next((field for field in _POLICIES.values() if getattr(record, field) is not None), None)


def _title(record: RecordSet) -> str:
    identifier = f", set-identifier='{record.set_identifier}'" if record.set_identifier else ""
    return f"[name='{record.name}', type='{record.type}'{identifier}]"


def _same(found: RecordSet, given: RecordSet) -> bool:
    def facts(record: RecordSet) -> tuple[Any, ...]:
        alias = record.alias_target or {}
        target = (_name(alias["DNSName"]), alias["HostedZoneId"]) if alias else None
        ttl = None if alias or record.ttl is None else int(record.ttl)
        return target, ttl, sorted(record.records or []), record.health_check_id, _policy(record)

    return facts(found) == facts(given)
