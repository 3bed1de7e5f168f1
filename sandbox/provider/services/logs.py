"""CloudWatch Logs: log groups, and policies that let services write to them."""

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


def _protection(on: str, **given: Any) -> Call:
    return Call(
        "PutLogGroupDeletionProtection",
        {"logGroupIdentifier": "id", "deletionProtectionEnabled": on},
        **given,
    )


LOG_GROUP = simulated(
    "aws:cloudwatch/logGroup:LogGroup",
    LogGroup,
    read=Read("DescribeLogGroups", {"logGroupNamePrefix": "id"}),
    update=(
        Call("PutRetentionPolicy", {"logGroupName": "id"}, take=("retentionInDays",)),
        Call("AssociateKmsKey", {"logGroupName": "id"}, take=("kmsKeyId",)),
        _protection(
            "in.deletionProtectionEnabled || `false`", take=("deletionProtectionEnabled",), whole=True
        ),
    ),
    unprotect=(_protection("`false`"),),
    rename={"name": "logGroupName"},
    autoname=("name", 512),
    outputs={"arn": "logGroupArn"},
    kind="extended",
)


class ResourcePolicy(Resource):
    """Whom CloudWatch Logs lets write: a policy of the region, which is listed with all others."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the policy of this name."""
        policies = (ctx.look() or {}).get("resourcePolicies", [])
        return next((policy for policy in policies if policy["policyName"] == ctx.id), None)


RESOURCE_POLICY = simulated(
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    ResourcePolicy,
    create=Call("PutResourcePolicy", take=("policyDocument", "policyName")),
    id="in.policyName",
    read=Read("DescribeResourcePolicies"),
    update=(Call("PutResourcePolicy", {"policyName": "id"}, take=("policyDocument",), whole=True),),
    delete=(Call("DeleteResourcePolicy", {"policyName": "id"}),),
    replace=("policyName",),
)

RESOURCES = (LOG_GROUP, RESOURCE_POLICY)
