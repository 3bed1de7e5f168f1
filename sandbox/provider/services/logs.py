"""CloudWatch Logs: log groups."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, arn_tags


class LogGroup(Resource):
    """A log group, which can be looked up by the beginning of its name only."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the group of exactly this name."""
        groups = (ctx.look() or {}).get("logGroups", [])
        return next((group for group in groups if group["logGroupName"] == ctx.id), None)


LOG_GROUP = LogGroup(
    token="aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    create=Call("CreateLogGroup"),
    id="in.name",
    read=Read("DescribeLogGroups", {"logGroupNamePrefix": "id"}),
    update=(
        Call("PutRetentionPolicy", {"logGroupName": "id"}, take=("retentionInDays",)),
        Call("AssociateKmsKey", {"logGroupName": "id"}, take=("kmsKeyId",)),
    ),
    delete=(Call("DeleteLogGroup", {"logGroupName": "id"}),),
    rename={"name": "logGroupName"},
    autoname=("name", 512),
    outputs={"arn": "logGroupArn"},
    tags=arn_tags(
        arn_param="resourceArn", at_create="tags", form="map", add_param="tags", remove_param="tagKeys"
    ),
)

RESOURCES = (LOG_GROUP,)
