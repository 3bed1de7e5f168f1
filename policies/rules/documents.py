"""IAM policy documents: their statements, and what a statement says."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Mapping
from typing import Any

Statement = Mapping[str, Any]
_ANY_ACTION, _ANY_ARN = "service:Action", "arn:aws:service:region:account:resource"
"""What only a pattern that takes in everything matches."""


def statements(document: str) -> Iterator[Statement]:
    """The statements of a policy document; none when it is no policy."""
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        return
    for statement in listed(found.get("Statement")) if isinstance(found, dict) else ():
        if isinstance(statement, dict):
            yield statement


def listed(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> list[str]:
    """The strings of a value that may stand alone or in a list."""
    return [each for each in listed(value) if isinstance(each, str)]


def covers(patterns: Any, wanted: str) -> bool:
    """Whether one of the patterns (with * and ?, upper and lower case alike) takes in everything that `wanted` does."""
    return any(fnmatch.fnmatchcase(wanted.lower(), pattern.lower()) for pattern in texts(patterns))


def everything(statement: Statement) -> str:
    """In words, what a statement allows when that is everything, or everything but some, on every resource; empty when it isn't."""
    anywhere = covers(statement.get("Resource"), _ANY_ARN) or "NotResource" in statement
    if statement.get("Effect") != "Allow" or not anywhere:
        return ""
    if covers(statement.get("Action"), _ANY_ACTION):
        return "every action on every resource"
    return "every action but some on every resource (NotAction)" if "NotAction" in statement else ""


def of_everybody(statement: Statement) -> bool:
    """Whether the principal is everybody."""
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        principal = principal.get("AWS")
    return "*" in texts(principal)


def conditions(statement: Statement) -> Iterator[tuple[str, str, list[str]]]:
    """Operator, key and values of each condition, operator and key in lower case."""
    blocks = statement.get("Condition")
    for operator, tests in blocks.items() if isinstance(blocks, dict) else ():
        for key, values in tests.items() if isinstance(tests, dict) else ():
            yield str(operator).lower(), str(key).lower(), [str(value).lower() for value in listed(values)]


def refuses_http(statement: Statement) -> bool:
    """Whether a bucket's statement denies everybody everything on its objects when the request is not encrypted, and only then."""
    tests = list(conditions(statement))
    return (
        statement.get("Effect") == "Deny"
        and of_everybody(statement)
        and covers(statement.get("Action"), "s3:*")
        and any(each == "*" or each.endswith((":::*", "/*")) for each in texts(statement.get("Resource")))
        and bool(tests)
        and all(
            operator in ("bool", "boolifexists") and key == "aws:securetransport" and values == ["false"]
            for operator, key, values in tests
        )
    )
