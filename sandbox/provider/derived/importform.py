"""What a class's own documentation says of its ids: the example and the sentence of "pulumi import"."""

from __future__ import annotations

import functools
import re
import typing
from dataclasses import dataclass
from typing import Any

from sandbox.provider import models, schema, shapes
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.operations import create, of, verb
from sandbox.provider.derived.services import service
from sandbox.provider.derived.words import words

SEPARATORS = (",", "|", "/", ":", "#", ";", "+", "_")
ACCOUNT = re.compile(r"\d{12}")
REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")
GENERATED = re.compile(
    r"(?:[a-z]+[-_])*(?:[0-9a-fx]{6,}|[0-9]{4,})|(?=\D*\d)[A-Z0-9]{6,}|(?=\D*\d)(?=.*[a-z])[a-z0-9]{8,}"
    r"|[0-9a-fx]{6,}(?:-[0-9a-fx]{2,}){2,}(?:-\d)?|(?:[a-z]+-)+[0-9a-f]+(?:-[0-9a-f]+)+|(?:[a-z]+-)+(?=\D*\d)[a-z0-9]{8,}"
)
"""Ids that AWS makes up, as examples show them: `vpc-0123abcd`, `E74FTE3EXAMPLE`, a UUID, bare hex digits."""


@dataclass(frozen=True)
class Form:
    """How an id is put together: properties, or words for what is none (`own`, `account`, `region`, `arn`)."""

    parts: tuple[str, ...]
    separator: str
    example: str
    """What the own part looks like; a generated one is made in its likeness."""


@functools.cache
def documented(token: str) -> tuple[str, str]:
    """The example id and the words that explain it; empty when the class has no import line."""
    init: Any = vars(schema.resource_class(token))["__init__"]
    text = next((each.__doc__ or "" for each in typing.get_overloads(init)), "")
    line = re.search(r"\$ pulumi import \S+ \S+ (.+)", text)
    if line is None:
        return "", ""
    before = " ".join(text[: line.start()].split())
    told = re.findall(r"Using `pulumi import`,(.*?)(?:For example|```|$)", before)
    return line.group(1).strip().strip("'\"“”"), re.sub(r"^ *import ", "", told[-1].strip()) if told else ""


@functools.cache
def form(token: str) -> Form:
    """How the ids of a type are put together."""
    known = FACTS.ids.get(":".join(of(token)))
    example, sentence = documented(token)
    if known is not None:
        separator = next((s for s in ("__", *SEPARATORS, "-") if s in known), "")
        return Form(tuple(known.split(separator) if separator else [known]), separator, example)
    names = _named(token, sentence)
    if len(names) > 1 and (separator := _separator(example, len(names))):
        return Form(tuple(names), separator, example)
    pieces, separator = _pieces(example)
    if len(pieces) > 1 and not example.startswith("arn:") and len(names) != 1:
        spoken = _spoken(token, sentence)
        parts = spoken if len(spoken) == len(pieces) else _guessed(token, pieces)
        return Form(tuple(parts), separator, pieces[-1])
    return Form((_one(token, example, sentence, names),), "", example)


def _one(token: str, example: str, sentence: str, names: list[str]) -> str:
    """The only part of an id."""
    if example.startswith("arn:"):
        return _arn_part(token, names)
    if len(names) == 1 and names[0] != "own":
        return names[0]
    return "own" if names == ["own"] and _answered(token) else _single(token, example, sentence)


def _named(token: str, sentence: str) -> list[str]:
    """The properties named in the sentence in backticks, in its order."""
    known = schema.wire_names(token)
    found: list[str] = []
    using = sentence.split(" using ", 1)[-1] if " using " in sentence else sentence
    for quoted in re.findall(r"`([^`]+)`", using):
        tokens = re.findall(r"[A-Za-z0-9_]+", quoted)
        for name in tokens:
            wire = known.get(name) or known.get(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
            if wire is None and len(tokens) > 1 and name.lower() != "alias":
                wire = name_of(token) if name.lower().endswith("name") else "own"
            wire = "own" if wire == "id" else wire
            if wire and wire not in found:
                found.append(wire)
    return found


def _separator(example: str, parts: int) -> str:
    """The sign that stands between the parts of an example."""
    return next((s for s in ("__", *SEPARATORS, "-") if example.count(s) >= parts - 1), "")


def _pieces(example: str) -> tuple[list[str], str]:
    separator = next(
        (s for s in SEPARATORS[:-1] if s in example and not example.startswith(("/", "http"))), ""
    )
    return (example.split(separator) if separator else [example]), separator


def _arn_part(token: str, names: list[str]) -> str:
    """Which ARN: the type's own when it has one, else that of the thing it belongs to."""
    found = schema.schema(token)
    if len(names) == 1 and names[0] in found.inputs:
        return names[0]
    if "arn" in found.outputs:
        return "arn"
    mine = next((n for n in found.outputs if n.endswith("Arn") and n not in found.inputs), None)
    given = sorted(n for n in found.inputs if n.lower().endswith("arn"))
    required = [n for n in given if n in found.required]
    return (required or ([mine] if mine else given) or ["arn"])[0]


def _spoken(token: str, sentence: str) -> list[str]:
    """The required inputs that the sentence names in plain words, in its order: `the target ID and policy ID`."""
    text = " ".join(re.findall("[a-z]+", sentence.rsplit(" using ", maxsplit=1)[-1].lower()))
    found = schema.schema(token)
    places: dict[int, str] = {}
    for name in sorted((n for n in found.order if n in found.required and found.is_text(n)), key=len):
        at = text.find(
            " ".join(re.findall("[a-z]+", re.sub("([A-Z])", r" \1", name).lower())).removesuffix(" arn")
        )
        if at >= 0:
            places[at] = name
    return [places[at] for at in sorted(places)]


def _answered(token: str) -> bool:
    """Whether AWS's answer to the create operation holds an id that was not in the request: AWS makes it up."""
    module, name = of(token)
    chosen = service(module, name)
    operation = create(token, chosen) if chosen else None
    if chosen is None or operation is None:
        return False
    answer = models.members(models.response(chosen, operation))
    inner = [m for shape in answer.values() for m in models.members(shape)]
    given = {shapes.key(m) for m in models.members(models.request(chosen, operation))}
    ids = {"id", shapes.key(f"{verb(operation)[1]}Id"), shapes.key(f"{name}Id")}
    return bool(({shapes.key(m) for m in (*answer, *inner)} & ids) - given)


def _guessed(token: str, pieces: list[str]) -> tuple[str, ...]:
    """Parts that no sentence names: accounts and regions by their look, then required inputs in order, then the own part."""
    found = schema.schema(token)
    left = [n for n in found.order if n in found.required and found.is_text(n)]
    own = name_of(token)
    left = [n for n in left if n != own]
    parts = []
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        if ACCOUNT.fullmatch(piece):
            parts.append("account")
        elif REGION.fullmatch(piece):
            parts.append("region")
        elif last and (own or len(left) != 1):
            parts.append("own")
        else:
            parts.append(left.pop(0) if left else "own")
    return tuple(parts)


def _single(token: str, example: str, sentence: str) -> str:
    """One part: an account, a region, a name, what it belongs to, or an id that AWS makes up."""
    if ACCOUNT.fullmatch(example):
        return "account"
    if REGION.fullmatch(example):
        return "region"
    own = name_of(token)
    if not example:
        return own or "own"
    if GENERATED.fullmatch(example) and "name" not in sentence.rsplit(" using ", maxsplit=1)[-1].lower():
        return _parent(token, sentence) or "own"
    found = schema.schema(token)
    first = next((n for n in found.order if n in found.required and found.is_text(n)), "own")
    return own or _parent(token, sentence) or first


def _parent(token: str, sentence: str) -> str | None:
    """The required input that the sentence speaks of: `using the workspace ID`."""
    found = schema.schema(token)
    spoken = set(
        words(re.sub(r"[^A-Za-z ]", " ", sentence.rsplit(" using ", maxsplit=1)[-1]).title().replace(" ", ""))
    )
    said = [
        n for n in found.order if n in found.required and found.is_text(n) and _core(n) <= spoken and _core(n)
    ]
    return None if words(of(token)[1])[-1] in spoken else next(iter(said), None)


def _core(name: str) -> set[str]:
    return set(words(name[:1].upper() + name[1:])) - {"id", "arn", "identifier"}


@functools.cache
def name_of(token: str) -> str | None:
    """The input that names a thing: `name`, or the class's own noun with Name, Identifier or Id."""
    found = schema.schema(token)
    noun = of(token)[1].lower()
    if "name" in found.inputs:
        return "name"
    tails = ("name", "identifier", "id", "")
    fitting = [n for tail in tails for n in found.order if n.lower() == f"{noun}{tail}" and found.is_text(n)]
    loose = [
        n
        for tail in tails[:2]
        for n in found.order
        if n.lower().endswith(tail) and noun.endswith(n.lower().removesuffix(tail)) and len(n) > len(tail)
    ]
    return next(iter([*fitting, *(n for n in loose if found.is_text(n))]), None)
