"""The roles of a task: made with policies attached, or given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pulumi

from sandbox.awsx.arguments import ArgumentError, only_one
from sandbox.awsx.children import Args, child, short_hash

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Effect": "Allow",
            "Sid": "",
        }
    ],
}
EXECUTION_POLICIES = ("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",)
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"""


def role(
    name: str, given: Args | None, policies: Sequence[str], parent: pulumi.Resource
) -> tuple[pulumi.Input[str] | None, Any]:
    """Answer the role's ARN and, if it is made here, the role. Neither when it is skipped."""
    asked = given or {}
    only_one(f"role {name!r}", asked, "roleArn", "args")
    if asked.get("skip"):
        return None, None
    if asked.get("roleArn") is not None:
        return asked["roleArn"], None
    args = dict(asked.get("args") or {})
    attached = args.pop("policyArns", policies)
    trust = json.dumps(TRUST, separators=(",", ":"))
    made = child("aws:iam/role:Role", name, {"assumeRolePolicy": trust, **args}, parent)
    for arn in attached:
        if not isinstance(arn, str):
            raise ArgumentError(f"role {name!r}: policyArns: each must be a text that the program knows")
        attachment = {"role": made.name, "policyArn": arn}
        child(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            f"{name}-{short_hash(arn)}",
            attachment,
            parent,
        )
    return made.arn, made
