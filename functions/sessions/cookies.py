"""What a browser holds of a session: an id that says nothing, in a cookie that only this host gets back, over TLS, out of scripts' reach.

Sources: https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html (64 bits of entropy or more, attributes of the
cookie, no `Max-Age`: it ends with the browser), https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis (the prefix `__Host-`
is taken with `Secure`, with `Path=/` and without `Domain` only, so that no other host of the domain can plant one).
"""

from __future__ import annotations

import hashlib
import re
import secrets

NAME = "__Host-session"
BYTES = 32
"""Of an id: 256 bits of randomness, four times what OWASP asks for."""
_ATTRIBUTES = "Secure; HttpOnly; SameSite=Lax; Path=/"
_ID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""32 bytes in base64url, without padding."""

ENDED = f"{NAME}=; {_ATTRIBUTES}; Max-Age=0"
"""The value of `Set-Cookie` after a session has ended: the browser forgets it."""


def fresh() -> str:
    """An id that nobody has had."""
    return secrets.token_urlsafe(BYTES)


def given(session_id: str) -> str:
    """The value of `Set-Cookie` that gives a browser that id."""
    return f"{NAME}={session_id}; {_ATTRIBUTES}"


def read(header: str | None) -> str | None:
    """The id in a request's `Cookie`; None where there is none, one that can't be ours, or two that differ."""
    if not header:
        return None
    pairs = (part.strip(" \t").partition("=") for part in header.split(";"))
    found = {value for name, _, value in pairs if name == NAME}
    one = found.pop() if len(found) == 1 else ""
    return one if _ID.fullmatch(one) else None


def stored(session_id: str) -> str:
    """What the table knows an id by: who reads the table, a backup or an export of it learns no cookie.

    An id is as random as a key, so its plain SHA-256 can't be guessed back.
    """
    return hashlib.sha256(session_id.encode()).hexdigest()
