"""Managed policies survive a reset, their attachments don't."""

from __future__ import annotations

from typing import Any

SSM = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def attachments(boto: Any) -> int:
    return boto("iam").get_policy(PolicyArn=SSM)["Policy"]["AttachmentCount"]


def test_a_reset_takes_attachments_away_and_reads_no_policy_again(
    aws_server: Any, boto: Any, monkeypatch: Any
) -> None:
    from moto.iam import models

    boto("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    boto("iam").attach_role_policy(RoleName="r", PolicyArn=SSM)
    assert attachments(boto) == 1
    made = []
    real = models.AWSManagedPolicy.from_data
    monkeypatch.setattr(models.AWSManagedPolicy, "from_data", lambda *a: made.append(a) or real(*a))
    aws_server.app.reset()
    assert attachments(boto) == 0
    assert made == []
