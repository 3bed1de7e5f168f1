"""`iam.getPolicyDocument`: a policy as JSON, put together from statements. Nothing is asked of AWS.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""
# ruff: noqa: S106 - a function's token is no secret

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.table import Invoke

PARTS = (
    ("actions", "Action"),
    ("notActions", "NotAction"),
    ("resources", "Resource"),
    ("notResources", "NotResource"),
)
SIDES = (("principals", "Principal"), ("notPrincipals", "NotPrincipal"))


def _one_or_all(values: Any) -> Any:
    """A list of one is its element, as AWS writes it; several are sorted backwards, as the real provider has them."""
    listed = sorted(values, reverse=True) if isinstance(values, list) else [values]
    return listed[0] if len(listed) == 1 else listed


def _principals(given: list[Mapping[str, Any]]) -> Any:
    found: dict[str, list[str]] = {}
    for each in given:
        found.setdefault(each["type"], []).extend(each["identifiers"])
    return "*" if found == {"*": ["*"]} else {kind: _one_or_all(names) for kind, names in found.items()}


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    made["Effect"] = given.get("effect", "Allow")
    made |= {member: _one_or_all(given[name]) for name, member in PARTS if given.get(name)}
    made |= {member: _principals(given[name]) for name, member in SIDES if given.get(name)}
    for condition in given.get("conditions") or ():
        test = made.setdefault("Condition", {}).setdefault(condition["test"], {})
        test[condition["variable"]] = _one_or_all(condition["values"])
    return made


def document(args: Mapping[str, Any], _ctx: Context) -> dict[str, Any]:
    """The document: statements of the sources, then its own, then those that override by statement id."""
    sources = [
        *(args.get("sourcePolicyDocuments") or ()),
        *([args["sourceJson"]] if args.get("sourceJson") else ()),
    ]
    overrides = [
        *(args.get("overridePolicyDocuments") or ()),
        *([args["overrideJson"]] if args.get("overrideJson") else ()),
    ]
    statements = [each for source in sources for each in _statements(source)]
    statements += [_statement(each) for each in args.get("statements") or ()]
    for each in (s for override in overrides for s in _statements(override)):
        statements = [s for s in statements if not each.get("Sid") or s.get("Sid") != each["Sid"]] + [each]
    whole = {
        "Version": args.get("version") or "2012-10-17",
        **({"Id": args["policyId"]} if args.get("policyId") else {}),
    }
    whole["Statement"] = statements
    text = json.dumps(whole, indent=2)
    return {
        **args,
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": json.dumps(whole, separators=(",", ":")),
    }


def _statements(text: str) -> list[dict[str, Any]]:
    found = json.loads(text).get("Statement", [])
    return found if isinstance(found, list) else [found]


INVOKES = (
    Invoke(
        token="aws:iam/getPolicyDocument:getPolicyDocument",
        service="iam",
        op="ListPolicies",
        function=document,
    ),
)
