"""Pairs of both stacks, as registered."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.architectures.active_standby.conftest import Stacks, both, said
from tests.architectures.conftest import PEER, deployed, outputs
from tests.pulumi_mocks import Deployment, Registered

GROUP, TARGETS = "aws:autoscaling/group:Group", "aws:lb/targetGroup:TargetGroup"
EAST, WEST = "us-east-1", "us-west-2"
REQUIRED = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"}


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest, stacks: Stacks) -> Deployment:
    return stacks[request.param]


@pytest.fixture
def prod(stacks: Stacks) -> Deployment:
    return stacks["prod"]


def of(deployment: Deployment, name: str) -> list[Registered]:
    return [r for r in deployment.resources if r.name.startswith(f"{name}-")]


def arn(deployment: Deployment, type_: str, name: str) -> Any:
    return deployment.made[deployment.one(type_, name).urn]["arn"]


# What serves.


def test_exactly_two_instances_in_two_zones(prod: Deployment) -> None:
    groups = {g.name: g.inputs for g in prod.all(GROUP) if g.name.startswith("desk-")}
    assert set(groups) == {"desk-pair-use1-az1", "desk-pair-use1-az2"}
    assert sum(group["maxSize"] for group in groups.values()) == 2
    subnets = {
        zone: prod.made[prod.one("Subnet", f"base-net-private-{zone}").urn]["id"]
        for zone in ("use1-az1", "use1-az2")
    }
    for zone, subnet in subnets.items():
        assert groups[f"desk-pair-{zone}"]["vpcZoneIdentifiers"] == [subnet]


def test_nothing_of_the_program_registers_with_the_group_that_serves(prod: Deployment) -> None:
    serving, members = arn(prod, TARGETS, "desk-lb-tg"), arn(prod, TARGETS, "desk-test-tg")
    assert all(
        g.inputs["targetGroupArns"] == [members] for g in prod.all(GROUP) if g.name.startswith("desk-")
    )
    kinds = {r.type for r in prod.resources if "ttachment" in r.type and serving in str(r.inputs)}
    assert kinds == set()
    (action,) = prod.one("Listener", "desk-lb-https").inputs["defaultActions"]
    assert action["targetGroupArn"] == serving
    (action,) = prod.one("Listener", "desk-test-https").inputs["defaultActions"]
    assert action["targetGroupArn"] == members


def test_both_groups_are_checked_alike_and_as_often_as_aws_allows(stack: Deployment) -> None:
    for group in (stack.one(TARGETS, "desk-lb-tg"), stack.one(TARGETS, "desk-test-tg")):
        check = group.inputs["healthCheck"]
        found = [
            check[key] for key in ("interval", "timeout", "healthyThreshold", "unhealthyThreshold", "path")
        ]
        assert found == [5, 2, 2, 2, "/health"]
        assert group.inputs["deregistrationDelay"] == 5
        assert (group.inputs["port"], group.inputs["slowStart"]) == (8080, 0)


def told(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.one("Function", "desk-watcher-function").inputs["environment"]["variables"])


def test_the_watcher_is_told_of_this_pair(prod: Deployment) -> None:
    found = told(prod)
    assert found["SERVING_TARGET_GROUP"] == arn(prod, TARGETS, "desk-lb-tg")
    assert found["MEMBERS_TARGET_GROUP"] == arn(prod, TARGETS, "desk-test-tg")
    names = [prod.made[prod.one(GROUP, f"desk-pair-{z}").urn]["name"] for z in ("use1-az1", "use1-az2")]
    assert json.loads(found["MEMBERS"]) == names
    assert found["LEASE_TABLE"] == prod.made[prod.one("Table", "desk-lease-table").urn]["name"]
    assert found["TOPIC"] == arn(prod, "Topic", "base-alerts-topic")
    assert found["PAIR"] == "example-production-desk"
    drained = prod.one(TARGETS, "desk-lb-tg").inputs["deregistrationDelay"]
    assert json.loads(found["TIMING"])["drain"] == drained


def test_the_first_zone_serves_first() -> None:
    turned = deployed("prod", said("prod", zones=["use1-az4", "use1-az1"]), {})
    first = turned.made[turned.one(GROUP, "desk-pair-use1-az4").urn]["name"]
    assert json.loads(told(turned)["MEMBERS"])[0] == first


WATCH = {
    "pollSeconds": ("poll", 3),
    "unhealthyPolls": ("unhealthyPolls", 4),
    "healthyPolls": ("healthyPolls", 5),
    "coolDownSeconds": ("coolDown", 700),
    "drainSeconds": ("drain", 60),
}
"""Key, what the function calls it, and another value than the default."""


def test_each_key_of_the_watch_reaches_the_function() -> None:
    changed = deployed("prod", said("prod", watch={key: value for key, (_, value) in WATCH.items()}), {})
    timing = json.loads(told(changed)["TIMING"])
    assert {name: timing[name] for name, _ in WATCH.values()} == dict(WATCH.values())
    for name in ("desk-lb-tg", "desk-test-tg"):
        assert changed.one(TARGETS, name).inputs["deregistrationDelay"] == 60


def test_the_lease_is_kept_well(stack: Deployment) -> None:
    table = stack.one("Table", "desk-lease-table")
    assert table.protect
    assert table.inputs["deletionProtectionEnabled"] is True
    assert table.inputs["pointInTimeRecovery"]["enabled"] is True
    assert table.inputs["serverSideEncryption"]["enabled"] is True
    assert (table.inputs["billingMode"], table.inputs["hashKey"]) == ("PAY_PER_REQUEST", "pair")
    assert table.inputs["attributes"] == [{"name": "pair", "type": "S"}]
    assert "replicas" not in table.inputs  # each region's pair has its own


def test_the_test_listener_is_for_the_vpc_unless_settings_say_others(prod: Deployment) -> None:
    rules = [r.inputs for r in of(prod, "desk-test") if r.type.endswith("SecurityGroupIngressRule")]
    assert [(rule["cidrIpv4"], rule["fromPort"]) for rule in rules] == [("10.10.0.0/16", 8443)]
    office = deployed("prod", said("prod", testFrom=["192.0.2.0/24"]), {})
    rules = [r.inputs for r in of(office, "desk-test") if r.type.endswith("SecurityGroupIngressRule")]
    assert [rule["cidrIpv4"] for rule in rules] == ["192.0.2.0/24"]


def test_no_zone_is_taken_from_a_load_balancer_with_one_server(stack: Deployment) -> None:
    assert stack.one("LoadBalancer", "desk-lb-alb").inputs["enableZonalShift"] is False
    assert [r for r in stack.resources if "ZonalAutoshift" in r.type] == []


def test_route_53_looks_at_the_endpoints_and_not_at_a_group_that_is_empty_while_one_takes_over(
    stack: Deployment,
) -> None:
    region = outputs(stack)["foundation"]["region"]
    record = stack.one("Record", f"desk-site-{region}-record").inputs
    assert record["aliases"][0]["evaluateTargetHealth"] is False
    assert record["healthCheckId"] == "desk-check-all-id"
    assert stack.one("Record", "desk-site-site-record").inputs["aliases"][0]["evaluateTargetHealth"] is True


def test_the_paths_of_the_software_are_asked_for() -> None:
    server = {"port": 9000, "healthPath": "/alive", "deepHealthPath": "/works"}
    found = deployed("prod", said("prod", server=server), {})
    paths = {
        r.inputs["resourcePath"]
        for r in found.all("HealthCheck")
        if r.name.startswith("desk-check-") and "resourcePath" in r.inputs
    }
    assert paths == {"/alive", "/works"}
    for name in ("desk-lb-tg", "desk-test-tg"):
        group = found.one(TARGETS, name).inputs
        assert (group["port"], group["healthCheck"]["path"]) == (9000, "/alive")
    rule = found.one("SecurityGroupIngressRule", "desk-sg-server-from-load-balancer").inputs
    assert (rule["fromPort"], rule["toPort"]) == (9000, 9000)
    script = base64.b64decode(found.one("LaunchTemplate", "desk-pair-template").inputs["userData"]).decode()
    assert "PORT=9000" in script


def test_slow_software_has_the_time_to_start(prod: Deployment) -> None:
    graces = {g.name: g.inputs["healthCheckGracePeriod"] for g in prod.all(GROUP)}
    assert graces["desk-pair-use1-az1"] == 310  # five minutes, and two checks
    assert graces["ledger-pair-use1-az1"] == 430


def test_a_script_of_ones_own_is_what_runs() -> None:
    found = deployed("prod", said("prod", server={"userData": "#!/bin/sh\necho mine\n"}), {})
    template = found.one("LaunchTemplate", "desk-pair-template").inputs
    assert base64.b64decode(template["userData"]).decode() == "#!/bin/sh\necho mine\n"


# Disks.


def test_each_zone_of_the_pair_has_a_disk_which_whoever_runs_there_attaches(prod: Deployment) -> None:
    volumes = {v.name: v for v in prod.all("aws:ebs/volume:Volume")}
    assert set(volumes) == {"ledger-disk-use1-az1", "ledger-disk-use1-az2"}
    template = prod.one("LaunchTemplate", "ledger-pair-template").inputs
    script = base64.b64decode(template["userData"]).decode()
    for zone in ("use1-az1", "use1-az2"):
        assert f"{zone}) disk={prod.made[volumes[f'ledger-disk-{zone}'].urn]['id']} ;;" in script
    assert "visitor" in script  # the sample server starts once the disk is there
    statements = json.loads(prod.one("RolePolicy", "ledger-pair-policy").inputs["policy"])["Statement"]
    (attaching,) = [s for s in statements if s["Action"] == "ec2:AttachVolume"]
    assert {prod.made[v.urn]["arn"] for v in volumes.values()} <= set(attaching["Resource"])
    assert prod.one("LifecyclePolicy", "ledger-disk-hourly")


def test_a_pair_without_disks_has_none(prod: Deployment) -> None:
    assert list(of(prod, "desk-disk")) == []
    assert [r for r in of(prod, "desk-pair") if r.type.endswith("RolePolicy")] == []


def test_a_restore_stands_beside_what_was_there_and_is_what_is_attached() -> None:
    restores = [{"name": "after-the-flood", "snapshot": "snap-00000000000000001"}]
    found = deployed("prod", said("prod", "ledger", disk={"sizeGb": 50, "restores": restores}), {})
    volumes = {v.name: v for v in found.all("aws:ebs/volume:Volume")}
    assert len(volumes) == 4
    script = base64.b64decode(found.one("LaunchTemplate", "ledger-pair-template").inputs["userData"]).decode()
    for name, volume in volumes.items():
        restored = name.startswith("ledger-disk-after-the-flood-")
        assert volume.inputs.get("snapshotId") == ("snap-00000000000000001" if restored else None)
        assert (found.made[volume.urn]["id"] + " ;;" in script) is restored
    assert set(outputs(found)["systems"]["ledger"]["disks"]) == {"original", "after-the-flood"}


# The other region.


def sizes(deployment: Deployment, name: str = "desk") -> list[tuple[int, int]]:
    found = sorted((g.name, g.inputs) for g in deployment.all(GROUP) if g.name.startswith(f"{name}-"))
    return [(inputs["minSize"], inputs["desiredCapacity"]) for _, inputs in found]


ON, OFF = (1, 1), (0, 0)
STANDBY: list[tuple[str, dict[str, Any], list[tuple[int, int]]]] = [
    ("backup-and-restore", {}, []),
    ("pilot-light", {}, [OFF, OFF]),
    ("warm-standby", {}, [ON, OFF]),
    ("warm-standby", {"standbyFraction": 1}, [ON, ON]),
]


@pytest.mark.parametrize(("strategy", "more", "running"), STANDBY)
def test_what_stands_ready_in_the_other_region(
    strategy: str, more: dict[str, Any], running: list[tuple[int, int]]
) -> None:
    found = both(strategy=strategy, **more)
    assert sizes(found["prod"]) == [ON, ON]
    assert sizes(found["dr"]) == running
    there = bool(running)
    assert bool([r for r in found["dr"].all("LoadBalancer") if r.name == "desk-lb-alb"]) is there
    assert bool(of(found["dr"], "desk-watcher")) is there
    site = found["dr"].one("Record", "desk-site-site-record").inputs
    assert site["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    sorry = outputs(found["prod"])["systems"]["desk"]["sorryName"]
    own = f"{WEST}.desk.holdfast.example"
    assert site["aliases"][0]["name"] == (own if there else sorry)


def test_the_other_region_is_built_when_it_is_asked_for() -> None:
    prod = deployed("prod", said("prod", strategy="backup-and-restore"), {})
    told = {PEER: outputs(prod)}
    built = deployed("dr", said("dr", strategy="backup-and-restore", rebuild=True), told)
    assert sizes(built) == [ON, ON]
    site = built.one("Record", "desk-site-site-record").inputs
    assert site["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert site["aliases"][0]["name"] == f"{WEST}.desk.holdfast.example"


def test_a_takeover_starts_both_and_may_touch_these_alone(stacks: Stacks) -> None:
    dr = stacks["dr"]
    machine = dr.one("StateMachine", "desk-takeover-machine")
    branches = json.loads(machine.inputs["definition"])["States"]["Move"]["Branches"]
    started = {
        name: state["Parameters"]
        for branch in branches
        for name, state in branch["States"].items()
        if name.startswith("StartServers")
    }
    names = {z: dr.made[dr.one(GROUP, f"desk-pair-{z}").urn]["name"] for z in ("usw2-az1", "usw2-az2")}
    assert started == {
        f"StartServers-{zone}": {"AutoScalingGroupName": name, "MinSize": 1, "DesiredCapacity": 1}
        for zone, name in names.items()
    }
    statements = json.loads(dr.one("RolePolicy", "desk-takeover-role-policy").inputs["policy"])["Statement"]
    may = [s["Resource"] for s in statements if s["Action"] == "autoscaling:UpdateAutoScalingGroup"]
    assert may == [dr.made[dr.one(GROUP, f"desk-pair-{zone}").urn]["arn"] for zone in names]
    assert dr.one("Record", "desk-site-site-record").inputs["healthCheckId"] == "desk-switch-may-serve-id"


def test_by_health_checks_alone_nothing_is_deployed_to_move_it() -> None:
    found = both(switch={"by": "none"})
    for stack in found.values():
        assert list(stack.all("StateMachine")) == []
        assert list(of(stack, "desk-switch")) == []
    assert found["prod"].one("Record", "desk-site-site-record").inputs["healthCheckId"] == "desk-check-all-id"


def test_swapped_roles_keep_every_name_and_what_keeps_data(stacks: Stacks) -> None:
    swapped: dict[str, Deployment] = {}
    for name in ("prod", "dr"):
        config = said(name)
        config["holdfast:recovery"] = {**config["holdfast:recovery"], "activeRegion": WEST}
        del config["holdfast:systems"]["ledger"]  # what has disks is rebuilt, not moved
        swapped[name] = deployed(name, config, {PEER: outputs(swapped["prod"])} if swapped else {})
    assert (sizes(swapped["prod"]), sizes(swapped["dr"])) == ([OFF, OFF], [ON, ON])
    for name, after in swapped.items():
        before = {r.urn: r for r in stacks[name].resources if not r.name.startswith("ledger")}
        watched = {r.urn for r in after.resources} ^ set(before)
        assert {urn.rsplit("::", 1)[-1] for urn in watched} <= {
            "desk-watcher-serving",
            "desk-watcher-spare",
            "base-backup-test-ebs",
        }
        table = after.one("Table", "desk-lease-table")
        assert table.inputs == before[table.urn].inputs


# What it puts out, and tells.


def test_parts_are_what_aws_calls_them(prod: Deployment) -> None:
    told = outputs(prod)["systems"]["desk"]
    assert told["kind"] == "active-standby"
    assert told["site"] == "https://desk.holdfast.example"
    assert told["testListener"] == f"https://{told['loadBalancer']}:8443"
    assert told["parts"]["serving"] == arn(prod, TARGETS, "desk-lb-tg")
    assert told["parts"]["members"] == arn(prod, TARGETS, "desk-test-tg")
    assert told["parts"]["firstGroup"] == prod.made[prod.one(GROUP, "desk-pair-use1-az1").urn]["name"]
    assert told["takeover"] == arn(prod, "StateMachine", "desk-takeover-machine")
    assert "disks" not in told


def test_every_taggable_resource_has_every_required_tag(stack: Deployment) -> None:
    mine = [r for r in stack.taggable() if r.name.startswith(("desk-", "ledger-"))]
    assert len(mine) > 10
    for resource in mine:
        assert set(resource.tags) >= REQUIRED, resource.urn
        assert resource.tags["workload"] == resource.name.split("-")[0]


def test_what_keeps_state_is_protected(stack: Deployment) -> None:
    kinds = ("aws:dynamodb/table:Table", "aws:ebs/volume:Volume", "aws:s3/bucket:Bucket")
    kept = [r for r in stack.resources if r.type in kinds]
    assert len(kept) >= 2
    assert [r.urn for r in kept if not r.protect] == []


def test_roles_appear_in_no_name_and_no_output(stack: Deployment) -> None:
    for word in ("primary", "secondary"):
        assert [r.urn for r in stack.resources if word in r.urn.split("::")[-1].lower()] == []
    names = [r.urn.split("::")[-1] for r in stack.resources if not r.type.endswith("MetricAlarm")]
    assert [name for name in names if "standby" in name] == []


def test_a_preview_works_with_every_output_unknown(stacks: Stacks) -> None:
    for name, peers in (("prod", {}), ("dr", {PEER: outputs(stacks["prod"])})):
        seen = deployed(name, said(name), peers, preview=True)
        assert {r.urn for r in seen.resources} == {r.urn for r in stacks[name].resources}


def test_every_component_registers_its_outputs(stack: Deployment) -> None:
    components = {r.urn for r in stack.resources if r.type.startswith("holdfast:")}
    assert components <= set(stack.outputs)
    roots = {
        (r.type.rsplit(":", 1)[-1], r.name) for r in stack.resources if "pulumi:pulumi:Stack" in r.parent
    }
    assert roots == {("Foundation", "base"), ("ActiveStandby", "desk"), ("ActiveStandby", "ledger")}
