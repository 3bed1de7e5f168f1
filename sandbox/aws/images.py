"""A region's public images, with their snapshots, are made when somebody looks for one: moto makes 1,300 for each region of each AWS."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_DUE = "_images_due"
"""True on a backend that has none yet, False while they are made, gone afterwards."""
_LOCK = threading.RLock()


class Late:
    """An attribute of a backend that the images are put into, before it is first read."""

    def __init__(self, make: Callable[[Any], None]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, backend: Any, _owner: type | None = None) -> Any:
        if backend is None:
            return self
        if _DUE in backend.__dict__:
            self._fill(backend)
        return backend.__dict__[self._name]

    def __set__(self, backend: Any, value: Any) -> None:
        backend.__dict__[self._name] = value

    def _fill(self, backend: Any) -> None:
        with _LOCK:  # whoever makes them comes by here again; others wait
            if backend.__dict__.get(_DUE):
                backend.__dict__[_DUE] = False
                try:
                    self._make(backend)
                finally:
                    del backend.__dict__[_DUE]


def make_late() -> None:
    """Let moto's EC2 make them so."""
    from moto.ec2.models.amis import AmiBackend
    from moto.ec2.models.elastic_block_store import EBSBackend

    if isinstance(vars(AmiBackend).get("amis"), Late):
        return
    make = AmiBackend._load_amis  # noqa: SLF001 - it has no switch
    for backend, name in ((AmiBackend, "amis"), (EBSBackend, "snapshots")):
        late = Late(make)
        late.__set_name__(backend, name)
        setattr(backend, name, late)
    AmiBackend._load_amis = lambda self: self.__dict__.update({_DUE: True})  # noqa: SLF001
