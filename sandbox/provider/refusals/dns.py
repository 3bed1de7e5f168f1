"""Records that Route 53 doesn't take, whatever zone they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws.extensions._route53_records import LARGEST, faults
from sandbox.provider.protocol import Context, Faults
from sandbox.provider.values import has_unknown, is_unknown

_POLICIES = {
    "weightedRoutingPolicies": ("Weight", "weight"),
    "latencyRoutingPolicies": ("Region", "region"),
    "failoverRoutingPolicies": ("Failover", "type"),
    "geolocationRoutingPolicies": ("GeoLocation", None),
}

_PLAIN = {
    "setIdentifier": "SetIdentifier",
    "multivalueAnswerRoutingPolicy": "MultiValueAnswer",
    "ttl": "TTL",
}


def refused(ctx: Context) -> Faults:
    """AWS's refusals of a record; what isn't known yet is taken for right."""
    given = ctx.inputs
    if is_unknown(given.get("type")) or is_unknown(given.get("name")):
        return
    yield from (("", f"{code}: {message}") for code, message in faults(_record_set(given)))


def _record_set(given: Mapping[str, Any]) -> dict[str, Any]:
    """The record as a change has it, with all that is given; a number that isn't known yet is 0."""
    record: dict[str, Any] = {"Name": given["name"], "Type": given["type"]}
    for name, (member, inner) in _POLICIES.items():
        if policies := given.get(name):
            first = policies[0] if isinstance(policies, list) else policies
            record[member] = first.get(inner) if inner and isinstance(first, Mapping) else first
    if given.get("aliases"):
        record["AliasTarget"] = given["aliases"]
    if given.get("records"):
        known = given["records"] if isinstance(given["records"], list) else []
        values = [text(given["type"], str(value)) for value in known if not has_unknown(value)]
        record["ResourceRecords"] = [{"Value": value} for value in values]
    record |= {member: given[name] for name, member in _PLAIN.items() if given.get(name) is not None}
    return record | {member: 0 for member in LARGEST if is_unknown(record.get(member))}


def text(kind: str, value: str) -> str:
    """A value as Route 53 takes it: text of TXT and SPF records stands in quotation marks."""
    return f'"{value}"' if kind in ("TXT", "SPF") and not value.startswith('"') else value


BY_TYPE: Mapping[str, Any] = {"aws:route53/record:Record": refused}
