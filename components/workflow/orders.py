"""One region's part of a workflow."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.letters import declare_letters
from components.facts import Fact, fact
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import Statement, allow
from components.workflow.arguments import WorkflowArgs
from components.workflow.definition import definition
from components.workflow.ends import declare_end
from components.workflow.machines import Machine, declare_machine, sent
from components.workflow.recovery import declare_recovery


class Workflow(pulumi.ComponentResource):
    """Accepts orders, brings each from step to step, undoes what was done when one fails, and takes up again what was left.

    Creates: the state machine, with a version and an alias, a function that accepts orders, one that takes them up again, a state machine
    that runs that one, started by the alarm on failed executions and by people, a schedule that looks every five minutes, a queue of
    dead letters, logs, roles, alarms. Survives: an instance or a zone (all of it is regional); the region, where the table has a replica:
    what was accepted is taken up there. Costs: state transitions (Standard) or requests and time (Express), writes, alarms.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html
    """

    accept_arn: pulumi.Output[str]
    """Function that orders are brought to."""
    machine_arn: pulumi.Output[str]
    resume_arn: pulumi.Output[str]
    """Function that takes up one that is stuck."""
    recovery_arn: pulumi.Output[str]
    """State machine that takes orders up again."""
    letters_url: pulumi.Output[str]
    failed_alarm: pulumi.Output[str]
    recovery_facts: list[Fact]
    """Of both functions."""

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:workflow:Workflow", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        letters = declare_letters(
            f"{name}-letters",
            about=f"{args.prefix}: orders that somebody must look at",
            key_arn=args.key_arn,
            actions=args.actions,
            tags=args.tags,
            opts=own,
        )
        machine = self._machine(name, args, letters)
        accept = declare_end(
            name, "accept", args, about="accepts orders", machine=machine, letters=letters, opts=own
        )
        resume = declare_end(
            name, "resume", args, about="takes orders up again", machine=machine, letters=letters, opts=own
        )
        for what, function in (("accept", accept), ("resume", resume)):
            _errors(f"{name}-{what}", what, function, args, own)
        recovery = declare_recovery(name, args, machine=machine, resume=resume, letters=letters, parent=self)
        self.accept_arn, self.machine_arn = accept.arn, machine.arn
        self.resume_arn = resume.arn
        self.recovery_arn, self.letters_url = recovery.arn, letters.url
        self.failed_alarm = machine.failed.name
        self.recovery_facts = [
            fact("compute", f"{name}-{what}-function", args.tags.resource(""), launch="lambda")
            for what in ("accept", "resume")
        ]
        outputs.register(
            self, "accept_arn", "machine_arn", "resume_arn", "recovery_arn", "letters_url", "failed_alarm"
        )

    def _machine(self, name: str, args: WorkflowArgs, letters: aws.sqs.Queue) -> Machine:
        return declare_machine(
            name,
            machine_name=args.prefix,
            region=args.region,
            about=f"{args.prefix}: orders that somebody must look at",
            definition=definition(
                kind=args.kind,
                steps=args.steps,
                approval=args.approval,
                table_name=args.table_name,
                letters_url=letters.url,
            ),
            express=args.express,
            statements=_statements(args, letters),
            key_arn=args.key_arn,
            log_days=args.log_days,
            actions=args.actions,
            tags=args.tags,
            parent=self,
        )


def _statements(args: WorkflowArgs, letters: aws.sqs.Queue) -> list[Statement]:
    """What the state machine may do: note, and what its steps need."""
    queues = [each.queue.arn for each in args.steps if each.queue]
    if any(each.undo for each in args.steps):
        queues.append(letters.arn)
    called = [each.function_arn for each in args.steps if each.function_arn]
    services = ["dynamodb.*.amazonaws.com", *(["sns.*.amazonaws.com"] if args.approval else [])]
    via: dict[str, Any] = {"StringLike": {"kms:ViaService": services}}
    found = [
        allow("dynamodb:UpdateItem", args.table_arn),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
    ]
    if queues:
        found += sent(queues, args.key_arn)
    if called:
        found.append(allow("lambda:InvokeFunction", called))
    if args.approval:
        found.append(allow("sns:Publish", args.approval.topic_arn))
    return found


def _errors(
    name: str, what: str, function: aws.lambda_.Function, args: WorkflowArgs, opts: pulumi.ResourceOptions
) -> None:
    alarm(
        f"{name}-errors",
        Metric(
            namespace="AWS/Lambda",
            name="Errors",
            statistic="Sum",
            dimensions={"FunctionName": function.name},
        ),
        Comparison.ABOVE,
        0,
        missing=Missing.NOT_BREACHING,  # nobody called, nothing failed
        description=f"{args.prefix}: {what} failed",
        tags=args.tags,
        actions=args.actions,
        opts=opts,
    )
