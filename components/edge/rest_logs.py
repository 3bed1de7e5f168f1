"""What an account's region needs before any REST API can write logs."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.options import handed_down
from components.tags import Tags
from components.trust import trust

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"


class RestLogs(pulumi.ComponentResource):
    """The role by which API Gateway writes the logs of all REST APIs of an account's region.

    Creates: role, attachment of AWS's own policy, the account's setting. There is one such setting in a region of an account, whoever
    deploys there: each stack that has a REST API sets it to a role of its own, which may do the same, and the last one holds. So none
    takes it back when it is destroyed, nor the role that may be in use; that role costs nothing and can do nothing else.
    Survives: nothing depends on it at run time but the log. Costs: nothing.
    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    """

    ready: pulumi.Output[str]
    """Known once API Gateway may write."""

    def __init__(self, name: str, tags: Tags, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:edge:RestLogs", name, {}, handed_down(opts))
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        role = aws.iam.Role(
            f"{name}-role",
            description="API Gateway: writes the logs of the region's REST APIs",
            assume_role_policy=trust("apigateway.amazonaws.com"),
            tags=tags.resource(f"{name}-role"),
            opts=kept,
        )
        may = aws.iam.RolePolicyAttachment(f"{name}-policy", role=role.name, policy_arn=POLICY, opts=kept)
        account = aws.apigateway.Account(
            f"{name}-account",
            cloudwatch_role_arn=outputs.once(role.arn, may.id),
            opts=kept,
        )
        self.ready = account.id
        outputs.register(self, "ready")
