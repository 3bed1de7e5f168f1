"""The log group of a task: made, or an existing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from sandbox.awsx.arguments import ArgumentError, only_one
from sandbox.awsx.children import Args, child

_ARN_PARTS = 7
"""arn, partition, service, region, account, `log-group`, name."""


@dataclass(frozen=True)
class LogTarget:
    """Where containers write, and the group if it is made here."""

    name: pulumi.Input[str]
    region: pulumi.Input[str]
    group: Any = None


def region_of(parent: pulumi.Resource) -> pulumi.Output[str]:
    """The region of the provider that `parent` is made with."""
    import pulumi_aws as aws

    return aws.get_region_output(opts=pulumi.InvokeOutputOptions(parent=parent)).region


def log_target(name: str, given: Args | None, parent: pulumi.Resource) -> LogTarget | None:
    """Make the log group, or take the existing one; None when it is skipped."""
    asked = given or {}
    only_one(f"log group {name!r}", asked, "existing", "args")
    if asked.get("skip"):
        return None
    if asked.get("existing") is None:
        group = child("aws:cloudwatch/logGroup:LogGroup", name, asked.get("args") or {}, parent)
        return LogTarget(group.name, region_of(group), group)
    existing = asked["existing"]
    only_one(f"log group {name!r}: existing", existing, "arn", "name", needed=True)
    if existing.get("arn") is not None:
        parts = pulumi.Output.from_input(existing["arn"]).apply(_name_and_region)
        return LogTarget(parts.apply(lambda found: found[0]), parts.apply(lambda found: found[1]))
    region = existing.get("region")
    return LogTarget(existing["name"], region_of(parent) if region is None else region)


def _name_and_region(arn: str) -> tuple[str, str]:
    parts = arn.split(":")
    if len(parts) != _ARN_PARTS or parts[2] != "logs" or parts[5] != "log-group":
        raise ArgumentError(
            f"logGroup.existing.arn: got {arn!r}, allowed is arn:aws:logs:REGION:ACCOUNT:log-group:NAME"
        )
    return parts[6], parts[3]
