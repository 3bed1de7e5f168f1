"""Names taken apart: `DBClusterParameterGroup` is db, cluster, parameter, group."""

from __future__ import annotations

import functools
import re

SAME = {"config": "configuration", "acl": "acl", "iam": "iam", "vpce": "endpoint"}
DROPPED = {"v2", "configurations"}


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """The words of a class or operation name: lower case, singular, `Config` written out, without `V2`."""
    found = re.findall(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z]+[0-9]*|[0-9]+", name)
    return tuple(_plain(word) for word in found if word.lower() != "v2")


def _plain(word: str) -> str:
    bare = word.lower()
    if bare.endswith("ies"):
        bare = f"{bare[:-3]}y"
    elif bare.endswith("s") and not bare.endswith(("ss", "us", "is", "ns", "qs", "ms", "fs", "ws")):
        bare = bare[:-1]
    return SAME.get(bare, bare)


def likeness(wanted: tuple[str, ...], offered: tuple[str, ...], free: frozenset[str]) -> float:
    """How well an operation's words say a class's words, 0 to 1. Words that the module implies weigh little."""
    weight = {w: 0.1 if w in free else 1.0 for w in {*wanted, *offered}}
    shared = sum(weight[w] for w in set(wanted) & set(offered))
    missing = sum(weight[w] for w in set(wanted) - set(offered))
    extra = sum(weight[w] for w in set(offered) - set(wanted))
    return shared / (shared + missing + 0.7 * extra) if shared else 0.0
