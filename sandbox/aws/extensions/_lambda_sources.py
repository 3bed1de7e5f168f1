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
