"""The instances that a client knows: asked for anew when they are old, and kept when nobody answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from .instances import Instance

log = logging.getLogger(__name__)
TTL_SECONDS = 10.0
"""How long an answer is as good as new. A task that ends is found out by calls before that."""


class Known:
    """The last answer. Calls don't wait for a new one where there is an old one that another thread renews.

    Discovery that doesn't answer, or answers that there is nobody, changes nothing: the instances are most likely still there, and one that
    isn't is found out by the first call. https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_static_stability.html
    """

    def __init__(
        self,
        ask: Callable[[], Sequence[Instance]],
        ttl_seconds: float = TTL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._ttl, self._clock = ask, ttl_seconds, clock
        self._found: tuple[Instance, ...] = ()
        self._asked: float | None = None
        self._asking = threading.Lock()

    def instances(self) -> Sequence[Instance]:
        """What is known. Raises what asking raises as long as nothing is; empty if the first answer was."""
        if self._old and self._asking.acquire(blocking=not self._found):
            try:
                self._renew()
            finally:
                self._asking.release()
        return self._found

    @property
    def _old(self) -> bool:
        return self._asked is None or self._clock() >= self._asked + self._ttl

    def _renew(self) -> None:
        if not self._old:  # somebody else has, while this one waited
            return
        try:
            found = tuple(self._ask())
        except (BotoCoreError, ClientError, OSError) as error:
            if not self._found:
                raise
            log.warning("instances are as known before: %s", error)
        else:
            if self._found and not found:
                log.warning("instances are as known before: discovery names none")
            self._found = found or self._found
        self._asked = self._clock()
