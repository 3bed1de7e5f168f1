"""Calls of a service whose instances Cloud Map knows: `Client(known).call(lambda instance: ...)`.

known = Known(lambda: discover(boto3.client("servicediscovery"), os.environ["DISCOVERY_NAMESPACE"], "orders", 8080))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .balancer import Balancer
from .instances import Instance
from .known import Known

Answer = TypeVar("Answer")
ATTEMPTS = 3


class Client:
    """Calls instances, one after the other until one answers."""

    def __init__(
        self,
        known: Known,
        balancer: Balancer | None = None,
        *,
        attempts: int = ATTEMPTS,
        failures: tuple[type[Exception], ...] = (OSError,),
    ) -> None:
        """`attempts`: instances that a call tries, 1 or more. `failures`: what says that the instance is to blame, time-outs among them."""
        if attempts < 1:
            raise ValueError(f"attempts: got {attempts}, allowed is 1 or more")
        self._known, self._balancer = known, balancer or Balancer()
        self._attempts, self._failures = attempts, failures

    def call(self, what: Callable[[Instance], Answer]) -> Answer:
        """What `what` returns for an instance. Only for what may be done twice: one that failed may have done it.

        Raises NobodyError without any instance, what discovery raises while none is known, and what `what` raises: at once unless it is one
        of the failures, else of the last instance that was tried.
        """
        tried: list[str] = []
        while True:
            instance = self._balancer.begin(self._known.instances(), tried)
            tried.append(instance.id)
            failed = False
            try:
                return what(instance)
            except self._failures:
                failed = True
                if len(tried) >= self._attempts:
                    raise
            finally:
                self._balancer.end(instance, failed=failed)
