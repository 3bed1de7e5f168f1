"""What keeps a request in its zone, and what lets it go on when the zone can't answer."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.zone_affinity.conftest import Stacks, both, said
from tests.policies.recovery.test_program import KEPT, resources
from tests.pulumi_mocks import Deployment, Registered

ZONES = {"prod": ["use1-az1", "use1-az2", "use1-az4"], "dr": ["usw2-az1", "usw2-az2", "usw2-az3"]}
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def named(stack: Deployment, kind: str, name: str) -> Registered:
    return next(each for each in stack.all(kind) if each.name == name)


def told(stack: Deployment, what: str) -> dict[str, Any]:
    return json.loads(named(stack, "Parameter", f"shop-{what}-facts").inputs["value"])


def script(stack: Deployment, tier: str) -> str:
    return base64.b64decode(
        named(stack, "LaunchTemplate", f"shop-{tier}-template").inputs["userData"]
    ).decode()


@pytest.mark.parametrize("stack", ZONES)
def test_clients_stay_in_the_zone_that_they_come_in_by(stack: str, stacks: Stacks) -> None:
    group = named(stacks[stack], "TargetGroup", "shop-lb-tg").inputs
    assert group["loadBalancingCrossZoneEnabled"] == "false"
    assert named(stacks[stack], "Group", "shop-web-group").inputs["minSize"] == {"prod": 6, "dr": 3}[stack]


@pytest.mark.parametrize("stack", ZONES)
def test_the_web_tier_asks_its_own_zones_application(stack: str, stacks: Stacks) -> None:
    found = named(stacks[stack], "LoadBalancer", "shop-in-nlb").inputs
    assert found["loadBalancerType"] == "network"
    assert found["internal"] is True
    assert found["dnsRecordClientRoutingPolicy"] == "availability_zone_affinity"
    assert found["enableCrossZoneLoadBalancing"] is False
    assert found["enableDeletionProtection"] is True
    assert len(found["subnets"]) == len(ZONES[stack])
    group = named(stacks[stack], "TargetGroup", "shop-in-tg").inputs
    # Neither says otherwise than the load balancer, nor keeps a zone without healthy servers in the name.
    assert "loadBalancingCrossZoneEnabled" not in group
    assert group["targetGroupHealth"]["dnsFailover"]["minimumHealthyTargetsCount"] == "1"
    assert (group["protocol"], group["healthCheck"]["protocol"], group["healthCheck"]["path"]) == (
        "TCP",
        "HTTP",
        "/health",
    )
    made = stacks[stack].made[named(stacks[stack], "LoadBalancer", "shop-in-nlb").urn]
    assert told(stacks[stack], "application") == {"host": made["dnsName"], "port": 8080}


@pytest.mark.parametrize("stack", ZONES)
def test_the_application_reads_in_its_zone_and_writes_by_one_endpoint(stack: str, stacks: Stacks) -> None:
    run = stacks[stack]
    found, cluster = told(run, "database"), run.made[named(run, "Cluster", "shop-db-cluster").urn]
    assert found["hosts"] == [cluster["endpoint"], cluster["readerEndpoint"]]
    assert sorted(found["readers"]) == ZONES[stack]
    for zone, host in found["readers"].items():
        own = named(run, "ClusterEndpoint", f"shop-db-reads-{zone}")
        member = named(run, "ClusterInstance", f"shop-db-{zone}")
        assert host == run.made[own.urn]["endpoint"]
        # Of any role: a failover makes another zone's instance the writer.
        assert own.inputs["customEndpointType"] == "ANY"
        assert own.inputs["staticMembers"] == [run.made[member.urn]["identifier"]]
        assert member.inputs["availabilityZone"] == f"zone-{zone}"
    put_out = outputs(run)["systems"]["shop"]
    assert put_out["readEndpoints"] == found["readers"]
    assert put_out["databaseEndpoint"] == found["hosts"][0]


def test_servers_know_their_zone_and_find_nothing_but_their_own_tiers(stacks: Stacks) -> None:
    web, application = script(stacks["prod"], "web"), script(stacks["prod"], "app")
    for text, name, program in ((web, "application", "web.py"), (application, "database", "application.py")):
        assert "placement/availability-zone-id" in text
        assert f"/example/production/shop/{name}'" in text
        assert f"said=\"{name.upper()}='$found'\"\n" in text
        assert "AWS_REGION=$region ZONE=$zone\n" in text
        assert f"ExecStart=/usr/bin/python3 /srv/app/{program}\n" in text
        assert len(text) < 16_384
        assert "@" not in "".join(
            line for line in text.splitlines() if line.startswith(("Environment", "Exec"))
        )
    assert "cat > /srv/app/app.py" in application
    assert "postgresql" in application
    assert "postgresql" not in web
    assert "dnf" not in web


def test_whoever_asks_is_let_in_and_nobody_else(stacks: Stacks) -> None:
    rules = [
        each.name.removeprefix("shop-sg-")
        for each in stacks["prod"].all("SecurityGroupIngressRule")
        if "shop-sg-" in each.name
    ]
    assert sorted(rules) == [
        "app-balancer-from-web",
        "app-from-app-balancer",
        "database-from-app",
        "load-balancer-http-from-0.0.0.0-0",
        "load-balancer-https-from-0.0.0.0-0",
        "web-from-load-balancer",
    ]


def test_alarms_of_the_inner_tier_are_of_its_load_balancer(stacks: Stacks) -> None:
    alarms = {each.name: each.inputs for each in stacks["prod"].all("MetricAlarm")}
    assert alarms["shop-app-hosts"]["namespace"] == "AWS/NetworkELB"
    assert {alarms[f"shop-app-healthy-{zone}"]["namespace"] for zone in ZONES["prod"]} == {"AWS/NetworkELB"}
    assert {alarms[f"shop-web-healthy-{zone}"]["namespace"] for zone in ZONES["prod"]} == {
        "AWS/ApplicationELB"
    }
    assert "shop-app-hosts" in json.dumps(
        named(stacks["prod"], "CompositeAlarm", "shop-health-unhealthy").inputs
    )


def test_a_takeover_starts_both_tiers_and_moves_the_writer(stacks: Stacks) -> None:
    run = stacks["dr"]
    machine = json.dumps(json.loads(named(run, "StateMachine", "shop-takeover-machine").inputs["definition"]))
    for tier in ("web", "app"):
        group = run.made[named(run, "Group", f"shop-{tier}-group").urn]["name"]
        assert f'"AutoScalingGroupName": "{group}", "MinSize": 6, "DesiredCapacity": 6' in machine
    assert "failoverGlobalCluster" in machine


@pytest.mark.parametrize(
    ("strategy", "standing"),
    [
        ("pilot-light", {"shop-web-group": 0, "shop-app-group": 0}),
        ("warm-standby", {"shop-web-group": 3, "shop-app-group": 3}),
        ("active-active", {"shop-web-group": 6, "shop-app-group": 6}),
        ("backup-and-restore", {}),
    ],
)
def test_strategies(strategy: str, standing: dict[str, int]) -> None:
    objectives = {"drTier": 1, "rtoHours": 24, "rpoMinutes": 1440}
    found = both(strategy=strategy, objectives=objectives)
    assert {each.name: each.inputs["minSize"] for each in found["dr"].all("Group")} == standing
    assert len(found["dr"].all("ClusterEndpoint")) == (3 if standing else 0)
    report = judge([r for stack, region in REGIONS.items() for r in resources(found[stack], region)])
    assert {each.verdict for each in report.failures.values()} <= set(KEPT)
    writes = [each.inputs.get("enableGlobalWriteForwarding") for each in found["dr"].all("Cluster")]
    assert writes == ([True] if strategy == "active-active" else [None] * bool(standing))


def test_a_region_that_is_rebuilt_has_its_own_endpoints() -> None:
    point = "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:job-1"
    prod = deployed("prod", said("prod", strategy="backup-and-restore"), {})
    restores = {"restores": [{"name": "flood", "recoveryPoint": point}]}
    dr = deployed("dr", said("dr", strategy="backup-and-restore", database=restores), {PEER: outputs(prod)})
    assert named(dr, "Cluster", "shop-db-flood-cluster").inputs["snapshotIdentifier"] == point
    assert sorted(told(dr, "database")["readers"]) == ZONES["dr"]
    assert named(dr, "Group", "shop-app-group").inputs["minSize"] == 6


def test_both_stacks_say_the_same_of_the_database() -> None:
    prod = deployed("prod", said("prod"), {})
    with pytest.raises(
        Exception, match=r"systems\.shop\.database\.engineVersion: got '16.8', allowed is '17.7'"
    ):
        deployed("dr", said("dr", database={"engineVersion": "16.8"}), {PEER: outputs(prod)})
