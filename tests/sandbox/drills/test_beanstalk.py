"""An environment of Elastic Beanstalk on the clock: what is lost is replaced or left, and each drill fails when its protection is taken away.

The runbook's commands are run on a copy of the same AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills.carried_out import carried_out, what
from tests.sandbox.test_runbook import call, commands

EAST, WEST = "us-east-1", "us-west-2"
ENVIRONMENT = "example-production-greet-python-3-13"
DRILLED = ("instance", "zone", "region-loss")
Drills = Callable[..., Result]


@pytest.fixture(scope="module")
def ground(managed: Ground) -> Ground:
    return managed


@pytest.fixture(scope="module")
def drill(ground: Ground) -> Drills:
    return partial(carried_out, ground, "greet")


@pytest.fixture(scope="module")
def results(drill: Drills) -> dict[str, Result]:
    return {name: drill(name) for name in DRILLED}


def running(world: World, region: str) -> int:
    groups = world.boto("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
    return sum(len(each["Instances"]) for each in groups if each["AutoScalingGroupName"].startswith("awseb-"))


@pytest.mark.parametrize("name", DRILLED)
def test_a_drill_passes(results: dict[str, Result], name: str) -> None:
    found = results[name]
    assert found.causes == []
    assert found.passed
    assert {check.name for check in found.checks} >= {"serves", "capacity", "in time"}


def test_what_an_environment_lacks_is_said(ground: Ground) -> None:
    said = command.unfit(list(BY_NAME.values()), [ground.system("greet")])
    assert [line.split(" of ")[0] for line in said] == ["corruption", "bad-release"]


def test_an_instance_is_replaced_as_the_bundle_asks_for(results: dict[str, Result]) -> None:
    """By the load balancer's checks, which the configuration file of the bundle has the group go by."""
    found = results["instance"]
    broke = next(line for line in found.timeline if line["what"].endswith(" is lost"))
    lost = broke["what"].split()[1]
    gone = next(line for line in found.timeline if line["what"].startswith(f"replaces {lost} of awseb-"))
    assert gone["at"] - broke["at"] <= 30, "two checks 10 s apart, and the wait of the second"


def test_who_takes_over_has_instances_run_first_and_then_sends_clients(results: dict[str, Result]) -> None:
    said = [line["what"] for line in results["region-loss"].timeline]
    grown, sent = (
        said.index(f"calls {each}")
        for each in ("elasticbeanstalk:UpdateEnvironment", "states:StartExecution")
    )
    assert grown < sent
    assert f"has 6 instances run in {ENVIRONMENT}" in what(results["region-loss"], "operator")
    capacity = next(check for check in results["region-loss"].checks if check.name == "capacity")
    assert capacity.said == "6 of 4 needed are healthy, the group has 6, at most 24"
    assert results["region-loss"].tries[-1].region == WEST


def sizes(world: World, least: int, most: int, region: str = EAST) -> None:
    told = [
        {"Namespace": "aws:autoscaling:asg", "OptionName": name, "Value": str(value)}
        for name, value in (("MinSize", least), ("MaxSize", most))
    ]
    world.boto("elasticbeanstalk", region).update_environment(
        EnvironmentName=ENVIRONMENT, OptionSettings=told
    )


TAKEN_AWAY: dict[str, tuple[str, Callable[[World], None], str]] = {
    "instances that are left with a zone gone": (
        "zone",
        lambda world: sizes(world, 1, 5),
        "has 5 servers, and 4 carry the whole load: without the 2 of a lost zone",
    ),
    "room for instances in the other region": (
        "region-loss",
        lambda world: sizes(world, 3, 3, WEST),
        "the group in us-west-2 has a maximum of 3, below the 4 servers",
    ),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_without_what_protects_it_a_drill_fails_and_names_the_cause(drill: Drills, name: str) -> None:
    scenario, prepare, cause = TAKEN_AWAY[name]
    found = drill(scenario, prepare)
    assert not found.passed
    assert any(cause in each for each in found.causes), found.causes


@pytest.fixture
def runbook(ground: Ground) -> Iterator[tuple[World, str, Callable[[list[str]], None]]]:
    with ground.copy() as world:
        [lies] = [
            stack["systems"]["greet"]["runbook"][WEST]
            for stack in ground.outputs
            if stack["foundation"]["region"] == WEST
        ]
        bucket, _, key = lies.removeprefix("s3://").partition("/")
        text = world.boto("s3", WEST).get_object(Bucket=bucket, Key=key)["Body"].read().decode()

        def run(found: list[str]) -> None:
            assert found
            for each in found:
                assert call(world.aws.endpoint, each)["ResponseMetadata"]["HTTPStatusCode"] < 300

        yield world, text, run


def deployed(world: World, region: str) -> Any:
    [found] = world.boto("elasticbeanstalk", region).describe_environments()["Environments"]
    return found["VersionLabel"]


def test_every_command_of_the_runbook_is_run(runbook: tuple[World, str, Callable[[list[str]], None]]) -> None:
    world, text, run = runbook
    parts = {part: commands(text, part) for part in ("Look", "Act", "Go back", "Deploy another version")}
    assert text.count("    aws ") == sum(map(len, parts.values()))
    run(parts["Look"])
    assert (running(world, EAST), running(world, WEST)) == (6, 3)
    run(parts["Act"])
    assert running(world, WEST) == 6
    run(parts["Go back"])
    listed, made, put = parts["Deploy another version"]
    [bundle] = call(world.aws.endpoint, listed)["Contents"]
    label = bundle["Key"].removeprefix(f"{EAST}/").removesuffix(".zip")
    assert label == deployed(world, EAST), "the lost region's bundle is here"
    other = made.replace("--version-label LABEL", "--version-label again").replace("LABEL", label)
    run([other, put.replace("LABEL", "again")])
    assert deployed(world, WEST) == "again"
