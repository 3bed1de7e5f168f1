"""Systems with a mirrored disk of both stacks, as registered."""

from __future__ import annotations

import json
from typing import Any

from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.replicated_disk.conftest import Stacks, said
from tests.pulumi_mocks import Deployment, Registered

ROUTE = "aws:ec2/route:Route"
INTERFACE = "NetworkInterface"
REQUIRED = {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"}


def of(deployment: Deployment, name: str) -> list[Registered]:
    return [r for r in deployment.resources if r.name.startswith(f"{name}-")]


def test_it_is_a_kind_of_its_own_and_stands_where_it_is_active_alone(stacks: Stacks) -> None:
    for stack, type_ in (("prod", True), ("dr", True)):
        assert (stacks[stack].one("holdfast:architectures:ReplicatedDisk", "ledger") is not None) is type_
    assert stacks["dr"].all("aws:autoscaling/group:Group") == []
    assert stacks["dr"].all("aws:ebs/volume:Volume") == []


def test_each_half_is_a_volume_and_an_interface_of_its_zone(stacks: Stacks) -> None:
    prod = stacks["prod"]
    for name, zones in (("ledger", ("use1-az1", "use1-az2")), ("spool", ("use1-az2", "use1-az4"))):
        for zone in zones:
            interface = prod.one(INTERFACE, f"{name}-link-{zone}")
            assert interface.inputs["sourceDestCheck"] is False
            assert interface.ignore_changes == ("attachments",)
            volume = prod.one("aws:ebs/volume:Volume", f"{name}-disk-{zone}")
            assert volume.inputs["encrypted"] is True
            assert volume.protect
            assert set(interface.tags) >= REQUIRED


def test_the_address_is_a_route_in_every_zones_table_that_a_failover_changes(stacks: Stacks) -> None:
    prod = stacks["prod"]
    routes = [r for r in prod.all(ROUTE) if r.name.startswith("ledger-link-to-")]
    assert {r.name for r in routes} == {
        f"ledger-link-to-{zone}" for zone in ("use1-az1", "use1-az2", "use1-az4")
    }
    for route in routes:
        assert route.inputs["destinationCidrBlock"] == "192.168.255.1/32"
        assert route.ignore_changes == ("networkInterfaceId",)


def test_only_the_other_half_reaches_the_mirrors_port(stacks: Stacks) -> None:
    prod = stacks["prod"]
    own = prod.made[prod.one("SecurityGroup", "ledger-link-group").urn]["id"]
    into = [
        r.inputs
        for r in prod.all("SecurityGroupIngressRule")
        if r.inputs.get("fromPort") == 7788 and r.name.startswith("ledger")
    ]
    assert [(r["securityGroupId"], r["referencedSecurityGroupId"], r.get("cidrIpv4")) for r in into] == [
        (own, own, None)
    ]


def test_the_members_are_asked_by_their_agents_and_who_serves_by_what_serves(stacks: Stacks) -> None:
    prod = stacks["prod"]
    members, serving = (prod.one("TargetGroup", f"ledger-{n}-tg").inputs for n in ("test", "lb"))
    assert (members["port"], members["healthCheck"]["path"]) == (7790, "/")
    assert (serving["port"], serving["healthCheck"]["path"]) == (8080, "/health")


def told(stacks: Stacks, name: str) -> dict[str, Any]:
    return dict(stacks["prod"].one("Function", f"{name}-watcher-function").inputs["environment"]["variables"])


def test_the_function_is_told_of_the_disk(stacks: Stacks) -> None:
    prod, found = stacks["prod"], told(stacks, "ledger")
    assert json.loads(found["DISK"]) == {"protocol": "C", "starts": 60}
    assert json.loads(told(stacks, "spool")["DISK"])["protocol"] == "A"
    mirror = json.loads(found["MIRROR"])
    groups = json.loads(found["MEMBERS"])
    ids = [
        prod.made[prod.one(INTERFACE, f"ledger-link-{zone}").urn]["id"] for zone in ("use1-az1", "use1-az2")
    ]
    assert mirror["interfaces"] == dict(zip(groups, ids, strict=True))
    assert len(mirror["tables"]) == 3
    assert mirror["address"] == "192.168.255.1/32"


def test_machines_may_attach_their_own_half_and_write_their_own_lease(stacks: Stacks) -> None:
    prod = stacks["prod"]
    statements = json.loads(prod.one("RolePolicy", "ledger-pair-policy").inputs["policy"])["Statement"]
    by = {str(s["Action"]): s for s in statements}
    attach = by["ec2:AttachNetworkInterface"]
    assert attach["Condition"] == by["ec2:AttachVolume"]["Condition"]
    assert attach["Condition"]["StringEquals"]["aws:ResourceTag/workload"] == "ledger"
    lease = by["['dynamodb:GetItem', 'dynamodb:UpdateItem']"]
    assert lease["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["example-production-ledger"]}
    }
    assert "PutItem" not in json.dumps(statements)


def test_hourly_snapshots_are_copied_to_the_other_region_under_its_key(stacks: Stacks) -> None:
    prod = stacks["prod"]
    (schedule,) = prod.one("LifecyclePolicy", "ledger-disk-hourly").inputs["policyDetails"]["schedules"]
    (copy,) = schedule["crossRegionCopyRules"]
    replica = prod.made[prod.one("ReplicaKey", "base-key-replica").urn]["arn"]
    assert (copy["target"], copy["encrypted"], copy["cmkArn"]) == ("us-west-2", True, replica)
    assert copy["retainRule"] == {"interval": 2, "intervalUnit": "DAYS"}
    assert "fastRestoreRule" not in schedule
    assert [r.name for r in prod.all("LifecyclePolicy")] == ["ledger-disk-hourly"], "the spool's are daily"


def test_nothing_of_it_has_a_role_in_its_name(stacks: Stacks) -> None:
    for deployment in stacks.values():
        for r in (*of(deployment, "ledger"), *of(deployment, "spool")):
            assert not any(word in r.name for word in ("primary", "secondary", "standby")), r.name


RESTORE = {"sizeGb": 50, "restores": [{"name": "after-the-flood", "snapshot": "snap-00000000000000001"}]}


def test_a_restore_is_another_disk_with_a_lease_of_its_own(stacks: Stacks) -> None:
    before, after = stacks["prod"], deployed("prod", said("prod", disk=RESTORE), {})
    volumes = {v.name for v in after.all("aws:ebs/volume:Volume") if v.name.startswith("ledger")}
    assert volumes == {f"ledger-disk{r}-use1-az{n}" for r in ("", "-after-the-flood") for n in (1, 2)}
    changed = after.one("Function", "ledger-watcher-function").inputs["environment"]["variables"]
    assert changed["PAIR"] == told(stacks, "ledger")["PAIR"] + "-after-the-flood"
    assert {r.urn for r in before.resources} <= {r.urn for r in after.resources}


def test_the_other_region_is_rebuilt_from_a_copied_snapshot(stacks: Stacks) -> None:
    peer = {PEER: outputs(stacks["prod"])}
    dr = deployed("dr", said("dr", rebuild=True, disk=RESTORE), peer)
    made = [v for v in dr.all("aws:ebs/volume:Volume") if "flood" in v.name]
    assert {v.inputs["snapshotId"] for v in made} == {"snap-00000000000000001"}
    groups = {g.name: g.inputs for g in dr.all("aws:autoscaling/group:Group")}
    assert {name: g["minSize"] for name, g in groups.items()} == {
        "ledger-pair-usw2-az1": 1,
        "ledger-pair-usw2-az2": 1,
    }
    (schedule,) = dr.one("LifecyclePolicy", "ledger-disk-after-the-flood-hourly").inputs["policyDetails"][
        "schedules"
    ]
    assert schedule["crossRegionCopyRules"][0]["target"] == "us-east-1"
