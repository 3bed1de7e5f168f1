"""CloudWatch Logs: log groups."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource


class LogGroup(Resource):
    """A log group, which can be looked up by the beginning of its name only."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the group of exactly this name."""
        groups = (ctx.look() or {}).get("logGroups", [])
        return next((group for group in groups if group["logGroupName"] == ctx.id), None)


LOG_GROUP = simulated(
    "aws:cloudwatch/logGroup:LogGroup",
    LogGroup,
    read=Read("DescribeLogGroups", {"logGroupNamePrefix": "id"}),
    update=(
        Call("PutRetentionPolicy", {"logGroupName": "id"}, take=("retentionInDays",)),
        Call("AssociateKmsKey", {"logGroupName": "id"}, take=("kmsKeyId",)),
    ),
    rename={"name": "logGroupName"},
    autoname=("name", 512),
    outputs={"arn": "logGroupArn"},
)

RESOURCES = (LOG_GROUP,)
