"""Tags that AWS doesn't take.

Sources: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html (lengths, number, characters, prefix),
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (EC2 takes any character).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.values import is_unknown

LONGEST_KEY, LONGEST_VALUE = 128, 256
"""Characters."""
MOST = 50
"""Tags of a resource; S3 objects have fewer."""
MOST_OF_OBJECTS = 10
_TAKEN = re.compile(r"[\w\s+\-=.:/@]*", re.UNICODE)
_ANY_CHARACTER = ("ec2", "autoscaling")
_CODES = {
    "iam": "InvalidInput",
    "s3": "InvalidTag",
    "kms": "TagException",
    "rds": "InvalidParameterValue",
    "ec2": "InvalidParameterValue",
    "sns": "InvalidParameter",
    "route53": "InvalidInput",
    "secretsmanager": "InvalidParameterException",
    "ecs": "InvalidParameterException",
    "lambda": "InvalidParameterValueException",
}
"""Each service's error code for a tag it doesn't take."""
_OTHER = "ValidationException"


def refused(ctx: Context) -> list[tuple[str, str]]:
    """What is wrong with the tags that a resource would have, those by default too."""
    given = ctx.inputs.get("tags")
    tags = _listed(given) if isinstance(given, list) else ctx.tags if ctx.row.tags else given
    if not isinstance(tags, Mapping):
        return []
    code = _CODES.get(ctx.service, _OTHER)
    found = [f"{code}: {reason}" for key, value in tags.items() for reason in _wrong(ctx, key, value)]
    most = MOST_OF_OBJECTS if "/bucketObject" in ctx.row.token else MOST
    if len(tags) > most:
        found.append(f"{code}: {len(tags)} tags; at most {most} are allowed")
    return [("tags", reason) for reason in found]


def _listed(given: list[Any]) -> dict[str, Any]:
    return {each["key"]: each.get("value") for each in given if isinstance(each, Mapping) and "key" in each}


def _wrong(ctx: Context, key: Any, value: Any) -> Iterator[str]:
    shown = f"{str(key)[:40]!r}"
    if is_unknown(key):
        return
    if not 1 <= len(str(key)) <= LONGEST_KEY:
        yield f"key {shown} has {len(str(key))} characters; 1 to {LONGEST_KEY} are allowed"
    if str(key).lower().startswith("aws:"):
        yield f"key {shown} begins with aws:, which is reserved for AWS"
    if ctx.service not in _ANY_CHARACTER and not _TAKEN.fullmatch(str(key)):
        yield f"key {shown} has characters that are not allowed; allowed are letters, digits, spaces and + - = . _ : / @"
    if is_unknown(value) or value is None:
        return
    if len(str(value)) > LONGEST_VALUE:
        yield f"the value of {shown} has {len(str(value))} characters; at most {LONGEST_VALUE} are allowed"
    if ctx.service not in _ANY_CHARACTER and not _TAKEN.fullmatch(str(value)):
        yield (
            f"the value of {shown}, {str(value)[:40]!r}, has characters that are not allowed; allowed are letters, digits, spaces "
            "and + - = . _ : / @"
        )
