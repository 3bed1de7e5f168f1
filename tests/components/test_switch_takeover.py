from __future__ import annotations

import fnmatch
import json
from dataclasses import replace
from typing import Any

import pytest

from components.switch import FollowingFiles, GlobalCache, GlobalDatabase, ServerGroup, Takeover, TakeoverArgs
from tests.components.test_switch_region import CLUSTERS, EAST, GROUPS, TAGS, WEST
from tests.pulumi_mocks import Deployment, deploy

OPS = "arn:aws:sns:us-west-2:123456789012:ops"
APP = ServerGroup(name="app", arn=GROUPS[WEST], servers=6)
ARGS = TakeoverArgs(
    machine_name="shop-takeover",
    region=WEST,
    peer_region=EAST,
    system="shop",
    groups=[APP],
    database=GlobalDatabase(identifier="shop", cluster_arns=CLUSTERS),
    cache=GlobalCache(identifier="ldgnf-shop", group_id="shop-cache", group_arn="arn:cache"),
    files=FollowingFiles(file_system_id="fs-west", source_id="fs-east", arns=["arn:west", "arn:east"]),
    key_arn="arn:key",
    actions=[OPS],
    tags=TAGS,
)


def run(args: TakeoverArgs = ARGS) -> Deployment:
    return deploy(lambda: Takeover("shop-takeover", args) and None, config={"aws:region": WEST})


def states(machine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every state of a machine, inside of branches, too."""
    found = dict(machine["States"])
    for state in machine["States"].values():
        for branch in state.get("Branches", []):
            found |= states(branch)
    return found


def definition(args: TakeoverArgs = ARGS) -> dict[str, Any]:
    return dict(json.loads(run(args).one("StateMachine").inputs["definition"]))


def test_it_ends_at_the_objective_and_every_call_has_time_out_and_retries() -> None:
    whole = definition()
    assert whole["TimeoutSeconds"] == 15 * 60
    tasks = {name: s for name, s in states(whole).items() if s["Type"] == "Task"}
    assert set(tasks) == {
        "LookAtServers", "StartServers", "LookAtDatabase", "FailOver", "SwitchOver", "SendTraffic", "GiveBack",
        "LookAtCache", "FailOverCache", "LookAtFiles", "EndReplication", "LookAtSync", "EndFollowing",
    }  # fmt: skip
    for task in tasks.values():
        assert task["TimeoutSeconds"] == 60
        assert [retry["MaxAttempts"] for retry in task["Retry"]] == [3]


def holds(condition: dict[str, Any], known: dict[str, str]) -> bool:
    """Whether a Choice's condition holds; `known` has the values by path."""
    if "And" in condition:
        return all(holds(each, known) for each in condition["And"])
    if "Not" in condition:
        return not holds(condition["Not"], known)
    value = known[condition["Variable"]]
    if "StringMatches" in condition:
        return fnmatch.fnmatchcase(value, condition["StringMatches"])
    if "StringGreaterThanPath" in condition:
        return value > known[condition["StringGreaterThanPath"]]
    return bool(value == condition["StringEquals"])


@pytest.mark.parametrize(
    ("status", "mode", "follows", "then"),
    [
        ("available", "failover", True, "FailOver"),
        ("available", "switchover", True, "SwitchOver"),
        ("available", "failover", False, "DatabaseWrites"),
        ("failing-over", "failover", True, "AwaitDatabase"),  # AWS refuses a second one
        ("failing-over", "failover", False, "AwaitDatabase"),
        ("switching-over", "failover", True, "FailOver"),  # it may wait for a region that is gone
        ("switching-over", "switchover", True, "AwaitDatabase"),
        ("modifying", "switchover", True, "AwaitDatabase"),
        ("modifying", "failover", True, "FailOver"),
    ],
)
def test_what_becomes_of_the_database(status: str, mode: str, follows: bool, then: str) -> None:
    choice = states(definition())["Writes"]
    readers = json.dumps([[CLUSTERS[WEST]]] if follows else [[CLUSTERS[EAST]]])
    known = {"$.database.status": status, "$.mode": mode, "$.database.readers": readers}
    taken = next((each["Next"] for each in choice["Choices"] if holds(each, known)), choice["Default"])
    assert taken == then


@pytest.mark.parametrize(
    ("status", "role", "then"),
    [
        ("available", '["PRIMARY"]', "CacheWrites"),
        ("available", '["SECONDARY"]', "FailOverCache"),
        ("modifying", '["SECONDARY"]', "AwaitCache"),
        ("modifying", '["PRIMARY"]', "AwaitCache"),
        ("available", "[]", "FailOverCache"),  # which AWS refuses: it fails, and somebody is told
    ],
)
def test_what_becomes_of_the_cache(status: str, role: str, then: str) -> None:
    choice = states(definition())["CacheRole"]
    known = {"$.cache.status": status, "$.cache.role": role}
    taken = next((each["Next"] for each in choice["Choices"] if holds(each, known)), choice["Default"])
    assert taken == then


@pytest.mark.parametrize(
    ("destinations", "then"),
    [
        ("[]", "FilesServe"),
        ('[[{"FileSystemId": "fs-west", "Status": "ENABLED"}]]', "EndReplication"),
        ('[[{"FileSystemId": "fs-west", "Status": "DELETING"}]]', "AwaitFiles"),
        ('[[{"FileSystemId": "fs-other", "Status": "ENABLED"}]]', "FilesServe"),
    ],
)
def test_what_becomes_of_the_files(destinations: str, then: str) -> None:
    choice = states(definition())["FilesFollow"]
    known = {"$.files.destinations": destinations}
    taken = next((each["Next"] for each in choice["Choices"] if holds(each, known)), choice["Default"])
    assert taken == then


NOW, BEFORE, AFTER = '["2026-11-26T18:00:00Z"]', '["2026-11-26T17:59:59Z"]', '["2026-11-26T18:00:01Z"]'
FOLLOWS = '[[{"FileSystemId": "fs-west", "Status": "ENABLED"}]]'


@pytest.mark.parametrize(
    ("destinations", "synced", "then"),
    [
        (FOLLOWS, BEFORE, "AwaitSync"),
        (FOLLOWS, NOW, "AwaitSync"),
        (FOLLOWS, AFTER, "EndFollowing"),
        (FOLLOWS, "[]", "AwaitSync"),  # no sync yet
        (FOLLOWS.replace("ENABLED", "DELETING"), AFTER, "AwaitSync"),
        ("[]", "[]", "SendTraffic"),
    ],
)
def test_files_of_a_planned_move_follow_until_all_has_come(destinations: str, synced: str, then: str) -> None:
    choice = states(definition())["Synced"]
    known = {"$.files.destinations": destinations, "$.files.synced": synced, "$.stopped.at": NOW}
    taken = next((each["Next"] for each in choice["Choices"] if holds(each, known)), choice["Default"])
    assert taken == then


def test_files_wait_for_the_database_where_there_is_time() -> None:
    found = definition()["States"]
    assert found["Move"]["Next"] == "FilesLast"
    assert [each["StartAt"] for each in found["Move"]["Branches"]][-1] == "FilesMode"
    for name, planned, lost in (
        ("FilesMode", "FilesLater", "LookAtFiles"),
        ("FilesLast", "LetWritesEnd", "SendTraffic"),
    ):
        choice = states(definition())[name]
        [only] = choice["Choices"]
        assert (only["Next"], choice["Default"]) == (planned, lost)
        assert (only["Variable"], only["StringEquals"]) == ("$.mode", "switchover")
    selected = states(definition())["LookAtSync"]["ResultSelector"]["synced.$"]
    assert selected == (
        "States.JsonToString($.Replications[?(@.SourceFileSystemId == 'fs-east')].Destinations[0].LastReplicatedTimestamp)"
    )
    without = definition(replace(ARGS, files=None))["States"]
    assert without["Move"]["Next"] == "SendTraffic"


def test_no_call_goes_to_the_other_region() -> None:
    text = json.dumps(states(definition()))
    assert EAST in text, "the metric says which region was left"
    assert all(EAST not in arn for arn in text.split('"') if arn.startswith("arn:") or "*arn:" in arn)


def test_the_role_may_do_that_and_is_the_machines_alone() -> None:
    deployment = run()
    policy = json.loads(deployment.one("RolePolicy").inputs["policy"])["Statement"]
    allowed = {
        action: s["Resource"]
        for s in policy
        for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
        if not action.startswith("logs:")
    }
    datastore = "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-shop"
    clusters = ["arn:aws:rds::123456789012:global-cluster:shop", CLUSTERS[EAST], CLUSTERS[WEST]]
    assert allowed == {
        "cloudwatch:PutMetricData": "*",
        "autoscaling:DescribeAutoScalingGroups": "*",
        "autoscaling:UpdateAutoScalingGroup": GROUPS[WEST],
        "rds:DescribeGlobalClusters": clusters[0],
        "rds:FailoverGlobalCluster": clusters,
        "rds:SwitchoverGlobalCluster": clusters,
        "elasticache:DescribeGlobalReplicationGroups": datastore,
        "elasticache:FailoverGlobalReplicationGroup": [datastore, "arn:cache"],
        "elasticfilesystem:DescribeReplicationConfigurations": "*",
        "elasticfilesystem:DeleteReplicationConfiguration": ["arn:west", "arn:east"],
    }
    assert policy[0]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Holdfast/Switch"}}
    [trusted] = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Service": "states.amazonaws.com"}
    machine = "arn:aws:states:us-west-2:123456789012:stateMachine:shop-takeover"
    assert trusted["Condition"]["ArnLike"] == {"aws:SourceArn": machine}
    assert deployment.one("RolePolicy").urn in deployment.one("StateMachine").dependencies


def test_what_it_does_is_logged_and_a_failure_is_told() -> None:
    deployment = run()
    logs, machine = deployment.one("LogGroup"), deployment.one("StateMachine")
    assert logs.inputs["name"] == "/aws/vendedlogs/states/shop-takeover"
    assert (logs.inputs["kmsKeyId"], logs.inputs["retentionInDays"]) == ("arn:key", 365)
    assert machine.inputs["loggingConfiguration"] == {
        "level": "ALL",
        "includeExecutionData": True,
        "logDestination": "arn:aws:mock:us-west-2:123456789012:shop-takeover-logs:*",
    }
    told = deployment.one("MetricAlarm").inputs
    assert (told["metricName"], told["alarmActions"]) == ("ExecutionsFailed", [OPS])
    assert machine.tags == TAGS.resource("shop-takeover-machine")


def test_without_servers_and_database_it_only_sends_traffic() -> None:
    bare = replace(ARGS, groups=[], database=None, cache=None, files=None)
    assert set(states(definition(bare))) == {"Action", "NotKnown", "SendTraffic", "GiveBack"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peer_region": WEST}, "peer_region: got 'us-west-2', allowed is another than region"),
        ({"groups": [replace(APP, servers=0)]}, "groups.servers: got 0, allowed is 1 or more"),
        ({"groups": [APP, APP]}, "groups: got  more than once, allowed is each once"),
        ({"actions": []}, "actions: got .* somebody is told when a failover fails"),
        ({"log_days": 2}, "log_days: got 2"),
        (
            {"database": GlobalDatabase(identifier="shop", cluster_arns={EAST: "x"})},
            r"database.cluster_arns: got \['us-east-1'\], allowed is one of us-west-2",
        ),
    ],
)
def test_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **changes))


def test_several_groups_start_beside_each_other() -> None:
    groups = [replace(APP, label=each, name=each, arn=f"arn:{each}", servers=1) for each in ("a", "b")]
    args = replace(ARGS, groups=groups, database=None, cache=None, files=None)
    branches = definition(args)["States"]["Move"]["Branches"]
    assert [branch["StartAt"] for branch in branches] == ["LookAtServers-a", "LookAtServers-b"]
    names = [name for branch in branches for name in branch["States"]]
    assert len(set(names)) == len(names) == 10  # unique in the whole machine
    started = [branch["States"][f"StartServers-{each}"] for each, branch in zip("ab", branches, strict=True)]
    assert [each["Parameters"]["AutoScalingGroupName"] for each in started] == ["a", "b"]
    policy = json.loads(run(args).one("RolePolicy").inputs["policy"])
    updates = [
        s["Resource"] for s in policy["Statement"] if s["Action"] == "autoscaling:UpdateAutoScalingGroup"
    ]
    assert updates == ["arn:a", "arn:b"]
