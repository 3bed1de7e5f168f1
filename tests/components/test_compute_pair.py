"""Two instances, each in a zone and a group of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.compute import Image, Pair, PairArgs
from tests.components.test_compute_tier import TAGS
from tests.pulumi_mocks import Deployment, deploy

ZONES = ("use1-az2", "use1-az1")
"""Not in the order of the alphabet: who stands first serves first."""
GROUP = "aws:autoscaling/group:Group"
ARGS = PairArgs(
    tags=TAGS,
    subnet_ids={zone: f"subnet-{zone}" for zone in ZONES},
    security_group_ids=["sg-1"],
    key_arn="arn:aws:kms:us-east-1:123456789012:key/1",
    image=Image(ami_id="ami-00000000000000001"),
    user_data="#!/bin/bash\n",
    instance_types=["m7i.large"],
    members_arn="arn:members",
)


def run(**changes: Any) -> Deployment:
    return deploy(lambda: Pair("desk-pair", replace(ARGS, **changes)) and None)


@pytest.fixture(scope="module")
def made() -> Deployment:
    return run()


def groups(deployment: Deployment) -> dict[str, dict[str, Any]]:
    return {group.name: group.inputs for group in deployment.all(GROUP)}


def test_each_zone_has_a_group_of_exactly_one(made: Deployment) -> None:
    found = groups(made)
    assert set(found) == {"desk-pair-use1-az2", "desk-pair-use1-az1"}
    for zone in ZONES:
        group = found[f"desk-pair-{zone}"]
        assert group["vpcZoneIdentifiers"] == [f"subnet-{zone}"]
        assert (group["minSize"], group["maxSize"], group["desiredCapacity"]) == (1, 1, 1)


def test_an_instance_is_replaced_by_what_the_members_group_says_of_it(made: Deployment) -> None:
    for group in groups(made).values():
        assert group["targetGroupArns"] == ["arn:members"]
        assert (group["healthCheckType"], group["healthCheckGracePeriod"]) == ("ELB", 330)
        assert group["minElbCapacity"] == 1
        assert group["waitForCapacityTimeout"] == "630s"


def test_the_former_one_goes_before_its_successor_comes(made: Deployment) -> None:
    for group in groups(made).values():
        assert group["instanceMaintenancePolicy"] == {"minHealthyPercentage": 0, "maxHealthyPercentage": 100}


def test_a_new_template_replaces_nothing_by_itself(made: Deployment) -> None:
    """Both groups would do so at once."""
    template = made.made[made.one("LaunchTemplate").urn]
    for group in groups(made).values():
        assert "instanceRefresh" not in group
        assert group["launchTemplate"] == {"id": template["id"], "version": f"{template['latestVersion']:g}"}


def test_what_a_takeover_changes_is_left_alone(made: Deployment) -> None:
    assert {group.ignore_changes for group in made.all(GROUP)} == {("desiredCapacity",)}


def test_groups_wait_for_the_policies_of_their_role(made: Deployment) -> None:
    attachment = made.one("RolePolicyAttachment").urn
    assert all(attachment in group.dependencies for group in made.all(GROUP))


def test_names_and_tags_reach_the_instances(made: Deployment) -> None:
    for group in made.all(GROUP):
        tags = {tag["key"]: (tag["value"], tag["propagateAtLaunch"]) for tag in group.inputs["tags"]}
        assert tags["Name"] == (group.name, True)
        assert "dr:switched-off" not in tags
        assert group.parent == made.one("Pair").urn


@pytest.mark.parametrize(("running", "sizes"), [(0, [0, 0]), (1, [1, 0]), (2, [1, 1])])
def test_as_many_run_as_are_to(running: int, sizes: list[int]) -> None:
    by_name = groups(run(running=running))
    found = [by_name[f"desk-pair-{zone}"] for zone in ZONES]
    assert [group["minSize"] for group in found] == sizes
    assert [group["desiredCapacity"] for group in found] == sizes
    assert [group["maxSize"] for group in found] == [1, 1]
    assert ["minElbCapacity" in group for group in found] == [bool(size) for size in sizes]
    off = [any(t["key"] == "dr:switched-off" and t["value"] == "true" for t in g["tags"]) for g in found]
    assert off == [not size for size in sizes]


def test_of_several_types_the_first_is_preferred_and_none_is_spot() -> None:
    for group in groups(run(instance_types=["m7i.large", "m6i.large"])).values():
        policy = group["mixedInstancesPolicy"]
        overrides = policy["launchTemplate"]["overrides"]
        assert [each["instanceType"] for each in overrides] == ["m7i.large", "m6i.large"]
        assert policy["instancesDistribution"]["onDemandPercentageAboveBaseCapacity"] == 100
        assert "spotAllocationStrategy" not in policy["instancesDistribution"]
        assert "launchTemplate" not in group


def test_its_outputs_are_by_zone(made: Deployment) -> None:
    told = made.outputs[made.one("Pair").urn]
    physical = {zone: made.made[made.one(GROUP, f"desk-pair-{zone}").urn]["name"] for zone in ZONES}
    assert told["group_names"] == physical
    assert set(told["group_arns"]) == set(ZONES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"subnet_ids": {"use1-az1": "subnet-1"}},
            r"subnet_ids: got \['use1-az1'\], allowed is 2 zones: one for",
        ),
        (
            {"subnet_ids": dict.fromkeys(("a", "b", "c"), "subnet-1")},
            r"subnet_ids: got \['a', 'b', 'c'\], allowed",
        ),
        ({"running": 3}, r"running: got 3, allowed is 0 to 2 instances"),
        ({"running": -1}, r"running: got -1, allowed is 0 to 2"),
        ({"instance_types": []}, r"instance_types: got none, allowed is one or more"),
        ({"grace_period": -1}, r"grace_period: got -1, allowed is 0 s or more"),
    ],
)
def test_what_can_not_be_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=rf"^{message}"):
        run(**change)
