"""What resources cost a month: by hand, and what is not known is said instead of guessed."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from policies.cost import Cost, Prices, cost
from policies.cost.estimate import Item
from policies.cost.free import FREE, USED, is_free
from policies.cost.quantities import OF
from policies.graph import UNKNOWN, Resource
from sandbox.provider.schema import resource_class

GROUP, TEMPLATE = "aws:autoscaling/group:Group", "aws:ec2/launchTemplate:LaunchTemplate"


def res(token: str, name: str = "it", region: str = "us-east-1", **props: Any) -> Resource:
    urn = f"urn:pulumi:prod::shop::{token}::{name}"
    return Resource(type=token, name=name, urn=urn, props=props, provider={"region": region})


def fleet(**more: Any) -> list[Resource]:
    template = Resource(
        type=TEMPLATE,
        name="template",
        urn=f"urn:pulumi:prod::shop::{TEMPLATE}::template",
        props={"instanceType": "m7g.large", "blockDeviceMappings": [{"ebs": {"volumeSize": 20}}]},
        id="lt-1",
        provider={"region": "us-east-1"},
    )
    given = {"minSize": 3, "desiredCapacity": 6, "launchTemplate": {"id": "lt-1"}, **more}
    return [template, res(GROUP, "group", **given)]


def by_price(found: Cost) -> dict[str, float]:
    return {item.price: round(item.monthly, 2) for item in found.items}


BROKERS = res(
    "aws:msk/cluster:Cluster",
    numberOfBrokerNodes=3,
    brokerNodeGroupInfo={
        "instanceType": "kafka.m7g.large",
        "storageInfo": {"ebsStorageInfo": {"volumeSize": 100}},
    },
)
DOMAIN = res(
    "aws:opensearch/domain:Domain",
    clusterConfig={
        "instanceType": "r6g.large.search",
        "instanceCount": 3,
        "dedicatedMasterEnabled": True,
        "dedicatedMasterType": "m6g.large.search",
        "dedicatedMasterCount": 3,
    },
    ebsOptions={"volumeType": "gp3", "volumeSize": 100},
)


def test_a_fleet_costs_its_instances_and_their_volumes() -> None:
    assert by_price(cost(fleet())) == {
        "ec2.m7g.large": 357.41,
        "ebs.gp3": 9.6,
    }  # 6 x 0.0816 x 730, 120 x 0.08
    assert sum(by_price(cost(fleet(desiredCapacity=0))).values()) == 0
    preferred = {"overrides": [{"instanceType": "c7g.large"}, {"instanceType": "m7g.large"}]}
    mixed = {"launchTemplate": {"launchTemplateSpecification": {"launchTemplateId": "lt-1"}, **preferred}}
    assert by_price(cost(fleet(launchTemplate=None, mixedInstancesPolicy=mixed)))["ec2.c7g.large"] == 317.55


def test_nodes_of_a_cluster_cost_what_their_instances_do() -> None:
    [template, _] = fleet()
    given = {"scalingConfig": {"desiredSize": 6}, "instanceTypes": ["m7g.large", "c7g.large"]}
    nodes = res("aws:eks/nodeGroup:NodeGroup", "nodes", launchTemplate={"id": "lt-1"}, **given)
    assert by_price(cost([template, nodes])) == {"ec2.m7g.large": 357.41, "ebs.gp3": 9.6}
    unknown = res("aws:eks/nodeGroup:NodeGroup", scalingConfig={"desiredSize": 6}, instanceTypes=UNKNOWN)
    assert cost([unknown]).unpriced == ("it: it's instance type isn't known yet",)


def test_what_is_kept_warm_costs_its_memory() -> None:
    function = Resource(
        type="aws:lambda/function:Function",
        name="items",
        urn="urn:pulumi:prod::shop::aws:lambda/function:Function::items",
        props={"architectures": ["arm64"], "memorySize": 1024},
        id="items",
        provider={"region": "us-east-1"},
    )
    config = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
    warm = res(config, functionName="items", provisionedConcurrentExecutions=10)
    assert by_price(cost([function, warm])) == {
        "lambda.provisioned.arm64": 87.6
    }  # 10 x 1 GB x 0.0000033334 x 2,628,000 s
    intel = dataclasses.replace(function, props={"memorySize": 512})
    assert by_price(cost([intel, warm])) == {"lambda.provisioned.x86_64": 54.75}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (res("aws:eks/cluster:Cluster"), {"eks.cluster": 73}),
        (res("aws:ec2/natGateway:NatGateway"), {"nat.gateway": 32.85}),
        (res("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Interface", subnetIds=["a", "b"]), {"endpoint.interface": 14.6}),
        (res("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Gateway"), {}),
        (res("aws:lb/loadBalancer:LoadBalancer", internal=True, subnets=["a", "b"]), {"lb.application": 16.43}),
        (
            res("aws:lb/loadBalancer:LoadBalancer", loadBalancerType="network", internal=True, subnets=["a", "b"]),
            {"lb.network": 16.43},
        ),
        (res("aws:lb/loadBalancer:LoadBalancer", subnets=["a", "b"]), {"lb.application": 16.43, "ipv4.address": 7.3}),
        (res("aws:rds/cluster:Cluster", tags={"dr:data-gib": "100"}), {"aurora.storage": 10}),
        (res("aws:rds/clusterInstance:ClusterInstance", instanceClass="db.r6g.large"), {"rds.db.r6g.large": 189.8}),
        (res("aws:cloudwatch/metricAlarm:MetricAlarm"), {"alarm.metric": 0.1}),
        (res("aws:cloudwatch/metricAlarm:MetricAlarm", metricQueries=[{"id": "r"}, {"id": "a", "metric": {}}, {"id": "b", "metric": {}}]), {"alarm.metric": 0.2}),
        (res("aws:route53/healthCheck:HealthCheck", type="HTTPS_STR_MATCH", requestInterval=10), {"health-check": 0.5, "health-check.feature": 3}),
        (res("aws:route53/healthCheck:HealthCheck", type="CALCULATED"), {"health-check": 0.5, "health-check.feature": 0}),
        (res("aws:wafv2/webAcl:WebAcl", rules=[{}, {}, {}]), {"web-acl": 5, "web-acl.rule": 3}),
        (res("aws:redshift/cluster:Cluster", nodeType="ra3.xlplus", numberOfNodes=2, multiAz=True), {"redshift.ra3.xlplus": 3171.12}),
        (res("aws:redshift/cluster:Cluster", nodeType="ra3.xlplus"), {"redshift.ra3.xlplus": 792.78}),
        (res("aws:iam/role:Role"), {}),
        (res("aws:ebs/volume:Volume", type="gp3", size=50), {"ebs.gp3": 4}),
    ],
)  # fmt: skip
def test_what_a_resource_costs_a_month(resource: Resource, expected: dict[str, float]) -> None:
    found = cost([resource])
    assert by_price(found) == {k: v for k, v in expected.items() if v} | {
        k: 0 for k, v in expected.items() if not v
    }
    assert found.unpriced == ()


def test_a_replica_of_a_secret_is_paid_for_where_it_is() -> None:
    found = cost([res("aws:secretsmanager/secret:Secret", replicas=[{"region": "us-west-2"}])])
    assert (found.of("us-east-1"), found.of("us-west-2"), found.of("eu-west-1")) == (0.4, 0.4, 0)


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (
            res("aws:rds/clusterInstance:ClusterInstance", instanceClass="db.x9.huge"),
            "it: no price of db.x9.huge",
        ),
        (res("aws:ec2/natGateway:NatGateway", region="eu-west-1"), "it: no prices of eu-west-1"),
        (res("aws:ec2/natGateway:NatGateway", region=""), "it: no prices of a region that is not told"),
        (res("aws:rds/cluster:Cluster"), "it: it's tag dr:data-gib isn't known yet"),
        (res("aws:wafv2/webAcl:WebAcl", rules=UNKNOWN), "it: it.rules isn't known yet"),
        (res("aws:mq/broker:Broker"), "it: aws:mq/broker:Broker is not in the table"),
        (BROKERS, "it: no price of kafka.m7g.large"),
        (BROKERS, "it: no price of kafka storage"),
        (res("aws:msk/replicator:Replicator"), "it: no price of replicator"),
        (DOMAIN, "it: no price of r6g.large.search"),
        (DOMAIN, "it: no price of m6g.large.search"),
        (DOMAIN, "it: no price of gp3 storage"),
        (res("aws:redshift/cluster:Cluster", nodeType="dc2.large"), "it: no price of dc2.large"),
        (
            res("aws:redshift/cluster:Cluster", nodeType="ra3.large", multiAz=UNKNOWN),
            "it: it.multiAz isn't known yet",
        ),
    ],
)
def test_what_has_no_price_is_named(resource: Resource, said: str) -> None:
    assert said in cost([resource]).unpriced


def test_what_is_paid_by_use_is_named_once_and_not_counted() -> None:
    found = cost([res("aws:s3/bucket:Bucket", "a"), res("aws:s3/bucket:Bucket", "b")])
    assert (found.by_use, found.items, found.unpriced) == (("aws:s3/bucket:Bucket",), (), ())


def test_tables_name_types_that_there_are_each_once() -> None:
    for token in {*OF, *FREE, *USED}:
        assert resource_class(token)
    assert not {*OF} & {*FREE, *USED}
    assert not FREE & USED
    assert not [token for token in (*OF, *USED) if is_free(token)]


def test_every_price_has_a_page_and_a_grade() -> None:
    table = Prices.table()
    assert table.date == "2026-11"
    for key, price in table.of.items():
        assert price.usd > 0, key
        assert price.source.startswith("https://aws.amazon.com/"), key
        assert price.grade in "BCD", key


def test_what_a_region_costs_is_the_same_whatever_came_first() -> None:
    monthly = [0.1, 0.2, 0.3, 1e9, 242.5]
    items = [Item(BROKERS, "us-east-1", "ebs.gp3", 1, each) for each in monthly]
    sums = {Cost(tuple(order), (), ()).of("us-east-1") for order in itertools.permutations(items)}
    assert len(sums) == 1
    assert len({sum(order) for order in itertools.permutations(monthly)}) > 1, "a plain sum would differ"
