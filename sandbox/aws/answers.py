"""What a WSGI application answers, as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Whole:
    """An answer."""

    status: str
    """Number and reason."""
    headers: list[tuple[str, str]]
    chunks: list[bytes]


def whole(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Whole:
    """Ask the application, to the end. Raises what it raises."""
    told: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: Any = None
    ) -> Callable[[bytes], object]:
        told[:] = [status, headers]
        return lambda _: None

    produced = application(environ, start_response)
    chunks = list(produced)
    if hasattr(produced, "close"):
        produced.close()
    return Whole(told[0], told[1], chunks)
