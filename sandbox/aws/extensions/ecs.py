"""ECS as AWS has it, where moto has it otherwise: as many tasks run as a service wants.

moto runs one task of a new service, and as many as it wants only once somebody has changed the number.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.ecs.models import Service


def _init(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(self: Service, *args: Any, **more: Any) -> None:  # noqa: N807
        original(self, *args, **more)
        self.running_count, self.pending_count = self.desired_count, 0
        for deployment in self.deployments:
            deployment |= {
                "runningCount": self.desired_count,
                "pendingCount": 0,
                "rolloutState": "COMPLETED",
                "rolloutStateReason": f"ECS deployment {deployment['id']} completed.",
            }

    return __init__


def install() -> None:
    """Patch moto."""
    Service.__init__ = _init(Service.__init__)
