"""The row of log groups, where flow logs go."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.ec2.steps import change, replaces

GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "arn:aws:kms:us-east-1:123456789012:key/{}"


def test_log_group(provider, make, boto) -> None:
    logs = boto("logs")
    made = make(GROUP, retentionInDays=90, kmsKeyId=KEY.format("a"), tags={"owner": "platform", "a": "b"})
    name, inputs, outputs = made
    assert name.startswith("net-")
    logs.create_log_group(logGroupName=f"{name}-longer")

    def found() -> dict:
        return logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]

    assert (found()["retentionInDays"], found()["kmsKeyId"]) == (90, KEY.format("a"))
    assert outputs["arn"] == f"arn:aws:logs:us-east-1:123456789012:log-group:{name}"
    assert logs.list_tags_for_resource(resourceArn=outputs["arn"])["tags"] == {"owner": "platform", "a": "b"}
    after = change(
        provider, GROUP, made, retentionInDays=365, kmsKeyId=KEY.format("c"), tags={"owner": "other"}
    )
    assert (found()["retentionInDays"], found()["kmsKeyId"]) == (365, KEY.format("c"))
    assert logs.list_tags_for_resource(resourceArn=outputs["arn"])["tags"] == {"owner": "other"}
    assert replaces(provider, GROUP, after, name="other") == ["name"]
    provider.delete(GROUP, *after)
    assert provider.read(GROUP, name, inputs) is None
    provider.delete(GROUP, *after)


def test_the_key_of_a_log_group_comes_and_goes(boto) -> None:
    logs = boto("logs")
    logs.create_log_group(logGroupName="keyed")
    logs.associate_kms_key(logGroupName="keyed", kmsKeyId=KEY.format("a"))
    assert logs.describe_log_groups(logGroupNamePrefix="keyed")["logGroups"][0]["kmsKeyId"] == KEY.format("a")
    logs.disassociate_kms_key(logGroupName="keyed")
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix="keyed")["logGroups"][0]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.associate_kms_key(logGroupName="missing", kmsKeyId=KEY.format("a"))
