"""A load balancer between two tiers that keeps each zone's requests in the zone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.edge import TargetArgs, ZonalBalancer, ZonalBalancerArgs
from tests.components.test_network_security_groups import TAGS
from tests.pulumi_mocks import Deployment, deploy

ARGS = ZonalBalancerArgs(
    vpc_id="vpc-1",
    subnet_ids={"use1-az2": "subnet-2", "use1-az1": "subnet-1"},
    security_group_id="sg-1",
    target=TargetArgs(port=9000, health_path="/up"),
    tags=TAGS,
)


def balancer(name: str = "shop-in", **changes: Any) -> Deployment:
    return deploy(lambda: ZonalBalancer(name, replace(ARGS, **changes)))


def test_a_name_that_keeps_clients_in_their_zone_and_addresses_that_keep_theirs() -> None:
    made = balancer()
    found = made.one("LoadBalancer").inputs
    assert (found["loadBalancerType"], found["internal"]) == ("network", True)
    assert found["dnsRecordClientRoutingPolicy"] == "availability_zone_affinity"
    assert (found["enableCrossZoneLoadBalancing"], found["enableZonalShift"]) == (False, True)
    assert (found["subnets"], found["securityGroups"]) == (["subnet-1", "subnet-2"], ["sg-1"])
    assert found["enableDeletionProtection"] is True
    listener, group = made.one("Listener").inputs, made.one("TargetGroup").inputs
    assert (listener["port"], listener["protocol"]) == (9000, "TCP")
    assert (group["port"], group["protocol"], group["targetType"]) == (9000, "TCP", "instance")
    assert group["healthCheck"] | {"path": "/up", "protocol": "HTTP", "interval": 10} == group["healthCheck"]
    # Cookies and slow start are of requests, and AWS refuses them here.
    assert not {"stickiness", "slowStart", "loadBalancingCrossZoneEnabled"} & set(group)
    children = [each for each in made.resources if each.type.startswith("aws:")]
    assert {each.parent for each in children} == {made.one("ZonalBalancer").urn}
    assert {each.tags["Name"] for each in children} == {each.name for each in children}


def test_who_gets_its_name_waits_until_somebody_listens() -> None:
    seen: list[Any] = []

    def program() -> None:
        made = ZonalBalancer("shop-in", ARGS)
        made.dns_name.apply(seen.append)
        assert made.target_check == {"interval_s": 10, "threshold": 2, "timeout_s": 5}
        assert made.recovery_fact["kind"] == "load-balancer"
        assert made.recovery_fact["name"] == "shop-in-nlb"

    deploy(program)
    assert seen == ["shop-in-nlb-1.us-east-1.elb.amazonaws.com"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subnet_ids": {"use1-az1": "subnet-1"}}, r"subnet_ids: got \['use1-az1'\], allowed is 2 or more"),
        ({"target": TargetArgs(interval=4)}, r"target.interval: got 4, allowed is 5 to 300"),
    ],
)
def test_what_can_not_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        balancer(**changes)


def test_a_name_that_aws_would_cut_is_refused() -> None:
    with pytest.raises(ArgumentError, match="name: got 'a-name-of-21-letters-x', allowed is 20"):
        balancer(name="a-name-of-21-letters-x")
