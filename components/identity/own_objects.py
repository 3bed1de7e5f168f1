"""What lets a user at those objects of a bucket whose keys begin with the user's own name, and at no others."""

from __future__ import annotations

import pulumi

from components.permissions import Statement, allow


def own_objects(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str, tag: str
) -> list[Statement]:
    """Statements of a role whose sessions have the principal's tag `tag`.

    A session without the tag is let at nothing: a statement doesn't hold whose variable has no value.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    mine = f"${{aws:PrincipalTag/{tag}}}/*"
    return [
        allow(["s3:GetObject", "s3:PutObject"], pulumi.Output.concat(bucket_arn, f"/{mine}")),
        allow("s3:ListBucket", bucket_arn, {"StringLike": {"s3:prefix": mine}}),
        allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key_arn,
            {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        ),
    ]
