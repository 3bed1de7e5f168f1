"""Two three-tier systems with objectives of their own, in both regions, on the Pulumi CLI."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def up(holdfast):
    """Deploys the example; each call is another `up`."""
    folder = str(holdfast.root / "examples" / "two-systems")
    return lambda: holdfast("up", "--config-file", folder).ok()


@pytest.fixture(scope="module")
def first(up):
    return up()


def test_no_system_breaks_a_rule_and_each_keeps_its_own_promises(first):
    for stack in ("prod", "dr"):
        found = first.stack(stack)
        assert set(found["outputs"]["systems"]) == {"shop", "reports"}
        assert [each for each in found["violations"] if each["level"] == "mandatory"] == []
    failures = first.document["recovery"]["failures"]
    assert {found["verdict"] for found in failures.values()} <= {"met", "met-if"}
    judged = {found["system"]: found["objective"] for found in failures["region"]["systems"]}
    assert judged == {"shop": 4 * 3600, "reports": 24 * 3600}


def test_each_system_has_a_global_database_over_both_regions(first, holdfast):
    for region in ("us-east-1", "us-west-2"):
        found = holdfast.boto("rds", region).describe_global_clusters()["GlobalClusters"]
        assert {each["GlobalClusterIdentifier"] for each in found} == {
            "example-production-shop",
            "example-production-reports",
        }
        assert {len(each["GlobalClusterMembers"]) for each in found} == {2}


def test_a_second_up_changes_nothing(first, up):
    again = up()
    assert (again.stack("prod")["steps"], again.stack("dr")["steps"]) == ({}, {})
