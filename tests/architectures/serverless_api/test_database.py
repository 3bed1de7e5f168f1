"""The relational database of a serverless API: what is registered, who may reach it, what moves it, and what it adds to recovery."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from policies.recovery import judge
from policies.recovery.model import Failure, Step
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.serverless_api.conftest import REGIONS
from tests.architectures.serverless_api.database_example import configured, following, pair
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, Registered
from tests.test_settings import load, refusals

BILLS = "holdfast:systems.bills"
FUNCTION, CLUSTER, TARGET = "aws:lambda/function:Function", "aws:rds/cluster:Cluster", "ProxyTarget"
POINT = "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:job-1"


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


@pytest.fixture(scope="module")
def planned() -> dict[str, Deployment]:
    return pair(switch={"by": "region-switch"})


@pytest.fixture(params=["prod", "dr"])
def where(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stack(example: dict[str, Deployment], where: str) -> Deployment:
    return example[where]


def policy(stack: Deployment, function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        stack.one("RolePolicy", f"bills-{function}-policy").inputs["policy"]
    )["Statement"]
    return found


def test_the_proxy_takes_signed_in_clients_over_tls_and_reads_this_regions_secret(
    stack: Deployment, where: str
) -> None:
    proxy, region = stack.one("Proxy").inputs, REGIONS[where]
    assert (proxy["requireTls"], proxy["engineFamily"], proxy["debugLogging"]) == (True, "POSTGRESQL", False)
    [auth] = proxy["auths"]
    assert (auth["iamAuth"], auth["authScheme"]) == ("REQUIRED", "SECRETS")
    assert auth["secretArn"].split(":")[3] == region
    assert proxy["vpcSecurityGroupIds"] == ["bills-sg-proxy-id"]
    zones = configured(where)["holdfast:network"]["zones"]
    assert proxy["vpcSubnetIds"] == [f"base-net-private-{zone}-id" for zone in zones]
    assert stack.one(TARGET).inputs["dbClusterIdentifier"] == "example-production-bills-db"
    reads = stack.one("ProxyEndpoint").inputs
    assert (reads["targetRole"], reads["dbProxyName"]) == ("READ_ONLY", "bills-proxy-proxy-1234567")
    [cluster] = stack.all(CLUSTER)
    assert cluster.protect
    assert cluster.inputs["vpcSecurityGroupIds"] == ["bills-sg-database-id"]


def test_connections_go_from_functions_to_the_proxy_and_from_it_to_the_database(stack: Deployment) -> None:
    rules: list[Registered] = [*stack.all("SecurityGroupIngressRule"), *stack.all("SecurityGroupEgressRule")]
    found = {
        (
            rule.type.rsplit(":")[-1].removeprefix("SecurityGroup").removesuffix("Rule"),
            rule.inputs["securityGroupId"].removesuffix("-id"),
            rule.inputs.get("referencedSecurityGroupId", rule.inputs.get("cidrIpv4")).removesuffix("-id"),
            int(rule.inputs["fromPort"]),
        )
        for rule in rules
        if rule.name.startswith("bills-")
    }
    functions, proxy, database = (f"bills-sg-{each}" for each in ("functions", "proxy", "database"))
    assert found == {
        ("Egress", functions, "0.0.0.0/0", 443),
        ("Egress", functions, proxy, 5432),
        ("Ingress", proxy, functions, 5432),
        ("Egress", proxy, database, 5432),
        ("Ingress", database, proxy, 5432),
    }


def test_a_function_that_says_so_finds_it_and_signs_in_as_one_user(stack: Deployment, where: str) -> None:
    region, zones = REGIONS[where], configured(where)["holdfast:network"]["zones"]
    uses, not_ = (stack.one(FUNCTION, f"bills-{each}-function").inputs for each in ("state", "items"))
    assert uses["environment"]["variables"] == {
        "TABLE": "bills-data-table-1234567",
        "DATABASE_HOST": f"bills-proxy-proxy.proxy-x.{region}.rds.amazonaws.com",
        "DATABASE_READER_HOST": f"bills-proxy-reads.endpoint.proxy-x.{region}.rds.amazonaws.com",
        "DATABASE_PORT": "5432",
        "DATABASE_NAME": "bills",
        "DATABASE_USER": "holdfast",
    }
    assert uses["vpcConfig"] == {
        "subnetIds": [f"base-net-private-{zone}-id" for zone in zones],
        "securityGroupIds": ["bills-sg-functions-id"],
    }
    [statement] = [each for each in policy(stack, "state") if each["Action"] == "rds-db:connect"]
    user = f"arn:aws:rds-db:{region}:123456789012:dbuser:prx-bills-proxy-proxy/holdfast"
    assert statement == {"Effect": "Allow", "Action": "rds-db:connect", "Resource": user}
    assert "vpcConfig" not in not_
    assert set(not_["environment"]["variables"]) == {"TABLE"}
    assert "rds-db" not in json.dumps(policy(stack, "items"))
    assert "secretsmanager" not in json.dumps([policy(stack, each) for each in ("state", "items")])


def test_what_it_tells_is_what_the_estimator_reads(stack: Deployment, where: str) -> None:
    told = assert_facts_as_read(stack, where, REGIONS[where], COMPARED)
    assert "bills-db-cluster" in told["bills-state-function"]["needs"]
    assert "bills-db-cluster" not in told["bills-items-function"].get("needs", [])


def test_the_estimator_counts_the_proxy(example: dict[str, Deployment]) -> None:
    every = [r for stack, region in REGIONS.items() for r in resources(example[stack], region)]

    def steps(found: list[Any]) -> set[Step]:
        nodes = judge(found).failures[Failure.ZONE].nodes
        return {term.step for node in nodes if node.unit.kind == "aurora" for term in node.terms}

    assert Step.PROPAGATE not in steps(every)
    assert Step.PROPAGATE in steps([each for each in every if not each.type.endswith(TARGET)])


def test_a_region_takes_the_writer_over_and_clients_follow(
    stack: Deployment,
) -> None:
    machine = json.loads(stack.one("StateMachine").inputs["definition"])
    [branch] = machine["States"]["Move"]["Branches"]
    moved = branch["States"]["FailOver"]["Parameters"]
    assert moved["TargetDbClusterIdentifier"] == stack.made[stack.one(CLUSTER).urn]["arn"]
    assert moved["AllowDataLoss"] is True
    check = stack.one("HealthCheck", "bills-switch-may-serve").inputs
    assert check["childHealthchecks"] == ["bills-check-all-id", "bills-switch-decision-id"]
    record = stack.one("Record", "bills-site-site-record").inputs
    assert record["healthCheckId"] == "bills-switch-may-serve-id", "who is told to leave, leaves"


def test_a_plan_moves_the_database_and_the_name_and_starts_nothing(planned: dict[str, Deployment]) -> None:
    plan = planned["dr"].one("Plan", "bills-region-plan").inputs
    workflow = json.dumps(plan["workflows"])
    assert "AuroraGlobalDatabase" in workflow
    assert "ARCRegionSwitchPlan" in workflow
    assert "EC2AutoScaling" not in workflow
    alarms = {each["resourceIdentifier"] for each in plan["associatedAlarms"]}
    assert {arn.split(":")[3] for arn in alarms} == set(REGIONS.values())
    assert all(arn.endswith("bills-http-errors") for arn in alarms)
    texts = {
        r.name: r.inputs["content"] for r in planned["dr"].all("BucketObjectv2") if "-runbook-" in r.name
    }
    assert sorted(texts) == [f"bills-runbook-{region}" for region in sorted(REGIONS.values())]
    for region in REGIONS.values():
        assert (
            f"--target-region {region} --action activate --mode ungraceful"
            in texts[f"bills-runbook-{region}"]
        )
    assert not [r for r in planned["prod"].all("BucketObjectv2") if "-runbook-" in r.name]


def test_recovery_points_alone_build_it_behind_a_proxy_of_its_own() -> None:
    alone: dict[str, Any] = {"site": None, "switch": None}
    prod = deployed("prod", following("prod", "backup-and-restore", **alone), {})
    assert prod.all("GlobalCluster") == []
    empty = deployed("dr", following("dr", "backup-and-restore", **alone), {PEER: outputs(prod)})
    assert empty.all("Proxy") == empty.all(CLUSTER) == []
    assert "## The database" in empty.one("BucketObjectv2", "bills-runbook-us-west-2").inputs["content"]
    alone |= {"rebuild": True, "database": {"restores": [{"name": "lost", "recoveryPoint": POINT}]}}
    built = deployed("dr", following("dr", "backup-and-restore", **alone), {PEER: outputs(prod)})
    assert built.one(CLUSTER).inputs["snapshotIdentifier"] == POINT
    [secret] = [r for r in built.all("aws:secretsmanager/secret:Secret") if "db-lost" in r.name]
    assert (
        built.one("Proxy", "bills-proxy-proxy").inputs["auths"][0]["secretArn"]
        == built.made[secret.urn]["arn"]
    )
    assert built.one(TARGET).inputs["dbClusterIdentifier"] == "example-production-bills-db-lost"
    for deployment, name in ((prod, "prod"), (built, "dr")):
        [member] = [m for m in outputs(deployment)["recovery"]["members"] if m["kind"] == "aurora"]
        assert member["backups"], name


def test_a_single_instance_has_no_endpoint_for_reading() -> None:
    prod = deployed("prod", configured("prod", site=None, switch=None, database={"multiAz": False}), {})
    assert prod.all("ProxyEndpoint") == []
    told = prod.one(FUNCTION, "bills-state-function").inputs["environment"]["variables"]
    assert "DATABASE_READER_HOST" not in told
    assert len(prod.all("ClusterInstance")) == 1
    text = prod.one("BucketObjectv2", "bills-runbook-us-east-1").inputs["content"]
    moves = re.findall(
        r"aws rds (\S+) --region (\S+) .*--target-db-cluster-identifier arn:aws:\w+:(\S+?):", text
    )
    assert moves == [
        ("failover-global-cluster", "us-east-1", "us-east-1"),
        ("switchover-global-cluster", "us-east-1", "us-east-1"),
        ("switchover-global-cluster", "us-west-2", "us-west-2"),
    ]


REFUSED = [
    ({"database": None, "functions": {"state": {"database": False}}}, "switch.by: got 'data-plane', allowed is none without a database: nothing has to be moved"),
    ({"functions": {"state": {"database": False}}}, "database: got one, allowed is none, or a function that uses it, which says database: true"),
    ({"database": None, "switch": None}, "functions.state.database: got true, allowed is false without a database of the system"),
    ({"database": None, "functions": {"state": {"database": False}}, "switch": {"startedBy": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"]}}, "switch.startedBy: got a value, allowed is nothing without a database: nothing has to be moved"),
    ({"strategy": "active-active"}, "strategy: got 'active-active', allowed is any other with a database: RDS Proxy takes no writes where the cluster follows another region's"),
    ({"switch": {"by": "region-switch", "minutes": {"capacity": 5}}}, "switch.minutes.capacity: got 5, allowed is nothing: functions run when they are called, there are no servers to start"),
    ({"switch": {"by": "none", "automatic": True}}, "switch.automatic: got true, allowed is false without a plan that an alarm can start: switch.by is region-switch"),
    ({"database": {"engine": "aurora-dsql"}}, "database.engine: got 'aurora-dsql', allowed is 'aurora-postgresql' or 'aurora-mysql'"),
    ({"database": {"instanceClass": "db.r6g.large"}}, "database.instanceClass: got 'db.r6g.large', allowed is db.serverless beside database.serverless"),
    ({"database": {"serverless": {"minCapacity": 2, "maxCapacity": 1}}}, "database.serverless.maxCapacity: got 1.0, allowed is 2.0 (min_units, at least 1) or more"),
    ({"database": {"restores": [{"name": "aa"}]}}, "database.restores[0].recoveryPoint: got nothing, allowed is the ARN of a recovery point in this region"),
    ({"functions": {"state": {"environment": {"DATABASE_HOST": "x"}}}}, "functions.state.environment: got 'DATABASE_HOST', allowed is any other variable: the program sets that one"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "line"), REFUSED, ids=range(len(REFUSED)))
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refusals(configured("prod", **changes))
    assert told.startswith(f"{BILLS}.{line}")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"rebuild": True},
            "database.restores: got none, allowed is a recovery point to restore beside rebuild",
        ),
        (
            {"database": {"restores": [{"name": "lost", "recoveryPoint": POINT}]}},
            "rebuild: got false, allowed is true beside database.restores: what is restored is to serve",
        ),
    ],
)
def test_a_region_is_rebuilt_with_its_database_or_not_at_all(changes: dict[str, Any], line: str) -> None:
    (told,) = refusals(following("dr", "backup-and-restore", switch=None, **changes))
    assert told == f"{BILLS}.{line}"


def test_a_function_without_it_may_call_a_variable_so_and_stacks_agree_on_the_engine() -> None:
    given = {"functions": {"items": {"environment": {"DATABASE_HOST": "own"}}}}
    load(configured("prod", **given))
    said = [
        load(configured(stack, **change)).agreement().systems["bills"]
        for stack, change in (("prod", {}), ("dr", {}), ("dr", {"database": {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.10.1"}}))
    ]  # fmt: skip
    assert said[0] == said[1]
    assert {key for key in said[0] if said[0][key] != said[2][key]} == {
        "database.engine",
        "database.engineVersion",
    }
