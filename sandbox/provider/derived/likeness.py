"""Ids and ARNs in the form that AWS gives them, after the examples in the documentation of the type."""

from __future__ import annotations

import functools
import re
import uuid
from typing import Any

from sandbox.provider import models, schema, shapes
from sandbox.provider.api import ACCOUNT
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.importform import GENERATED, REGION, documented, form
from sandbox.provider.derived.operations import bare, of, verb

_RUN = re.compile(r"[A-Za-z0-9]{4,}")
_LENGTH = 17
"""Characters of an id of which no example is known, as EC2's have."""


def alike(example: str, region: str) -> str:
    """A fresh id that looks like the example: its made-up characters are drawn anew, a region is this one, all else stays."""
    placed = re.match(rf"({REGION.pattern})([_:])(.+)", example)
    place, tail = (f"{region}{placed.group(2)}", placed.group(3)) if placed else ("", example)
    if not GENERATED.fullmatch(tail):
        return uuid.uuid4().hex[:_LENGTH]
    return place + _RUN.sub(_drawn, tail)


def _drawn(run: re.Match[str]) -> str:
    text = run.group()
    if not (re.fullmatch("[0-9a-fx]+", text) or re.search(r"\d", text)):
        return text  # a word, such as the `cluster` of `cluster-0a1b2c3d`
    fresh = (uuid.uuid4().hex + uuid.uuid4().hex)[: len(text)]
    return fresh.upper() if text.isupper() else fresh


def arn(token: str, service: str, operation: str, region: str, name: str) -> str:
    """An ARN of the type: after the example of its import line, else service, kind and name."""
    example, _ = documented(token)
    if example.startswith("arn:") and form(token).parts == ("arn",) and example.count(":") >= 5:  # noqa: PLR2004
        _, _, space, place, owner, rest = example.split(":", 5)
        return f"arn:aws:{space}:{region if place else ''}:{ACCOUNT if owner else ''}:{_rest(rest, name)}"
    head = f"arn:aws:{namespace(service)}:{region if schema.schema(token).regional else ''}:{ACCOUNT}:"
    return head + _kind(token, service, operation, head, name)


def _rest(example: str, name: str) -> str:
    """The resource of an ARN: kinds stay, the last part is the name or made up, and the name stands before it."""
    *before, last = re.split("([/:])", example)
    if not before:
        return name
    if not GENERATED.fullmatch(last):
        return "".join((*before, name))
    if len(before) > 2:  # noqa: PLR2004  kind, sign, name, sign
        before[-2] = name
    own = name if len(before) == 2 and GENERATED.fullmatch(name) else alike(last, "")  # noqa: PLR2004
    return "".join((*before, own))


@functools.cache
def namespace(service: str) -> str:
    """The service's name in ARNs."""
    metadata = models.model(service).metadata
    return (
        FACTS.arns.get(service)
        or str(metadata.get("signingName") or metadata["endpointPrefix"]).split(".")[-1]
    )


def _kind(token: str, service: str, operation: str, head: str, name: str) -> str:
    """The kind of thing in an ARN; where botocore knows the form of the ARN, one that has it."""
    module, cls = of(token)
    nouns = dict.fromkeys((bare(module, cls), cls, verb(operation)[1]))
    kinds = [
        k
        for n in nouns
        for k in (re.sub("(?<=[a-z0-9])(?=[A-Z])", "-", n).lower(), n.lower(), n[:1].lower() + n[1:])
    ]
    tries = [f"{kind}{sign}{name}" for sign in "/:" for kind in dict.fromkeys(kinds)]
    pattern = _pattern(token, service, operation)
    fitting = (t for t in tries if pattern is not None and pattern.search(head + t))
    return next(fitting, tries[0])


@functools.cache
def _pattern(token: str, service: str, operation: str) -> Any:
    """The form that botocore gives for the ARN in the answer of the create operation; None when it gives none."""
    answer = models.members(models.response(service, operation))
    everything = {**{m: s for inner in answer.values() for m, s in models.members(inner).items()}, **answer}
    wanted = {"arn", shapes.key(f"{verb(operation)[1]}Arn"), shapes.key(f"{of(token)[1]}Arn")}
    shape = next(
        (s for m, s in everything.items() if shapes.key(m) in wanted and s.metadata.get("pattern")), None
    )
    try:
        return re.compile(shape.metadata["pattern"]) if shape is not None else None
    except re.error:
        return None
