"""State machines of a workflow: log, role, version and alias, and what tells that executions fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.switch.takeover import DELIVERY
from components.tags import Tags
from components.trust import trust

LIVE = "live"
"""The alias by which executions are started."""
FAILURES = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
"""https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"""
_TRACING = ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
"""https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html"""


@dataclass(frozen=True)
class Machine:
    """A state machine that was declared."""

    arn: pulumi.Output[str]
    live: pulumi.Output[str]
    """ARN of the alias."""
    failed: aws.cloudwatch.MetricAlarm


def declare_machine(
    name: str,
    *,
    machine_name: str,
    region: str,
    about: str,
    definition: Any,
    express: bool,
    statements: Sequence[Statement],
    key_arn: pulumi.Input[str],
    log_days: int,
    actions: Sequence[pulumi.Input[str]],
    tags: Tags,
    parent: pulumi.Resource,
) -> Machine:
    """The machine; errors are logged, of Express, which keeps no history, everything. `machine_name` is unique in the account's region."""
    own = pulumi.ResourceOptions(parent=parent)
    logs = aws.cloudwatch.LogGroup(
        f"{name}-logs",
        name=f"/aws/vendedlogs/states/{machine_name}",
        retention_in_days=log_days,
        kms_key_id=key_arn,
        tags=tags.resource(f"{name}-logs"),
        opts=own,
    )
    source = f"arn:aws:states:{region}:{{account}}:stateMachine:{machine_name}*"
    every = [  # neither knows a resource
        allow([f"logs:{each}" for each in DELIVERY], "*"),
        allow([f"xray:{each}" for each in _TRACING], "*"),
    ]
    role = role_with_policy(
        f"{name}-role",
        [*statements, *every],
        policy=f"{name}-role-policy",
        about=about,
        trusted=trust("states.amazonaws.com", parent, of_account=True, source=source),
        tags=tags,
        opts=own,
    )
    machine = aws.sfn.StateMachine(
        f"{name}-machine",
        name=machine_name,
        type="EXPRESS" if express else "STANDARD",
        role_arn=role,
        publish=True,
        definition=pulumi.Output.json_dumps(definition),
        logging_configuration={
            "level": "ALL" if express else "ERROR",
            # An order's detail may be personal: a line names the order by the execution.
            "include_execution_data": False,
            "log_destination": pulumi.Output.concat(logs.arn, ":*"),
        },
        tracing_configuration={"enabled": True},
        tags=tags.resource(f"{name}-machine"),
        opts=own,
    )
    alias = aws.sfn.Alias(
        f"{name}-live",
        name=LIVE,
        description="What executions are started by",
        routing_configurations=[
            {"state_machine_version_arn": machine.state_machine_version_arn, "weight": 100}
        ],
        opts=own,
    )
    return Machine(
        machine.arn, alias.arn, _failed(name, about, machine.arn, tags=tags, actions=actions, opts=own)
    )


def _failed(
    name: str,
    about: str,
    arn: pulumi.Output[str],
    *,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    metrics = {
        each.lower(): Metric(
            namespace="AWS/States", name=each, statistic="Sum", dimensions={"StateMachineArn": arn}
        )
        for each in FAILURES
    }
    return alarm(
        f"{name}-failed",
        Expression(
            expression=" + ".join(f"FILL({each}, 0)" for each in metrics),
            label="Executions that failed",
            metrics=metrics,
        ),
        Comparison.ABOVE,
        0,
        missing=Missing.NOT_BREACHING,  # nothing ran, nothing failed
        description=f"{about}: executions failed, timed out or were aborted",
        tags=tags,
        actions=actions,
        opts=opts,
    )


def sent(arns: Any, key_arn: pulumi.Input[str]) -> list[Statement]:
    """What sends to encrypted queues needs."""
    via = {"StringLike": {"kms:ViaService": "sqs.*.amazonaws.com"}}
    return [
        allow("sqs:SendMessage", arns),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key_arn, via),
    ]
