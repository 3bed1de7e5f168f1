"""A session's life: it starts, is read and changed, changes its id when somebody signs in, and ends.

`None` means that there is no session: none was sent, it is malformed, forged, unknown, ended or expired, and the user is signed out. An
AWS that doesn't answer is an error of boto3's and never None: nobody is signed out because a table is throttled.

**A server that is lost** takes no session with it: it kept none. **A region that is lost** takes with an eventual table what was written
in its last second or so: a session that the other region has never seen is None there, the user signs in again, and a change that has
not arrived is gone. With a strong table nothing is. While both regions serve, versions hold within each: of two changes of one eventual
session in two regions in the same second the later one stays, also when the other one was its end.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import boto3

from functions.serverless_api.retry import again

from . import cookies, items
from .items import BY, SEEN, VERSION, Session
from .limits import Limits
from .writes import done

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class StaleSessionError(Exception):
    """The session is no longer what was read: another request changed it or gave it another id, or it has ended. Read it again."""


@dataclass(frozen=True)
class Sessions:
    """Sessions in a table with one key of text."""

    table: Any
    """boto3's Table."""
    key: str = "id"
    """The table's key."""
    expires: str = "expires"
    """Attribute with the second (since 1970) from which on a session is no more."""
    limits: Limits = field(default_factory=Limits)
    eventual_reads: bool = False
    """True: half the price of a read, and a session that has just started, changed or ended may be read as it was before. Only with a table
    whose regions don't agree anyway; of one that is strong, its users would lose what they pay for."""
    clock: Callable[[], float] = time.time

    @classmethod
    def told(cls, told: Mapping[str, str], table: Any = None, **own: Any) -> Sessions:
        """Those that this region's servers are told of: `sessions` in the JSON of their parameter. `own`: limits, eventual_reads, clock.

        `table` is boto3's; None: the one told of, in boto3's default region. A table that isn't told to expire is strong: it has no expiry
        of its own, and wants `sweep.sweep` now and then. Raises ValueError for eventual reads of a strong one.
        """
        if own.get("eventual_reads") and "expires" not in told:
            raise ValueError("eventual_reads: got True, allowed is False with a strong table")
        found = boto3.resource("dynamodb").Table(told["table"]) if table is None else table
        return cls(found, told["key"], told.get("expires", cls.expires), **own)

    def start(self, data: Mapping[str, Any] = _NOTHING) -> Session:
        """A session with an id of its own. Raises ValueError for data that is too large, or that JSON can't say."""
        now = int(self.clock())
        made = Session(cookies.fresh(), dict(data), version=1, started=now, seen=now)
        return self._put(made)

    def read(self, header: str | None) -> Session | None:
        """The session that a request's `Cookie` names; None where there is none, whatever the header holds."""
        session_id = cookies.read(header)
        if session_id is None:
            return None
        get = partial(self.table.get_item, Key=self._at(session_id), ConsistentRead=not self.eventual_reads)
        found = again(get).get("Item")
        if found is None:
            return None
        session, now = items.session(session_id, found), int(self.clock())
        # DynamoDB deletes what has expired within days, not at once:
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
        if now >= min(int(found[self.expires]), self.limits.ends(session.started, session.seen)):
            return None
        return session if now - session.seen < max(self.limits.note_seconds, 1) else self._noted(session, now)

    def save(self, session: Session, data: Mapping[str, Any]) -> Session:
        """The session with other data. Raises StaleSessionError when it is no longer what was read, ValueError as `start`."""
        known, now = session.version, int(self.clock())
        changed = replace(session, data=dict(data), version=known + 1, seen=now)
        return self._put(changed, known)

    def sign_in(self, session: Session | None, data: Mapping[str, Any]) -> Session:
        """A session under a new id, which begins now: whoever planted or saw the former one has nothing. Its cookie must be given.

        Raises as `save`; the former session then stands as it did.
        """
        made = self.start(data)
        return made if session is None else self._moved(session, made)

    def rotate(self, session: Session) -> Session:
        """The same session under a new id, for a user whose rights change. Its cookie must be given. Raises as `save`."""
        now = int(self.clock())
        made = replace(session, id=cookies.fresh(), version=session.version + 1, seen=now)
        return self._moved(session, self._put(made))

    def end(self, header: str | None) -> None:
        """Delete the session that a request's `Cookie` names, if there is one. The answer's `Set-Cookie` is `cookies.ENDED`."""
        session_id = cookies.read(header)
        if session_id is not None:
            self._delete(session_id)

    def _at(self, session_id: str) -> dict[str, str]:
        return {self.key: cookies.stored(session_id)}

    def _put(self, session: Session, known: int | None = None) -> Session:
        by = uuid.uuid4().hex
        kept = items.item(session, by)
        kept |= {
            **self._at(session.id),
            self.expires: self.limits.ends(session.started, session.seen),
        }
        items.check_size(kept)
        condition: dict[str, Any] = {}
        if known is not None:
            condition = self._as_it_was(known)
            # One's own write is no other's: a put that was repeated finds it.
            condition["ConditionExpression"] += " OR #by = :by"
            condition["ExpressionAttributeNames"]["#by"] = BY
            condition["ExpressionAttributeValues"][":by"] = by
        if not done(partial(self.table.put_item, Item=kept, **condition)):
            raise StaleSessionError
        return items.session(session.id, kept)

    def _as_it_was(self, version: int) -> dict[str, Any]:
        """The condition that a session is there in that version, and hasn't expired."""
        return {
            "ConditionExpression": "#version = :known AND #expires > :now",
            "ExpressionAttributeNames": {"#version": VERSION, "#expires": self.expires},
            "ExpressionAttributeValues": {":known": version, ":now": int(self.clock())},
        }

    def _noted(self, session: Session, now: int) -> Session | None:
        """The session, seen now; None when it has just ended: nothing is written then that would bring it back."""
        note = partial(
            self.table.update_item,
            Key=self._at(session.id),
            UpdateExpression="SET #seen = :now, #expires = :expires",
            ConditionExpression="#expires > :now",
            ExpressionAttributeNames={"#seen": SEEN, "#expires": self.expires},
            ExpressionAttributeValues={":now": now, ":expires": self.limits.ends(session.started, now)},
        )
        return replace(session, seen=now) if done(note) else None

    def _moved(self, former: Session, made: Session) -> Session:
        """Delete the former one, unless somebody has changed it: then the new one goes. A crash in between leaves both."""
        condition = self._as_it_was(former.version)
        if done(partial(self.table.delete_item, Key=self._at(former.id), **condition)):
            return made
        self._delete(made.id)
        raise StaleSessionError

    def _delete(self, session_id: str) -> None:
        again(partial(self.table.delete_item, Key=self._at(session_id)))
