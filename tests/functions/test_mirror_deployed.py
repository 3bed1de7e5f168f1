"""The function of a mirrored disk against the sandbox's AWS: whom it takes the disk from, whom it gives it to, where the address leads."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from functions.active_standby import mirror
from tests.functions.pair_deployed import NAMES, Pair
from tests.sandbox.module_aws import module_aws_endpoint, module_boto  # noqa: F401

ADDRESS = "192.168.255.1/32"


class Mirrored(Pair):
    """A pair with two network interfaces and a route table."""

    def _rest(self) -> None:
        super()._rest()
        ec2 = self.ec2 = self.boto("ec2")
        self.interfaces = [
            ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
            for subnet in self.subnets
        ]
        self.routes = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(
            RouteTableId=self.routes, DestinationCidrBlock=ADDRESS, NetworkInterfaceId=self.interfaces[0]
        )

    def fresh(self) -> Mirrored:
        super().fresh()
        told = {
            "interfaces": dict(zip(NAMES, self.interfaces, strict=True)),
            "tables": [self.routes],
            "address": ADDRESS,
        }
        self.environment |= {"MIRROR": json.dumps(told), "DISK": json.dumps({"protocol": "C", "starts": 60})}
        return self

    def write(self, **values: Any) -> None:
        """As an agent does."""
        for name, value in values.items():
            self.table.update_item(
                TableName="lease",
                Key={"pair": {"S": "shop"}},
                UpdateExpression="SET #n = :v",
                ExpressionAttributeNames={"#n": name},
                ExpressionAttributeValues={
                    ":v": {"N": str(value)} if isinstance(value, int) else {"S": value}
                },
            )

    def leads(self) -> str:
        (table,) = self.ec2.describe_route_tables(RouteTableIds=[self.routes])["RouteTables"]
        return next(
            str(r["NetworkInterfaceId"]) for r in table["Routes"] if r.get("DestinationCidrBlock") == ADDRESS
        )


@pytest.fixture(scope="module")
def deployed(boto):
    return Mirrored(boto)


@pytest.fixture
def pair(deployed, in_lambda):
    deployed.fresh()
    for name, value in deployed.environment.items():
        in_lambda(name, value)
    return deployed


@pytest.fixture
def serving(pair):
    pair.watch(30)
    assert pair.serves("pair-a")
    assert pair.lease()["primary"] == pair.instance("pair-a")
    return pair


def test_the_first_one_is_granted_before_it_is_registered(pair):
    pair.watch(30)
    said = [line["what"] for line in pair.lines if line["what"] in ("granted", "register")]
    assert said == ["granted", "register"]
    assert pair.lease()["granted"] == "1"
    assert pair.leads() == pair.interfaces[0]


def test_a_primary_that_is_silent_is_stopped_and_relieved(serving):
    pair, former, began = serving, serving.instance("pair-a"), serving.now
    pair.write(renewed=1)
    pair.ill("pair-a")
    pair.watch(60)
    assert pair.lease()["primary"] == pair.instance("pair-b")
    assert pair.leads() == pair.interfaces[1]
    (released,) = pair.said("grant taken back")
    assert released["instance"] == former
    assert float(re.match(r"silent for (\d+) s", released["why"])[1]) >= mirror.EXPIRY
    assert pair.now > began + mirror.EXPIRY
    assert pair.registered() == {pair.instance("pair-b")}


def test_one_that_renews_keeps_the_disk(serving):
    pair = serving
    for moment in range(0, 34, 2):
        pair.at(pair.now + moment, lambda moment=moment: pair.write(renewed=moment + 1))
    pair.ill("pair-a")
    pair.watch(30)
    assert pair.lease()["member"] == "pair-b"
    assert pair.lease()["primary"] == pair.instance("pair-a")
    assert not pair.said("granted")[1:]
    assert pair.registered() == set(), "neither serves, since the former one may still be primary"


def test_one_that_gives_it_back_is_relieved_at_once(serving):
    pair = serving
    pair.at(pair.now + 9, lambda: pair.write(primary=""))
    pair.invoke({"action": "swap", "to": "pair-b"})
    assert pair.serves("pair-b")
    assert not pair.said("grant taken back")


def test_nobody_takes_over_who_lacks_something(serving):
    pair = serving
    pair.write(sole="pair-a", fence=1)
    answer = pair.invoke({"action": "swap", "to": "pair-b"})
    assert answer["refused"] == "the disk of pair-b isn't up to date"
    pair.ill("pair-a")
    pair.watch(30)
    assert pair.lease()["member"] == "pair-a"
    assert pair.lease()["primary"] == pair.instance("pair-a")
    assert pair.metric("StandbyHealthy")[-1] == 0


def test_a_route_that_somebody_has_changed_is_led_back(serving):
    pair = serving
    pair.ec2.replace_route(
        RouteTableId=pair.routes, DestinationCidrBlock=ADDRESS, NetworkInterfaceId=pair.interfaces[1]
    )
    pair.watch(10)
    assert pair.leads() == pair.interfaces[0]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MIRROR", "[]", r"DISK and MIRROR are .*: allowed are JSON objects"),
        ("MIRROR", "{}", "DISK and MIRROR have no 'interfaces'"),
        ("DISK", "{}", "DISK and MIRROR have no 'starts'"),
        ("DISK", "?", r"DISK is '\?': allowed is a JSON object"),
    ],
)
def test_what_it_is_told_wrongly_is_one_line(pair, in_lambda, name, value, message):
    in_lambda(name, value)
    with pytest.raises(ValueError, match=message):
        pair.invoke({"action": "status"})
