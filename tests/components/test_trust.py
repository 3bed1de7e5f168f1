"""Who may take a role."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components.trust import trust
from tests.pulumi_mocks import deploy


def statement(**arguments: Any) -> dict[str, Any]:
    deployment = deploy(lambda: aws.iam.Role("r", assume_role_policy=trust("x.amazonaws.com", **arguments)))
    (found,) = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    return found


@pytest.mark.parametrize(
    ("arguments", "condition"),
    [
        ({}, None),
        ({"source": "arn:{account}"}, None),
        ({"of_account": True}, {"StringEquals": {"aws:SourceAccount": "123456789012"}}),
        (
            {"of_account": True, "source": "arn:aws:ec2:us-east-1:{account}:vpc-flow-log/*"},
            {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"},
            },
        ),
    ],
)
def test_a_service_and_for_whom(arguments: dict[str, Any], condition: dict[str, Any] | None) -> None:
    found = statement(**arguments)
    assert found["Principal"] == {"Service": "x.amazonaws.com"}
    assert found["Action"] == "sts:AssumeRole"
    assert found.get("Condition") == condition
