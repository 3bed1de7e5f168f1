"""Values that AWS's own model excludes: botocore knows the ranges, words and forms, and sends what lies outside of them all the same.

A recorded type is held against the model by its row; here is that for the types that moto does.
"""

from __future__ import annotations

from sandbox.provider import shapes
from sandbox.provider.derived.validate import Findings, checked
from sandbox.provider.protocol import Context
from sandbox.provider.schema import schema
from sandbox.provider.takes import taken

CODES = {
    **dict.fromkeys(("autoscaling", "cloudformation", "cloudwatch", "elbv2", "iam"), "ValidationError"),
    **dict.fromkeys(("ec2", "rds", "sqs"), "InvalidParameterValue"),
    **dict.fromkeys(("cloudfront", "s3"), "InvalidArgument"),
    **dict.fromkeys(("ecs", "logs", "secretsmanager"), "InvalidParameterException"),
    "backup": "InvalidParameterValueException",
    "route53": "InvalidInput",
    "sns": "InvalidParameter",
    "wafv2": "WAFInvalidParameterException",
}
"""The error codes with which services refuse such a value; the others answer a ValidationException."""


def refused(ctx: Context) -> list[tuple[str, str]]:
    """Each input, or part of one, that the member of its name doesn't take."""
    row, found = ctx.row, Findings()
    types = schema(row.token).outputs
    for call in () if row.kind == "recorded" else (row.create, *row.update):
        shape = ctx.api.input_shape(call.service or row.service, call.op)
        for name in sorted(taken(row, call) & set(ctx.inputs)):
            member = shapes.find(name, shape.members, {**row.rename, **call.rename})
            if member is not None:
                checked(ctx.inputs[name], shape.members[member], types.get(name), name, found)
    code = CODES.get(ctx.service, "ValidationException")
    return [(name, f"{code}: {reason}") for name, reason in dict.fromkeys(found.wrong)]
