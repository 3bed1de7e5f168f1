"""What takes a workflow's orders up again: by itself in its own region, on a person's word those of the other one."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from components.permissions import allow
from components.roles import role_with_policy
from components.schedules import declare_schedule
from components.trust import trust
from components.workflow.arguments import WorkflowArgs
from components.workflow.ends import RESUME_SECONDS
from components.workflow.machines import Machine, declare_machine, sent
from components.workflow.notes import retries

RECOVERY = "recovery"
"""Part of the state machine's name."""
EVERY = "rate(5 minutes)"
"""How often it is looked for orders that no execution has."""
_HOUR = 3600
_KEPT = 60 * 5
"""Seconds that Scheduler tries for: then comes the next time."""


def recovering(function_arn: pulumi.Input[str]) -> dict[str, Any]:
    """The state machine: its input is `from`, a region. It calls the function until that finds no more."""
    again = {"Variable": "$.more", "BooleanEquals": True, "Next": "Resume"}
    return {
        "Comment": 'Takes orders up again. Input: {"from": REGION}',
        "StartAt": "Resume",
        "TimeoutSeconds": 4 * _HOUR,
        "States": {
            "Resume": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": function_arn, "Payload": {"from.$": "$.from"}},
                "ResultSelector": {
                    "from.$": "$.Payload.from",
                    "more.$": "$.Payload.more",
                    "taken.$": "$.Payload.taken",
                    "stuck.$": "$.Payload.stuck",
                },
                "TimeoutSeconds": RESUME_SECONDS + 5,
                "Retry": retries(5),
                "Next": "More",
            },
            "More": {"Type": "Choice", "Choices": [again], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


def declare_recovery(
    name: str,
    args: WorkflowArgs,
    *,
    machine: Machine,
    resume: aws.lambda_.Function,
    letters: aws.sqs.Queue,
    parent: pulumi.Resource,
) -> Machine:
    """The state machine, the rule by which the alarm on failed executions starts it, and the schedule that calls the function."""
    own = pulumi.ResourceOptions(parent=parent)
    made = declare_machine(
        f"{name}-{RECOVERY}",
        machine_name=f"{args.prefix}-{RECOVERY}",
        region=args.region,
        about=f"{args.prefix}: {RECOVERY}",
        definition=recovering(resume.arn),
        express=False,
        statements=[allow("lambda:InvokeFunction", resume.arn)],
        key_arn=args.key_arn,
        log_days=args.log_days,
        actions=args.actions,
        tags=args.tags,
        parent=parent,
    )
    _by_alarm(f"{name}-{RECOVERY}", args, machine, made, own)
    _by_clock(f"{name}-{RECOVERY}", args, resume, letters, own)
    return made


def _by_alarm(
    name: str,
    args: WorkflowArgs,
    machine: Machine,
    made: Machine,
    own: pulumi.ResourceOptions,
) -> None:
    pattern = {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": [machine.failed.arn],
        "detail": {"state": {"value": ["ALARM"]}},
    }
    rule = aws.cloudwatch.EventRule(
        f"{name}-rule",
        description=f"{args.prefix}: executions that failed are looked at",
        event_pattern=pulumi.Output.json_dumps(pattern),
        tags=args.tags.resource(f"{name}-rule"),
        opts=own,
    )
    role = role_with_policy(
        f"{name}-starter",
        [allow("states:StartExecution", [made.arn, made.live])],
        policy=f"{name}-starter-policy",
        about=f"{args.prefix}: starts its recovery",
        trusted=trust("events.amazonaws.com", own.parent, of_account=True),
        tags=args.tags,
        opts=own,
    )
    aws.cloudwatch.EventTarget(
        f"{name}-target",
        rule=rule.name,
        arn=made.live,
        role_arn=role,
        input=json.dumps({"from": args.region}),
        retry_policy={"maximum_event_age_in_seconds": _HOUR, "maximum_retry_attempts": 10},
        opts=own,
    )


def _by_clock(
    name: str,
    args: WorkflowArgs,
    resume: aws.lambda_.Function,
    letters: aws.sqs.Queue,
    own: pulumi.ResourceOptions,
) -> None:
    declare_schedule(
        name,
        about=f"{args.prefix}: takes up orders that were left",
        every=EVERY,
        target_arn=resume.arn,
        told={"from": args.region},
        letters_arn=letters.arn,
        statements=sent(letters.arn, args.key_arn),
        age_seconds=_KEPT,
        tags=args.tags,
        opts=own,
    )
