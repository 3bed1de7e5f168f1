"""One call at a time is at work in moto, whose dictionaries are not made for several threads.

Two at once end in `OrderedDict mutated during iteration` whenever one lists what the other adds to. Python lets one of them compute
anyhow, so nothing is lost. A call that waits for others to come in has no turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.aws.request import Call

PATIENCE = 60.0
"""Real seconds that a call waits for its turn."""
_WAITS = frozenset({("states", "StartSyncExecution"), ("states", "TestState")})
"""Answered only when an execution is through, whose tasks call this AWS."""
_lock = threading.RLock()


@contextmanager
def turn(call: Call | None = None) -> Iterator[None]:
    """Be the only one at work. Raises TimeoutError when nobody else has come to an end in time: somebody waits for itself."""
    if call is not None and (call.service, call.action) in _WAITS:
        yield
        return
    if not _lock.acquire(timeout=PATIENCE):
        raise TimeoutError(f"another call has been at work for {PATIENCE:.0f} s")
    try:
        yield
    finally:
        _lock.release()
