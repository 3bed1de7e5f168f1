"""A request that is sent twice is done once: by the key that its sender gave it.

The key is claimed by a conditional write; what came of the request is kept under it, for a day unless it is
said, and told to whoever sends it again. A claim
ends with its invocation, so that one that died doesn't hold the key. Within one region: another region sees the key when it has been
replicated, about a second later, and whoever is sent there in between may have it done twice.
Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_prevent_interaction_failure_idempotent.html
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .retry import again

KEPT_SECONDS = 24 * 3600.0
"""An answer is kept so long unless it is said: longer than any client tries."""
LONGEST_KEY = 255
_REFUSED = "ConditionalCheckFailedException"


class InProgressError(Exception):
    """The first one of the requests is still being done."""


class MismatchError(Exception):
    """The key was used for another request."""


@dataclass(frozen=True)
class Once:
    """What is done once for each key, in a table with the keys `pk` and `sk`, and `expires` as its time to live."""

    table: Any
    """boto3's Table."""
    clock: Callable[[], float] = time.time
    kept_seconds: float = KEPT_SECONDS
    """How long an answer is known."""

    def do(self, key: str, request: Any, lasts: float, what: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The answer of `what`, done now or before; it must go through JSON. `lasts`: seconds that this invocation may still take.

        Raises InProgressError while another invocation is at it, MismatchError for a key of another `request`, ValueError for one that
        is empty or too long, and whatever `what` raises, after which the key is free again.
        """
        if not 0 < len(key) <= LONGEST_KEY:
            raise ValueError(f"idempotency key: got {len(key)} characters, allowed is 1 to {LONGEST_KEY}")
        print_ = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        claim = uuid.uuid4().hex
        known = self._claim(key, print_, claim, lasts)
        if known is not None:
            return _told(known, print_)
        try:
            answer = what()
        except BaseException:
            self._release(key, claim)
            raise
        self._keep(key, claim, answer)
        return answer

    def _claim(self, key: str, print_: str, claim: str, lasts: float) -> Mapping[str, Any] | None:
        """Claim the key; what is known of it where somebody else has."""
        now = int(self.clock())
        item = {
            **_at(key),
            "print": print_,
            "claim": claim,
            "until": int(now + lasts) + 1,
            "expires": int(now + self.kept_seconds),
        }
        try:
            again(
                lambda: self.table.put_item(
                    Item=item,
                    # An item may outlive its time to live by days: what has expired is looked at as gone. One's own claim is no other's:
                    # a put that was repeated finds it.
                    ConditionExpression="attribute_not_exists(pk) OR expires < :now OR claim = :claim"
                    " OR (attribute_not_exists(answer) AND #until < :now)",
                    ExpressionAttributeNames={"#until": "until"},
                    ExpressionAttributeValues={":now": now, ":claim": claim},
                )
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            found = again(lambda: self.table.get_item(Key=_at(key), ConsistentRead=True)).get("Item")
            if found is None:  # released between the two
                raise InProgressError(key) from None
            known: Mapping[str, Any] = found
            return known
        return None

    def _keep(self, key: str, claim: str, answer: Mapping[str, Any]) -> None:
        again(
            lambda: self.table.update_item(
                Key=_at(key),
                UpdateExpression="SET answer = :answer",
                ConditionExpression="claim = :claim",
                ExpressionAttributeValues={":answer": json.dumps(answer), ":claim": claim},
            )
        )

    def _release(self, key: str, claim: str) -> None:
        try:
            self.table.delete_item(
                Key=_at(key),
                ConditionExpression="claim = :claim",
                ExpressionAttributeValues={":claim": claim},
            )
        except ClientError:
            return  # somebody else's by now, or it ends with its time


def _at(key: str) -> dict[str, str]:
    return {"pk": f"request#{key}", "sk": "request"}


def _told(known: Mapping[str, Any], print_: str) -> dict[str, Any]:
    if known["print"] != print_:
        raise MismatchError
    if "answer" not in known:
        raise InProgressError
    found: dict[str, Any] = json.loads(known["answer"])
    return found
