"""What is put together by values that no resource puts out: ports, regions, paths, roles, and what a stack tells of its recovery."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from architectures.parts.sample_app.app import answer
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

ACCOUNT, SITE = "123456789012", "www.holdfast.example"


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest) -> Deployment:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def west() -> Deployment:
    """The founder in us-west-2."""
    return run("dr", {}, recovery={"activeRegion": "us-west-2", "peerRegion": "us-east-1"})


def members(deployment: Deployment) -> dict[str, dict[str, Any]]:
    """What the stack tells of its units, by their names."""
    return {member["name"]: member for member in outputs(deployment)["recovery"]["members"]}


def group(deployment: Deployment) -> dict[str, Any]:
    return deployment.one("aws:autoscaling/group:Group").inputs


# Ports.


def test_the_application_is_told_the_databases_hosts_and_port(stack: Deployment) -> None:
    cluster = stack.one("aws:rds/cluster:Cluster")
    made = stack.made[cluster.urn]
    told = json.loads(stack.one("Parameter", "web-facts").inputs["value"])
    assert told["hosts"] == [made["endpoint"], made["readerEndpoint"]]
    assert (told["port"], told["name"], told["engine"]) == (5432, "app", "aurora-postgresql")
    assert cluster.inputs["port"] == 5432
    for type_, name in (("Ingress", "web-sg-database-from-app"), ("Egress", "web-sg-app-to-database")):
        rule = stack.one(f"SecurityGroup{type_}Rule", name).inputs
        assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (5432, 5432, "tcp")


def test_the_load_balancer_reaches_the_application_at_the_port_it_listens_on(stack: Deployment) -> None:
    assert stack.one("TargetGroup").inputs["port"] == 8080
    script = base64.b64decode(stack.one("LaunchTemplate").inputs["userData"]).decode()
    assert "PORT=8080" in script
    for type_, name in (
        ("Ingress", "web-sg-app-from-load-balancer"),
        ("Egress", "web-sg-load-balancer-to-app"),
    ):
        rule = stack.one(f"SecurityGroup{type_}Rule", name).inputs
        assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (8080, 8080, "tcp")


def test_the_site_is_open_to_everyone_and_nothing_else_is(stack: Deployment) -> None:
    open_ = {r.name for r in stack.all("SecurityGroupIngressRule") if r.inputs.get("cidrIpv4") == "0.0.0.0/0"}
    assert open_ == {f"web-sg-load-balancer-{scheme}-from-0.0.0.0-0" for scheme in ("http", "https")}
    assert stack.one("LoadBalancer", "web-lb-alb").inputs["internal"] is False


# Health.


def test_what_is_asked_for_is_what_the_application_answers(stack: Deployment) -> None:
    paths = {stack.one("TargetGroup").inputs["healthCheck"]["path"]}
    paths |= {
        r.inputs["resourcePath"]
        for r in stack.all("HealthCheck")
        if r.name.startswith("web-check-") and "resourcePath" in r.inputs
    }
    assert paths == {"/health", "/health/deep"}
    assert all(answer(path, {"hosts": [], "port": 1})[0] != 404 for path in paths)
    assert stack.one("TargetGroup").inputs["healthCheck"]["path"] == "/health"


def test_the_alarms_watch_what_they_are_called_after(stack: Deployment) -> None:
    watched = {
        r.name.removeprefix("web-health-"): (r.inputs.get("metricName"), r.inputs["threshold"])
        for r in stack.all("MetricAlarm")
        if r.name.startswith("web-health-")
    }
    assert watched == {
        "hosts": ("HealthyHostCount", 1),
        "errors": (None, 5),
        "latency": ("TargetResponseTime", 2),
        "cpu": ("CPUUtilization", 90),
        "connections": ("DatabaseConnections", 1261),
        "lag": ("AuroraGlobalDBReplicationLag", 30_000),
    }


# Keys and certificates.


def services(policy: Any) -> set[str]:
    statements = json.loads(policy)["Statement"]
    return {s["Principal"]["Service"] for s in statements if "Service" in s["Principal"]}


@pytest.mark.parametrize("founder", ["prod", "west"])
def test_each_regions_key_may_be_used_by_who_publishes_and_serves(
    founder: str, request: pytest.FixtureRequest
) -> None:
    deployment = request.getfixturevalue(founder)
    here, there = ("us-east-1", "us-west-2") if founder == "prod" else ("us-west-2", "us-east-1")
    anywhere = {
        f"{name}.amazonaws.com"
        for name in ("cloudwatch", "events", "events.rds", "backup", "cloudfront", "dsql", "sns", "s3")
    }
    key, replica = deployment.one("aws:kms/key:Key"), deployment.one("ReplicaKey")
    assert services(key.inputs["policy"]) == anywhere | {f"logs.{here}.amazonaws.com"}
    assert services(replica.inputs["policy"]) == anywhere | {f"logs.{there}.amazonaws.com"}
    assert replica.inputs["region"] == there


@pytest.mark.parametrize("founder", ["prod", "west"])
def test_cloudfronts_certificate_is_one_of_us_east_1_wherever_the_founder_is(
    founder: str, request: pytest.FixtureRequest
) -> None:
    deployment = request.getfixturevalue(founder)
    for type_ in ("Certificate", "CertificateValidation"):
        what = "cert" if type_ == "Certificate" else "issued"
        assert deployment.one(type_, f"web-content-tls-{what}").inputs["region"] == "us-east-1"
        assert "region" not in deployment.one(type_, f"web-tls-{what}").inputs
    assert deployment.one("Certificate", "web-content-tls-cert").inputs["domainName"] == SITE
    assert deployment.one("Certificate", "web-content-tls-cert").inputs["subjectAlternativeNames"] == [
        f"*.{SITE}"
    ]


EASTERN = (
    "base-zone-queries",
    "web-content-firewall-acl",
    "web-content-firewall-log",
    "web-content-firewall-logging",
    *(
        f"web-content-{page}-site-logs{part}"
        for page in ("sorry", "static")
        for part in ("", "-source", "-destination")
    ),
    "web-content-tls-cert",
    "web-content-tls-issued",
)
"""What CloudFront and Route 53 want in us-east-1."""


@pytest.mark.parametrize("founder", ["prod", "west"])
def test_what_cloudfront_and_route_53_want_lies_in_us_east_1(
    founder: str, request: pytest.FixtureRequest
) -> None:
    deployment = request.getfixturevalue(founder)
    for name in EASTERN:
        found = [r for r in deployment.resources if r.name == name and "QueryLog" not in r.type]
        assert {r.inputs.get("region") for r in found if r.type.startswith("aws:")} == {"us-east-1"}, name


@pytest.mark.parametrize("founder", ["prod", "west"])
def test_what_the_founder_makes_for_the_other_region_lies_there(
    founder: str, request: pytest.FixtureRequest
) -> None:
    deployment = request.getfixturevalue(founder)
    other = "us-west-2" if founder == "prod" else "us-east-1"
    placed = {r.name for r in deployment.resources if r.inputs.get("region") == other}
    placed -= set(EASTERN)
    copies = ("bucket", "encryption", "lifecycle", "ownership", "public-access", "versioning")
    assert placed == {
        "base-key-replica",
        "base-key-replica-alias",
        "web-switch-taken",
        "base-backup-peer-vault",
        "base-backup-peer-vault-lock",
        "base-backup-peer-vault-policy",
        *(f"web-content-{page}-copy-{part}" for page in ("sorry", "static") for part in copies),
        *(f"web-runbooks-copy-{part}" for part in (*copies, "policy")),
        *(f"web-content-{page}-site-read-{other}" for page in ("sorry", "static")),
    }


# Roles.


@pytest.mark.parametrize("active", ["us-east-1", "us-west-2"])
def test_exactly_the_active_region_serves_in_full(active: str) -> None:
    both: dict[str, Deployment] = {}
    for name in ("prod", "dr"):
        recovery = {**configuration(name)["holdfast:recovery"], "activeRegion": active}
        both[name] = run(name, {PEER: outputs(both["prod"])} if both else {}, recovery=recovery)
    for name, region in (("prod", "us-east-1"), ("dr", "us-west-2")):
        serves = region == active
        found, record = both[name], both[name].one("Record", "web-site-site-record").inputs
        side = "PRIMARY" if name == "prod" else "SECONDARY"  # the switch's checks decide, not the pair
        assert record["failoverRoutingPolicies"] == [{"type": side}]
        assert record["setIdentifier"] == region
        assert group(found)["desiredCapacity"] == (6 if serves else 3)
        assert outputs(found)["recovery"]["role"] == ("active" if serves else "standby")
        assert outputs(found)["recovery"]["region"] == region
        assert members(found)["web-site-site-record"]["side"] == side


def test_the_founder_makes_the_database_that_the_joiner_adds_a_region_to(
    prod: Deployment, dr: Deployment
) -> None:
    founded, joined = (d.one("aws:rds/cluster:Cluster").inputs for d in (prod, dr))
    assert (founded["databaseName"], founded["masterUsername"]) == ("app", "holdfast")
    assert {"databaseName", "masterUsername", "masterPasswordWo"} & set(joined) == set()
    assert {c["engine"] for c in (founded, joined)} == {"aurora-postgresql"}
    assert {c["engineVersion"] for c in (founded, joined)} == {"17.7"}


# What a stack tells of its recovery.


def test_what_is_told_is_what_runs(stack: Deployment) -> None:
    told = members(stack)
    here = outputs(stack)["recovery"]["region"]
    needs = {name: told[name].get("needs") for name in ("web-lb-alb", "web-app-group", "web-db-cluster")}
    assert needs == {
        "web-lb-alb": ["web-app-group"],
        "web-app-group": ["web-db-cluster"],
        "web-db-cluster": None,
    }
    site, compute, database = (
        told[name] for name in ("web-site-site-record", "web-app-group", "web-db-cluster")
    )
    assert "web-lb-alb" in [*site["needs"], *told[f"web-site-{here}-record"]["needs"]]
    assert (compute["desired"], compute["max"], compute["required"]) == (
        group(stack)["desiredCapacity"],
        group(stack)["maxSize"],
        4,
    )
    assert database["instances"] == len(stack.all("ClusterInstance")) == 2
    assert database["group"] == stack.one("aws:rds/cluster:Cluster").inputs["globalClusterIdentifier"]
    assert site["group"] == stack.one("Record", "web-site-site-record").inputs["name"] == SITE
    probe = stack.one("HealthCheck", "web-check-shallow").inputs
    assert site["check"] == {"interval_s": probe["requestInterval"], "threshold": probe["failureThreshold"]}
    check = stack.one("TargetGroup").inputs["healthCheck"]
    assert compute["check"] == {
        "interval_s": check["interval"],
        "threshold": check["unhealthyThreshold"],
        "timeout_s": check["timeout"],
    }


def test_the_joiner_tells_what_the_founder_told(prod: Deployment, dr: Deployment) -> None:
    assert outputs(dr)["recovery_peers"] == [outputs(prod)["recovery"]]
    assert "recovery_peers" not in outputs(prod)


# What a system says for itself, and what is put out.


def test_a_systems_own_strategy_stands_over_the_stacks(prod: Deployment) -> None:
    systems = with_system("dr", "web", strategy="pilot-light", standbyFraction=None)
    theirs = with_system("prod", "web", strategy="pilot-light", standbyFraction=None)
    founder = run("prod", {}, systems=theirs)
    joiner = run("dr", {PEER: outputs(founder)}, systems=systems)
    assert joiner.one("aws:autoscaling/group:Group").inputs["minSize"] == 0
    assert outputs(founder)["systems"]["web"]["agreement"]["strategy"] == "pilot-light"
    assert outputs(prod)["systems"]["web"]["agreement"]["strategy"] == "warm-standby"


@pytest.mark.parametrize(
    ("engine", "version", "client"),
    [
        ("aurora-postgresql", "17.7", "postgresql15"),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.1", "mariadb105"),
    ],
)
def test_servers_have_the_client_of_their_databases_engine(engine: str, version: str, client: str) -> None:
    database = {"engine": engine, "engineVersion": version}
    made = run("prod", {}, systems=with_system("prod", "web", database=database))
    script = base64.b64decode(made.one("LaunchTemplate").inputs["userData"]).decode()
    assert client in script
    assert json.loads(made.one("Parameter", "web-facts").inputs["value"])["engine"] == engine


def test_the_zones_servers_are_put_out(prod: Deployment) -> None:
    made = prod.made[prod.one("aws:route53/zone:Zone").urn]["nameServers"]
    assert outputs(prod)["foundation"]["nameServers"] == made
    assert len(made) >= 2
