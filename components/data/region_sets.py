"""Sets of three regions that keep one copy of the data between them, and the check that regions are one."""

from __future__ import annotations

from collections.abc import Mapping

from components.checks import need, one_of

REGION_SETS = {
    "US": ("us-east-1", "us-east-2", "us-west-2"),
    "EU": ("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    "AP": ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
}
"""Regions between which DynamoDB replicates with multi-Region strong consistency, and Aurora DSQL peers clusters; never across sets.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html,
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html
"""


def check_one_set(regions: Mapping[str, str]) -> None:
    """Raise ArgumentError unless the regions, by the arguments that name them, are different ones of one set.

    The first is taken for given: the error names the argument that doesn't go with it.
    """
    (argument, first), *others = regions.items()
    one_of(argument, first, sorted(region for members in REGION_SETS.values() for region in members))
    name, members = next((name, members) for name, members in REGION_SETS.items() if first in members)
    used = {first}
    for argument, region in others:
        left = [each for each in members if each not in used]
        allowed = f"another region of the {name} set that {first} is in: {', '.join(left)}"
        need(region in left, argument, repr(region), allowed)
        used.add(region)


def witness_of(first: str, second: str) -> str | None:
    """A region of the set that both are in, and neither of them; None where they share no set."""
    for members in REGION_SETS.values():
        if {first, second} <= set(members):
            return next(each for each in members if each not in (first, second))
    return None
