"""The stores beside the database: what each region declares of them, who may use them, and what servers are told."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import grpc
import pulumi
import pytest

from architectures.strategies import Strategy
from architectures.telling import SettingsError
from policies.graph import Graph
from policies.graph.backups import PLAN, SELECTION, selected
from policies.recovery import judge
from policies.recovery.model import Failure
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.strategy_table import changes
from tests.computed import INVOKES, protected, written_in
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import changed, configuration, load

GROUP, DATASTORE, TABLE = (
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    "aws:dynamodb/table:Table",
)
FILES, REPLICATION = (
    "aws:efs/fileSystem:FileSystem",
    "aws:efs/replicationConfiguration:ReplicationConfiguration",
)
STORES: dict[str, Any] = {"cache": {}, "sessions": {}, "files": {}}
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
ACCOUNT = "123456789012"
Pair = Mapping[str, Deployment]


def pair(**said: Any) -> dict[str, Deployment]:
    """Both stacks, with those keys of the system `web`."""
    prod = run("prod", {}, systems=with_system("prod", "web", **said))
    return {
        "prod": prod,
        "dr": run("dr", {PEER: outputs(prod)}, systems=with_system("dr", "web", **said)),
    }


@pytest.fixture(scope="module")
def stores() -> Pair:
    return pair(**STORES)


@pytest.fixture(scope="module")
def alone() -> Pair:
    """Both stacks with backup-and-restore."""
    found: dict[str, Deployment] = {}
    for stack in ("prod", "dr"):
        said = changes(stack, Strategy.BACKUP_AND_RESTORE)
        said["systems"]["web"] |= STORES
        found[stack] = run(stack, {PEER: outputs(found["prod"])} if found else {}, **said)
    return found


def statements(stack: Deployment, *services: str) -> list[dict[str, Any]]:
    """What servers may do with those services."""
    found = json.loads(stack.one("RolePolicy", "web-app-policy").inputs["policy"])["Statement"]
    return [each for each in found if str(each["Action"]).strip("['").startswith(services)]


def told(stack: Deployment) -> dict[str, Any]:
    return json.loads(stack.one("Parameter", "web-facts").inputs["value"])


def put_out(stack: Deployment) -> dict[str, Any]:
    return outputs(stack)["systems"]["web"].get("stores", {})


def alarms(stack: Deployment, store: str) -> set[str]:
    return {r.name for r in stack.all("MetricAlarm") if r.name.startswith(f"web-{store}")}


def faults(config: dict[str, Any]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(config)
    return str(raised.value).splitlines()


def test_without_settings_there_are_no_stores(prod: Deployment, dr: Deployment) -> None:
    for stack in (prod, dr):
        assert put_out(stack) == {}
        assert not [r for kind in (GROUP, DATASTORE, TABLE, FILES) for r in stack.all(kind)]
        assert not {"sessions", "cache", "files"} & set(told(stack))


def test_both_stacks_say_alike_which_stores_there_are(stores: Pair) -> None:
    for key, value, line in (
        ("cache.engineVersion", "8.2", "got '8.1', allowed is '8.2'"),
        ("cache.nodeType", "cache.r7g.xlarge", "got 'cache.r7g.large', allowed is 'cache.r7g.xlarge'"),
        ("cache.shards", 2, "got 1, allowed is 2"),
        ("sessions.consistency", "strong", "got 'eventual', allowed is 'strong'"),
        ("sessions.consistency", None, "got 'eventual', allowed is nothing"),
        ("files.directory", "/srv", "got '/data', allowed is '/srv'"),
    ):
        found = json.loads(json.dumps(outputs(stores["prod"])))
        found["systems"]["web"]["agreement"][key] = value
        with pytest.raises(pulumi.RunError) as raised:
            run("dr", {PEER: found}, preview=True, systems=with_system("dr", "web", **STORES))
        assert str(raised.value) == f"holdfast:systems.web.{key}: {line}, which {PEER} says"


def test_a_store_that_only_the_founder_has_is_told(stores: Pair) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        run("dr", {PEER: outputs(stores["prod"])}, preview=True)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        "holdfast:systems.web.cache.engineVersion",
        "holdfast:systems.web.sessions.consistency",
        "holdfast:systems.web.files.directory",
    ]


def test_restores_of_what_is_there_are_rehearsed(stores: Pair, prod: Deployment) -> None:
    def tested(stack: Deployment) -> set[str]:
        return {r.inputs["protectedResourceType"] for r in stack.all("RestoreTestingSelection")}

    assert tested(prod) == {"Aurora"}
    for stack in stores.values():
        assert tested(stack) == {"Aurora", "DynamoDB", "EFS"}


def allowed(stack: Deployment, store: str) -> dict[str, list[tuple[str, int]]]:
    """By group: the groups and ports that a store's group lets in, and that servers may open connections to."""
    rules = {r.name: r.inputs for r in stack.resources if "SecurityGroup" in r.type and "Rule" in r.type}
    here = {stack.made[r.urn]["id"]: r.name for r in stack.all("SecurityGroup")}
    found: dict[str, list[tuple[str, int]]] = {}
    for name, rule in rules.items():
        ends = (
            here[rule["securityGroupId"]],
            here.get(rule.get("referencedSecurityGroupId", ""), "anywhere"),
        )
        if f"web-sg-{store}" in ends:
            found.setdefault(name, []).append((ends[1], rule["toPort"]))
    return found


# Cache.


def test_each_region_has_a_cache_and_the_founder_joins_them(stores: Pair) -> None:
    datastore = stores["prod"].one(DATASTORE)
    assert datastore.protect
    assert datastore.ignore_changes == ("primaryReplicationGroupId",)
    assert not stores["dr"].all(DATASTORE)
    for stack, key in (("prod", "keyArn"), ("dr", "peerKeyArn")):
        group = stores[stack].one(GROUP)
        assert group.protect
        assert group.inputs["replicationGroupId"] == "shop-production-web-cache"
        assert group.inputs["kmsKeyId"] == outputs(stores["prod"])["foundation"][key]
        assert group.inputs["numCacheClusters"] == 2
        assert group.inputs["snapshotRetentionLimit"] == 7
        assert group.tags["dr:rebuilt-from"] == "database"
        assert group.tags["workload"] == "web"
        # What AWS changes when the other region's group comes to write.
        assert {"globalReplicationGroupId", "nodeType", "engineVersion"} <= set(group.ignore_changes)
    joined = stores["dr"].one(GROUP).inputs
    assert joined["globalReplicationGroupId"] == put_out(stores["prod"])["cache"]["datastore"]
    assert "engineVersion" not in joined
    assert stores["prod"].one(GROUP).inputs["engineVersion"] == "8.1"


@pytest.mark.parametrize("stack", REGIONS)
def test_servers_sign_in_to_their_own_regions_cache_alone(stores: Pair, stack: str) -> None:
    (found,) = statements(stores[stack], "elasticache:")
    assert found["Action"] == "elasticache:Connect"
    arn = f"arn:aws:mock:{REGIONS[stack]}:{ACCOUNT}:web-cache"
    assert found["Resource"] == [f"{arn}-group", f"{arn}-user"]
    where = f"web-cache-group.x.{REGIONS[stack]}.cache.amazonaws.com"
    assert told(stores[stack])["cache"] == {
        "host": f"master.{where}",
        "reader": f"replica.{where}",
        "port": 6379,
        "group": "web-cache-group-id",
        "user": "shop-production-web-cache",
        "sharded": False,
    }
    assert allowed(stores[stack], "cache") == {
        "web-sg-app-to-cache": [("web-sg-cache", 6379)],
        "web-sg-cache-from-app": [("web-sg-app", 6379)],
    }
    assert alarms(stores[stack], "cache") == {f"web-cache-{part}" for part in ("memory", "cpu", "lag")}


def test_a_cache_of_shards_is_asked_at_one_host() -> None:
    sharded = pair(cache={"shards": 2, "replicas": 2, "holds": "data", "snapshotDays": 3})
    for stack, region in REGIONS.items():
        group = sharded[stack].one(GROUP).inputs
        assert group["replicasPerNodeGroup"] == 2
        assert group["snapshotRetentionLimit"] == 3
        assert "dr:rebuilt-from" not in group["tags"]
        found = told(sharded[stack])["cache"]
        assert found["sharded"] is True
        assert found["host"] == f"clustercfg.web-cache-group.x.{region}.cache.amazonaws.com"
        assert "reader" not in found
    assert sharded["prod"].one(GROUP).inputs["numNodeGroups"] == 2


def test_with_recovery_points_alone_there_is_no_datastore(alone: Pair) -> None:
    assert not alone["prod"].all(DATASTORE)
    assert "datastore" not in put_out(alone["prod"])["cache"]
    assert alone["prod"].one(GROUP).inputs["engineVersion"] == "8.1"
    assert not alone["dr"].all(GROUP)


def test_an_unprotected_stack_lets_go_of_stores() -> None:
    loose = run("prod", {}, systems=with_system("prod", "web", **STORES), protect=False)
    assert [r.urn for r in loose.resources if r.protect] == []
    assert loose.one(TABLE).inputs["deletionProtectionEnabled"] is False


# Sessions.


def test_the_founder_declares_the_table_in_both_regions_and_the_joiner_nothing_of_it(stores: Pair) -> None:
    table = stores["prod"].one(TABLE)
    assert table.protect
    assert table.inputs["hashKey"] == "id"
    assert table.inputs["attributes"] == [{"name": "id", "type": "S"}]
    assert table.inputs["ttl"] == {"attributeName": "expires", "enabled": True}
    assert table.inputs["deletionProtectionEnabled"] is True
    assert table.inputs["pointInTimeRecovery"]["enabled"] is True
    assert table.tags["backup"] == "required"
    assert table.tags["workload"] == "web"
    (replica,) = table.inputs["replicas"]
    assert (replica["regionName"], replica["consistencyMode"]) == ("us-west-2", "EVENTUAL")
    foundation = outputs(stores["prod"])["foundation"]
    assert replica["kmsKeyArn"] == foundation["peerKeyArn"]
    assert table.inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": foundation["keyArn"]}
    assert not stores["dr"].all(TABLE)


@pytest.mark.parametrize("stack", REGIONS)
def test_servers_use_the_table_of_their_own_region_and_no_other(stores: Pair, stack: str) -> None:
    (found,) = statements(stores[stack], "dynamodb:")
    assert found["Resource"] == f"arn:aws:mock:{REGIONS[stack]}:{ACCOUNT}:web-sessions-table"
    assert not [action for action in found["Action"] if "*" in action or "Table" in action]
    assert {"dynamodb:GetItem", "dynamodb:PutItem"} <= set(found["Action"])
    name = stores["prod"].made[stores["prod"].one(TABLE).urn]["name"]
    assert told(stores[stack])["sessions"] == {"table": name, "key": "id", "expires": "expires"}


def test_each_region_watches_its_own_table_and_tells_its_own_topic(stores: Pair) -> None:
    for stack, region in REGIONS.items():
        other = {"us-east-1": "us-west-2", "us-west-2": "us-east-1"}[region]
        parts = ("errors", "throttles", f"lag-{other}")
        assert alarms(stores[stack], "sessions") == {f"web-sessions-{region}-{part}" for part in parts}
        topic = stores[stack].made[stores[stack].one("Topic", "base-alerts-topic").urn]["arn"]
        for name in alarms(stores[stack], "sessions"):
            alarm = stores[stack].one("MetricAlarm", name)
            assert alarm.inputs["alarmActions"] == [topic]
            assert "region" not in alarm.inputs


def test_the_region_that_is_rebuilt_has_no_table_and_the_other_one_no_replica(alone: Pair) -> None:
    table = alone["prod"].one(TABLE)
    assert "replicas" not in table.inputs
    assert set(put_out(alone["prod"])["sessions"]) == {"table", "arn"}
    assert put_out(alone["dr"]) == {}
    assert not alone["dr"].all(TABLE)


def test_a_region_that_was_rebuilt_has_a_table_of_its_own(alone: Pair) -> None:
    said = changes("dr", Strategy.BACKUP_AND_RESTORE)
    point = f"arn:aws:rds:us-west-2:{ACCOUNT}:cluster-snapshot:awsbackup:job-1"
    said["systems"]["web"] |= {
        **STORES,
        "database": {"restores": [{"name": "rebuilt", "recoveryPoint": point}]},
    }
    rebuilt = run("dr", {PEER: outputs(alone["prod"])}, **said)
    assert "replicas" not in rebuilt.one(TABLE).inputs
    assert told(rebuilt)["sessions"]["table"] == put_out(rebuilt)["sessions"]["table"]


@pytest.mark.parametrize("witness", [{}, {"witnessRegion": "us-east-2"}])
def test_a_strong_table_has_a_witness_and_no_expiry(witness: dict[str, str]) -> None:
    strong = pair(sessions={"consistency": "strong", **witness})
    table = strong["prod"].one(TABLE).inputs
    assert table["globalTableWitness"] == {"regionName": "us-east-2"}
    assert table["replicas"][0]["consistencyMode"] == "STRONG"
    assert "ttl" not in table
    for stack, region in REGIONS.items():
        assert set(told(strong[stack])["sessions"]) == {"table", "key"}
        assert alarms(strong[stack], "sessions") == {
            f"web-sessions-{region}-{part}" for part in ("errors", "throttles")
        }


def test_regions_that_a_strong_table_does_not_allow_are_told_at_load() -> None:
    config = changed("holdfast:systems.web.sessions", {"consistency": "strong"})
    config["holdfast:recovery"]["peerRegion"] = "ca-central-1"
    [line] = faults(config)
    assert line.startswith(
        "holdfast:systems.web.sessions.consistency: got 'strong', allowed is eventual between us-east-1 and ca-central-1: "
    )


def test_a_strong_table_is_refused_where_nothing_is_replicated() -> None:
    config = changed("holdfast:systems.web", {"kind": "three-tier", "sessions": {"consistency": "strong"}})
    config["holdfast:strategy"] = "backup-and-restore"
    [line] = faults(config)
    assert line == (
        "holdfast:systems.web.sessions.consistency: got 'strong', allowed is eventual with backup-and-restore: "
        "a strong table is in several regions"
    )


@pytest.mark.parametrize("where", ["holdfast", "holdfast:systems.web"])
def test_a_promise_to_lose_nothing_asks_for_a_strong_table(where: str) -> None:
    config = changed("holdfast:systems.web.sessions", {})
    promise = {"drTier": 1, "rtoHours": 4, "rpoMinutes": 0}
    (config if where == "holdfast" else config["holdfast:systems"]["web"])[
        "holdfast:objectives" if where == "holdfast" else "objectives"
    ] = promise
    [line] = faults(config)
    assert line.startswith(
        "holdfast:systems.web.sessions.consistency: got 'eventual', allowed is strong with"
    )
    config["holdfast:systems"]["web"]["sessions"] = {"consistency": "strong"}
    assert load(config).systems["web"].sessions.consistency == "strong"


# Files.


PROTECTION, WRITER = "aws:efs/getFileSystem:getFileSystem", "aws:rds/getGlobalCluster:getGlobalCluster"


def founder(
    before: Mapping[str, Any],
    sides: Mapping[str, str] | None = None,
    writes: str | None = None,
    said: Mapping[str, Any] = STORES,
    **recovery: str,
) -> Deployment:
    """The founder's next run, when the last one put that out; `recovery` has other roles.

    `sides`: what protects the file system of each side, other than when the system is new. `writes`: the region in which the database is
    written, other than the active one; with `said` of the system.
    """
    roles = {**configuration("prod")["holdfast:recovery"], **recovery}
    system, region = with_system("prod", "web", site=None, **said), writes or roles["activeRegion"]
    if sides is None:
        return run("prod", {PEER: before}, systems=system, recovery=roles)
    key = json.dumps([before, sides, region, system, roles], sort_keys=True)
    if key not in _ANSWERED:
        found = Deployment()
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(INVOKES, PROTECTION, lambda args: protected(args, **sides))
            patch.setitem(INVOKES, WRITER, lambda args: written_in(args, region))
            run("prod", {PEER: before}, systems=system, recovery=roles, into=found)
        _ANSWERED[key] = found
    return _ANSWERED[key]


_ANSWERED: dict[str, Deployment] = {}
"""Runs to which AWS answered otherwise, by all that they were told."""


def test_the_founder_declares_both_file_systems_and_what_joins_them(stores: Pair) -> None:
    foundation = outputs(stores["prod"])["foundation"]
    own, theirs = (stores["prod"].one(FILES, name) for name in ("web-files-files", "web-files-peer-files"))
    assert (own.inputs["kmsKeyId"], "region" in own.inputs) == (foundation["keyArn"], False)
    assert (theirs.inputs["kmsKeyId"], theirs.inputs["region"]) == (foundation["peerKeyArn"], "us-west-2")
    for each in (own, theirs):
        assert each.protect
        assert each.inputs["encrypted"] is True
        kept = {key: each.tags[key] for key in ("backup", "workload", "dr:data-gib", "dr:files")}
        assert kept == {
            "backup": "required",
            "workload": "web",
            "dr:data-gib": "100",
            "dr:files": "1000000",
        }
    assert theirs.inputs["protection"] == {"replicationOverwrite": "DISABLED"}
    assert "protection" not in own.inputs
    assert stores["prod"].one(REPLICATION).inputs == {
        "sourceFileSystemId": "web-files-files-id",
        "destination": {"fileSystemId": "web-files-peer-files-id", "region": "us-west-2"},
    }
    assert not stores["dr"].all(FILES)
    assert not stores["dr"].all(REPLICATION)
    assert alarms(stores["prod"], "files") == {"web-files-lag"}


@pytest.mark.parametrize(("stack", "part"), [("prod", ""), ("dr", "peer-")])
def test_servers_mount_their_own_regions_files_in_every_zone(stores: Pair, stack: str, part: str) -> None:
    found = stores[stack]
    (statement,) = statements(found, "elasticfilesystem:")
    assert statement["Resource"] == f"arn:aws:mock:{REGIONS[stack]}:{ACCOUNT}:web-files-{part}files"
    assert statement["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    point = found.one("AccessPoint")
    arn = found.made[point.urn]["arn"]
    assert statement["Condition"] == {"StringEquals": {"elasticfilesystem:AccessPointArn": arn}}
    identifier = f"web-files-{part}files-id"
    assert told(found)["files"] == {
        "fileSystem": identifier,
        "accessPoint": "web-files-access-id",
        "path": "/srv/files",
    }
    assert point.inputs["rootDirectory"]["path"] == "/data"
    targets = found.all("MountTarget")
    zones = configuration(stack)["holdfast:network"]["zones"]
    assert {r.name for r in targets} == {f"web-files-{zone}" for zone in zones}
    assert {r.inputs["fileSystemId"] for r in targets} == {identifier}
    assert {r.urn for r in targets} <= found.one("Parameter", "web-facts").dependencies
    assert allowed(found, "files") == {
        "web-sg-app-to-files": [("web-sg-files", 2049)],
        "web-sg-files-from-app": [("web-sg-app", 2049)],
    }
    script = base64.b64decode(found.one("LaunchTemplate").inputs["userData"]).decode()
    assert "amazon-efs-utils" in script


def test_files_that_follow_are_open_in_the_first_run_alone(stores: Pair) -> None:
    later = founder(outputs(stores["prod"])).one(FILES, "web-files-peer-files")
    assert "protection" not in later.inputs
    assert "protection" not in later.ignore_changes
    first = stores["prod"].one(FILES, "web-files-peer-files")
    assert {**later.inputs, "protection": first.inputs["protection"]} == first.inputs


def test_a_run_that_failed_before_its_end_leaves_the_next_one_as_the_first() -> None:
    again = founder({"systems": {}}).one(FILES, "web-files-peer-files")
    assert again.inputs["protection"] == {"replicationOverwrite": "DISABLED"}


def test_files_follow_the_region_that_serves_and_nothing_else_changes(stores: Pair) -> None:
    kept = founder(outputs(stores["prod"]))
    opened = {"east": "DISABLED", "west": "ENABLED"}
    swapped = founder(outputs(stores["prod"]), opened, activeRegion="us-west-2")
    assert swapped.one(REPLICATION).inputs == {
        "sourceFileSystemId": "web-files-peer-files-id",
        "destination": {"fileSystemId": "web-files-files-id", "region": "us-east-1"},
        "region": "us-west-2",
    }
    for kind in (FILES, GROUP, DATASTORE, TABLE):
        before, after = (
            {r.urn: (r.inputs, r.ignore_changes, r.protect) for r in run_.all(kind)}
            for run_ in (kept, swapped)
        )
        assert before == after


def test_the_other_regions_plan_takes_the_files_that_the_founder_keeps_there(stores: Pair) -> None:
    prod, dr = stores["prod"], stores["dr"]
    assert prod.one(FILES, "web-files-peer-files").tags["dr:backup-plan"] == dr.one(PLAN).name
    assert "dr:backup-plan" not in prod.one(FILES, "web-files-files").tags
    graph = Graph([*resources(prod, REGIONS["prod"]), *resources(dr, REGIONS["dr"])])
    [theirs] = [each for each in graph.of(FILES) if each.name == "web-files-peer-files"]
    takes = {graph.region(each): selected(graph, each, theirs) for each in graph.of(SELECTION)}
    assert takes == {"us-east-1": False, "us-west-2": True}


NEITHER = {"east": "ENABLED", "west": "ENABLED"}
"""As a takeover leaves them."""
HELD = [
    # Protection of each side, the region that serves, and who is followed: e(ast), w(est) or nobody.
    ("ENABLED", "REPLICATING", "us-east-1", "e"),
    ("ENABLED", "ENABLED", "us-east-1", None),
    ("ENABLED", "DISABLED", "us-east-1", "e"),
    ("ENABLED", "ENABLED", "us-west-2", None),
    ("DISABLED", "ENABLED", "us-west-2", "w"),
    ("REPLICATING", "ENABLED", "us-west-2", "w"),
    ("DISABLED", "ENABLED", "us-east-1", None),
    # Roles are named before files were taken over: what follows goes on to.
    ("ENABLED", "REPLICATING", "us-west-2", "e"),
    ("REPLICATING", "ENABLED", "us-east-1", "w"),
]


@pytest.mark.parametrize(("east", "west", "active", "source"), HELD)
def test_a_replication_is_declared_where_it_is_or_where_it_may_be(
    stores: Pair, east: str, west: str, active: str, source: str | None
) -> None:
    found = founder(outputs(stores["prod"]), {"east": east, "west": west}, activeRegion=active)
    declared = [r.inputs["sourceFileSystemId"] for r in found.all(REPLICATION)]
    assert declared == {"e": ["web-files-files-id"], "w": ["web-files-peer-files-id"], None: []}[source]
    assert ("web-files-lag" in alarms(found, "files")) == (
        source == "e" or (source is None and active == "us-east-1")
    )
    members = {
        each["name"]: each.get("replicas")
        for each in outputs(found)["recovery"]["members"]
        if each["kind"] == "efs"
    }
    assert {name for name, to in members.items() if to} == {
        "e": {"web-files-files"}, "w": {"web-files-peer-files"}, None: set()
    }[source]  # fmt: skip
    assert {r.inputs.get("protection") is None for r in found.all(FILES)} == {True}


LEFT = [
    # Protection of the east's and the west's, the region that serves, that in which the database writes; who is followed; and whether the
    # founder's files wait to be overwritten.
    (("ENABLED", "ENABLED"), "us-east-1", "us-west-2", None, True),
    (("DISABLED", "ENABLED"), "us-east-1", "us-west-2", None, True),
    # Somebody has opened the newer files by mistake.
    (("ENABLED", "DISABLED"), "us-east-1", "us-west-2", None, True),
    (("DISABLED", "ENABLED"), "us-west-2", "us-east-1", None, True),
    (("ENABLED", "ENABLED"), "us-east-1", "us-east-1", None, False),
    (("ENABLED", "REPLICATING"), "us-east-1", "us-west-2", "files", False),
    (("REPLICATING", "ENABLED"), "us-east-1", "us-west-2", "peer-files", False),
]


@pytest.mark.parametrize(("sides", "active", "writes", "source", "waits"), LEFT)
def test_files_of_a_region_that_the_database_has_left_overwrite_none(
    stores: Pair, sides: tuple[str, str], active: str, writes: str, source: str | None, *, waits: bool
) -> None:
    protections = dict(zip(("east", "west"), sides, strict=True))
    found = founder(outputs(stores["prod"]), protections, writes, activeRegion=active)
    declared = [r.inputs["sourceFileSystemId"] for r in found.all(REPLICATION)]
    assert declared == ([] if source is None else [f"web-files-{source}-id"])
    own = found.one(FILES, "web-files-files").tags
    assert own.get("dr:rebuilt-from") == ("web-files-peer-files" if waits else None)


def of_files(found: Deployment) -> dict[str, str]:
    """How the estimator judges each file system of the founder's when a region is lost."""
    nodes = judge(resources(found, REGIONS["prod"])).failures[Failure.REGION].nodes
    return {n.unit.name: str(n.verdict) for n in nodes if n.unit.kind == "efs"}


EVERYWHERE = {**STORES, "database": {"engine": "aurora-dsql"}, "switch": {}}
"""A database that doesn't tell which region's files are the newer ones."""


def test_who_runs_the_program_between_failover_and_settings_is_not_refused(stores: Pair) -> None:
    """Unless the database stayed: then nobody follows the files that are the newer ones."""
    before = outputs(stores["prod"])
    assert of_files(founder(before, NEITHER, "us-west-2"))["web-files-files"] in ("met", "met-if")
    assert of_files(founder(before, NEITHER, "us-east-1"))["web-files-files"] == "breached"


def test_what_followed_last_was_taken_over_where_no_database_tells(stores: Pair) -> None:
    """Whatever run it is since: what follows nothing goes on to be known by what followed."""
    before = outputs(stores["prod"])
    assert put_out(stores["prod"])["files"]["replication"] == "to-peer"
    for _ in range(2):
        found = founder(before, NEITHER, said=EVERYWHERE)
        assert not found.all(REPLICATION)
        assert of_files(found)["web-files-files"] in ("met", "met-if")
        before = outputs(found)
    back = founder(before, {"east": "DISABLED", "west": "ENABLED"}, said=EVERYWHERE, activeRegion="us-west-2")
    assert put_out(back)["files"]["replication"] == "from-peer"
    # Its own files were taken over: whoever named its region finds nobody who follows them.
    home = founder(outputs(back), NEITHER, said=EVERYWHERE)
    assert of_files(home)["web-files-files"] == "breached"


def test_of_files_that_never_followed_nobody_knows_which_are_newer(stores: Pair) -> None:
    before = outputs(stores["prod"])
    del before["systems"]["web"]["stores"]["files"]["replication"]
    assert of_files(founder(before, NEITHER, said=EVERYWHERE))["web-files-files"] == "breached"


def test_a_database_that_is_not_told_of_writes_where_settings_say(stores: Pair) -> None:
    def silent(_args: dict[str, Any]) -> dict[str, Any]:
        raise SilentError("us-east-1 does not answer")

    found = Deployment()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(INVOKES, WRITER, silent)
        patch.setitem(INVOKES, PROTECTION, lambda args: protected(args, east="ENABLED", west="DISABLED"))
        systems = with_system("prod", "web", **STORES)
        run("prod", {PEER: outputs(stores["prod"])}, systems=systems, into=found)
    assert found.one(REPLICATION).inputs == stores["prod"].one(REPLICATION).inputs


class SilentError(grpc.RpcError):
    """What a provider's failure arrives as."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


def test_a_region_that_does_not_answer_leaves_the_replication_as_it_is(stores: Pair) -> None:
    def silent(args: dict[str, Any]) -> dict[str, Any]:
        if args["region"] == "us-west-2":
            raise SilentError("us-west-2 does not answer")
        return protected(args, east="ENABLED")

    found = Deployment()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(INVOKES, PROTECTION, silent)
        systems = with_system("prod", "web", **STORES)
        run("prod", {PEER: outputs(stores["prod"])}, systems=systems, into=found)
    assert found.one(REPLICATION).inputs == stores["prod"].one(REPLICATION).inputs


def test_the_region_that_serves_is_told_how_late_the_other_ones_files_are(stores: Pair) -> None:
    assert not alarms(stores["dr"], "files")
    recovery = {**configuration("dr")["holdfast:recovery"], "activeRegion": "us-west-2"}
    swapped = founder(outputs(stores["prod"]), NEITHER, activeRegion="us-west-2")
    assert not alarms(swapped, "files")
    systems = with_system("dr", "web", site=None, **STORES)
    serves = run("dr", {PEER: outputs(swapped)}, recovery=recovery, systems=systems)
    lag = serves.one("MetricAlarm", "web-files-lag").inputs
    assert lag["dimensions"] == {
        "FileSystemId": "web-files-peer-files-id",
        "DestinationFileSystemId": "web-files-files-id",
    }
    assert lag["alarmActions"] == [serves.made[serves.one("Topic", "base-alerts-topic").urn]["arn"]]
    assert "region" not in lag


def test_the_founder_that_stands_by_from_the_start_is_the_one_that_is_open() -> None:
    first = founder({}, activeRegion="us-west-2")
    own, theirs = (first.one(FILES, name).inputs for name in ("web-files-files", "web-files-peer-files"))
    assert own["protection"] == {"replicationOverwrite": "DISABLED"}
    assert "protection" not in theirs
    assert first.one(REPLICATION).inputs["sourceFileSystemId"] == "web-files-peer-files-id"


def test_what_has_files_is_never_overwritten_by_what_is_new(alone: Pair) -> None:
    """Files of one region come to be replicated, while the other region serves: the new file system is the one that follows."""
    grown = founder(outputs(alone["prod"]), activeRegion="us-west-2")
    own, theirs = (grown.one(FILES, name).inputs for name in ("web-files-files", "web-files-peer-files"))
    assert "protection" not in own
    assert theirs["protection"] == {"replicationOverwrite": "DISABLED"}
    assert grown.one(REPLICATION).inputs["sourceFileSystemId"] == "web-files-files-id"


def test_with_recovery_points_alone_files_stay_where_they_are(alone: Pair) -> None:
    assert [r.name for r in alone["prod"].all(FILES)] == ["web-files-files"]
    assert not alone["prod"].all(REPLICATION)
    assert not alone["dr"].all(FILES)
    assert set(put_out(alone["prod"])["files"]) == {"fileSystem", "arn", "accessPoint"}


# The way over.


@pytest.mark.parametrize("stack", REGIONS)
def test_a_takeover_moves_its_own_regions_cache_and_files(stores: Pair, stack: str) -> None:
    found, region = stores[stack], REGIONS[stack]
    machine = json.loads(found.one("StateMachine").inputs["definition"])
    states = {
        name: state for b in machine["States"]["Move"]["Branches"] for name, state in b["States"].items()
    }
    own, theirs = ("", "peer-") if stack == "prod" else ("peer-", "")
    assert states["EndReplication"]["Parameters"] == {"SourceFileSystemId": f"web-files-{theirs}files-id"}
    followed = states["FilesFollow"]["Choices"][-1]
    assert followed["StringMatches"] == f"*web-files-{own}files-id*"
    assert states["FailOverCache"]["Parameters"] == {
        "GlobalReplicationGroupId": "ldgnf-shop-production-web-cache",
        "PrimaryRegion": region,
        "PrimaryReplicationGroupId": "web-cache-group-id",
    }
    policy = json.loads(found.one("RolePolicy", "web-takeover-role-policy").inputs["policy"])["Statement"]
    may = {str(each["Action"]): each["Resource"] for each in policy}
    datastore = f"arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:ldgnf-shop-production-web-cache"
    assert may["elasticache:FailoverGlobalReplicationGroup"] == [
        datastore,
        f"arn:aws:mock:{region}:{ACCOUNT}:web-cache-group",
    ]
    other = {"us-east-1": "us-west-2", "us-west-2": "us-east-1"}[region]
    assert may["elasticfilesystem:DeleteReplicationConfiguration"] == [
        f"arn:aws:mock:{region}:{ACCOUNT}:web-files-{own}files",
        f"arn:aws:mock:{other}:{ACCOUNT}:web-files-{theirs}files",
    ]


def test_a_system_without_stores_has_no_step_for_them(prod: Deployment) -> None:
    text = prod.one("StateMachine").inputs["definition"]
    assert "elasticache" not in text
    assert "efs:" not in text
    policy = prod.one("RolePolicy", "web-takeover-role-policy").inputs["policy"]
    assert "elasti" not in policy
