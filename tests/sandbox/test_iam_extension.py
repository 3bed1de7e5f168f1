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


def test_a_request_makes_no_partition_but_its_own(aws_server: Any, boto: Any) -> None:
    from moto.iam.models import iam_backends

    iam_backends.reset()
    for _ in range(2):  # the first makes the account, whose partitions the second looks through
        boto("sts").get_caller_identity()
    assert [list(partitions) for partitions in iam_backends.values()] == [["aws"]]


def test_an_access_key_leads_to_its_account(aws_endpoint: str, boto: Any) -> None:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam.models import get_account_id_from, iam_backends

    boto("iam").create_user(UserName="u")
    key = boto("iam").create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    iam_backends["210987654321"]["aws"].access_keys["AKIAOTHER"] = object()
    assert get_account_id_from(key) == DEFAULT_ACCOUNT_ID
    assert get_account_id_from("AKIAOTHER") == "210987654321"
    del iam_backends["210987654321"]


def test_roles_are_made_while_others_are_looked_through(aws_server: Any, boto: Any) -> None:
    from moto.iam.models import iam_backends

    aws_server.app.reset()
    boto("iam").create_role(RoleName="first", AssumeRolePolicyDocument=TRUST)
    seen = []
    for role in iam_backends["123456789012"]["aws"].get_roles():
        seen.append(role.name)
        boto("iam").create_role(RoleName=f"after-{role.name}", AssumeRolePolicyDocument=TRUST)
    assert seen == ["first"]
