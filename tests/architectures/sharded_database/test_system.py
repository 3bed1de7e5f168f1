"""What a sharded database registers in both regions, what it tells of itself, and what the estimator makes of it."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from architectures.sharded_database.runbook import HERE, PARTS, text
from architectures.sharded_database.system import succeeding
from functions.sharded_database.shard_map import ShardMap
from policies.recovery import judge
from policies.recovery.model import Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.runbooks import all_is_filled_in
from tests.architectures.sharded_database.conftest import REGIONS, configured, pair
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.functions.sqlite_driver import placed
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

INSTANCE, ALARM = "aws:rds/instance:Instance", "aws:cloudwatch/metricAlarm:MetricAlarm"
BACKUPS: dict[str, Any] = {
    "strategy": "backup-and-restore",
    "whole": {"objectives": {"drTier": 2, "rtoHours": 24, "rpoMinutes": 1440}},
}
MINE = ("orders-a-db", "orders-b-db")


def told(stack: Deployment, key: str) -> dict[str, Any]:
    """A parameter's value."""
    name = f"/example/production/orders/{key}"
    [found] = [r for r in stack.all("aws:ssm/parameter:Parameter") if r.inputs["name"] == name]
    return dict(json.loads(found.inputs["value"]))


def runbook(stack: Deployment, name: str) -> str:
    return str(stack.one("BucketObjectv2", f"orders-runbook-{REGIONS[name]}").inputs["content"])


def test_each_shard_writes_in_two_zones_and_has_a_secret_of_its_own(example: dict[str, Deployment]) -> None:
    prod = example["prod"]
    for name in MINE:
        made = prod.one(INSTANCE, name)
        assert {
            "engine": "postgres",
            "engineVersion": "17.9",
            "instanceClass": "db.m7g.large",
            "multiAz": True,
            "dbName": "app",
            "storageEncrypted": True,
            "publiclyAccessible": False,
            "backupRetentionPeriod": 35,
            "deletionProtection": True,
        }.items() <= made.inputs.items()
        assert made.protect
        assert (made.tags["rpo-minutes"], made.tags["dr:data-gib"]) == ("30", "100")
    secrets = {r.name for r in prod.all("aws:secretsmanager/secret:Secret")}
    assert secrets == {"orders-a-master-secret", "orders-b-master-secret"}
    passwords = {r.inputs["secretStringWo"] for r in prod.all("SecretVersion")}
    assert len(passwords) == 2


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Deployment]:
    """Both stacks with one shard that is larger and was restored, and migrations; a person moves them."""
    driver = tmp_path_factory.mktemp("program") / "driver"
    placed(driver)
    restores = [{"name": "before", "time": "2026-11-26T10:00:00Z"}]
    larger = {"slots": ["0-511"], "instanceClass": "db.r7g.2xlarge", "restores": restores}
    return pair(shards={"a": larger}, switch={"by": "none"}, migrations={"driver": str(driver)})


def test_a_shard_may_be_larger_and_its_replica_is_as_large(changed: dict[str, Deployment]) -> None:
    for stack in changed.values():
        classes = {name: stack.one(INSTANCE, name).inputs["instanceClass"] for name in MINE}
        assert classes == {"orders-a-db": "db.r7g.2xlarge", "orders-b-db": "db.m7g.large"}


def test_the_other_region_has_a_replica_of_each_with_a_standby_under_its_own_key(
    example: dict[str, Deployment],
) -> None:
    prod, dr = example["prod"], example["dr"]
    for name in MINE:
        source, made = prod.one(INSTANCE, name), dr.one(INSTANCE, name)
        assert made.inputs["replicateSourceDb"] == prod.made[source.urn]["arn"]
        assert made.inputs["kmsKeyId"] == outputs(prod)["foundation"]["peerKeyArn"]
        assert (made.inputs["multiAz"], made.protect) == (True, True)
    copies = {r.name: r.inputs for r in prod.all("InstanceAutomatedBackupsReplication")}
    assert {(name, each["region"]) for name, each in copies.items()} == {
        ("orders-a-backups", "us-west-2"),
        ("orders-b-backups", "us-west-2"),
    }


def test_both_regions_have_the_map_and_each_says_where_its_own_shards_are(
    example: dict[str, Deployment],
) -> None:
    maps = {name: ShardMap.plain(told(stack, "map")) for name, stack in example.items()}
    assert maps["prod"] == maps["dr"], "a failover changes no map"
    assert [maps["dr"].shard_of[slot] for slot in (0, 511, 512, 1023)] == ["a", "a", "b", "b"]
    for name, stack in example.items():
        for shard in ("a", "b"):
            where = told(stack, f"shards/{shard}")
            own = stack.made[stack.one(INSTANCE, f"orders-{shard}-db").urn]
            assert where["host"] == own["address"]
            assert (where["port"], where["engine"], where["database"]) == (5432, "postgres", "app")
            assert where["secret"].split(":")[3] == REGIONS[name], "readable when the other region is lost"
            assert f"orders-{shard}-master" in where["secret"]


def test_nobody_but_its_clients_reaches_a_shard(stack: Deployment) -> None:
    [into] = [r for r in stack.all("SecurityGroupIngressRule") if r.name.startswith("orders-")]
    assert (into.inputs["fromPort"], into.inputs["toPort"]) == (5432, 5432)
    assert "cidrIpv4" not in into.inputs
    assert into.inputs["referencedSecurityGroupId"] == outputs(stack)["systems"]["orders"]["clientGroup"]


def test_each_shard_is_watched_by_itself(stack: Deployment) -> None:
    for shard in ("a", "b"):
        own = stack.made[stack.one(INSTANCE, f"orders-{shard}-db").urn]["identifier"]
        cpu, storage = (stack.one(ALARM, f"orders-{shard}-{what}").inputs for what in ("cpu", "storage"))
        assert cpu["dimensions"] == storage["dimensions"] == {"DBInstanceIdentifier": own}
        assert (cpu["metricName"], cpu["threshold"], cpu["treatMissingData"]) == (
            "CPUUtilization",
            90,
            "breaching",
        )
        assert (storage["metricName"], storage["threshold"]) == ("FreeStorageSpace", 10 * 1024**3)
        assert (cpu["comparisonOperator"], storage["comparisonOperator"]) == (
            "GreaterThanThreshold",
            "LessThanThreshold",
        )
        assert cpu["alarmActions"]


def branches(stack: Deployment) -> list[dict[str, Any]]:
    machine = json.loads(stack.one("StateMachine").inputs["definition"])
    return list(machine["States"]["Move"]["Branches"])


def test_one_machine_promotes_all_replicas_beside_each_other(example: dict[str, Deployment]) -> None:
    assert not example["prod"].all("StateMachine"), "its instances follow nobody"
    found = branches(example["dr"])
    promoted = [
        state["Parameters"]["DbInstanceIdentifier"]
        for branch in found
        for name, state in branch["States"].items()
        if name.startswith("Promote")
    ]
    own = {n: example["dr"].made[example["dr"].one(INSTANCE, n).urn]["identifier"] for n in MINE}
    assert promoted == list(own.values())
    names = [name for branch in found for name in branch["States"]]
    assert len(names) == len(set(names)), "a state's name is one of its own in the whole machine"
    assert not [name for name in names if name.startswith("GiveOptions")]
    for branch in found:
        assert branch["StartAt"] in branch["States"]
        following = {s.get("Next") for s in branch["States"].values()} - {None}
        choices = {c["Next"] for s in branch["States"].values() for c in s.get("Choices", [])}
        defaults = {s["Default"] for s in branch["States"].values() if "Default" in s}
        assert following | choices | defaults <= set(branch["States"]), "no branch leads to another one"


def test_nothing_is_switched_where_a_person_promotes(changed: dict[str, Deployment]) -> None:
    assert not changed["dr"].all("StateMachine")
    said = runbook(changed["dr"], "dr")
    assert said.count("aws rds promote-read-replica") == 2
    assert "stepfunctions" not in said


def test_with_backups_alone_a_region_has_nothing_until_each_shard_is_restored() -> None:
    found = pair(**BACKUPS)
    assert not found["dr"].all(INSTANCE)
    assert not [r for r in found["dr"].all("aws:ssm/parameter:Parameter") if r.name.startswith("orders-")]
    assert "shards.a.restores" in runbook(found["dr"], "dr")
    assert "shards.b.restores" in runbook(found["dr"], "dr")

    def restored(*shards: str) -> Deployment:
        each = {"a": ["0-511"], "b": ["512-1023"]}
        named = {s: {"slots": each[s], "restores": [{"name": "first"}]} for s in shards}
        return deployed("dr", configured("dr", shards=named, **BACKUPS), {PEER: outputs(found["prod"])})

    one = restored("a")
    [made] = one.all(INSTANCE)
    copies = outputs(found["prod"])["systems"]["orders"]["shards"]["a"]["databases"]["original"]
    assert made.name == "orders-a-first-db"
    point = made.inputs["restoreToPointInTime"]
    assert point["sourceDbInstanceAutomatedBackupsArn"] == copies["backupsArn"]
    assert point["useLatestRestorableTime"] is True
    assert told(one, "map") == {**told(found["prod"], "map")}
    assert "shards.b.restores" in runbook(one, "dr"), "one is missing"
    assert "shards.b.restores" not in runbook(found["prod"], "prod")


def test_a_restore_of_one_shard_leaves_the_other_as_it_is(
    example: dict[str, Deployment], changed: dict[str, Deployment]
) -> None:
    for name, stack in changed.items():
        before, after = (each.one(INSTANCE, "orders-b-db") for each in (example[name], stack))
        assert (before.urn, _known(before.inputs)) == (after.urn, _known(after.inputs))
        assert {r.name for r in stack.all(INSTANCE)} == {*MINE, "orders-a-before-db"}
        restored = stack.made[stack.one(INSTANCE, "orders-a-before-db").urn]
        assert told(stack, "shards/a")["host"] == restored["address"], "the last one serves"
    found = changed
    prod = found["prod"].one(INSTANCE, "orders-a-before-db").inputs["restoreToPointInTime"]
    first = found["prod"].made[found["prod"].one(INSTANCE, "orders-a-db").urn]["identifier"]
    assert (prod["sourceDbInstanceIdentifier"], prod["restoreTime"]) == (first, "2026-11-26T10:00:00Z")


def _known(inputs: dict[str, Any]) -> dict[str, Any]:
    """What is the same in each run: passwords are drawn."""
    return {key: value for key, value in inputs.items() if key != "passwordWo"}


def test_its_own_failover_replaces_and_deletes_nothing(example: dict[str, Deployment]) -> None:
    def swapped(stack: str, peers: dict[str, Any]) -> Deployment:
        given = configured(stack)
        given["holdfast:recovery"]["activeRegion"] = "us-west-2"
        return deployed(stack, given, peers)

    prod = swapped("prod", {})
    after = {"prod": prod, "dr": swapped("dr", {PEER: outputs(prod)})}
    for name, stack in after.items():
        assert {r.urn for r in example[name].resources} == {r.urn for r in stack.resources}
        for instance in MINE:
            before, now = (each.one(INSTANCE, instance).inputs for each in (example[name], stack))
            assert _known(before) == _known(now)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"map": {"version": 1}}, "map.version: got 1, allowed is 2 or more: that one is deployed"),
        ({"map": {"version": 2, "moving": ["7"]}}, "map.version: got 2, allowed is above 2: it says something else"),
        (
            {"map": {"version": 3, "slots": 512}, "shards": {"a": {"slots": ["0-1"]}, "b": {"slots": ["2-511"]}}},
            "map.slots: got 512, allowed is 1024, as it was: keys would go elsewhere",
        ),
        ({"map": {"version": 2}}, ""),
        ({"map": {"version": 3, "moving": ["7"]}}, ""),
    ],
)  # fmt: skip
def test_a_map_takes_the_place_of_an_older_one_alone(
    example: dict[str, Deployment], changes: dict[str, Any], line: str
) -> None:
    before = outputs(example["prod"])
    before["systems"]["orders"]["map"]["version"] = 2
    if not line:
        given = load(configured("prod", **changes))
        place = SimpleNamespace(earlier=before["systems"]["orders"])
        assert succeeding("orders", given.systems["orders"], place).version == changes["map"]["version"]  # type: ignore[arg-type]
        return
    with pytest.raises(pulumi.RunError) as refused:
        deployed("prod", configured("prod", **changes), {PEER: before})
    assert str(refused.value) == f"holdfast:systems.orders.{line}"


def test_a_function_in_each_region_reaches_its_shards_and_their_secrets_alone(
    changed: dict[str, Deployment],
) -> None:
    for stack in changed.values():
        made = stack.one("aws:lambda/function:Function", "orders-migrate-function").inputs
        assert made["environment"]["variables"] == {"PARAMETERS": "/example/production/orders"}
        assert made["reservedConcurrentExecutions"] == 1, "two at once would do the same migration"
        clients = outputs(stack)["systems"]["orders"]["clientGroup"]
        assert clients in made["vpcConfig"]["securityGroupIds"]
        assert len(made["vpcConfig"]["subnetIds"]) == 3
        module = f"{made['handler'].rpartition('.')[0].replace('.', '/')}.py"
        assert {module, "driver/pg8000/dbapi.py", "driver/global-bundle.pem"} <= set(made["code"])
        policy = json.loads(stack.one("RolePolicy", "orders-migrate-policy").inputs["policy"])
        reads = {
            str(each["Resource"])
            for each in policy["Statement"]
            if "secretsmanager:GetSecretValue" in each["Action"]
        }
        assert reads == {told(stack, f"shards/{shard}")["secret"] for shard in ("a", "b")}
        [parameters] = [each for each in policy["Statement"] if each["Action"] == "ssm:GetParametersByPath"]
        above = parameters["Resource"][0]
        assert above.endswith(":parameter/example/production/orders/shards")
        assert parameters["Resource"] == [above, f"{above}/*"]


def test_the_runbook_says_how_a_migration_is_done_where_there_is_a_function(
    example: dict[str, Deployment], changed: dict[str, Deployment]
) -> None:
    for name in REGIONS:
        function = outputs(changed[name])["systems"]["orders"]["migrator"]
        assert f"--function-name {function} --qualifier live" in runbook(changed[name], name)
        assert "## Migrate" not in runbook(example[name], name)


def nodes(stacks: dict[str, Deployment], failure: str) -> dict[str, Any]:
    read = [r for name, region in REGIONS.items() for r in resources(stacks[name], region)]
    return {
        node.unit.name: node
        for node in judge(read).failures[failure].nodes
        if node.unit.region == "us-east-1"
    }


@pytest.mark.parametrize("which", ["example", "changed"])
def test_what_is_told_is_what_is_read(which: str, request: pytest.FixtureRequest) -> None:
    for name, stack in request.getfixturevalue(which).items():
        mine = assert_facts_as_read(stack, name, REGIONS[name], COMPARED)
        for instance in MINE:
            assert not mine[instance].get("needs"), "a shard needs no other one"
        assert mine["orders-a-db"]["group"] != mine["orders-b-db"]["group"]


@pytest.mark.parametrize(
    ("failure", "option"),
    [("zone", "Multi-AZ standby"), ("region", "read replica in us-west-2"), ("corruption", "point-in-time restore")],
)  # fmt: skip
def test_each_shard_is_estimated_by_itself(example: dict[str, Deployment], failure: str, option: str) -> None:
    found = nodes(example, failure)
    assert [found[name].option for name in MINE] == [option, option]


def test_a_shard_without_a_replica_is_the_one_that_comes_back_late(example: dict[str, Deployment]) -> None:
    """Its backups' copies are all that the other region has of it; the other shard's estimate stays as it was."""
    dr = example["dr"]
    read = [
        *resources(example["prod"], "us-east-1"),
        *(r for r in resources(dr, "us-west-2") if not r.name.startswith("orders-b-")),
    ]
    found = {n.unit.name: n for n in judge(read).failures["region"].nodes if n.unit.region == "us-east-1"}
    whole = nodes(example, "region")
    assert found["orders-b-db"].option == "replicated backups in us-west-2"
    assert (found["orders-a-db"].option, found["orders-a-db"].rto) == (
        whole["orders-a-db"].option,
        whole["orders-a-db"].rto,
    )


def test_with_backups_alone_each_is_restored_out_of_its_own() -> None:
    found = nodes(pair(**BACKUPS), "region")
    assert {found[name].option for name in MINE} == {"replicated backups in us-west-2"}
    assert {found[name].verdict for name in MINE} <= {Verdict.MET, Verdict.MET_IF}


@pytest.mark.parametrize("kind", PARTS)
def test_a_runbook_leaves_nothing_open(kind: str) -> None:
    filled = partial(text, databases={"a": "orders-a", "b": "orders-b"})
    all_is_filled_in(filled, kind, [HERE / f"{part}.md" for part in PARTS[kind]])


def test_a_regions_runbook_calls_nothing_of_the_other_one_and_names_every_shard(
    example: dict[str, Deployment],
) -> None:
    for name, region in REGIONS.items():
        said, stack = runbook(example[name], name), example[name]
        commands = [line for line in said.splitlines() if line.startswith("    aws ")]
        assert "@" not in said
        assert all(f"--region {region} " in line for line in commands)
        for instance in MINE:
            own = stack.made[stack.one(INSTANCE, instance).urn]["identifier"]
            assert any(
                line.startswith("    aws rds describe-db-instances") and own in line for line in commands
            )
            promotes = [line for line in commands if "promote-read-replica" in line and own in line]
            assert len(promotes) == (1 if name == "dr" else 0)
        assert ("stepfunctions start-execution" in said) is (name == "dr")
