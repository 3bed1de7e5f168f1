"""What Route 53 refuses of one record set by itself, whatever else its zone has: plain data in, error code and message out.

Sources: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (what goes together, ranges),
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html (values by type),
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html (names).
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer")
LARGEST = {"Weight": 255, "TTL": 2**31 - 1}
LONGEST_LABEL, LONGEST_NAME, LONGEST_TEXT = 63, 255, 255
"""Bytes of a name's part, of a name, and of one quoted string of a TXT record."""
_FORMS = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def faults(record: Mapping[str, Any], action: str = "CREATE") -> Iterator[tuple[str, str]]:
    """Each of AWS's refusals of a record set, which is written as in a change: error code and message."""
    identifier = record.get("SetIdentifier")
    where = (
        f"in Change with [Action={action}, Name={record['Name']}, Type={record['Type']}, "
        f"SetIdentifier={identifier or 'null'}]"
    )
    yield from (("InvalidInput", f"Invalid request: {reason} {where}") for reason in _together(record))
    for member, largest in LARGEST.items():
        if not 0 <= float(record.get(member) or 0) <= largest:
            yield (
                "InvalidInput",
                f"Invalid value for {member}: {record[member]}; 0 to {largest} are allowed {where}",
            )
    for reason in (*_name_faults(str(record["Name"])), *_value_faults(record["Type"], _values(record))):
        yield "InvalidChangeBatch", f"[{reason}]"


def _together(record: Mapping[str, Any]) -> Iterator[str]:
    """Of routing policy and identifier, and of alias and values: what needs or excludes another."""
    identifier = record.get("SetIdentifier")
    policies = [name for name in POLICIES if record.get(name) is not None]
    if policies and not identifier:
        yield "Missing field 'SetIdentifier'"
    elif identifier and len(policies) != 1:
        yield f"Expected exactly one of [{', '.join(POLICIES)}], but found {_count(policies)}"
    given = {name for name in ("AliasTarget", "TTL", "ResourceRecords") if record.get(name) is not None}
    if given not in ({"AliasTarget"}, {"TTL", "ResourceRecords"}):
        yield f"Expected exactly one of {_FORMS}, but found {'more than one' if 'AliasTarget' in given else 'none'}"


def _count(found: Sequence[str]) -> str:
    return "more than one" if found else "none"


def _values(record: Mapping[str, Any]) -> list[str]:
    return [str(each["Value"]) for each in record.get("ResourceRecords") or ()]


def _name_faults(name: str) -> Iterator[str]:
    labels = name.removesuffix(".").split(".")
    if "" in labels and name:
        yield f"FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '{name}'"
    if any(len(label) > LONGEST_LABEL for label in labels):
        yield f"FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '{name}'"
    if len(name) > LONGEST_NAME:
        yield f"FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '{name}'"


def _value_faults(kind: str, values: Sequence[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"Duplicate Resource Record: '{value}'"
        if problem := _problem(kind, value):
            yield f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"
    if kind == "CNAME" and len(values) > 1:
        yield f"Invalid Resource Record: a CNAME has one value, but found {len(values)}"


def _problem(kind: str, value: str) -> str | None:
    if kind == "A" and not _is_address(value, ipaddress.IPv4Address):
        return "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
    if kind == "AAAA" and not _is_address(value, ipaddress.IPv6Address):
        return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"
    if kind in ("TXT", "SPF"):
        if not _QUOTED.sub("", value).isspace() and _QUOTED.sub("", value):
            return "InvalidCharacterString (Value should be enclosed in quotation marks)"
        if any(len(text.encode()) > LONGEST_TEXT for text in _QUOTED.findall(value)):
            return "CharacterStringTooLong (Value is too long)"
    return None


def _is_address(value: str, kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True
