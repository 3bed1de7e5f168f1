"""What Lambda and EC2 don't take of functions, launch templates, security groups and subnets."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from sandbox.provider.protocol import Context, Faults
from sandbox.provider.values import has_unknown, number

LARGEST_ENVIRONMENT, LARGEST_USER_DATA = 4096, 16384
"""Bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html."""
LONGEST = 255
"""Characters of a group's name or description, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html."""
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Variables that Lambda sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""
_TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
_SET = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
_UNABLE = "Lambda was unable to configure your environment variables because the environment variables you have provided"


def function(ctx: Context) -> Faults:
    """Refuse variables that Lambda sets itself, and more than it can hold."""
    environment = ctx.inputs.get("environment")
    variables = environment.get("variables") if isinstance(environment, Mapping) else None
    if not isinstance(variables, Mapping):
        return
    if taken := sorted(RESERVED & variables.keys()):
        text = "contains reserved keys that are currently not supported for modification. Reserved keys used in this request:"
        yield "environment", f"InvalidParameterValueException: {_UNABLE} {text} {', '.join(taken)}"
    size = sum(len(f"{key}{value}".encode()) for key, value in variables.items() if not has_unknown(value))
    if size > LARGEST_ENVIRONMENT:
        yield "environment", f"InvalidParameterValueException: {_UNABLE} exceeded the 4KB limit: {size} bytes"


def launch_template(ctx: Context) -> Faults:
    """Refuse user data that is larger than EC2 takes."""
    data = ctx.inputs.get("userData")
    if not isinstance(data, str):
        return
    try:
        size = len(base64.b64decode(data, validate=True))
    except binascii.Error:
        return  # refused when it is made
    if size > LARGEST_USER_DATA:
        yield (
            "userData",
            f"InvalidUserData.Malformed: User data is limited to {LARGEST_USER_DATA} bytes: {size}",
        )


def group(ctx: Context) -> Faults:
    """Refuse names and descriptions that EC2 doesn't take."""
    for name in ("name", "description"):
        value = ctx.inputs.get(name)
        if isinstance(value, str) and not _plain(value):
            allowed = f"strings of at most {LONGEST} characters from the following set: {_SET}"
            yield (
                name,
                f"InvalidParameterValue: Value ({value[:60]}) for parameter {name} is invalid. Valid are {allowed}",
            )
    chosen = ctx.inputs.get("name")
    if isinstance(chosen, str) and chosen.startswith("sg-"):
        yield (
            "name",
            f"InvalidParameterValue: Value ({chosen}) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        )


def rule(ctx: Context) -> Faults:
    """Refuse a rule's description and ports that EC2 doesn't take."""
    description = ctx.inputs.get("description")
    if isinstance(description, str) and not _plain(description):
        allowed = f"strings less than 256 characters from the following set: {_SET}"
        yield (
            "description",
            f"InvalidParameterValue: Invalid rule description. Valid descriptions are {allowed}",
        )
    low, high = number(ctx.inputs.get("fromPort")), number(ctx.inputs.get("toPort"))
    if ctx.inputs.get("ipProtocol") not in ("tcp", "udp") or low is None or high is None:
        return
    if not 0 <= low <= high <= 2**16 - 1:
        yield "toPort", f"InvalidParameterValue: Invalid TCP/UDP port range ({low:g}:{high:g})"


def _plain(text: str) -> bool:
    return len(text) <= LONGEST and _TEXT.fullmatch(text) is not None


BY_TYPE: Mapping[str, Any] = {
    "aws:lambda/function:Function": function,
    "aws:ec2/launchTemplate:LaunchTemplate": launch_template,
    "aws:ec2/securityGroup:SecurityGroup": group,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
}
