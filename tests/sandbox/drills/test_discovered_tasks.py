"""Tasks that clients find themselves lose a zone, and Cloud Map: each call is answered, and the new tasks are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from functions.discovery.balancer import Balancer
from functions.discovery.client import Client
from functions.discovery.instances import Instance, discover
from functions.discovery.known import TTL_SECONDS, Known
from sandbox.aws import server
from sandbox.drills.world import World
from sandbox.provider import Provider
from tests.sandbox.test_servicediscovery_rows import NAMESPACE, SERVICE
from tests.sandbox.test_sns import make

EAST = "us-east-1"
LOST = "us-east-1b"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = tmp_path_factory.mktemp("state")
    yield World(server.start(state))
    assert server.stop(state)


class Shop:
    """A service of six tasks in three zones, and a client of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        provider = Provider(endpoint=world.aws.endpoint, region=EAST, default_tags=None)
        within = make(provider, NAMESPACE, {"name": "shop.internal", "vpc": "vpc-1"})[0]
        dns = {"namespaceId": within, "dnsRecords": [{"type": "A", "ttl": 10}], "routingPolicy": "MULTIVALUE"}
        given = {"name": "orders", "dnsConfig": dns, "healthCheckCustomConfig": {"failureThreshold": 1}}
        arn = make(provider, SERVICE, given)[2]["arn"]
        subnets = world.boto("ec2", EAST).describe_subnets()["Subnets"]
        three = [each["SubnetId"] for each in subnets if each["AvailabilityZone"][-1] in "abc"]
        ecs = world.boto("ecs", EAST)
        ecs.create_cluster(clusterName="shop")
        ecs.register_task_definition(
            family="orders", containerDefinitions=[{"name": "app", "image": "orders", "memory": 512}]
        )
        ecs.create_service(
            cluster="shop",
            serviceName="orders",
            taskDefinition="orders",
            desiredCount=6,
            networkConfiguration={"awsvpcConfiguration": {"subnets": three, "securityGroups": []}},
            serviceRegistries=[{"registryArn": arn}],
        )
        self.lost: set[str] = set()
        """Zones whose tasks don't answer."""
        self.known = Known(self.found, clock=lambda: world.now)
        self.client = Client(self.known, Balancer(clock=lambda: world.now))
        self.failed = 0

    def found(self) -> list[Instance]:
        return discover(self.world.boto("servicediscovery", EAST), "shop.internal", "orders", 8080)

    def zones(self) -> dict[str | None, int]:
        return dict(Counter(each.zone for each in self.found()))

    def ask(self, instance: Instance) -> str:
        if instance.zone in self.lost:
            self.failed += 1
            raise TimeoutError
        return instance.id

    def calls(self, number: int) -> set[Any]:
        """Who answered so many calls, all of which were answered."""
        return {self.client.call(self.ask) for _ in range(number)}


def test_a_zone_is_lost_and_calls_go_on_with_and_without_discovery(world: World) -> None:
    shop = Shop(world)
    world.start(0.5)
    assert shop.zones() == {"us-east-1a": 2, "us-east-1b": 2, "us-east-1c": 2}
    assert shop.calls(200) == {each.id for each in shop.found()}
    world.call("break", zone=LOST)
    shop.lost.add(LOST)
    assert shop.zones()[LOST] == 2, "nobody has found out yet"
    assert len(shop.calls(200)) == 4
    assert 1 <= shop.failed <= 4, "each of the lost ones was asked twice at most"
    world.advance(300)
    assert shop.zones() == {"us-east-1a": 3, "us-east-1c": 3}, "ECS has started others elsewhere"
    failed = shop.failed
    assert len(shop.calls(200)) == 6
    assert shop.failed == failed, "the lost ones are known no more"
    before = {each.id for each in shop.known.instances()}
    world.call("break", region=EAST)
    world.advance(10 * TTL_SECONDS)
    assert shop.calls(200) == before, "Cloud Map doesn't answer, the tasks do"
