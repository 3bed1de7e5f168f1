"""A queue's messages reach the function that works it off: its code runs when one is sent, and what it names as failed stays.

moto calls the function of a mapping in a way that its Lambda without Docker doesn't take, and goes on calling it when the mapping is
deleted. A message that failed is visible again at once, and comes with the next one that is sent: nobody polls in between.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions._lambda_invoke import run
from sandbox.aws.turns import aside


def install() -> None:
    """Patch moto's Lambda."""
    from moto.awslambda.models import LambdaBackend

    LambdaBackend.send_sqs_batch = _batch
    LambdaBackend.delete_event_source_mapping = _deleted(LambdaBackend.delete_event_source_mapping)


def _batch(self: Any, function_arn: str, messages: list[Any], queue_arn: str) -> bool:
    """Whether all of a batch was worked off. moto puts back, or deletes, a batch as a whole."""
    function = self.get_function(function_arn)
    if not (str(function.run_time).startswith("python") and function.code_bytes):
        return True
    records = [
        {
            "messageId": each.id,
            "receiptHandle": each.receipt_handle,
            "body": each.body,
            "attributes": {"ApproximateReceiveCount": str(each.approximate_receive_count)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": queue_arn,
            "awsRegion": self.region_name,
        }
        for each in messages
    ]
    if not records:
        return True
    with aside():
        ended = run(function, {"Records": records})
    return "error" not in ended and not (ended["result"] or {}).get("batchItemFailures")


def _deleted(original: Callable[..., Any]) -> Callable[..., Any]:
    def delete_event_source_mapping(self: Any, uuid: str) -> Any:
        from moto.sqs.models import sqs_backends

        found = original(self, uuid)
        for queue in sqs_backends[self.account_id][self.region_name].queues.values():
            for arn in [arn for arn, each in queue.lambda_event_source_mappings.items() if each is found]:
                del queue.lambda_event_source_mappings[arn]
        return found

    return delete_event_source_mapping


TOPIC_BATCH = (100, 10_000)
"""Usual and largest: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""


def of_topic(spec: dict[str, Any]) -> Any:
    """A mapping from a topic of a cluster, which moto refuses: it names one topic, and where it begins."""
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.awslambda.models import EventSourceMapping

    class FromTopic(EventSourceMapping):  # type: ignore[misc]
        """Of a service that isn't in moto's lists."""

        event_source_arn = batch_size = None

    usual, largest = TOPIC_BATCH
    batch = spec.get("BatchSize") or usual
    if len(spec.get("Topics") or ()) != 1 or not spec.get("StartingPosition"):
        raise InvalidParameterValueException("A cluster's mapping has one of Topics, and a StartingPosition.")
    if not 1 <= batch <= largest:
        raise InvalidParameterValueException(f"BatchSize {batch} is out of range: 1 to {largest}.")
    return FromTopic({**spec, "BatchSize": batch})
