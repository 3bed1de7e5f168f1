"""Expired sessions deleted by the application: a strong table has no expiry of its own.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from functions.serverless_api.retry import again

from .store import Sessions
from .writes import done


def sweep(sessions: Sessions) -> int:
    """Delete what has expired; how many. It reads the whole table: once a day, by any server, also by several at once."""
    now = int(sessions.clock())
    return sum(_gone(sessions, key, now) for key in _expired(sessions, now))


def _gone(sessions: Sessions, key: str, now: int) -> bool:
    delete = partial(
        sessions.table.delete_item,
        Key={sessions.key: key},
        # Seen again since it was found, or gone: nothing to do.
        ConditionExpression="#expires <= :now",
        ExpressionAttributeNames={"#expires": sessions.expires},
        ExpressionAttributeValues={":now": now},
    )
    return done(delete)


def _expired(sessions: Sessions, now: int) -> Iterator[str]:
    at: dict[str, Any] = {}
    while True:
        scan = partial(
            sessions.table.scan,
            FilterExpression="#expires <= :now",
            ProjectionExpression="#key",
            ExpressionAttributeNames={"#key": sessions.key, "#expires": sessions.expires},
            ExpressionAttributeValues={":now": now},
            **at,
        )
        page = again(scan)
        yield from (each[sessions.key] for each in page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        at = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
