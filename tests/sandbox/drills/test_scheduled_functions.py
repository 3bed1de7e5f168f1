"""Scheduled functions on the clock: their own code runs, in simulated time; above all the one that keeps an active-standby pair."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.drills.rehearse import Drill
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.system import Place, System
from sandbox.drills.world import World, copied
from tests.functions.pair_deployed import NAMES, Pair

ROOT = Path(__file__).resolve().parents[3]
STARTS = "#!/bin/bash\nsystemctl enable --now app.service\n"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
ROLE = "arn:aws:iam::123456789012:role/function"
NAPPER = """
import os, time
def handler(event, context):
    begun = time.time()
    time.sleep(event["sleeps"])
    left = context.get_remaining_time_in_millis()
    raise ValueError(f"{os.environ['SAYS']} {event['says']} after {time.time() - begun:.0f} s, {left} ms left")
"""


def archive(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return data.getvalue()


def pair_code() -> dict[str, str]:
    folder = ROOT / "functions" / "active_standby"
    return {f"{folder.name}/{path.name}": path.read_text() for path in folder.glob("*.py")}


def function(boto: Callable[..., Any], name: str, code: dict[str, str], handler: str, **more: Any) -> str:
    made = boto("lambda").create_function(
        FunctionName=name, Role=ROLE, Handler=handler,
        Code={"ZipFile": archive(code)}, **{"Runtime": "python3.13", **more},
    )  # fmt: skip
    return str(made["FunctionArn"])


def schedule(boto: Callable[..., Any], name: str, arn: str, event: Any, rate: str = "rate(1 minute)") -> None:
    boto("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=rate,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": json.dumps(event)},
    )


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    state = tmp_path_factory.mktemp("state")
    found = server.start(state)

    def boto(service: str, region: str = "us-east-1") -> Any:
        return client(found.endpoint, service, region)

    pair = Pair(boto, user_data=base64.b64encode(STARTS.encode()).decode())
    boto("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn = function(
        boto,
        "pair",
        pair_code(),
        "active_standby.handler.handler",
        Timeout=146,
        Environment={"Variables": pair.environment},
    )
    schedule(boto, "pair", arn, {"action": "watch"})
    alarm = {
        "Namespace": "Holdfast/ActiveStandby", "MetricName": "Serving", "Dimensions": [{"Name": "Pair", "Value": "shop"}],
        "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 2, "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching",
    }  # fmt: skip
    boto("cloudwatch").put_metric_alarm(AlarmName="serving", **alarm)
    yield found
    assert server.stop(state)


@pytest.fixture
def world(aws: server.Server) -> Iterator[World]:
    found = World(copied(aws))
    yield found
    found.end()


class Seen:
    """The pair of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.elb = world.boto("elbv2", "us-east-1")
        self.groups = {
            g["TargetGroupName"]: g["TargetGroupArn"]
            for g in self.elb.describe_target_groups()["TargetGroups"]
        }
        (balancer,) = self.elb.describe_load_balancers()["LoadBalancers"]
        self.host = balancer["DNSName"]

    def states(self, group: str = "serving") -> dict[str, str]:
        found = self.elb.describe_target_health(TargetGroupArn=self.groups[group])["TargetHealthDescriptions"]
        return {each["Target"]["Id"]: each["TargetHealth"]["State"] for each in found}

    def instance(self, name: str) -> str:
        asked = self.world.boto("autoscaling", "us-east-1").describe_auto_scaling_groups(
            AutoScalingGroupNames=[name]
        )
        return str(asked["AutoScalingGroups"][0]["Instances"][0]["InstanceId"])

    def answers(self) -> bool:
        return bool(self.world.call("request", host=self.host)["status"] == 200)

    def until(self, holds: Callable[[], bool], most: float) -> float:
        """Seconds until it holds, two at a time never being registered."""
        begun = self.world.now
        while not holds():
            assert self.world.now - begun < most, self.world.timeline[-20:]
            self.world.advance(1)
            assert len(self.states()) <= 1, "two at once"
        return self.world.now - begun


def served(world: World) -> Seen:
    world.start(0.5)
    pair = Seen(world)
    first = pair.instance(NAMES[0])
    pair.until(lambda: pair.states() == {first: "healthy"}, 90)
    return pair


def system(world: World) -> System:
    """The pair as a drill knows it, with a name that leads to its load balancer."""
    route53 = world.boto("route53", "us-east-1")
    zone = route53.create_hosted_zone(Name="holdfast.example", CallerReference="1")["HostedZone"]["Id"]
    (balancer,) = world.boto("elbv2", "us-east-1").describe_load_balancers()["LoadBalancers"]
    alias = {
        "HostedZoneId": balancer["CanonicalHostedZoneId"], "DNSName": balancer["DNSName"], "EvaluateTargetHealth": False
    }  # fmt: skip
    record = {"Name": "shop.holdfast.example", "Type": "A", "AliasTarget": alias}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    home = Place("us-east-1", balancer["DNSName"], "")
    return System(
        "shop", "shop.holdfast.example", zone.rpartition("/")[2], "", kept=True, home=home, other=None
    )


def report(high: float) -> dict[str, Any]:
    rto = {"low": 10, "high": high}
    node = {"urn": "pair", "kind": "servers", "terms": [], "option": "the other one is registered"}
    judged = {"systems": [{"system": "shop", "path": ["pair"], "rto": rto}], "nodes": [node]}
    return {"failures": {"instance": judged, "zone": judged}}


@pytest.mark.parametrize(
    ("scenario", "takes_out"),
    [("instance", []), ("zone", ["DeregisterTargets"])],
    ids=["its group has ended it before", "its group can't launch another"],
)
def test_the_pair_is_drilled(world: World, scenario: str, takes_out: list[str]) -> None:
    result = Drill(world, system(world), BY_NAME[scenario], report(40)).run()
    assert result.passed, (result.causes, result.timeline)
    assert result.seconds is not None
    assert 15 < result.seconds <= 35
    assert [check.name for check in result.checks] == ["serves", "capacity", "one at a time", "in time"]
    (lost,) = [line["at"] for line in result.timeline if line["what"].endswith("is lost")]
    calls = [
        line["what"].split(":")[-1] for line in result.timeline if line["who"] == "pair" and line["at"] > lost
    ]
    assert [call for call in calls if call != "Publish"] == [
        "UpdateItem",
        *takes_out,
        "RegisterTargets",
        "UpdateItem",
    ]


def test_without_its_watches_a_drill_fails(world: World) -> None:
    pair = Seen(world)
    pair.elb.register_targets(
        TargetGroupArn=pair.groups["serving"], Targets=[{"Id": pair.instance(NAMES[0])}]
    )
    world.boto("scheduler", "us-east-1").delete_schedule(Name="pair")
    result = Drill(world, system(world), BY_NAME["instance"], report(40)).run()
    assert not result.passed
    assert result.seconds is None


def test_the_loss_of_both_rings_the_alarm(world: World) -> None:
    pair = served(world)
    for name in NAMES:
        world.call("break", instance=pair.instance(name), **{"in": "us-east-1"})
    world.advance(180)
    assert "alarm serving: ALARM" in [line["what"] for line in world.timeline if line["who"] == "CloudWatch"]
    assert not [line for line in world.timeline if line["at"] > 100 and "RegisterTargets" in line["what"]]


def test_a_function_sleeps_in_simulated_time_and_fails_or_ends_as_on_aws(
    aws: server.Server, world: World
) -> None:
    def boto(service: str, region: str = "us-east-1") -> Any:
        return world.boto(service, region)

    boto("scheduler").delete_schedule(Name="pair")
    arn = function(
        boto, "napper", {"m.py": NAPPER}, "m.handler", Timeout=100, Environment={"Variables": {"SAYS": "it"}}
    )
    node = function(boto, "napper-node", {"m.mjs": ""}, "m.handler", Runtime="nodejs22.x")
    schedule(boto, "long", arn, {"sleeps": 150, "says": "late"}, "rate(1 hour)")
    schedule(boto, "raises", arn, {"sleeps": 5, "says": "no"}, "rate(10 minutes)")
    schedule(boto, "cron", arn, {}, "cron(0 5 * * ? *)")
    schedule(boto, "gone", f"{arn}-gone", {})
    schedule(boto, "node", node, {})
    begun = time.monotonic()
    world.start(0.5)
    world.advance(3800)
    assert time.monotonic() - begun < 60
    said = [
        (round(line["at"]), line["what"]) for line in world.timeline if line["who"] in ("Lambda", "Scheduler")
    ]
    assert (0, "cron isn't simulated: only rates that invoke functions or send to queues are") in said
    assert (60, "napper-gone is not there") in said
    assert (60, "napper-node isn't run here: its runtime is nodejs22.x") in said
    for at in (605, 1205):
        assert (at, "napper failed: ValueError: it no after 5 s, 95000 ms left") in said
    assert (3700, "napper was ended after 100 s") in said
    assert not [what for _, what in said if "it late" in what], "nobody wakes what was ended"


def test_a_target_is_admitted_by_its_first_check_and_drains(world: World) -> None:
    world.boto("scheduler", "us-east-1").delete_schedule(Name="pair")
    world.start(0.5)
    world.advance(1)
    pair = Seen(world)
    first, group = pair.instance(NAMES[0]), pair.groups["serving"]
    pair.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": first}])
    assert pair.states() == {first: "initial"}
    assert pair.states("members")[first] == "healthy", "each group has seen for itself"
    assert not pair.answers(), "clients are not sent to the members"
    world.advance(5)
    assert pair.states() == {first: "healthy"}
    assert pair.answers()
    pair.elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": first}])
    assert pair.states() == {first: "draining"}
    assert not pair.answers()
    pair.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": first}])
    world.advance(4)
    pair.elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": first}])
    world.advance(4)
    assert pair.states() == {first: "draining"}, "the second delay, not the first one"
    world.advance(1)
    assert pair.states() == {}
