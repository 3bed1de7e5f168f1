"""A three-tier system on Aurora DSQL: what each region declares, what servers are told, what moves, and what settings refuse."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from architectures.strategies import Strategy
from architectures.telling import SettingsError
from policies.recovery import judge
from policies.recovery.model import Failure
from tests.architectures import strategy_table
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.test_wiring import DSQL
from tests.architectures.three_tier.test_stores import allowed, pair, statements, told
from tests.policies.recovery.test_program import EAST, KEPT, WEST, resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration, load

CLUSTER, PEERING, ENDPOINT = (
    "aws:dsql/cluster:Cluster",
    "aws:dsql/clusterPeering:ClusterPeering",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
)
REGIONS = {"prod": EAST, "dr": WEST}
IDENTIFIERS = {"prod": "web-db-cluster-1234567", "dr": "web-db-peer-cluster-1234567"}
Pair = Mapping[str, Deployment]


def under(strategy: Strategy, **said: Any) -> dict[str, Deployment]:
    """Both stacks on Aurora DSQL under that strategy, asked to keep what it is asked to keep with Aurora."""
    found: dict[str, Deployment] = {}
    for stack in ("prod", "dr"):
        given = strategy_table.changes(stack, strategy)
        given["systems"]["web"] |= {**DSQL, **said}
        found[stack] = run(stack, {PEER: outputs(found["prod"])} if found else {}, **given)
    return found


@pytest.fixture(scope="module")
def warm() -> Pair:
    return pair(**DSQL)


@pytest.fixture(scope="module")
def both() -> Pair:
    return under(Strategy.ACTIVE_ACTIVE)


# What is declared.


def test_the_founder_declares_both_clusters_and_the_joiner_none(warm: Pair) -> None:
    made = {each.name: each for each in warm["prod"].all(CLUSTER)}
    foundation = outputs(warm["prod"])["foundation"]
    assert {name: (c.inputs.get("region"), c.inputs["kmsEncryptionKey"]) for name, c in made.items()} == {
        "web-db-cluster": (None, foundation["keyArn"]),
        "web-db-peer-cluster": (WEST, foundation["peerKeyArn"]),
    }
    for cluster in made.values():
        assert cluster.protect
        assert cluster.inputs["deletionProtectionEnabled"]
        assert cluster.inputs["multiRegionProperties"] == {"witnessRegion": "us-east-2"}
        assert (cluster.tags["backup"], cluster.tags["workload"]) == ("required", "web")
    assert len(warm["prod"].all(PEERING)) == 2
    assert not warm["dr"].all(CLUSTER) + warm["dr"].all(PEERING)


def test_nothing_of_aurora_is_left(warm: Pair) -> None:
    for stack in warm.values():
        assert not [r for r in stack.resources if r.type.startswith("aws:rds/cluster")]
        assert not [r for r in stack.all("Secret") if r.name.startswith("web")]
        assert not [a for a in stack.all("MetricAlarm") if a.inputs.get("namespace") == "AWS/RDS"]
        assert {r.inputs["protectedResourceType"] for r in stack.all("RestoreTestingSelection")} == {"Aurora"}


def test_an_unprotected_stack_lets_go_of_both_clusters() -> None:
    loose = run("prod", {}, systems=with_system("prod", "web", **DSQL), protect=False)
    assert not [c for c in loose.all(CLUSTER) if c.protect or c.inputs["deletionProtectionEnabled"]]


def test_a_witness_may_be_named() -> None:
    config = configuration("prod")
    config["holdfast:systems"]["web"] |= {"database": {"engine": "aurora-dsql", "witnessRegion": "us-east-2"}}
    config["holdfast:systems"]["web"].pop("switch")
    load(config)
    config["holdfast:systems"]["web"]["database"]["witnessRegion"] = "us-west-1"
    with pytest.raises(SettingsError) as raised:
        load(config)
    assert str(raised.value) == (
        "holdfast:systems.web.database.witnessRegion: got 'us-west-1', allowed is another region of the US set that us-east-1 is in: "
        "us-east-2"
    )


@pytest.mark.parametrize("stack", REGIONS)
def test_servers_reach_their_regions_cluster_privately(warm: Pair, stack: str) -> None:
    made, region = warm[stack], REGIONS[stack]
    endpoint = made.one(ENDPOINT, "web-db-access-endpoint")
    assert endpoint.inputs["serviceName"] == f"com.amazonaws.{region}.dsql-x"
    assert endpoint.inputs["vpcEndpointType"] == "Interface"
    assert endpoint.inputs["privateDnsEnabled"] is True
    assert len(endpoint.inputs["subnetIds"]) == 3
    assert allowed(made, "database") == {
        "web-sg-app-to-database": [("web-sg-database", 5432)],
        "web-sg-database-from-app": [("web-sg-app", 5432)],
    }
    host = f"{IDENTIFIERS[stack]}.dsql-x.{region}.on.aws"
    assert told(made) == {
        "engine": "aurora-dsql",
        "hosts": [host],
        "port": 5432,
        "name": "postgres",
        "region": region,
        "authentication": "iam",
        "user": "app",
        "authority": "/etc/pki/tls/certs/ca-bundle.pem",
    }
    assert outputs(made)["systems"]["web"]["databaseEndpoint"] == host


@pytest.mark.parametrize("stack", REGIONS)
def test_servers_sign_in_by_iam_alone(warm: Pair, stack: str) -> None:
    (found,) = statements(warm[stack], "dsql:")
    of = IDENTIFIERS[stack].removesuffix("-1234567")
    assert (found["Action"], found["Resource"]) == (
        "dsql:DbConnect",
        f"arn:aws:mock:{REGIONS[stack]}:123456789012:{of}",
    )
    assert not statements(warm[stack], "secretsmanager:", "kms:")
    role = warm[stack].made[warm[stack].one("Role", "web-app-role").urn]["arn"]
    assert outputs(warm[stack])["systems"]["web"]["databaseGrants"] == [
        "CREATE ROLE app WITH LOGIN",
        f"AWS IAM GRANT app TO '{role}'",
    ]


def test_the_database_role_is_the_settings() -> None:
    made = run(
        "prod",
        {},
        systems=with_system(
            "prod",
            "web",
            **DSQL,
        )
        | {},
        preview=False,
    )
    assert told(made)["user"] == "app"
    other = {**DSQL, "database": {"engine": "aurora-dsql", "role": "shop"}}
    made = run("prod", {}, systems=with_system("prod", "web", **other))
    assert told(made)["user"] == "shop"
    assert outputs(made)["systems"]["web"]["databaseGrants"][0] == "CREATE ROLE shop WITH LOGIN"
    with pytest.raises(pulumi.RunError, match=r"web.database.role: got 'app', allowed is 'shop', which"):
        run("dr", {PEER: outputs(made)}, systems=with_system("dr", "web", **DSQL))


@pytest.mark.parametrize("stack", REGIONS)
def test_each_region_tells_its_own_topic_of_queries_that_time_out(warm: Pair, stack: str) -> None:
    found = [a for a in warm[stack].all("MetricAlarm") if a.inputs.get("namespace") == "AWS/AuroraDSQL"]
    (alarm,) = found
    assert alarm.inputs["dimensions"] == {"ResourceId": IDENTIFIERS[stack]}
    assert "region" not in alarm.inputs
    topic = warm[stack].made[warm[stack].one("Topic", "base-alerts-topic").urn]["arn"]
    assert alarm.inputs["alarmActions"] == [topic]


def test_backups_are_made_twice_a_day_as_there_are_no_points_in_time(warm: Pair, prod: Deployment) -> None:
    def daily(stack: Deployment) -> str:
        return str(stack.one("aws:backup/plan:Plan").inputs["rules"][0]["schedule"])

    assert {daily(stack) for stack in warm.values()} == {"cron(0 5/12 ? * * *)"}
    assert daily(prod) == "cron(0 5 ? * * *)"
    said = run("prod", {}, systems=with_system("prod", "web", **DSQL), backup={"timesADay": 24})
    assert daily(said) == "cron(0 0/1 ? * * *)"


def test_servers_fetch_no_authorities_of_rds(warm: Pair, prod: Deployment) -> None:
    def script(stack: Deployment) -> str:
        return base64.b64decode(stack.one("LaunchTemplate").inputs["userData"]).decode()

    assert "truststore.pki.rds" in script(prod)
    assert "truststore.pki.rds" not in script(warm["prod"])
    assert "dnf install -qy 'postgresql15'" in script(warm["prod"])
    assert "@" not in script(warm["prod"]).replace("${@", "").split("APPLICATION\n")[-1]


# What moves.


@pytest.mark.parametrize("stack", REGIONS)
def test_a_takeover_starts_servers_and_sends_clients_and_no_more(both: Pair, stack: str) -> None:
    machine = json.loads(both[stack].one("StateMachine", "web-takeover-machine").inputs["definition"])
    assert [b["StartAt"] for b in machine["States"]["Move"]["Branches"]] == ["LookAtServers"]
    role = both[stack].one("RolePolicy", "web-takeover-role-policy").inputs["policy"]
    assert "rds:" not in role


def test_a_plan_has_no_step_for_the_database() -> None:
    made = under(Strategy.ACTIVE_ACTIVE, switch={"by": "region-switch"}, objectives=OBJECTIVES)
    plan = made["dr"].one("Plan", "web-region-plan").inputs
    kinds = {step["executionBlockType"] for flow in plan["workflows"] for step in flow["steps"]}
    assert kinds == {"EC2AutoScaling", "ARCRegionSwitchPlan"}


OBJECTIVES = {"drTier": 1, "rtoHours": 0.25, "rpoMinutes": 0}


@pytest.mark.parametrize(("by", "where"), [("data-plane", "dr"), ("none", "dr"), ("region-switch", "dr")])
def test_a_runbook_says_nothing_of_a_writer(by: str, where: str) -> None:
    made = under(Strategy.WARM_STANDBY, switch={"by": by})
    for each in made[where].all("BucketObjectv2"):
        if not each.name.startswith("web-runbook-"):
            continue
        text = each.inputs["content"]
        assert "writer" not in text
        assert "global-cluster" not in text
        assert "@" not in text
        assert "aws dsql get-cluster --region" in text
        assert "has lost nothing" in text


# What it is worth.


@pytest.mark.parametrize("failure", Failure, ids=str)
def test_active_active_keeps_its_objectives(both: Pair, failure: Failure) -> None:
    found = judge([*resources(both["prod"], EAST), *resources(both["dr"], WEST)]).failures[failure]
    assert found.verdict in KEPT
    clusters = [node for node in found.nodes if node.unit.kind == "dsql"]
    assert clusters
    if failure is Failure.CORRUPTION:
        assert all(12 * 3600 < node.rpo.low <= node.rpo.high <= 24 * 3600 for node in clusters)
    else:
        assert all((node.rto.high, node.rpo.high) == (0, 0) for node in clusters)


def test_a_warm_standby_waits_for_nobody_to_promote_its_database() -> None:
    made = under(Strategy.WARM_STANDBY)
    report = judge([*resources(made["prod"], EAST), *resources(made["dr"], WEST)])
    assert all(found.verdict in KEPT for found in report.failures.values())


# What is refused.


def faults(config: dict[str, Any]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(config)
    return str(raised.value).removeprefix("holdfast:systems.").split("\nholdfast:systems.")


def system(stack: str = "prod", **said: Any) -> dict[str, Any]:
    config = configuration(stack)
    web = config["holdfast:systems"]["web"]
    config["holdfast:systems"]["web"] = {**web, **DSQL, **said}
    return config


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("engineVersion", "17.7", "got '17.7', allowed is nothing with aurora-dsql: it has no versions to choose from"),
        ("instanceClass", "db.r6g.large", "got 'db.r6g.large', allowed is nothing with aurora-dsql: it has no instances"),
        ("serverless", {"minCapacity": 1, "maxCapacity": 2}, "got values, allowed is nothing with aurora-dsql: it scales"),
        ("name", "app", "got 'app', allowed is nothing with aurora-dsql: its only database is called postgres"),
        ("masterUsername", "me", "got 'me', allowed is nothing with aurora-dsql: nobody signs in with a password"),
        ("multiAz", True, "got true, allowed is nothing with aurora-dsql: it is in every zone"),
        ("backupRetentionDays", 35, "got 35, allowed is nothing with aurora-dsql: it has no points in time; backup.daily"),
        ("rotationDays", 30, "got 30, allowed is nothing with aurora-dsql: it has no password"),
        ("restores", [{"name": "one"}], "got values, allowed is nothing with aurora-dsql: AWS Backup restores clusters of"),
        ("keepOriginal", True, "got true, allowed is nothing with aurora-dsql: it has no restores"),
        ("dataGib", 100, "got 100, allowed is nothing with aurora-dsql: no figure of its restores depends on it"),
    ],
)  # fmt: skip
def test_keys_of_aurora_alone_are_refused_each_in_a_line(key: str, value: Any, said: str) -> None:
    (line,) = faults(system(database={"engine": "aurora-dsql", key: value}))
    assert line.startswith(f"web.database.{key}: {said}")


def test_every_key_of_the_database_is_one_engines_or_both() -> None:
    from architectures.three_tier.dsql_arguments import NOT_ITS, OWN
    from architectures.three_tier.sections import Database

    assert Database.model_fields.keys() == {"engine", *NOT_ITS, *OWN}


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("role", "app", "got 'app', allowed is nothing with aurora-postgresql: the application signs in with the secret's user"),
        ("witnessRegion", "us-east-2", "got 'us-east-2', allowed is nothing with aurora-postgresql: it has no witness"),
    ],
)  # fmt: skip
def test_its_own_keys_are_not_auroras(key: str, value: str, why: str) -> None:
    config = configuration("prod")
    config["holdfast:systems"]["web"]["database"][key] = value
    assert faults(config) == [f"web.database.{key}: {why}"]


@pytest.mark.parametrize("stack", REGIONS)
def test_regions_of_no_one_set_are_refused_in_either_stack(stack: str) -> None:
    config = system(stack)
    mine, recovery = ("eu-west-1", config["holdfast:recovery"])
    config["aws:region"] = mine
    config["holdfast:recovery"] = {**recovery, "activeRegion": mine, "peerRegion": REGIONS[stack]}
    config["holdfast:network"]["zones"] = ["euw1-az1", "euw1-az2", "euw1-az3"]
    (line,) = faults(config)
    assert line.startswith(
        f"web.database.engine: got 'aurora-dsql', allowed is any other between eu-west-1 and {REGIONS[stack]}: its regions are of one set ("
    )


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            {"strategy": "backup-and-restore", "standbyFraction": None},
            "web.database.engine: got 'aurora-dsql', allowed is any other with backup-and-restore: its clusters are one database in both regions",
        ),
        (
            {"switch": {"by": "region-switch", "minutes": {"database": 5}}},
            "web.switch.minutes.database: got 5, allowed is nothing with aurora-dsql: no database fails over",
        ),
        (
            {"experiments": ["instance", "database"]},
            "web.experiments: got 'database', allowed is any other with aurora-dsql: AWS has no failover of it",
        ),
    ],
)  # fmt: skip
def test_what_it_does_not_go_with_is_one_line(said: dict[str, Any], line: str) -> None:
    config = system(**said)
    web = config["holdfast:systems"]["web"]
    config["holdfast:systems"]["web"] = {key: value for key, value in web.items() if value is not None}
    assert faults(config) == [line]


def test_a_stack_has_one_of_it() -> None:
    config = system()
    config["holdfast:systems"]["shop"] = {"kind": "three-tier", "site": "shop.holdfast.example", **DSQL}
    assert faults(config) == [
        "shop.database.engine: got 'aurora-dsql', allowed is one system of a stack, and web has it"
    ]
    config["holdfast:systems"]["shop"].pop("database")
    load(config)
