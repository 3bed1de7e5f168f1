"""Security groups from functions through a proxy to a database."""

from __future__ import annotations

import pytest

from components.checks import ArgumentError
from components.network import ProxyGroups, ProxyGroupsArgs
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy


def made(port: int = 3306) -> Deployment:
    args = ProxyGroupsArgs(vpc_id="vpc-1", tags=TAGS, port=port)
    return deploy(lambda: ProxyGroups("shop-sg", args) and None)


def test_each_connection_is_a_pair_of_rules_and_nothing_is_open_inwards() -> None:
    found = made()
    ids = {found.made[r.urn]["id"]: r.name.removeprefix("shop-sg-") for r in found.all("SecurityGroup")}
    assert sorted(ids.values()) == ["database", "functions", "proxy"]

    def rules(kind: str) -> set[tuple[str, str, int]]:
        return {
            (
                ids[r.inputs["securityGroupId"]],
                ids.get(r.inputs.get("referencedSecurityGroupId"), r.inputs.get("cidrIpv4")),
                int(r.inputs["fromPort"]),
            )
            for r in found.all(kind)
            if r.inputs["fromPort"] == r.inputs["toPort"]
        }

    assert rules("SecurityGroupIngressRule") == {("proxy", "functions", 3306), ("database", "proxy", 3306)}
    assert rules("SecurityGroupEgressRule") == {
        ("functions", "0.0.0.0/0", 443),
        ("functions", "proxy", 3306),
        ("proxy", "database", 3306),
    }


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_that_can_not_be_stops_before_anything_is_registered(port: int) -> None:
    with pytest.raises(ArgumentError, match=f"port: got {port}, allowed is 1 to 65535"):
        made(port)
