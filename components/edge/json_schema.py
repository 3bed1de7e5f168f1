"""What API Gateway understands of a JSON schema: draft 4, told apart from what a later draft says differently."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from components.checks import need

DRAFT = "http://json-schema.org/draft-04/schema#"
MOST_BYTES = 400 * 1024
"""https://docs.aws.amazon.com/apigateway/latest/api/API_CreateModel.html"""
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def _schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _named(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, Mapping) for each in value.values())


def _names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _type(value: Any) -> bool:
    return all(each in TYPES for each in (value if isinstance(value, list) and value else [value]))


def _items(value: Any) -> bool:
    return isinstance(value, Mapping) or _schemas(value)


def _rest(value: Any) -> bool:
    return isinstance(value, bool | Mapping)


_Kind = tuple[Callable[[Any], bool], str]
_TEXT: _Kind = (_text, "text")
_COUNT: _Kind = (_count, "a whole number, 0 or more")
_NUMBER: _Kind = (_number, "a number")
_FLAG: _Kind = (_flag, "true or false")
_SEVERAL: _Kind = (_schemas, "a list of schemas")
_GROUP: _Kind = (_named, "schemas by name")
_OTHER: _Kind = (_rest, "true, false or a schema")
_ANY: _Kind = (lambda _value: True, "anything")
WORDS: Mapping[str, _Kind] = {
    "type": (_type, f"one or more of {', '.join(TYPES)}"),
    "enum": (lambda value: isinstance(value, list) and bool(value), "a list"),
    "properties": _GROUP,
    "patternProperties": _GROUP,
    "additionalProperties": _OTHER,
    "required": (_names, "a list of names"),
    "items": (_items, "a schema or a list of schemas"),
    "additionalItems": _OTHER,
    "not": (lambda value: isinstance(value, Mapping), "a schema"),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _SEVERAL),
    **dict.fromkeys(
        ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"), _COUNT
    ),
    **dict.fromkeys(("minimum", "maximum"), _NUMBER),
    "multipleOf": (lambda value: _number(value) and value > 0, "a number above 0"),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum", "uniqueItems"), _FLAG),
    **dict.fromkeys(("title", "description", "format", "pattern"), _TEXT),
    "default": _ANY,
}
"""Words of draft 4 and what each takes. References are none of them: a schema stands in one place."""
_WITHIN = ("additionalProperties", "additionalItems", "items", "not", "allOf", "anyOf", "oneOf")
_WITHIN_NAMED = ("properties", "patternProperties")


def written(schema: Mapping[str, Any]) -> str:
    """The schema as a model has it, as JSON."""
    return json.dumps({"$schema": DRAFT, **schema}, sort_keys=True)


def check(argument: str, schema: Mapping[str, Any]) -> None:
    """Raise ArgumentError for a schema that isn't one of draft 4, or larger than a model may be."""
    need(bool(schema), argument, "nothing", "a JSON schema: one without a word takes everything")
    _check(argument, "", schema)
    size = len(written(schema).encode())
    need(size <= MOST_BYTES, argument, f"{size} bytes", f"at most {MOST_BYTES} bytes")


def _check(argument: str, at: str, schema: Mapping[str, Any]) -> None:
    for word, value in schema.items():
        where = f"{at}.{word}".lstrip(".")
        need(word in WORDS, argument, repr(where), "words of JSON schema draft 4 alone, without references")
        fits, words = WORDS[word]
        need(fits(value), argument, f"{where} {value!r}", f"{words} there, as in JSON schema draft 4")
        if word in _WITHIN:
            inner = value if isinstance(value, list) else [value]
            for each in inner:
                if isinstance(each, Mapping):
                    _check(argument, where, each)
        elif word in _WITHIN_NAMED:
            for name, each in value.items():
                _check(argument, f"{where}.{name}", each)
