"""Outputs, made and looked after with less: the SDK's own way takes a third of a run's time.

It makes four futures and a task for each property of each resource, all of which one answer of the engine resolves: one future is enough.
It watches each of them until then, beside the resource's URN that the same answer resolves: the URN is enough. And it has whatever else
it watches call it when it has ended, though nobody looks before the program has. Where it takes an input that may hold others, it makes an
output of each word within, and of each list and mapping of them; most are plain, and one output holds all. `attributes` makes those of
generated classes when somebody asks for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from pulumi import output
from pulumi.runtime import rpc
from pulumi.runtime.settings import SETTINGS

from sandbox.engines.runner.attributes import Attributes, output_of, resolve
from sandbox.engines.runner.words import WORDS

_MORE = object()
_FROM_INPUT = output.Output.from_input


def transfer_properties(res: Any, props: Iterable[str], custom: bool) -> Mapping[str, Any]:
    """As the SDK's function of that name: outputs on the resource, and by property what resolves each."""
    names = [name for name in props if name != "urn" and not (name == "id" and custom)]
    kind = type(res)
    if names and all(isinstance(getattr(kind, name, None), property) for name in names):
        res.__dict__ = attributes = Attributes(res, names)
        return attributes.resolvers()
    resolvers, loop = {}, asyncio.get_event_loop()
    for name in names:
        waits = loop.create_future()
        res.__dict__[name] = output_of(waits)
        resolvers[name] = partial(resolve, res, waits)
    return resolvers


def _track(self: Any) -> None:
    """As the SDK's method of that name: watch the output until it has a value, and longer if nobody waits (`settle`)."""
    with SETTINGS.lock:
        SETTINGS.outputs.add(self._data)


def under_way() -> list[asyncio.Future[Any]]:
    """The outputs that have no value yet. Those that have one are watched no more; what failed is, to be told at the end."""
    with SETTINGS.lock:
        watched = SETTINGS.outputs
        ended = [data for data in watched if data.done()]
        watched.difference_update(data for data in ended if not data.cancelled() and data.exception() is None)
        return [data for data in watched if not data.done()]


def from_input(val: Any) -> Any:
    """As the SDK's method of that name: an output of what an input comes to."""
    found = _copied(val)
    if found is _MORE:
        return _FROM_INPUT(val)
    data = asyncio.get_event_loop().create_future()
    data.set_result(output._OutputData(set(), found, is_known=True, is_secret=False))  # noqa: SLF001
    return output_of(data)


def _copied(value: Any) -> Any:
    """A copy of what is plain through and through, as the SDK makes one; `_MORE` of anything else."""
    kind = type(value)
    if kind in WORDS:
        return value
    if kind is dict:
        found = {name: _copied(each) for name, each in value.items() if type(name) in WORDS}
        return _MORE if len(found) < len(value) or any(each is _MORE for each in found.values()) else found
    if kind is list or kind is tuple:
        each_of = [_copied(each) for each in value]
        return _MORE if any(each is _MORE for each in each_of) else kind(each_of)
    return _MORE


def make_lightly() -> None:
    """Have the SDK make them so in this process."""
    rpc.transfer_properties = transfer_properties  # type: ignore[assignment]
    output.Output.from_input = staticmethod(from_input)  # type: ignore[method-assign]
    output.Output._track = _track  # type: ignore[method-assign]  # noqa: SLF001 - it has no switch
