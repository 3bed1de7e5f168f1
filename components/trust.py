"""Who may take a role: one AWS service, and where AWS says that it can be told, only for this account's own resources."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws


def trust(
    service: str,
    parent: pulumi.Resource | None = None,
    *,
    of_account: bool = False,
    source: str | None = None,
) -> pulumi.Output[str]:
    """Trust policy of a role of `service` (`backup.amazonaws.com`).

    `of_account`: the service takes the role only on behalf of this account (looked up as `parent`'s), so that nobody else's
    resource makes it act on ours; `source` is a pattern of those resources' ARNs, with {account}. Services whose documentation
    of the role has no such condition (EC2 for instances, S3 replication, RDS Proxy) might not send it and would be refused.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    if not of_account:
        return pulumi.Output.json_dumps(_policy(service, {}))
    account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent)).account_id
    return pulumi.Output.json_dumps(
        account.apply(
            lambda known: _policy(
                service,
                {
                    "StringEquals": {"aws:SourceAccount": known},
                    **({"ArnLike": {"aws:SourceArn": source.format(account=known)}} if source else {}),
                },
            )
        )
    )


def _policy(service: str, condition: dict[str, Any]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {
        "Version": "2012-10-17",
        "Statement": [{**statement, "Condition": condition} if condition else statement],
    }
