"""What holds of every kind under each strategy: what it tells is what the estimator reads, and which record leads to its site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from architectures.strategies import Strategy
from policies.recovery import check, facts
from tests.architectures.conftest import outputs
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment


def assert_facts_as_read(
    stack: Deployment, name: str, region: str, compared: Iterable[str]
) -> Mapping[str, Any]:
    """The stack tells of the members that are read of its resources, with the same facts. Returns those, by name, as they are told."""
    told = outputs(stack)["recovery"]
    assert check(told) == []
    read = facts(resources(stack, region), stack=name, region=region)["members"]
    seen = {member["name"]: member for member in read}
    mine: dict[str, Any] = {member["name"]: member for member in told["members"]}
    assert sorted(seen) == sorted(mine)
    for each, member in mine.items():
        other = seen[each]
        given = {"region": region, "role": "active", "needs": [], **member}
        other["needs"] = sorted(need.rsplit("::", 1)[-1] for need in other.get("needs", []))
        for key in compared:
            assert given.get(key) == other.get(key), f"{each}: {key}"
        probe = {key: value for key, value in other.get("check", {}).items() if key != "name"}
        assert member.get("check", {}) == probe, each
    return mine


def assert_leads_here(strategy: Strategy, record: Mapping[str, Any], stack: str, region: str) -> None:
    """The record of the site in that stack answers by its side, or where both regions serve by who is near."""
    if strategy is Strategy.ACTIVE_ACTIVE:
        assert record["latencyRoutingPolicies"] == [{"region": region}]
    else:
        side = "PRIMARY" if stack == "prod" else "SECONDARY"
        assert record["failoverRoutingPolicies"] == [{"type": side}]
