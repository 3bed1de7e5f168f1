"""What IAM policies are written with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

Statement = dict[str, Any]


def allow(actions: str | list[str], resources: Any, condition: Mapping[str, Any] | None = None) -> Statement:
    """A statement that allows actions on resources, where `condition` holds."""
    found: Statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**found, "Condition": condition} if condition else found


def document(statements: Sequence[Mapping[str, Any]]) -> pulumi.Output[str]:
    """A policy of these statements, whose values may be outputs, as JSON."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def global_arn(
    partition: pulumi.Input[str],
    account: pulumi.Input[str],
    service: str,
    kind: str,
    identifier: pulumi.Input[str],
) -> pulumi.Output[str]:
    """The ARN of what belongs to no region, as a global database does."""
    return pulumi.Output.concat("arn:", partition, f":{service}::", account, f":{kind}:", identifier)
