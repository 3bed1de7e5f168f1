"""The way over without Region switch, for real: the switch as a truth table, and the state machine that moves it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.route53.models import route53_backends

from components.switch import (
    DataPlaneSwitch,
    DataPlaneSwitchArgs,
    FollowingFiles,
    GlobalCache,
    GlobalDatabase,
    Pace,
    ServerGroup,
    Takeover,
    TakeoverArgs,
)
from sandbox.aws.extensions._route53_answers import healthy
from sandbox.aws.faults import TABLE
from sandbox.provider import Provider
from tests.pulumi_mocks import Deployment, deploy
from tests.sandbox.emptied import emptied
from tests.sandbox.rds_world import global_database
from tests.sandbox.test_region_switch import EAST, TAGS, WEST, Boto, group, group_of, lose, writer

CHECK, ALARM = "aws:route53/healthCheck:HealthCheck", "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "arn:aws:sns:us-west-2:123456789012:ops"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(
        aws_server,
        "rds",
        "autoscaling",
        "ec2",
        "route53",
        "cloudwatch",
        "stepfunctions",
        "iam",
        "elasticache",
        "efs",
    )


def make(provider: Provider, token: str, inputs: dict[str, Any]) -> str:
    checked, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::it", {}, inputs)
    assert failures == []
    return str(provider.create(token, checked)[0])


class Switch:
    """The east's switch on the sandbox: what its component declares, made by the provider."""

    def __init__(self, provider: Provider, boto: Boto) -> None:
        self.watch = boto("cloudwatch", WEST)
        host = "east.example.org"
        self.host = host
        endpoints = make(provider, CHECK, {"type": "HTTPS", "fqdn": host, "port": 443})
        args = DataPlaneSwitchArgs(
            region=EAST,
            peer_region=WEST,
            system="shop",
            health_check_id=endpoints,
            peer_actions=[TOPIC],
            tags=TAGS,
        )
        declared: Deployment = deploy(lambda: DataPlaneSwitch("switch", args) and None)
        name = make(provider, ALARM, {**declared.one(ALARM).inputs, "name": "taken"})
        decision = declared.one(CHECK, "switch-decision").inputs
        self.decision = make(provider, CHECK, {**decision, "cloudwatchAlarmName": name})
        both = declared.one(CHECK, "switch-may-serve").inputs
        self.id = make(provider, CHECK, {**both, "childHealthchecks": [endpoints, self.decision]})

    def decide(self, value: int) -> None:
        dimensions = [{"Name": "From", "Value": EAST}, {"Name": "System", "Value": "shop"}]
        datum = {"MetricName": "TakenOver", "Dimensions": dimensions, "Value": value}
        self.watch.put_metric_data(Namespace="Holdfast/Switch", MetricData=[datum])

    @property
    def serves(self) -> bool:
        return healthy(route53_backends["123456789012"]["aws"], self.id)


@pytest.fixture
def switch(provider: Provider, boto: Boto) -> Switch:
    return Switch(provider, boto)


@pytest.mark.parametrize(
    ("decided", "answers", "lost"), list(itertools.product((False, True), (True, False), (False, True)))
)
def test_the_truth_table(switch: Switch, decided: bool, answers: bool, lost: bool) -> None:
    if decided:
        switch.decide(1)
    TABLE.apply({"endpoints": {switch.host: answers}, **({"regions": {WEST: [503, "x"]}} if lost else {})})
    assert switch.serves is (answers and not decided)


EVENTS = st.lists(st.sampled_from(["take", "give back", "lose", "mend", "down", "up"]), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_only_decisions_and_endpoints_move_traffic(switch: Switch, events: list[str]) -> None:
    TABLE.apply({"clear": True})
    switch.decide(0)
    decided, answers, lost = False, True, False
    for event in events:
        if event in ("take", "give back"):
            if lost:
                continue  # nobody decides in a region that is gone
            decided = event == "take"
            switch.decide(int(decided))
        elif event in ("lose", "mend"):
            before, lost = switch.serves, event == "lose"
            TABLE.apply({"regions": {WEST: [503, "ServiceUnavailable"] if lost else None}})
            assert switch.serves is before, "losing the other region, or having it back, moves nobody"
        else:
            answers = event == "up"
            TABLE.apply({"endpoints": {switch.host: answers}})
        assert switch.serves is (answers and not decided), f"after {event}"
        assert not (decided and switch.serves), "traffic never goes back by itself"


@pytest.fixture
def machine(boto: Boto, provider: Provider, aws_endpoint: str) -> Callable[..., str]:
    """The west's state machine, over groups and a global database."""

    def put(**changes: Any) -> str:
        east, west = global_database(boto)
        group_of(boto, EAST, 4)
        app = ServerGroup(name=f"app-{WEST}", arn=group_of(boto, WEST, 1), servers=changes.pop("servers", 4))
        args = TakeoverArgs(
            machine_name="shop-takeover", region=WEST, peer_region=EAST, system="shop", groups=[app],
            actions=[TOPIC], key_arn="arn:key", tags=TAGS,
            database=GlobalDatabase(identifier="shop", cluster_arns={EAST: east, WEST: west}), pace=Pace(poll=1, retry=1),
        )  # fmt: skip
        declared = deploy(lambda: Takeover("takeover", replace(args, **changes)) and None)
        role = boto("iam").create_role(RoleName="takeover", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        inputs = {**declared.one("StateMachine").inputs, "roleArn": role}
        abroad = Provider(endpoint=aws_endpoint, region=WEST, default_tags=None)
        return make(abroad, "aws:sfn/stateMachine:StateMachine", inputs)

    return put


def run(boto: Boto, arn: str, **given: str) -> dict[str, Any]:
    """The execution's end."""
    steps = boto("stepfunctions", WEST)
    execution = steps.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = steps.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return dict(found)
        time.sleep(0.05)
    raise AssertionError("it does not end")


def test_it_takes_over_when_the_other_region_is_lost_and_twice_is_once(
    machine: Any, boto: Boto, aws_server: Any, switch: Switch
) -> None:
    arn = machine()
    assert switch.serves
    lose(aws_server, EAST)
    assert run(boto, arn, action="take", mode="failover")["status"] == "SUCCEEDED"
    assert (writer(boto), group(boto, WEST), switch.serves) == (WEST, (4, 4, 4), False)
    assert run(boto, arn, action="take", mode="failover")["status"] == "SUCCEEDED"
    assert (writer(boto), group(boto, WEST), switch.serves) == (WEST, (4, 4, 4), False)
    aws_server.app.faults.reset()
    assert not switch.serves
    assert run(boto, arn, action="release")["status"] == "SUCCEEDED"
    assert switch.serves


def test_a_switchover_without_the_other_region_fails_and_sends_nobody(
    machine: Any, boto: Boto, aws_server: Any, switch: Switch
) -> None:
    arn = machine()
    lose(aws_server, EAST)
    assert run(boto, arn, action="take", mode="switchover")["status"] == "FAILED"
    assert (writer(boto), switch.serves) == (EAST, True)
    aws_server.app.faults.reset()
    assert run(boto, arn, action="take", mode="switchover")["status"] == "SUCCEEDED"
    assert (writer(boto), group(boto, WEST), switch.serves) == (WEST, (4, 4, 4), False)


@pytest.fixture
def stores(boto: Boto) -> dict[str, Any]:
    """A cache and files over both regions, written in the east."""
    east, west = boto("elasticache"), boto("elasticache", WEST)
    east.create_replication_group(
        ReplicationGroupId="shop", ReplicationGroupDescription="cache", Engine="valkey", EngineVersion="8.1",
        CacheNodeType="cache.r7g.large", NumCacheClusters=2, AutomaticFailoverEnabled=True, MultiAZEnabled=True,
        AtRestEncryptionEnabled=True, TransitEncryptionEnabled=True,
    )  # fmt: skip
    whole = east.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="shop", PrimaryReplicationGroupId="shop"
    )["GlobalReplicationGroup"]["GlobalReplicationGroupId"]
    west.create_replication_group(
        ReplicationGroupId="shop", ReplicationGroupDescription="cache", GlobalReplicationGroupId=whole
    )
    here, there = (boto("efs", r).create_file_system(CreationToken="x")["FileSystemId"] for r in (EAST, WEST))
    boto("efs", WEST).update_file_system_protection(
        FileSystemId=there, ReplicationOverwriteProtection="DISABLED"
    )
    boto("efs").create_replication_configuration(
        SourceFileSystemId=here, Destinations=[{"FileSystemId": there, "Region": WEST}]
    )
    return {
        "cache": GlobalCache(identifier=whole, group_id="shop", group_arn="arn:cache"),
        "files": FollowingFiles(file_system_id=there, source_id=here, arns=["arn:west", "arn:east"]),
    }


def written(boto: Boto, stores: dict[str, Any]) -> tuple[str, str]:
    """Region of the cache that is written, and how the west's files stand."""
    [whole] = boto("elasticache", WEST).describe_global_replication_groups(
        GlobalReplicationGroupId=stores["cache"].identifier, ShowMemberInfo=True
    )["GlobalReplicationGroups"]
    [cache] = [m["ReplicationGroupRegion"] for m in whole["Members"] if m["Role"] == "PRIMARY"]
    [files] = boto("efs", WEST).describe_file_systems(FileSystemId=stores["files"].file_system_id)[
        "FileSystems"
    ]
    return cache, files["FileSystemProtection"]["ReplicationOverwriteProtection"]


@pytest.mark.parametrize("mode", ["failover", "switchover"])
def test_cache_and_files_come_too_and_twice_is_once(
    machine: Any, boto: Boto, aws_server: Any, stores: dict[str, Any], mode: str
) -> None:
    arn = machine(**stores)
    assert written(boto, stores) == (EAST, "REPLICATING")
    if mode == "failover":
        lose(aws_server, EAST)
    for _ in range(2):
        assert run(boto, arn, action="take", mode=mode)["status"] == "SUCCEEDED"
        assert written(boto, stores) == (WEST, "ENABLED")


def test_files_of_others_keep_following(machine: Any, boto: Boto, stores: dict[str, Any]) -> None:
    others = {"files": replace(stores["files"], source_id="fs-0123456789abcdef0")}
    assert (
        run(boto, machine(**{**stores, **others}), action="take", mode="switchover")["status"] == "SUCCEEDED"
    )
    assert written(boto, stores) == (WEST, "REPLICATING")


def test_more_servers_than_needed_stay(machine: Any, boto: Boto) -> None:
    arn = machine(servers=1)
    boto("autoscaling", WEST).update_auto_scaling_group(
        AutoScalingGroupName=f"app-{WEST}", MinSize=3, DesiredCapacity=3
    )
    assert run(boto, arn, action="take", mode="switchover")["status"] == "SUCCEEDED"
    assert group(boto, WEST) == (3, 3, 3)


def test_an_input_that_means_nothing_changes_nothing(machine: Any, boto: Boto, switch: Switch) -> None:
    arn = machine()
    for said in ({"action": "take"}, {"action": "take", "mode": "maybe"}, {"action": "fly"}, {}):
        end = run(boto, arn, **said)
        assert (end["status"], end.get("error")) == ("FAILED", "NotKnown"), said
    assert (writer(boto), group(boto, WEST), switch.serves) == (EAST, (1, 1, 1), True)


def test_paths_find_what_they_find_on_aws(boto: Boto) -> None:
    steps = boto("stepfunctions")
    role = boto("iam").create_role(RoleName="paths", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    shown = {
        "one.$": "$.groups[0].size",
        "some.$": "$.groups[?(@.size == 1)].size",
        "none.$": "$.groups[?(@.size == 9)]",
    }
    machine = {"StartAt": "Show", "States": {"Show": {"Type": "Pass", "Parameters": shown, "End": True}}}
    arn = steps.create_state_machine(name="paths", definition=json.dumps(machine), roleArn=role)[
        "stateMachineArn"
    ]
    given_ = json.dumps({"groups": [{"size": 1}]})
    found = [steps.start_execution(stateMachineArn=arn, input=given_)["executionArn"] for _ in range(2)]
    assert len(set(found)) == 2
    deadline = time.monotonic() + 10
    while (end := steps.describe_execution(executionArn=found[0]))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert json.loads(end["output"]) == {"one": 1, "some": [1], "none": []}


def test_nobody_waits_a_minute_for_what_is_done_at_once(boto: Boto) -> None:
    steps = boto("stepfunctions", WEST)
    role = boto("iam").create_role(RoleName="waits", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    again = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 1}
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:rds:describeGlobalClusters",
        "Parameters": {"GlobalClusterIdentifier": "none"},
        "Retry": [again],
        "End": True,
    }
    machine = {
        "StartAt": "Rest",
        "States": {"Rest": {"Type": "Wait", "Seconds": 60, "Next": "Ask"}, "Ask": ask},
    }
    arn = steps.create_state_machine(name="waits", definition=json.dumps(machine), roleArn=role)[
        "stateMachineArn"
    ]
    assert run(boto, arn)["status"] == "FAILED"
