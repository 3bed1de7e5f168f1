"""Which operation of AWS's API makes a class of pulumi_aws, and which change it: found by name."""

from __future__ import annotations

import functools
import re

from sandbox.provider import models, shapes
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.words import likeness, words
from sandbox.provider.schema import APART, schema

CREATE = {
    "Create": 1.0, "Put": 0.95, "Register": 0.95, "Request": 0.95, "Run": 0.9, "Allocate": 0.9, "Import": 0.85,
    "Add": 0.85, "Associate": 0.85, "Attach": 0.85, "Enable": 0.85, "Set": 0.85, "Start": 0.8, "Accept": 0.75,
    "Update": 0.75, "Modify": 0.75, "Authorize": 0.75, "Provision": 0.75, "Copy": 0.75, "Publish": 0.7,
    "Subscribe": 0.7, "Issue": 0.8, "Share": 0.7, "Invite": 0.7, "Upload": 0.7, "Purchase": 0.7, "Verify": 0.7,
    "Apply": 0.7, "Grant": 0.7, "Activate": 0.7, "Tag": 0.6, "Send": 0.6, "Batch": 0.6, "Change": 0.6, "Define": 0.8,
    "Deploy": 0.6, "Describe": 0.0,
}  # fmt: skip
"""Verbs that make things, and how readily one is believed to."""
BY_LAST_WORD = {
    "attachment": ("Attach", "Associate", "Register"),
    "association": ("Associate", "Create"),
    "accepter": ("Accept",),
    "acceptor": ("Accept",),
    "permission": ("Add", "Put"),
    "copy": ("Copy",),
    "propagation": ("Enable",),
    "membership": ("Add", "Create"),
    "member": ("Add", "Create"),
    "activation": ("Activate", "Create"),
    "invocation": ("Invoke",),
}
"""The last word of a class that names the verb; the operation is then compared without it."""
UPDATE = ("Update", "Modify", "Put", "Set", "Change", "Replace", "Enable", "Reset")
LEAST = 0.55
"""Likeness below which a pick is no better than a guess."""


@functools.cache
def create(token: str, service: str) -> str | None:
    """The operation that makes a type; None when no name is near enough."""
    module, name = of(token)
    known = FACTS.operations.get(f"{module}:{name}")
    if known is not None:
        return known
    best = max(
        ((_score(token, service, op), op) for op in models.model(service).operation_names), default=None
    )
    return best[1] if best is not None and best[0] >= LEAST else None


def of(token: str) -> tuple[str, str]:
    """Module and class of a token: `aws:lambda/function:Function` is lambda, Function."""
    _, module, name = token.split(":")
    return module.split("/")[0], name


def bare(module: str, name: str) -> str:
    """A class name without the prefix that says which of the module's services it is of."""
    for prefix in FACTS.prefixes.get(module, ()):
        if prefix and name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :]
    return name


def verb(operation: str) -> tuple[str, str]:
    """An operation's verb and the rest: `CreateVpc` is Create, Vpc."""
    found = re.match(r"[A-Z][a-z]+", operation)
    head = found.group() if found else operation
    return head, operation[len(head) :]


def _score(token: str, service: str, operation: str) -> float:
    module, name = of(token)
    head, noun = verb(operation)
    trust = CREATE.get(head, 0.0)
    if not trust:
        return 0.0
    free = frozenset((*FACTS.free.get(module, "").split(), *words(module.capitalize())))
    mine = words(bare(module, name))
    same = shapes.key(bare(module, name)) == shapes.key(noun)
    alike = (1.0 if same else likeness(mine, words(noun), free)) * trust
    if head in BY_LAST_WORD.get(mine[-1], ()) and len(mine) > 1:
        alike = max(alike, likeness(mine[:-1], words(noun), free) * 0.97)
    return alike + 0.12 * _fed(token, service, operation) if alike else 0.0


def _fed(token: str, service: str, operation: str) -> float:
    """The share of a type's inputs that an operation takes, less what it requires and no input gives."""
    offered = models.members(models.request(service, operation))
    inputs = schema(token).inputs - APART
    keys = {shapes.key(member) for member in offered}
    return sum(shapes.key(each) in keys for each in inputs) / len(inputs) if inputs else 0.0


@functools.cache
def updates(service: str, operation: str) -> tuple[str, ...]:
    """Operations that change what a create operation made: the same noun by another verb."""
    head, noun = verb(operation)
    known = set(models.model(service).operation_names)
    again = (operation,) if head in ("Put", "Set", "Update", "Modify", "Change", "Define") else ()
    nouns = (noun, f"{noun}Attribute", f"{noun}Attributes", f"{noun}Configuration", f"{noun}Config")
    return again + tuple(
        f"{v}{n}" for v in UPDATE for n in nouns if f"{v}{n}" in known and f"{v}{n}" != operation
    )
