"""Schedules of workers on the clock: the example's own, at a rate, send from the region that is active, and from the other one once somebody
enabled them there, as the runbook says or by another active region."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jmespath
import pytest

from sandbox.aws import server
from sandbox.drills.world import World
from sandbox.provider import Provider
from tests.architectures.workers.conftest import REGIONS, example, turned  # noqa: F401
from tests.pulumi_mocks import Deployment
from tests.sandbox.test_runbook import call, commands
from tests.sandbox.test_sns import make

EAST, WEST = REGIONS.values()
GROUP, SCHEDULE = "aws:scheduler/scheduleGroup:ScheduleGroup", "aws:scheduler/schedule:Schedule"
NESTED = re.compile(r"\"\$\((?P<command>aws [^)]*?) --output json --query '(?P<query>[^']*)'\)\"")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = tmp_path_factory.mktemp("state")
    found = server.start(state)
    yield World(found)
    assert server.stop(state)


def inputs(stack: Deployment, region: str) -> dict[str, Any]:
    """The example's schedule with a queue that is there, at a rate, which is what the clock knows."""
    said = stack.one(SCHEDULE).inputs
    target = {**said["target"], "arn": f"arn:aws:sqs:{region}:123456789012:resize"}
    return {**said, "scheduleExpression": "rate(10 minutes)", "target": target}


class Clocks:
    """The schedules of both regions, put there by the provider, and the queues that they send to."""

    def __init__(self, world: World, stacks: dict[str, Deployment]) -> None:
        self._world, self._made, self._queues = world, {}, {}
        for name, region in REGIONS.items():
            provider = Provider(endpoint=world.aws.endpoint, region=region, default_tags=None)
            self._queues[region] = world.boto("sqs", region).create_queue(QueueName="resize")["QueueUrl"]
            make(provider, GROUP, stacks[name].one(GROUP).inputs)
            self._made[name] = (region, provider, *make(provider, SCHEDULE, inputs(stacks[name], region)))

    def turn(self, stacks: dict[str, Deployment]) -> None:
        """What `pulumi up` changes."""
        for name, (region, provider, id_, was, given) in self._made.items():
            now = inputs(stacks[name], region)
            assert provider.diff(SCHEDULE, was, now).diffs == ["state"]
            provider.update(SCHEDULE, id_, was, given, now)

    def arrived(self, region: str) -> list[str]:
        """The ids of what has come since somebody looked, in the order in which they are due."""
        sqs, found = self._world.boto("sqs", region), []
        asked = {"QueueUrl": self._queues[region], "MaxNumberOfMessages": 10}
        while got := sqs.receive_message(**asked).get("Messages"):
            for each in got:
                found.append(json.loads(each["Body"])["id"])
                sqs.delete_message(QueueUrl=self._queues[region], ReceiptHandle=each["ReceiptHandle"])
        return sorted(found)


def run(world: World, command: str) -> dict[str, Any]:
    """A command of the AWS CLI, with what another one answers in it."""
    nested = NESTED.search(command)
    if nested is None:
        return call(world.aws.endpoint, command)
    _, _, _, *words = command[: nested.start()].split()
    options = dict(zip(words[::2], words[1::2], strict=False))
    asked = jmespath.search(nested["query"], call(world.aws.endpoint, nested["command"]))
    answer: dict[str, Any] = world.boto("scheduler", options["--region"]).update_schedule(
        **asked, State=options["--state"]
    )
    return answer


def test_one_region_sends_and_the_other_one_once_it_is_told(
    world: World,
    example: dict[str, Deployment],  # noqa: F811
) -> None:
    clocks = Clocks(world, example)
    text = example["dr"].one("aws:s3/bucketObjectv2:BucketObjectv2", f"jobs-runbook-{WEST}").inputs["content"]
    look, enable, disable = commands(text, "Schedules")

    def ids(*minutes: int) -> list[str]:
        return [f"nightly {world.moment(60 * each):%Y-%m-%dT%H:%M:%SZ}" for each in minutes]

    world.start(0.5)
    world.advance(25 * 60)
    assert (clocks.arrived(EAST), clocks.arrived(WEST)) == (ids(10, 20), [])
    world.call("break", region=EAST)
    world.advance(20 * 60)
    assert clocks.arrived(WEST) == [], "nobody has enabled it yet"
    before = run(world, look)
    run(world, enable)
    after = run(world, look)
    assert (before["State"], after["State"]) == ("DISABLED", "ENABLED")
    changed = ("State", "LastModificationDate", "ResponseMetadata")
    assert {key: said for key, said in before.items() if key not in changed} == {
        key: said for key, said in after.items() if key not in changed
    }
    world.advance(10 * 60)
    assert clocks.arrived(WEST) == ids(50)
    world.call("mend", region=EAST)
    world.advance(10 * 60)
    assert (clocks.arrived(EAST), clocks.arrived(WEST)) == (ids(60), ids(60)), "both send until one is ended"
    run(world, disable)
    world.advance(10 * 60)
    assert (clocks.arrived(EAST), clocks.arrived(WEST)) == (ids(70), [])
    clocks.turn(turned())
    world.advance(10 * 60)
    assert (clocks.arrived(EAST), clocks.arrived(WEST)) == ([], ids(80))
