from __future__ import annotations

from dataclasses import replace

import pytest

from components.network import StoreGroup, StoreGroupArgs
from tests.components.test_switch_region import TAGS
from tests.pulumi_mocks import Deployment, deploy

ARGS = StoreGroupArgs(tags=TAGS, vpc_id="vpc-1", port=5432)


def run(args: StoreGroupArgs = ARGS) -> Deployment:
    return deploy(lambda: StoreGroup("orders-sg", args) and None)


def test_the_clients_group_reaches_the_stores_and_nobody_else_does() -> None:
    made = run()
    stores, clients = (
        made.made[made.one("SecurityGroup", f"orders-sg-{each}").urn]["id"] for each in ("stores", "clients")
    )
    [into], [out] = made.all("SecurityGroupIngressRule"), made.all("SecurityGroupEgressRule")
    for rule, own, other in ((into, stores, clients), (out, clients, stores)):
        assert rule.inputs["securityGroupId"] == own
        assert rule.inputs["referencedSecurityGroupId"] == other
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
            "tcp",
            5432,
            5432,
        )
    aws = [r for r in made.resources if r.type.startswith("aws:")]
    assert len(aws) == 4
    assert {r.parent for r in aws} == {made.one("holdfast:network:StoreGroup").urn}
    assert all(r.tags["environment"] for r in aws)


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_that_can_not_be_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match=f"port: got {port}, allowed is 1 to 65535"):
        run(replace(ARGS, port=port))
