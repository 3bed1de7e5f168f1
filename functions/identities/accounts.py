"""Who has an account: a table with the key `pk`, one item a verified mail address, in both regions.

A user pool is of one region, and so are its users' ids: what a user is called in both is written down here, `user`. A new account's is made
of its address, so that two regions which see it for the first time at once write the same. Whoever operates the system may change an item:
`closed` true shuts the account in both regions, and the item of a new address may have an old one's `user`. The address itself isn't kept,
only its SHA-256 together with the system's name: who knows an address can ask whether it is here, nobody can read it.
"""

from __future__ import annotations

import hashlib
import re
import string
import time
from dataclasses import dataclass
from typing import Any

DIGITS = 32
"""Hexadecimal digits of a new user's name: 128 bits."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""With a slash in it, a user's objects would stand among another one's."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True)
class Account:
    """One item."""

    user: str
    """What its objects' keys begin with."""
    closed: bool


def key(system: str, address: str) -> str:
    """The item's key of a mail address. ValueError for what is none.

    ASCII letters are the same in both cases, as in a user pool that isn't case-sensitive; no other letters are made one, since two
    addresses of different people could become the same.
    """
    plain = address.translate(_LOWER)
    before, at, after = plain.rpartition("@")
    if not (before and at and after):
        raise ValueError("a mail address has something before and after an @")
    return hashlib.sha256(f"{system}\0{plain}".encode()).hexdigest()


@dataclass(frozen=True)
class Accounts:
    """The table of one region."""

    table: Any
    """boto3's Table."""
    system: str
    """Its name, the same in both regions."""

    def known(self, address: str) -> Account | None:
        """The account of an address; None where there is none. What this region has written is seen at once."""
        return self._read(key(self.system, address))

    def opened(self, address: str) -> Account:
        """The account of an address that somebody has proved to be theirs, written down if it is new. Never changes one that is there."""
        place = key(self.system, address)
        found = self._read(place)
        if found is not None:
            return found
        made = Account(user=place[:DIGITS], closed=False)
        try:
            self.table.put_item(
                Item={"pk": place, "user": made.user, "closed": made.closed, "since": int(time.time())},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except self.table.meta.client.exceptions.ConditionalCheckFailedException:
            found = self._read(place)
            if found is None:  # taken away in between, which nothing of ours does
                raise
            return found
        return made

    def _read(self, place: str) -> Account | None:
        item = self.table.get_item(Key={"pk": place}, ConsistentRead=True).get("Item")
        if item is None:
            return None
        user = str(item["user"])
        if not _NAME.fullmatch(user):
            raise RuntimeError(
                f"user of the account {place} is {user!r}, allowed are 1 to 64 letters, digits, - and _"
            )
        return Account(user=user, closed=bool(item.get("closed", False)))
