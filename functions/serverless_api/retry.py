"""Trying again what failed for a moment: longer pauses each time, spread at random, within a time.

Many clients that failed together would come back together: each pause is anything from nothing up to a bound that doubles ("full
jitter"). https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_mitigate_interaction_failure_limit_retries.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

MOMENTARY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Codes after which the same request may succeed.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""
_PROBLEMS = 500
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """How often and how long."""

    attempts: int = 4
    """In all, 1 or more."""
    base_seconds: float = 0.05
    """Bound of the first pause."""
    cap_seconds: float = 2.0
    """Bound that no pause passes."""
    within_seconds: float = 10.0
    """No pause begins that would end later than this after the first attempt: the caller's own time-out is longer."""

    def pauses(self, spread: Callable[[float, float], float] = random.uniform) -> Iterator[float]:
        """Seconds before each further attempt."""
        for number in range(self.attempts - 1):
            yield spread(0, min(self.cap_seconds, self.base_seconds * 2**number))


def momentary(error: Exception) -> bool:
    """Whether the same request may succeed soon: AWS throttled it, failed, or couldn't be reached."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error.response.get("Error", {}).get("Code") in MOMENTARY or status >= _PROBLEMS
    return isinstance(error, BotoCoreError | ConnectionError | TimeoutError)


def again(
    what: Callable[[], Found],
    backoff: Backoff | None = None,
    *,
    retried: Callable[[Exception], bool] = momentary,
    spread: Callable[[float, float], float] = random.uniform,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Found:
    """What `what` returns. Raises its last error when the attempts or the time are used up, at once when it isn't to be `retried`.

    Only for what may be done twice: a read, or a write with a condition or an idempotency key.
    """
    given = backoff or Backoff()
    began = clock()
    for pause in given.pauses(spread):
        try:
            return what()
        except Exception as error:
            if not retried(error) or clock() - began + pause > given.within_seconds:
                raise
        sleep(pause)
    return what()
