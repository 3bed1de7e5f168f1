"""Which regions DynamoDB keeps strongly consistent tables between, and Aurora DSQL peers clusters.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html,
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html
"""

from __future__ import annotations

from collections.abc import Collection

REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)


def one_set(regions: Collection[str]) -> bool:
    """Whether all of these regions are of one set."""
    return any(members.issuperset(regions) for members in REGION_SETS)
