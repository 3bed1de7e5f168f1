"""Who may call what is on a service network."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, document

IAM, NONE = "AWS_IAM", "NONE"
"""Auth types: requests are signed and judged by a policy; or nobody is asked who he is."""
INVOKE = "vpc-lattice-svcs:Invoke"


def auth_policy(
    name: str,
    resource_arn: pulumi.Input[str],
    callers: Sequence[pulumi.Input[str]] | None,
    opts: pulumi.ResourceOptions,
) -> aws.vpclattice.AuthPolicy:
    """The policy of a network or a service: these principals' signed requests, or, with None, anybody's that are signed.

    A request needs the leave of both policies and of its principal's own: an account's root stands for all of it that have that.
    https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
    """
    statement: Statement = {
        "Effect": "Allow",
        "Principal": "*" if callers is None else {"AWS": list(callers)},
        "Action": INVOKE,
        "Resource": "*",  # of what the policy is attached to
    }
    if callers is None:
        statement["Condition"] = {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "anonymous"}}
    return aws.vpclattice.AuthPolicy(
        name, resource_identifier=resource_arn, policy=document([statement]), opts=opts
    )
