"""A mail as its sender puts it into the queue: `{"id": ..., "to": [...], "subject": ..., "text": ..., "html": ..., "until": ...}`.

`id`, which its sender gives it, is what a second one like it is known by, in both regions; `text` or `html` or both; `until` (a moment of
ISO 8601 with its offset) is after when nobody wants it any more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RECIPIENTS = 50
"""https://docs.aws.amazon.com/ses/latest/dg/quotas.html"""
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
"""What a tag of SES may say, up to 256 characters, and so what is told of the mail names it.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html"""
KEYS = frozenset({"id", "to", "subject", "text", "html", "until"})


@dataclass(frozen=True)
class Letter:
    """One mail."""

    id: str
    to: tuple[str, ...]
    subject: str
    bodies: Mapping[str, str]
    """Text or Html -> what it says."""
    until: datetime | None

    def content(self) -> dict[str, Any]:
        """As SES takes it."""
        body = {kind: {"Data": said, "Charset": "UTF-8"} for kind, said in self.bodies.items()}
        return {"Simple": {"Subject": {"Data": self.subject, "Charset": "UTF-8"}, "Body": body}}


def letter(said: Any) -> Letter:
    """Read one. ValueError says what is wrong with it: it is tried as often as others, then a dead letter."""
    _need(isinstance(said, Mapping), "a mail is an object")
    unknown = sorted(set(said) - KEYS)
    _need(not unknown, f"a mail has no {', '.join(unknown)}")
    key, to, subject = said.get("id"), said.get("to"), said.get("subject")
    _need(isinstance(key, str) and bool(_ID.fullmatch(key)), "id: 1 to 200 letters, digits, - and _")
    _need(
        isinstance(to, list) and 0 < len(to) <= RECIPIENTS and all(isinstance(each, str) for each in to),
        f"to: 1 to {RECIPIENTS} addresses",
    )
    _need(isinstance(subject, str) and bool(subject), "subject: a text")
    bodies = {kind.capitalize(): said[kind] for kind in ("text", "html") if said.get(kind) is not None}
    _need(bool(bodies) and all(isinstance(each, str) for each in bodies.values()), "text or html: a text")
    until = None if said.get("until") is None else datetime.fromisoformat(said["until"])
    _need(until is None or until.tzinfo is not None, "until: a moment with its offset")
    return Letter(key, tuple(to), subject, bodies, until)


def _need(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)
