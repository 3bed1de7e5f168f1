"""SQS moves dead letters back: StartMessageMoveTask, which moto lacks.

A task is done at once here, however many messages a second it was asked for. A message goes to the queue that it came from, or to the
destination that is named; one in flight stays. The redrive permission of the dead letter queue isn't asked, as nowhere in moto.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.exceptions import InvalidParameterValue, QueueDoesNotExist
from moto.sqs.models import Queue, SQSBackend
from moto.sqs.responses import SQSResponse

_tasks: dict[str, list[dict[str, Any]]] = {}
"""By the dead letter queue's ARN, the last one first."""
_SHOWN = 10


def _queue(backend: SQSBackend, arn: str) -> Queue:
    found = next((queue for queue in backend.queues.values() if queue.queue_arn == arn), None)
    if found is None:
        raise QueueDoesNotExist
    return found


def _source(backend: SQSBackend, dead: Queue) -> Queue:
    """The queue whose dead letters these are."""
    found = [queue for queue in backend.queues.values() if queue.dead_letter_queue is dead]
    if not found:
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    if len(found) > 1:
        # moto doesn't keep where a message came from.
        raise InvalidParameterValue(
            "the sandbox moves the letters of several queues to a DestinationArn alone"
        )
    return found[0]


def _move(dead: Queue, to: Queue) -> int:
    """Move what is visible; how many went."""
    with dead._messages_lock:  # noqa: SLF001
        visible = [message for message in dead._messages if message.visible]  # noqa: SLF001
        dead._messages = [message for message in dead._messages if not message.visible]  # noqa: SLF001
    for message in visible:
        message.approximate_receive_count = 0
        to.add_message(message)
    return len(visible)


def start_message_move_task(self: SQSResponse) -> ActionResult:
    """Move the messages of a dead letter queue."""
    backend, arn = self.sqs_backend, self._get_param("SourceArn")
    dead = _queue(backend, arn)
    to = self._get_param("DestinationArn")
    destination = _queue(backend, to) if to else _source(backend, dead)
    handle, moved = str(uuid.uuid4()), _move(dead, destination)
    task = {
        "SourceArn": arn,
        "Status": "COMPLETED",
        "StartedTimestamp": int(time.time() * 1000),
        "ApproximateNumberOfMessagesMoved": moved,
        "ApproximateNumberOfMessagesToMove": moved,
        **({"DestinationArn": to} if to else {}),
    }
    _tasks.setdefault(arn, []).insert(0, task)
    return ActionResult({"TaskHandle": handle})


def list_message_move_tasks(self: SQSResponse) -> ActionResult:
    """The last tasks of a dead letter queue."""
    arn = self._get_param("SourceArn")
    _queue(self.sqs_backend, arn)
    most = int(self._get_param("MaxResults") or 1)
    return ActionResult({"Results": _tasks.get(arn, [])[: min(most, _SHOWN)]})


def reset() -> None:
    """Forget the tasks."""
    _tasks.clear()


def install() -> None:
    """Add the operations."""
    SQSResponse.start_message_move_task = start_message_move_task
    SQSResponse.list_message_move_tasks = list_message_move_tasks
