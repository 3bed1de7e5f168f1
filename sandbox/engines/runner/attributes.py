"""A resource's attributes, of which an output is made when somebody asks for it: nine in ten nobody does.

What the engine answers waits until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from pulumi import output


class _Resolvers(Mapping[str, "Callable[..., None]"]):
    """Made when they are called."""

    __slots__ = ("_answer", "_names")

    def __init__(self, answer: Callable[..., None], names: Collection[str]) -> None:
        self._answer, self._names = answer, names

    def __getitem__(self, name: str) -> Callable[..., None]:
        if name not in self._names:
            raise KeyError(name)
        return partial(self._answer, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Attributes(dict[str, Any]):
    """The `__dict__` of a resource. To whoever looks into it, all outputs are there."""

    __slots__ = ("_loop", "_of", "_outputs", "_tell")

    def __init__(self, of: Any, outputs: list[str]) -> None:
        """`of` is the resource, `outputs` are properties that its class asks this for: Python itself would look past it."""
        super().__init__(of.__dict__)
        self._of, self._loop = of, asyncio.get_event_loop()
        self._tell: Callable[[], None] | None = None
        # Nothing yet, or what the engine has answered, or what waits for it.
        self._outputs: dict[str, tuple[Any, ...] | asyncio.Future[Any] | None] = dict.fromkeys(outputs)

    def resolvers(self) -> Mapping[str, Callable[..., None]]:
        """What is to be told what has come of each property."""
        return _Resolvers(self.answer, self._outputs)

    def answer(self, name: str, *answered: Any) -> None:
        """What has come of a property, as the SDK tells it: value, whether it is known, and secret, whom it comes from, what failed."""
        waits = self._outputs[name]
        if isinstance(waits, asyncio.Future):
            resolve(self._of, waits, *answered)
        else:
            self._outputs[name] = answered

    def later(self, tell: Callable[[], None]) -> None:
        """Have that tell what has come of all properties: now where somebody waits for one, else when somebody asks."""
        if any(self._outputs.values()):
            tell()
        else:
            self._tell = tell

    def __missing__(self, name: str) -> Any:
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell()
        answered = self._outputs[name]
        self._outputs[name] = waits = self._loop.create_future()
        self[name] = made = output_of(waits)
        if answered is not None:
            resolve(self._of, waits, *answered)
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute, as the SDK's own getters ask for it."""
        return self[name] if name in self._outputs else super().get(name, default)

    def _all(self) -> dict[str, Any]:
        for name in self._outputs:
            self[name]
        return self

    def __contains__(self, name: object) -> bool:
        return name in self._outputs or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        return dict.__iter__(self._all())

    def __len__(self) -> int:
        return dict.__len__(self._all())

    def keys(self) -> Any:
        """Names of all attributes."""
        return dict.keys(self._all())

    def values(self) -> Any:
        """All attributes."""
        return dict.values(self._all())

    def items(self) -> Any:
        """All attributes by name."""
        return dict.items(self._all())


def output_of(data: asyncio.Future[Any]) -> Any:
    """The output that comes to what is waited for."""
    made: Any = object.__new__(output.Output)
    made._data = data  # noqa: SLF001 - that is all there is of an output
    return made


def resolve(  # noqa: PLR0917 - as the SDK calls it
    res: Any,
    data: asyncio.Future[Any],
    value: Any,
    is_known: bool,
    is_secret: bool,
    deps: Any,
    failed: Exception | None,
) -> None:
    """Let an output of the resource have its value, or fail."""
    if failed is not None:
        data.set_exception(failed)
        data.exception()  # whoever waits for it is told; that nobody does is no news
        return
    data.set_result(output._OutputData({*(deps or ()), res}, value, is_known, is_secret))  # noqa: SLF001
