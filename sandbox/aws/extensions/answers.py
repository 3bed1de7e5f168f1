"""What moto works out for each answer, and is the same for every one: a class's actions, a service's errors, where a member is kept."""

from __future__ import annotations

import functools
import string
from typing import Any


def _actions() -> None:
    """All of a class is looked through for its methods, EC2's has hundreds, whenever it is called."""
    from moto.core import responses

    listed = responses.method_names_from_class
    responses.method_names_from_class = functools.cache(lambda asked: frozenset(listed(asked)))


def _errors() -> None:
    """Tables of the services' errors are kept, but what keeps them is made anew for each error."""
    from moto.core import errors

    errors.ErrorLookupFactory = functools.cache(errors.ErrorLookupFactory)


def _places() -> None:
    """The names under which an object may have a member of a shape are told from its class: moto asks six sources of names each time."""
    from moto.core.serialize import XFormedAttributePicker

    known: dict[Any, tuple[str, ...]] = {}
    original = XFormedAttributePicker.get_possible_keys

    def get_possible_keys(self: XFormedAttributePicker, context: Any) -> tuple[str, ...]:
        at = type(context.obj), context.shape, context.key
        if at not in known:
            known[at] = tuple(dict.fromkeys(original(self, context)))
        return known[at]

    XFormedAttributePicker.get_possible_keys = get_possible_keys


def _files() -> None:
    """In debug mode, which moto is in, Flask makes a class for each request, of the error that tells a form's author of a lacking file."""
    from flask import debughelpers

    debughelpers.attach_enctype_error_multidict = lambda request: None  # noqa: ARG005


def _names() -> None:
    """Each element of a document in XML has its name looked at letter by letter: a few hundred names, which come again and again."""
    import xmltodict

    xmltodict._validate_name = functools.lru_cache(4096)(xmltodict._validate_name)  # noqa: SLF001 - it has no switch


def _numbers() -> None:
    """Each answer has a number of 52 letters, each drawn by itself: all at once takes a fifth of the time."""
    from moto.moto_api._internal.moto_random import MotoRandom

    def get_random_string(
        self: MotoRandom, length: int = 20, include_digits: bool = True, lower_case: bool = False
    ) -> str:
        made = "".join(self.choices(string.ascii_letters + string.digits * include_digits, k=length))
        return made.lower() if lower_case else made

    MotoRandom.get_random_string = get_random_string


def install() -> None:
    """Have it worked out once."""
    _files()
    _actions()
    _errors()
    _places()
    _names()
    _numbers()
