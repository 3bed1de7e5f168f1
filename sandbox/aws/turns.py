"""One call at a time is at work in moto, whose dictionaries are not made for several threads.

Two at once end in `OrderedDict mutated during iteration` whenever one lists what the other adds to. Python lets one of them compute
anyhow, so nothing is lost. What calls this AWS in its turn steps aside for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60.0
"""Real seconds that a call waits for its turn."""
_lock = threading.Lock()
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Be the only one at work. Raises TimeoutError when nobody else has come to an end in time: somebody waits for itself."""
    if not _lock.acquire(timeout=PATIENCE):
        raise TimeoutError(f"another call has been at work for {PATIENCE:.0f} s")
    _mine.held = True
    try:
        yield
    finally:
        _mine.held = False
        _lock.release()


@contextmanager
def aside() -> Iterator[None]:
    """Let others have their turn meanwhile, if it is this thread's."""
    if not getattr(_mine, "held", False):
        yield
        return
    _mine.held = False
    _lock.release()
    try:
        yield
    finally:
        _lock.acquire()
        _mine.held = True
