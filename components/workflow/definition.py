"""What the state machine of a workflow does, as data.

Every step is noted in the table of orders before it is done, on the condition that this execution still has the order: where another
one has it, in this region or in the other, this one ends. A step that fails is followed by what undoes those before it, in reverse order;
one of which nobody knows whether it was done is undone itself too. Services answer the error `Refused` to what no further attempt changes.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.workflow.notes import NOTE_ATTEMPTS, NOTE_SECONDS, Notes, State, retries
from components.workflow.steps import Approval, Step, longest
from functions.workflow.orders import COMPENSATED, DONE, REFUSED, RUNNING, STUCK, UNDOING

REFUSAL = "Refused"
"""Error of a step that can't be done, however often it is tried; also what an approval that was not given becomes."""
UNSURE = (
    "States.Timeout",
    "States.HeartbeatTimeout",
    "Lambda.Unknown",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
    "Sandbox.Timedout",
)
"""Errors after which nobody knows whether the step was done.
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception"""
DO, UNDO = "do", "undo"
"""Actions of a message or call."""


def definition(
    *,
    kind: str,
    steps: Sequence[Step],
    approval: Approval | None,
    table_name: pulumi.Input[str],
    letters_url: pulumi.Input[str],
) -> State:
    """The state machine. Its input is `id`, `detail`, `results`; of an order that was being undone also `undo` and `failure`."""
    table = Notes(table_name)
    undone = [each for each in steps if each.undo]
    states: dict[str, State] = {"Begin": _begin(steps, undone)}
    for place, step in enumerate(steps):
        before = [each for each in steps[:place] if each.undo]
        back, unsure = _back(before), _back([*before, *([step] if step.undo else [])])
        after = f"Note {steps[place + 1].name}" if place + 1 < len(steps) else "Note done"
        if approval is not None and approval.before == step.name:
            states[f"Note {step.name}"] = table.note(RUNNING, "approval", then="Ask")
            states |= _asking(approval, step, back)
            states["Note approved"] = table.note(RUNNING, step.name, then=f"Do {step.name}")
        else:
            states[f"Note {step.name}"] = table.note(RUNNING, step.name, then=f"Do {step.name}")
        states[f"Do {step.name}"] = _task(step, DO, step.attempts) | {
            "ResultPath": f"$.results.{_field(step)}",
            "Catch": [_catch(UNSURE, unsure), _catch(("States.ALL",), back)],
            "Next": after,
        }
    for place, step in enumerate(undone):
        states[_back([step])] = table.note(UNDOING, "undo", of=step.name, then=f"Undo {step.name}")
        states[f"Undo {step.name}"] = _task(step, UNDO, step.undo_attempts) | {
            "ResultPath": None,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Park"}],
            "Next": f"Undo {undone[place - 1].name}" if place else _back([]),
        }
    return {
        "Comment": f"A {kind} workflow: {', '.join(each.name for each in steps)}",
        "StartAt": "Begin",
        "TimeoutSeconds": longest(steps, approval) + NOTE_SECONDS * NOTE_ATTEMPTS
        if kind == "standard"
        else 300,
        "States": {**states, **_ends(table), **(_stuck(table, letters_url) if undone else {})},
    }


def _field(step: Step) -> str:
    """How a path names a step's result."""
    return step.name.replace("-", "_")


def _back(undone: Sequence[Step]) -> str:
    """The state that begins to undo the last one of these."""
    return f"Give up, undo {undone[-1].name}" if undone else "Give up"


def _begin(steps: Sequence[Step], undone: Sequence[Step]) -> State:
    first = f"Note {steps[0].name}"
    choices = [
        {
            "And": [
                {"Variable": "$.undo", "IsPresent": True},
                {"Variable": "$.undo", "StringEquals": each.name},
            ],
            "Next": _back([each]),
        }
        for each in undone
    ]
    if not choices:
        return {"Type": "Pass", "Next": first}
    return {"Type": "Choice", "Choices": choices, "Default": first}


def _catch(errors: Sequence[str], then: str) -> State:
    return {"ErrorEquals": list(errors), "ResultPath": "$.failure", "Next": then}


def _task(step: Step, action: str, attempts: int) -> State:
    told = {
        "id.$": "$.id",
        "step": step.name,
        "action": action,
        "detail.$": "$.detail",
        "results.$": "$.results",
    }
    common = {"Type": "Task", "TimeoutSeconds": step.timeout_seconds, "Retry": retries(attempts, REFUSAL)}
    if step.queue is None:
        return {
            **common,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": step.function_arn, "Payload": told},
            "ResultSelector": {"value.$": "$.Payload"},
        }
    beat = {} if step.heartbeat_seconds is None else {"HeartbeatSeconds": step.heartbeat_seconds}
    return {
        **common,
        **beat,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": step.queue.url, "MessageBody": {**told, "token.$": "$$.Task.Token"}},
    }


def _asking(approval: Approval, step: Step, back: str) -> dict[str, State]:
    no = {"Error": REFUSAL, "Cause": "not approved, or not in time"}
    answer = "$.results.approval.approved"
    yes = [{"Variable": answer, "IsPresent": True}, {"Variable": answer, "BooleanEquals": True}]
    return {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
            "Parameters": {
                "TopicArn": approval.topic_arn,
                "Message": {
                    "id.$": "$.id",
                    "before": step.name,
                    "seconds": approval.timeout_seconds,
                    "detail.$": "$.detail",
                    "token.$": "$$.Task.Token",
                },
            },
            "TimeoutSeconds": approval.timeout_seconds,
            "Retry": retries(3, REFUSAL, "States.Timeout"),
            "ResultPath": "$.results.approval",
            "Catch": [
                {"ErrorEquals": [REFUSAL, "States.Timeout"], "ResultPath": None, "Next": "Not approved"},
                _catch(("States.ALL",), back),
            ],
            "Next": "Answer",
        },
        "Answer": {
            "Type": "Choice",
            "Choices": [{"And": yes, "Next": "Note approved"}],
            "Default": "Not approved",
        },
        "Not approved": {"Type": "Pass", "Result": no, "ResultPath": "$.failure", "Next": back},
    }


def _ends(table: Notes) -> dict[str, State]:
    """How an execution ends: done; undone because it was refused, or because something failed; or another one has the order."""
    refused = {"Variable": "$.failure.Error", "StringEquals": REFUSAL, "Next": "Note refused"}
    return {
        "Give up": {"Type": "Choice", "Choices": [refused], "Default": "Note compensated"},
        "Note done": table.note(DONE, "end", then="Done"),
        "Note refused": table.note(REFUSED, "end", then="Refused"),
        "Note compensated": table.note(COMPENSATED, "end", then="Compensated"),
        "Done": {"Type": "Succeed"},
        "Refused": {"Type": "Succeed"},
        "Compensated": _fail("Compensated", "A step failed; those before it were undone"),
        "Not noted": _fail(
            "NotNoted", "The table of orders could not be written: the order is taken up again"
        ),
        "Not ours": _fail("NotOurs", "Another execution has the order, or it was never accepted"),
    }


def _stuck(table: Notes, letters_url: pulumi.Input[str]) -> dict[str, State]:
    """What becomes of an order that can't be undone: a dead letter."""
    parked = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {
            "QueueUrl": letters_url,
            "MessageBody": {"id.$": "$.id", "failure.$": "$.failure", "problem.$": "$.problem"},
        },
        "TimeoutSeconds": NOTE_SECONDS,
        "Retry": retries(NOTE_ATTEMPTS),
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Not noted"}],
        "ResultPath": None,
        "Next": "Note stuck",
    }
    return {
        "Park": parked,
        "Note stuck": table.note(STUCK, "end", then="Stuck"),
        "Stuck": _fail("Stuck", "A step could not be undone: a dead letter says which"),
    }


def _fail(error: str, cause: str) -> State:
    return {"Type": "Fail", "Error": error, "Cause": cause}
