"""The functions of a workflow: what accepts orders, and what takes them up again."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.functions import declare_function, declare_log, logging_statement
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.trust import trust
from components.workflow.arguments import WorkflowArgs
from components.workflow.machines import Machine, sent
from components.workflow.steps import longest
from functions.workflow.orders import OPEN

CODE = Path(__file__).parents[2] / "functions" / "workflow"
PACKAGE = CODE.name
MEMORY_MIB = 256
ACCEPT_SECONDS, RESUME_SECONDS = 30, 300
"""Time for one call."""


def packaged() -> dict[str, pulumi.Asset | pulumi.Archive]:
    """The functions' files as the archive has them: a package, whose modules import each other."""
    return {
        f"{PACKAGE}/{path.name}": pulumi.StringAsset(path.read_text()) for path in sorted(CODE.glob("*.py"))
    }


def declare_end(
    name: str,
    what: str,
    args: WorkflowArgs,
    *,
    about: str,
    machine: Machine,
    letters: aws.sqs.Queue,
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Function:
    """The function `what`, accept or resume."""
    resumes = what == "resume"
    logs = declare_log(f"{name}-{what}", days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=opts)
    statements = [
        *_of_table(args, resumes=resumes),
        *_of_machine(machine, resumes=resumes),
        logging_statement(logs),
    ]
    if resumes:
        statements += sent(letters.arn, args.key_arn)
    role = role_with_policy(
        f"{name}-{what}-role",
        statements,
        policy=f"{name}-{what}-role-policy",
        about=f"{args.prefix}: {about}",
        trusted=trust("lambda.amazonaws.com"),
        tags=args.tags,
        opts=opts,
    )
    return declare_function(
        f"{name}-{what}",
        about=f"{args.prefix}: {about}",
        handler=f"{PACKAGE}.{what}.handler",
        files=packaged(),
        role_arn=role,
        logs=logs,
        variables={
            "TABLE": args.table_name,
            "MACHINE": machine.arn,
            "VERSION": machine.live,
            "KIND": args.kind,
            "LONGEST": str(longest(args.steps, args.approval)),
            "LETTERS": letters.url,
        },
        timeout=RESUME_SECONDS if resumes else ACCEPT_SECONDS,
        memory_mib=MEMORY_MIB,
        tags=args.tags,
        opts=opts,
    )


def _of_table(args: WorkflowArgs, *, resumes: bool) -> list[Statement]:
    via = {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}}
    writes = "dynamodb:UpdateItem" if resumes else "dynamodb:PutItem"
    found = [
        allow(["dynamodb:GetItem", writes], args.table_arn),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
    ]
    if resumes:
        found.append(allow("dynamodb:Query", pulumi.Output.concat(args.table_arn, f"/index/{OPEN}")))
    return found


def _of_machine(machine: Machine, *, resumes: bool) -> list[Statement]:
    """To start its executions, and to look at them before they are taken up."""
    found = [allow("states:StartExecution", [machine.arn, machine.live])]
    if resumes:
        runs = machine.arn.apply(lambda arn: f"{arn.replace(':stateMachine:', ':execution:')}:*")
        found.append(allow("states:DescribeExecution", runs))
    return found
