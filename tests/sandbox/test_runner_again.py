"""A program that is run again on what it has deployed: what is there stays or is changed, what is new is made, nothing goes."""

from __future__ import annotations

import threading
import time

import pytest

from sandbox.aws.server import Server
from sandbox.engines import project as projects
from sandbox.engines.model import StackChoice
from sandbox.engines.runner.engine import again
from sandbox.provider.api import Api
from sandbox.provider.clock import Clock
from tests.sandbox.projects import Runner, project, state_of

PROGRAM = """
vpc = aws.ec2.Vpc("v", cidr_block=config.require("cidr"), tags={"size": config.require("size")})
kept = aws.ec2.Vpc("k", cidr_block="10.9.0.0/16")
if config.get_bool("more"):
    aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
if not config.get_bool("less"):
    aws.sqs.Queue("q")
mine = pulumi.StackReference("one").get_output("vpc")
pulumi.export("vpc", vpc.id)
pulumi.export("before", mine)
"""
FIRST = {"aws:region": "us-east-1", "small:cidr": "10.0.0.0/16", "small:size": "small"}


@pytest.fixture
def run_again(aws_endpoint, tmp_path, monkeypatch):
    root = project(tmp_path / "project", PROGRAM, {"one": FIRST})
    runner = Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)
    (before,) = runner.up()
    assert before.ok, before.errors
    # No simulated clock runs in the AWS of these tests.
    monkeypatch.setattr(Api, "advance", lambda _self, _seconds: None)

    def run(**changed):
        choice = StackChoice("one", config={f"small:{name}": value for name, value in changed.items()})
        return before, again(projects.load(root), choice, before, [], Server(aws_endpoint, 0))

    return run


def test_what_is_there_stays_or_is_changed_and_what_is_new_is_made(run_again, boto):
    before, after = run_again(size="large", more="true")
    assert after.ok, after.errors
    assert [urn.rpartition("::")[2] for urn in after.steps] == ["s"]
    ids = {each.urn: each.id for each in after.resources if each.id}
    assert {urn: ids[urn] for urn in ids if urn in {r.urn for r in before.resources}} == {
        each.urn: each.id for each in before.resources if each.id
    }
    [vpc] = boto("ec2").describe_vpcs(VpcIds=[after.outputs["vpc"]])["Vpcs"]
    assert {"Key": "size", "Value": "large"} in vpc["Tags"]
    assert after.outputs["before"] == before.outputs["vpc"], "it reads its own outputs of the run before"


def test_nothing_is_replaced_or_removed(run_again, boto):
    count = len(boto("ec2").describe_vpcs()["Vpcs"])
    _, after = run_again(cidr="10.5.0.0/16")
    assert "::v: the runner replaces nothing that is there, and cidrBlock would replace it" in after.errors[0]
    _, after = run_again(less="true")
    assert after.errors[0].endswith("Queue::q is not declared any more")
    assert "the runner removes nothing that is there" in after.errors[0]
    assert len(boto("ec2").describe_vpcs()["Vpcs"]) == count


def test_time_passes_while_all_wait_and_stands_while_anybody_works(monkeypatch):
    monkeypatch.setattr("sandbox.provider.clock._STILL", 0.05)
    moved = []

    clock = Clock(moved.append)

    def waits():
        with clock.rest():
            for _ in range(3):
                clock.pass_time(30)

    waiting = [threading.Thread(target=waits) for _ in range(2)]
    with clock.work():
        for each in waiting:
            each.start()
        time.sleep(0.2)
        assert moved == []
    for each in waiting:
        each.join(5)
    assert sum(moved) == 90, "two who wait beside each other let the same time pass"
