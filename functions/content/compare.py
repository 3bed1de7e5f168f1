"""What another region had and this one has not: called by a person when that region is lost, or before it is left.

The table is replicated within about a second, objects within minutes: so what is lost with a region is known by name. An object counts
when that region's item says it is there, in a version that isn't here, and nothing has been written or deleted here since; a deletion when
the object is still here as it was before. Reads only. Environment: as of `record`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from boto3.dynamodb.conditions import Attr

from . import items
from .aws import region, table
from .reconcile import RESERVE_MS, known

SHOWN = 1000
"""Names of a kind after which an answer ends, with the page that it was reached in: a page of DynamoDB has 1 MB at most, an answer of
Lambda 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def compare(theirs: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The objects, and the deletions, of these items of another region that haven't come here."""
    had = {each["sk"]: each for each in theirs}
    ours = known(sorted(had))
    lost, undone = [], []
    for key, there in sorted(had.items()):
        here = ours.get(key)
        # S3 tells of whole seconds: what was written in both regions within one is told of, not passed over.
        if here is not None and (here["changed"] > there["changed"] or _same(here, there)):
            continue
        older = here is not None and here["state"] == items.STORED
        if there["state"] == items.DELETED:
            undone += [{"key": key, "version": here["version"]}] if here is not None and older else []
        else:
            told = {
                "key": key,
                "version": there["version"],
                "size": int(there["size"]),
                "changed": there["changed"],
            }
            lost.append({**told, "here": here["version"] if here is not None and older else None})
    return lost, undone


def _same(here: dict[str, Any], there: dict[str, Any]) -> bool:
    return bool(here["state"] == there["state"] and here.get("version") == there.get("version"))


def handler(event: Any, context: Any) -> dict[str, Any]:
    """`region`: the one that is lost; `after`: what the last answer said, where that wasn't the end."""
    after, other = event.get("after"), event["region"]
    if other == region():
        raise ValueError(f"region: got {other}, allowed is another than this one")
    lost: list[dict[str, Any]] = []
    undone: list[dict[str, Any]] = []
    while True:
        own = Attr("pk").begins_with(f"{other}#") & Attr("state").is_in([items.STORED, items.DELETED])
        page = table().scan(FilterExpression=own, **({"ExclusiveStartKey": after} if after else {}))
        found = compare(page["Items"])
        lost, undone, after = lost + found[0], undone + found[1], page.get("LastEvaluatedKey")
        full = max(len(lost), len(undone)) >= SHOWN
        if after is None or full or context.get_remaining_time_in_millis() < RESERVE_MS:
            return {"lost": lost, "undone": undone, **({"after": after} if after else {})}
