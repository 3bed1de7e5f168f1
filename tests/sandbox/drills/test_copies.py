"""Copies of a running AWS, and the clock's paths."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.aws.server import Server, ServerError
from sandbox.drills.world import World, copied


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("state")
    yield server.start(state)
    assert server.stop(state)


@pytest.fixture
def copy(aws: Server) -> Iterator[Callable[[], World]]:
    made: list[World] = []

    def make() -> World:
        made.append(World(copied(aws)))
        return made[-1]

    yield make
    for world in made:
        world.end()


def buckets(endpoint: str) -> list[str]:
    return [b["Name"] for b in client(endpoint, "s3", "us-east-1").list_buckets()["Buckets"]]


def test_clients_of_a_copy_are_forgotten_with_it(copy: Callable[[], World]) -> None:
    world = copy()
    made = world.boto("sqs", "us-east-1")
    assert world.boto("sqs", "us-east-1") is made
    world.end()
    assert world.boto("sqs", "us-east-1") is not made


def test_a_copy_knows_all_and_what_happens_in_it_stays_there(aws: Server, copy: Callable[[], World]) -> None:
    client(aws.endpoint, "s3", "us-east-1").create_bucket(Bucket="before")
    one, other = copy(), copy()
    one.boto("s3", "us-east-1").create_bucket(Bucket="in-one")
    client(aws.endpoint, "s3", "us-east-1").create_bucket(Bucket="after")
    assert buckets(one.aws.endpoint) == ["before", "in-one"]
    assert buckets(other.aws.endpoint) == ["before"]
    assert sorted(buckets(aws.endpoint)) == ["after", "before"]
    assert len({aws.pid, one.aws.pid, other.aws.pid}) == 3


def test_a_copys_end_harms_nothing(aws: Server, copy: Callable[[], World]) -> None:
    world = copy()
    world.end()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(world.aws.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.01)
    else:
        pytest.fail("the copy lives on, or nobody has collected it")
    world.end()
    assert aws.call("GET", "/sandbox/health")["pid"] == aws.pid


def test_timestamps_follow_the_clock_of_the_copy(copy: Callable[[], World]) -> None:
    world = copy()
    world.start(0.5)
    logs = world.boto("logs", "us-east-1")
    logs.create_log_group(logGroupName="first")
    world.advance(3600)
    logs.create_log_group(logGroupName="second")
    first, second = (g["creationTime"] for g in logs.describe_log_groups()["logGroups"])
    assert second - first == 3_600_000


def test_the_timeline_says_who_called_what(copy: Callable[[], World]) -> None:
    world = copy()
    world.boto("sqs", "us-west-2").create_queue(QueueName="before-the-clock")
    world.start(0.5)
    world.advance(7)
    world.boto("sqs", "us-west-2").create_queue(QueueName="queue")
    world.boto("sqs", "us-west-2").list_queues()
    client(world.aws.endpoint, "sqs", "us-west-2").create_queue(QueueName="other")
    world.note("drill", "something else")
    world.advance(0)
    assert [(line["at"], line["who"], line["what"], line["where"]) for line in world.timeline] == [
        (7, "operator", "calls sqs:CreateQueue", "us-west-2"),
        (7, "AWS", "calls sqs:CreateQueue", "us-west-2"),
        (7, "drill", "something else", ""),
    ]


@pytest.mark.parametrize(
    ("verb", "given", "message"),
    [
        ("stop", {}, "clock has no 'stop': allowed are start, advance"),
        ("advance", {"seconds": 1}, "the clock isn't running: start it first"),
        ("start", {"pace": 2}, "pace is 2.0, allowed is 0"),
        (
            "break",
            {"planet": "earth"},
            "break got \\['planet'\\], allowed is one of region, zone, instance, database, rows",
        ),
        (
            "break",
            {"database": "none", "in": "us-east-1"},
            "database is 'none', allowed is a DB instance in us-east-1",
        ),
        ("break", {"rows": "arn:aws:rds:us-east-1:1:cluster:x"}, "allowed is the ARN of a cluster"),
        ("break", {"database": "x"}, "break needs 'in'"),
        ("mend", {"instance": "i-1"}, "mend got \\['instance'\\], allowed is region or zone"),
        (
            "capacity",
            {"host": "www.example.org"},
            "host is 'www.example.org', allowed is the name of a load balancer",
        ),
    ],
)
def test_what_the_clock_is_not_for_is_one_line(
    copy: Callable[[], World], verb: str, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ServerError) as error:
        copy().call(verb, **given)
    assert "Traceback" not in str(error.value)
    assert message.replace("\\", "") in str(error.value)


def test_a_lost_region_that_is_back_answers_again(copy: Callable[[], World]) -> None:
    world = copy()
    world.start(0.5)
    world.call("break", region="us-east-1")
    world.call("mend", region="us-east-1")
    assert world.boto("iam", "us-east-1").list_roles()["Roles"] == []
    assert world.boto("ec2", "us-east-1").describe_instances()["Reservations"] == []


def test_a_wait_of_a_state_machine_waits_for_simulated_seconds(copy: Callable[[], World]) -> None:
    world = copy()
    role = world.boto("iam", "us-west-2").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"][
        "Arn"
    ]
    waits = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 45, "End": True}}}
    steps = world.boto("stepfunctions", "us-west-2")
    arn = steps.create_state_machine(name="m", definition=json.dumps(waits), roleArn=role)["stateMachineArn"]
    world.start(0.5)
    execution = steps.start_execution(stateMachineArn=arn)["executionArn"]
    began = time.monotonic()
    world.advance(44)
    assert steps.describe_execution(executionArn=execution)["status"] == "RUNNING"
    world.advance(2)
    world.advance(0)  # the execution has come to rest then
    assert steps.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    assert time.monotonic() - began < 20
