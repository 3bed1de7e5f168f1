"""Where each input of a type lands in AWS's API: an operation and the way to a member of its request."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.provider import models, shapes
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.operations import of, updates, verb
from sandbox.provider.derived.words import words
from sandbox.provider.schema import schema

DEEPEST = 2
"""Structures that are looked into for a member: `DistributionConfig`, `Budget.TimePeriod`."""
ENDINGS = ("id", "arn", "name", "identifier")
DOCUMENTS = frozenset({"policy", "definition", "document", "template", "body", "content"})
"""Inputs that are text to be read, never a name or an id."""
OWN = frozenset(
    [
        "region",
        "tags",
        "tagsAll",
        "timeouts",
        "forceDestroy",
        "forceDelete",
        "forceDestroyModule",
        "forceUpdateVersion",
        "skipDestroy",
        "skipDestroyAfterDays",
        "skipFinalSnapshot",
        "skipFinalBackup",
        "finalSnapshotIdentifier",
        "finalSnapshotName",
        "finalBackupTags",
        "triggers",
        "applyImmediately",
        "deletionWindowInDays",
        "recoveryWindowInDays",
        "forceOverwriteReplicaSecret",
        "sourceCodeHash",
        "skipDestroyOnFailure",
        "deleteReportsOnDestroy",
        "forceDetachPolicies",
        "skipCredentialsValidation",
        "skipResourceDestroy",
        "allowMajorVersionUpgrade",
        "forceDeleteWarmPool",
        "keepers",
    ]
)
"""Inputs that Pulumi's provider uses itself; no request of AWS holds them."""
OWN_ENDINGS = ("Prefix", "WoVersion")
OWN_BEGINNINGS = ("waitFor", "skip")


@dataclass(frozen=True)
class Place:
    """A member of a request."""

    operation: str
    path: tuple[str, ...]
    shape: Any


def is_own(token: str, name: str) -> bool:
    """Whether an input is the provider's own, so that no member stands for it."""
    found = schema(token)
    prefix = name.endswith(OWN_ENDINGS) and name.removesuffix("Prefix").removesuffix("WoVersion") in {
        *found.inputs,
        *(n.removesuffix("Wo") for n in found.inputs),
    }
    return name in OWN or prefix or name.startswith(OWN_BEGINNINGS)


@functools.cache
def places(token: str, service: str, operation: str) -> dict[str, Place | None]:
    """Every input that is AWS's business, with its place; None where no name says it."""
    names = [n for n in schema(token).order if not is_own(token, n)]
    return {name: _place(token, service, operation, name) for name in names}


def _place(token: str, service: str, operation: str, name: str) -> Place | None:
    operations = (operation, *updates(service, operation))
    plain = name.removesuffix("Wo")  # a write-only twin goes where its plain one does
    for op in operations:
        top = models.members(models.request(service, op))
        for wanted in _readings(token, op, plain):
            member = shapes.find(wanted, top)
            if member is not None:
                return Place(op, (member,), top[member])
    for op in operations:
        for depth in range(1, DEEPEST + 1):
            for wanted in _readings(token, op, plain):
                inner = list(_nested(models.request(service, op), wanted, depth))
                if len(inner) == 1:
                    return Place(op, *inner[0])
    return _by_ending(token, service, operation, plain)


def _readings(token: str, operation: str, name: str) -> Iterator[str]:
    """A property's name, and with the nouns before it that AWS writes: `name` of a cluster is `ClusterName`."""
    yield name
    module, cls = of(token)
    nouns = dict.fromkeys((verb(operation)[1], cls))
    for noun in (*nouns, *FACTS.free.get(module, "").split()):
        yield f"{noun}{name}"
    if name == "name":
        yield from (f"{words(noun)[-1]}Name" for noun in nouns)  # a `UserPool` has a `PoolName`
        yield from (f"{noun}Identifier" for noun in nouns)
    if name == "policy":
        yield from ("PolicyDocument", "ResourcePolicy", "ResourcePolicyDocument")


def _nested(
    shape: Any, name: str, depth: int, way: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Members of that name exactly `depth` structures further down."""
    for member, inner in models.members(shape).items():
        if inner.type_name != "structure":
            continue
        if depth == 1:
            below = models.members(inner)
            found = next((m for m in below if shapes.key(m) == shapes.key(name)), None)
            if found:
                yield (*way, member, found), below[found]
        else:
            yield from _nested(inner, name, depth - 1, (*way, member))


def _by_ending(token: str, service: str, operation: str, name: str) -> Place | None:
    """Text that AWS names with Id, Arn or Name behind it, or without: `role` is `RoleArn`."""
    if not schema(token).is_text(name):
        return None
    top = models.members(models.request(service, operation))
    low = name.lower()
    bare = next((low.removesuffix(e) for e in ENDINGS if low.endswith(e) and low != e), low)
    wanted = {bare, *(f"{bare}{ending}" for ending in ENDINGS)} if name not in DOCUMENTS else set()
    fitting = [m for m, shape in top.items() if m.lower() in wanted and shape.type_name == "string"]
    return Place(operation, (fitting[0],), top[fitting[0]]) if len(fitting) == 1 else None
