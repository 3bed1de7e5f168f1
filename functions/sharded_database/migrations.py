"""One migration in one shard: done once, and written down there in a table.

A migration that is there is left alone. Where the engine undoes definitions, all its statements and its row are one transaction. MySQL's
end it: there a migration is one statement, which MySQL does or doesn't do as a whole; its row says `begun` before and `applied` after, and
what is found begun was cut off, so that a person has to look.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TABLE = "holdfast_migrations"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_BEGUN, _APPLIED = "begun", "applied"
_MAKE = f"CREATE TABLE IF NOT EXISTS {TABLE} (id VARCHAR(64) PRIMARY KEY, digest CHAR(64) NOT NULL, state VARCHAR(8) NOT NULL)"
_LOOK = f"SELECT digest, state FROM {TABLE} WHERE id = %s"  # noqa: S608  names of ours
_BEGIN = f"INSERT INTO {TABLE} (id, digest, state) VALUES (%s, %s, '{_BEGUN}')"  # noqa: S608
_END = f"UPDATE {TABLE} SET state = '{_APPLIED}' WHERE id = %s"  # noqa: S608
_FORGET = f"DELETE FROM {TABLE} WHERE id = %s AND state = '{_BEGUN}'"  # noqa: S608


class Outcome(StrEnum):
    """What came of a migration in a shard."""

    APPLIED = "applied"
    PRESENT = "present"
    """It was there already."""
    FAILED = "failed"


class UnfitError(Exception):
    """A migration that can't be done here; the text says why."""


@dataclass(frozen=True)
class Migration:
    """What is to be done once in each shard."""

    name: str
    statements: Sequence[str]

    @classmethod
    def read(cls, event: Any) -> Migration:
        """Out of what the function is called with. Raises UnfitError."""
        given = event if isinstance(event, dict) else {}
        name, statements = given.get("migration"), given.get("statements")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise UnfitError(f"migration: got {name!r}, allowed is 1 to 64 letters, digits and . _ -")
        texts = isinstance(statements, list) and all(
            isinstance(each, str) and each.strip() for each in statements
        )
        if not texts or not statements:
            raise UnfitError(f"statements: got {statements!r}, allowed is a list of statements of SQL")
        return cls(name, tuple(statements))

    @property
    def digest(self) -> str:
        """By which a name that was used for something else is found."""
        return hashlib.sha256(json.dumps(self.statements).encode()).hexdigest()

    def apply(self, connection: Any, *, transactional: bool) -> Outcome:
        """Do it in the shard that the connection leads to. Raises UnfitError, and whatever the driver does; then nothing of it is done."""
        if not transactional and len(self.statements) > 1:
            raise UnfitError(
                f"statements: got {len(self.statements)}, allowed is one with MySQL: each of them is final"
            )
        cursor = connection.cursor()
        cursor.execute(_MAKE)
        connection.commit()
        cursor.execute(_LOOK, (self.name,))
        found = cursor.fetchone()
        if found is not None:
            return self._known(*found)
        cursor.execute(_BEGIN, (self.name, self.digest))
        if not transactional:
            connection.commit()
        try:
            for statement in self.statements:
                cursor.execute(statement)
        except Exception:
            connection.rollback()
            if not transactional:
                cursor.execute(_FORGET, (self.name,))
                connection.commit()
            raise
        cursor.execute(_END, (self.name,))
        connection.commit()
        return Outcome.APPLIED

    def _known(self, digest: str, state: str) -> Outcome:
        if digest != self.digest:
            raise UnfitError(f"{self.name} was something else here: its statements are others")
        if state != _APPLIED:
            raise UnfitError(
                f"{self.name} was begun and cut off: look what it has done, and mend its row in {TABLE}"
            )
        return Outcome.PRESENT
