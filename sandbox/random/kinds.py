"""The types of the `random` package: what each takes, and what it makes of it.

Properties, defaults and ids as the package's registry pages have them (https://www.pulumi.com/registry/packages/random/).
`bcryptHash` of a password is not made: it would take a package that nothing else here needs.
"""

from __future__ import annotations

import base64
import string
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

Made = tuple[str, dict[str, Any]]
"""Id and outputs."""
_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": _SPECIAL,
}
_WORDS = (
    ("barely", "calmly", "deeply", "evenly", "fully", "gently", "highly", "keenly"),
    ("amber", "brave", "clever", "eager", "fleet", "gentle", "merry", "steady"),
    ("badger", "beetle", "falcon", "heron", "lynx", "marten", "otter", "plover"),
)
"""Adverbs, adjectives and animals for the names of pets."""


@dataclass(frozen=True)
class Kind:
    """One type. `make` gets all inputs, `refuse` says what is wrong with them."""

    make: Callable[[Mapping[str, Any]], Made]
    required: frozenset[str]
    optional: frozenset[str]
    defaults: Mapping[str, Any]
    refuse: Callable[[Mapping[str, Any]], str | None] = lambda _: None
    secret: frozenset[str] = frozenset()


def _text(inputs: Mapping[str, Any]) -> str:
    """A text with at least as many characters of each class as asked for, at places that nobody can tell."""
    chance = SystemRandom()
    classes = {name: _characters(inputs, name) for name in _CLASSES if inputs[name]}
    drawn = [chance.choice(classes[name]) for name in classes for _ in range(inputs[_least(name)])]
    every = "".join(classes.values())
    drawn += [chance.choice(every) for _ in range(inputs["length"] - len(drawn))]
    chance.shuffle(drawn)
    return "".join(drawn)


def _characters(inputs: Mapping[str, Any], name: str) -> str:
    return str(inputs.get("overrideSpecial") or _SPECIAL) if name == "special" else _CLASSES[name]


def _least(name: str) -> str:
    return f"min{name.capitalize()}"


def _bad_text(inputs: Mapping[str, Any]) -> str | None:
    length, least = inputs["length"], sum(inputs[_least(name)] for name in _CLASSES)
    if not isinstance(length, int) or length < 1:
        return f"length: got {length!r}, allowed is 1 or more"
    if least > length:
        return f"length: got {length}, allowed is at least {least}, the sum of minLower, minUpper, minNumeric and minSpecial"
    if not any(inputs[name] for name in _CLASSES):
        return "lower, upper, numeric, special: at least one must be true"
    return None


def _string(inputs: Mapping[str, Any]) -> Made:
    result = _text(inputs)
    return result, {"result": result}


def _password(inputs: Mapping[str, Any]) -> Made:
    return "none", {"result": _text(inputs)}


def _id(inputs: Mapping[str, Any]) -> Made:
    drawn, prefix = SystemRandom().randbytes(inputs["byteLength"]), inputs.get("prefix", "")
    url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    values = {
        "b64Url": url,
        "b64Std": base64.b64encode(drawn).decode(),
        "hex": drawn.hex(),
        "dec": str(int.from_bytes(drawn)),
    }
    return url, {name: prefix + value for name, value in values.items()}


def _bytes(inputs: Mapping[str, Any]) -> Made:
    drawn = SystemRandom().randbytes(inputs["length"])
    return "none", {"base64": base64.b64encode(drawn).decode(), "hex": drawn.hex()}


def _pet(inputs: Mapping[str, Any]) -> Made:
    length, chance = inputs["length"], SystemRandom()
    lists = (_WORDS[0],) * max(length - 2, 0) + _WORDS[-min(length, 2) :]
    words = [chance.choice(each) for each in lists]
    name = str(inputs["separator"]).join([*([inputs["prefix"]] if inputs.get("prefix") else []), *words])
    return name, {}


def _integer(inputs: Mapping[str, Any]) -> Made:
    result = _chance(inputs).randint(inputs["min"], inputs["max"])
    return str(result), {"result": result}


def _shuffle(inputs: Mapping[str, Any]) -> Made:
    given, chance = list(inputs["inputs"]), _chance(inputs)
    count = inputs.get("resultCount", len(given))
    results: list[str] = []
    while given and len(results) < count:
        results += chance.sample(given, len(given))
    return "-", {"results": results[:count]}


def _chance(inputs: Mapping[str, Any]) -> Random:
    return Random(inputs["seed"]) if inputs.get("seed") else SystemRandom()  # noqa: S311 - the program wants it repeatable


def _uuid(_inputs: Mapping[str, Any]) -> Made:
    result = str(uuid.uuid4())
    return result, {"result": result}


def _at_least_one(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    def refuse(inputs: Mapping[str, Any]) -> str | None:
        value = inputs[name]
        return (
            None if isinstance(value, int) and value >= 1 else f"{name}: got {value!r}, allowed is 1 or more"
        )

    return refuse


def _ordered(inputs: Mapping[str, Any]) -> str | None:
    low, high = inputs["min"], inputs["max"]
    return None if low <= high else f"min: got {low}, allowed is at most max, {high}"


_KEPT = frozenset({"keepers"})
_OF_TEXT = {**dict.fromkeys(_CLASSES, True), **{_least(name): 0 for name in _CLASSES}}
_NOTHING: frozenset[str] = frozenset()


def _of_text(make: Callable[[Mapping[str, Any]], Made], secret: frozenset[str] = _NOTHING) -> Kind:
    more = _KEPT | {"number", "overrideSpecial", *_OF_TEXT}
    return Kind(make, frozenset({"length"}), more, _OF_TEXT, _bad_text, secret)


KINDS: Mapping[str, Kind] = {
    "random:index/randomString:RandomString": _of_text(_string),
    "random:index/randomPassword:RandomPassword": _of_text(_password, frozenset({"result"})),
    "random:index/randomId:RandomId": Kind(
        _id, frozenset({"byteLength"}), _KEPT | {"prefix"}, {}, _at_least_one("byteLength")
    ),
    "random:index/randomBytes:RandomBytes": Kind(
        _bytes, frozenset({"length"}), _KEPT, {}, _at_least_one("length"), frozenset({"base64", "hex"})
    ),
    "random:index/randomPet:RandomPet": Kind(
        _pet,
        _NOTHING,
        _KEPT | {"length", "prefix", "separator"},
        {"length": 2, "separator": "-"},
        _at_least_one("length"),
    ),
    "random:index/randomInteger:RandomInteger": Kind(
        _integer, frozenset({"min", "max"}), _KEPT | {"seed"}, {}, _ordered
    ),
    "random:index/randomShuffle:RandomShuffle": Kind(
        _shuffle, frozenset({"inputs"}), _KEPT | {"resultCount", "seed"}, {}
    ),
    "random:index/randomUuid:RandomUuid": Kind(_uuid, _NOTHING, _KEPT, {}),
}
