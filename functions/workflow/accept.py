"""Accepts an order: it is acknowledged once it stands in the table, which the other region has a second later.

Event: `{"id": ..., "detail": ...}`. The same order again is answered with how far it is, another one under its id refused (Conflict). An
order whose execution could not be started is accepted all the same: what takes orders up again starts it.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .configuration import Workflow, configured, now
from .orders import ACCEPTED, checked

log = logging.getLogger(__name__)
_workflow = functools.cache(configured)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """What Lambda calls."""
    return accept(_workflow(), event)


def accept(workflow: Workflow, event: Mapping[str, Any]) -> dict[str, Any]:
    """Accept an order. Raises NotAnOrder or Conflict."""
    order = workflow.orders.put(*checked(event), now().isoformat())
    started = order.state != ACCEPTED
    if order.state == ACCEPTED and order.region == workflow.region:
        try:
            workflow.start(order)
            started = True
        except (BotoCoreError, ClientError) as error:
            log.warning("%s is accepted and not started: %s", order.id, error)
    return {
        "id": order.id,
        "state": order.state,
        "region": order.region,
        "run": order.run,
        "started": started,
    }
