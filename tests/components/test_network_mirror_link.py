"""What two machines mirror a disk over: what it refuses, and that each interface stands in its own zone's subnet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.network import MirrorLink, MirrorLinkArgs
from tests.components.test_compute_tier import TAGS
from tests.pulumi_mocks import Deployment, deploy

ARGS = MirrorLinkArgs(
    vpc_id="vpc-1",
    cidr="10.10.0.0/16",
    peer_cidr="10.20.0.0/16",
    subnet_ids={"use1-az2": "subnet-2", "use1-az1": "subnet-1"},
    route_table_ids={"use1-az1": "rtb-1", "use1-az2": "rtb-2", "use1-az4": "rtb-4"},
    address="192.168.255.1",
    port=8080,
    mirror_port=7788,
    probe_port=7790,
    load_balancer_id="sg-lb",
    machine_id="sg-server",
    tags=TAGS,
)


def run(**changes: Any) -> Deployment:
    return deploy(lambda: MirrorLink("ledger-link", replace(ARGS, **changes)) and None)


def test_the_first_zone_that_is_named_has_the_address_first() -> None:
    made = run()
    first = made.made[made.one("NetworkInterface", "ledger-link-use1-az2").urn]["id"]
    routes = made.all("aws:ec2/route:Route")
    assert {(r.inputs["routeTableId"], r.inputs["networkInterfaceId"]) for r in routes} == {
        (table, first) for table in ("rtb-1", "rtb-2", "rtb-4")
    }
    for zone, subnet in ARGS.subnet_ids.items():
        interface = made.one("NetworkInterface", f"ledger-link-{zone}")
        assert interface.inputs["subnetId"] == subnet
        assert interface.parent == made.one("MirrorLink", "ledger-link").urn


def test_each_way_in_has_its_way_out() -> None:
    made = run()
    rules = [r.inputs for r in made.resources if "SecurityGroup" in r.type and r.type.endswith("Rule")]
    by = {
        (r["securityGroupId"], r.get("referencedSecurityGroupId") or r.get("cidrIpv4"), r["fromPort"])
        for r in rules
    }
    own = made.made[made.one("SecurityGroup", "ledger-link-group").urn]["id"]
    assert by == {
        (own, own, 7788),
        (own, "10.10.0.0/16", 8080),
        ("sg-lb", "sg-server", 7790),
        ("sg-server", "sg-lb", 7790),
        ("sg-server", "0.0.0.0/0", 80),
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subnet_ids": {"use1-az1": "subnet-1"}}, r"subnet_ids: got \['use1-az1'\], allowed is 2 zones"),
        (
            {"address": "10.10.0.9"},
            r"address: got '10.10.0.9', allowed is an IPv4 address outside of 10.10.0.0/16 and",
        ),
        ({"address": "10.20.0.9"}, r"address: got '10.20.0.9', allowed is an IPv4 address outside"),
        ({"address": "224.0.0.1"}, r"address: got '224.0.0.1', allowed is an IPv4 address outside"),
        ({"address": "here"}, r"address: got 'here', allowed is an IPv4 address outside"),
        ({"port": 7788}, r"port: got 7788, allowed is another than 7788 and 7790"),
    ],
)
def test_what_it_refuses(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=rf"^{message}"):
        run(**changes)
