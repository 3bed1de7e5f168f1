"""Workers on servers lose all instances, and some while they work: the example's queue and groups in the sandbox's AWS, and the sample on each
instance. Producers go on, the group launches others, and every message is done once."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from functions.workers import consume, poll, server
from sandbox.provider import Provider
from tests.architectures.workers.servers_example import pair
from tests.functions.workers_world import TABLE, table
from tests.pulumi_mocks import Deployment
from tests.sandbox.emptied import emptied
from tests.sandbox.test_sns import make

EAST, WEST = "us-east-1", "us-west-2"
QUEUE, TEMPLATE, GROUP = (
    "aws:sqs/queue:Queue",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:autoscaling/group:Group",
)
HOOK, POLICY, ALARM = (
    "aws:autoscaling/lifecycleHook:LifecycleHook",
    "aws:autoscaling/policy:Policy",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
)
NUMBERS = itertools.count()
WANTED = {"InService": "InService", "Terminating:Wait": "Terminated"}
"""What an instance's metadata say of its target state, by the state that it is in."""


def _number(text: str) -> float:
    """Numbers come over the wire as floats."""
    return int(float(text)) if float(text).is_integer() else float(text)


class Fleet:
    """One region's queue, its group and what runs on the instances."""

    def __init__(self, endpoint: str, boto: Callable[..., Any], region: str, stack: Deployment) -> None:
        self.region, self._boto, self._stack = region, functools.cache(boto), stack
        self._provider = Provider(endpoint=endpoint, region=region, default_tags=None)
        dead = self._made(QUEUE, "media-encode-dead", name="dead")
        letters = json.dumps({"deadLetterTargetArn": dead["arn"], "maxReceiveCount": 3})
        queue = self._made(QUEUE, "media-encode-queue", name="encode", redrivePolicy=letters)
        self.url, self.dead_url = queue["url"], dead["url"]
        ec2 = self._boto("ec2", region)
        subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
        groups = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
        own = {"imageId": "ami-12c6146b", "vpcSecurityGroupIds": groups[:1], "iamInstanceProfile": None}
        template = self._made(TEMPLATE, "media-encode-template", name=f"encode{next(NUMBERS)}", **own)
        launched = {"id": template["id"], "version": "1"}
        self.group = self._made(
            GROUP,
            "media-encode-group",
            name="encode",
            vpcZoneIdentifiers=subnets[:3],
            launchTemplate=launched,
            mixedInstancesPolicy=None,
        )["name"]
        self._made(HOOK, "media-encode-leaving", autoscalingGroupName=self.group)
        self.sent: list[str] = []

    def _made(self, token: str, which: str, **changes: Any) -> dict[str, Any]:
        """The example's resource in the sandbox, with what only an engine knows put in."""
        said = {**self._stack.one(token, which).inputs, **changes}
        given = json.loads(
            json.dumps({key: each for key, each in said.items() if each is not None}), parse_float=_number
        )
        id_, _, outputs = make(self._provider, token, given)
        return {**outputs, "id": id_}

    def starts_from_zero(self) -> None:
        """The alarm on the first message, and what it starts."""
        policy = self._made(POLICY, "media-encode-first", autoscalingGroupName=self.group)
        self._made(ALARM, "media-encode-first", name="first", alarmActions=[policy["arn"]])

    @property
    def sqs(self) -> Any:
        return self._boto("sqs", self.region)

    @property
    def scaling(self) -> Any:
        return self._boto("autoscaling", self.region)

    def send(self, *keys: str) -> None:
        for key in keys:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps({"id": key}))
            self.sent.append(key)

    def waiting(self, url: str = "") -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url or self.url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def members(self) -> dict[str, str]:
        """The state of each instance."""
        found = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])
        return {
            each["InstanceId"]: each["LifecycleState"] for each in found["AutoScalingGroups"][0]["Instances"]
        }

    def work(self, between: Callable[[str], None] = lambda _id: None) -> int:
        """Have the sample run on each instance for one batch. Returns how many instances there are."""
        members = self.members()
        for id_ in members:
            self._run(id_, between)
        return len(members)

    def _run(self, id_: str, between: Callable[[str], None]) -> None:
        rounds = iter([True, True, False])

        def ask(path: str) -> str | None:
            state = WANTED.get(self.members().get(id_, ""))
            return {server.STATE: state, server.GROUP: self.group, server.INSTANCE: id_}.get(path)

        def take() -> None:
            poll.batch(self.sqs, self.url, 600, 0)
            between(id_)

        if server.run(take, ask, lambda: next(rounds)):
            server.leave(self.scaling, ask, "leaving", lambda _seconds: None)


@pytest.fixture(scope="module")
def stacks() -> dict[str, Deployment]:
    return pair()


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb", "sqs", "autoscaling", "cloudwatch")


@pytest.fixture
def done(
    boto: Callable[..., Any], in_lambda: Any, monkeypatch: pytest.MonkeyPatch, aws_endpoint: str
) -> Iterator[list[str]]:
    """What was worked on, in order."""
    found: list[str] = []

    def work(said: Mapping[str, Any]) -> dict[str, Any]:
        found.append(said["id"])
        return {}

    monkeypatch.setattr(consume, "work", work)
    in_lambda("TABLE", TABLE)
    in_lambda("KEPT_SECONDS", "1296000")
    table(boto, EAST)
    yield found
    consume._table.cache_clear()


@pytest.fixture
def east(boto: Any, aws_endpoint: str, stacks: dict[str, Deployment], done: list[str]) -> Fleet:
    return Fleet(aws_endpoint, boto, EAST, stacks["prod"])


def test_producers_go_on_without_any_instance_and_the_group_s_next_ones_drain_the_queue(
    east: Fleet, done: list[str], boto: Any
) -> None:
    east.send(*(f"before-{number}" for number in range(8)))
    lost = set(east.members())
    assert (east.work(), len(done), len(lost)) == (6, 8, 6)
    taken = []
    east.send("in work")
    taken = east.sqs.receive_message(QueueUrl=east.url)["Messages"]
    east.scaling.suspend_processes(AutoScalingGroupName=east.group, ScalingProcesses=["Launch"])
    boto("ec2", EAST).terminate_instances(InstanceIds=sorted(lost))
    for number in range(12):
        east.send(f"during-{number}")
        assert east.work() == 0
        assert east.waiting() == number + 2, "the backlog grows, and nobody refuses the producer"
    assert len(done) == 8
    east.scaling.resume_processes(AutoScalingGroupName=east.group, ScalingProcesses=["Launch"])
    found = east.members()
    assert len(found) == 6
    assert not set(found) & lost
    assert east.work() == 6
    assert east.waiting() == 1, "what the lost ones had in work is theirs until its time is over"
    east.sqs.change_message_visibility(
        QueueUrl=east.url, ReceiptHandle=taken[0]["ReceiptHandle"], VisibilityTimeout=0
    )
    east.work()
    assert sorted(done) == sorted(east.sent)
    assert (east.waiting(), east.waiting(east.dead_url)) == (0, 0)


def test_an_instance_that_is_to_go_while_it_works_ends_its_batch_and_takes_no_other(
    east: Fleet, done: list[str], boto: Any
) -> None:
    east.send(*(f"job-{number}" for number in range(10)))
    first = next(iter(east.members()))
    went: list[tuple[str, int]] = []

    def between(id_: str) -> None:
        """The group is told to scale in while the first one has its batch."""
        if id_ == first and not went:
            east.scaling.terminate_instance_in_auto_scaling_group(
                InstanceId=first, ShouldDecrementDesiredCapacity=False
            )
            went.append((east.members()[first], len(done)))
            east.send("after")

    assert east.work(between) == 6
    assert went == [("Terminating:Wait", 10)], "it is held, and has done what it took"
    assert first not in east.members(), "the hook was told"
    assert len(east.members()) == 6
    assert sorted(done) == sorted(east.sent)
    gone = boto("ec2", EAST).describe_instances(InstanceIds=[first])["Reservations"][0]["Instances"][0]
    assert gone["State"]["Name"] == "terminated"


def test_where_none_stands_by_the_first_message_starts_as_many_as_carry_the_load(
    boto: Any, aws_endpoint: str, stacks: dict[str, Deployment]
) -> None:
    west = Fleet(aws_endpoint, boto, WEST, stacks["dr"])
    west.starts_from_zero()
    assert west.members() == {}
    boto("cloudwatch", WEST).set_alarm_state(AlarmName="first", StateValue="ALARM", StateReason="one waits")
    assert len(west.members()) == 6
    boto("cloudwatch", WEST).set_alarm_state(
        AlarmName="first", StateValue="OK", StateReason="they are wanted"
    )
    assert len(west.members()) == 6, "nobody stops them when the alarm is over"
