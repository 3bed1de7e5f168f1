"""What each type of resource is paid for, and how many of it there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policies.graph import AUTO_SCALING_GROUP, Graph, Resource, Unknown
from policies.graph.beanstalk import ENVIRONMENT, KIND, option, size

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
FUNCTION = "aws:lambda/function:Function"
LEAST_MEMORY_MB = 128
"""What a function has that says nothing of memory."""
FAST_SECONDS = 10
"""Interval of a health check that is charged as fast."""


@dataclass(frozen=True)
class Quantity:
    """Key of a price, how many of it, and the region when it isn't the resource's own."""

    price: str
    number: float | Unknown = 1
    region: str = ""


Found = Iterator[Quantity]


def quantities(graph: Graph, resource: Resource) -> list[Quantity]:
    """What the resource is paid for; empty for a type that isn't in the table."""
    found = OF.get(resource.type)
    return list(found(graph, resource)) if found else []


def _one(key: str) -> Callable[[Graph, Resource], Found]:
    return lambda _graph, _resource: iter([Quantity(key)])


def _number(resource: Resource, path: str, default: float = 0) -> float | Unknown:
    found = resource.number(path, default)
    return default if found is None else found


def _length(resource: Resource, path: str) -> float | Unknown:
    found = resource.items(path)
    return found if isinstance(found, Unknown) else len(found)


def _times(one: float | Unknown, other: float | Unknown) -> float | Unknown:
    if isinstance(one, Unknown):
        return one
    return other if isinstance(other, Unknown) else one * other


def _group(graph: Graph, group: Resource) -> Found:
    """The instances that run: as many as wanted of the preferred type, each with its volumes."""
    mixed = "mixedInstancesPolicy.launchTemplate"
    path = (
        f"{mixed}.launchTemplateSpecification.launchTemplateId" if group.get(mixed) else "launchTemplate.id"
    )
    least = _number(group, "minSize")
    wanted = group.number("desiredCapacity") if group.get("desiredCapacity") is not None else least
    wanted = least if wanted is None else wanted
    templates = graph.linked(group, path, TEMPLATE)
    kind = group.get(f"{mixed}.overrides.0.instanceType")
    for template in templates[:1]:
        kind = kind or template.get("instanceType")
        yield from _volumes(template, wanted)
    known = isinstance(kind, str)
    yield Quantity(f"ec2.{kind}", wanted if known else Unknown(f"{group.name}'s instance type"))


def _volumes(template: Resource, instances: float | Unknown) -> Found:
    volumes = template.items("blockDeviceMappings")
    for number in range(0 if isinstance(volumes, Unknown) else len(volumes)):
        size = _number(template, f"blockDeviceMappings.{number}.ebs.volumeSize")
        yield Quantity("ebs.gp3", _times(size, instances))


def _nodes(graph: Graph, nodes: Resource) -> Found:
    """The nodes that are wanted, of the preferred type, each with its volumes."""
    wanted = _number(nodes, "scalingConfig.desiredSize")
    for template in graph.linked(nodes, "launchTemplate.id", TEMPLATE)[:1]:
        yield from _volumes(template, wanted)
    kind = nodes.get("instanceTypes.0")
    known = isinstance(kind, str)
    yield Quantity(f"ec2.{kind}", wanted if known else Unknown(f"{nodes.name}'s instance type"))


def _environment(_graph: Graph, environment: Resource) -> Found:
    """The instances that run at least, of the preferred type, and the load balancer. Their volumes are as the platform has them."""
    balancer = option(environment, KIND, "LoadBalancerType")
    if not isinstance(balancer, Unknown) and balancer == "application":
        yield Quantity("lb.application")
    types = option(environment, "aws:ec2:instances", "InstanceTypes")
    known = isinstance(types, str)
    kind = types.split(",")[0] if isinstance(types, str) else types
    wanted = size(environment, "MinSize")
    yield Quantity(f"ec2.{kind}", wanted if known else Unknown(f"{environment.name}'s instance type"))


def _volume(_graph: Graph, volume: Resource) -> Found:
    """One that is declared on its own; of other types than gp3 the table has no price."""
    yield Quantity(f"ebs.{volume.get('type') or 'gp2'}", _number(volume, "size"))


def _cluster(_graph: Graph, cluster: Resource) -> Found:
    """Aurora keeps a cluster's data once, whatever the number of instances; its size is declared."""
    size = cluster.tags.get("dr:data-gib")
    missing = Unknown(f"{cluster.name}'s tag dr:data-gib")
    yield Quantity("aurora.storage", float(size) if isinstance(size, str) else missing)


def _member(_graph: Graph, member: Resource) -> Found:
    yield Quantity(f"rds.{member.get('instanceClass')}")


def _instance(_graph: Graph, instance: Resource) -> Found:
    """An instance outside a cluster: priced by engine, by whose licence it is, and twice with its standby."""
    said = (instance.get(each) for each in ("engine", "licenseModel", "instanceClass"))
    kind = ".".join(["rds", *(each for each in said if isinstance(each, str))])
    yield Quantity(kind, 2 if instance.flag("multiAz") is True else 1)


def _load_balancer(_graph: Graph, balancer: Resource) -> Found:
    kind = balancer.text("loadBalancerType", "application")
    yield Quantity("lb.network" if kind == "network" else "lb.application")
    if balancer.flag("internal") is False:
        yield Quantity("ipv4.address", _length(balancer, "subnets"))


def _endpoint(_graph: Graph, endpoint: Resource) -> Found:
    if endpoint.get("vpcEndpointType") == "Interface":
        yield Quantity("endpoint.interface", _length(endpoint, "subnetIds"))


def _secret(_graph: Graph, secret: Resource) -> Found:
    yield Quantity("secret")
    replicas = secret.rows("replicas")
    if isinstance(replicas, Unknown):
        yield Quantity("secret", replicas)
        return
    for replica in replicas:
        region = replica if isinstance(replica, Unknown) else replica.get("region")
        yield (
            Quantity("secret", region) if isinstance(region, Unknown) else Quantity("secret", 1, str(region))
        )


def _alarm(_graph: Graph, alarm: Resource) -> Found:
    queries = alarm.rows("metricQueries")
    if isinstance(queries, Unknown):
        yield Quantity("alarm.metric", queries)
        return
    metrics = sum(isinstance(query, dict) and "metric" in query for query in queries)
    yield Quantity("alarm.metric", metrics or 1)


def _health_check(_graph: Graph, check: Resource) -> Found:
    kind = str(check.get("type"))
    features = [
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        check.get("requestInterval") == FAST_SECONDS,
        check.flag("measureLatency") is True,
    ]
    yield Quantity("health-check")
    yield Quantity("health-check.feature", sum(features))


def _web_acl(_graph: Graph, acl: Resource) -> Found:
    yield Quantity("web-acl")
    yield Quantity("web-acl.rule", _length(acl, "rules"))


def _warm(graph: Graph, config: Resource) -> Found:
    """Memory of the executions that are kept warm, in GB; who uses them pays for that besides."""
    for function in graph.linked(config, "functionName", FUNCTION):
        kind = function.text("architectures.0", "x86_64")
        memory = function.number("memorySize", LEAST_MEMORY_MB)
        executions = _number(config, "provisionedConcurrentExecutions")
        gigabytes = memory if isinstance(memory, Unknown) else (memory or LEAST_MEMORY_MB) / 1024
        yield Quantity(f"lambda.provisioned.{kind}", _times(gigabytes, executions))


def _search(_graph: Graph, domain: Resource) -> Found:
    """Data nodes with their storage, and masters."""
    cluster, nodes = "clusterConfig.", _number(domain, "clusterConfig.instanceCount", 1)
    yield Quantity(f"opensearch.{domain.get(cluster + 'instanceType')}", nodes)
    if domain.flag(f"{cluster}dedicatedMasterEnabled") is True:
        masters = _number(domain, f"{cluster}dedicatedMasterCount")
        yield Quantity(f"opensearch.{domain.get(cluster + 'dedicatedMasterType')}", masters)
    size = _number(domain, "ebsOptions.volumeSize")
    yield Quantity(f"opensearch.{domain.get('ebsOptions.volumeType')} storage", _times(size, nodes))


def _kafka(_graph: Graph, cluster: Resource) -> Found:
    """Brokers with their storage."""
    brokers, group = _number(cluster, "numberOfBrokerNodes"), "brokerNodeGroupInfo."
    yield Quantity(f"msk.{cluster.get(group + 'instanceType')}", brokers)
    size = _number(cluster, f"{group}storageInfo.ebsStorageInfo.volumeSize")
    yield Quantity("msk.kafka storage", _times(size, brokers))


def _warehouse(_graph: Graph, cluster: Resource) -> Found:
    """Nodes, twice where two zones have them; managed storage is paid by what is in it."""
    nodes = _number(cluster, "numberOfNodes", 1)
    yield Quantity(f"redshift.{cluster.get('nodeType')}", _times(nodes, _zones(cluster)))


def _zones(cluster: Resource) -> float | Unknown:
    two = cluster.flag("multiAz")
    return two if isinstance(two, Unknown) else 2 if two else 1


OF: dict[str, Callable[[Graph, Resource], Found]] = {
    AUTO_SCALING_GROUP: _group,
    "aws:arcregionswitch/plan:Plan": _one("region-switch.plan"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _one("alarm.composite"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:ebs/volume:Volume": _volume,
    "aws:ec2/eip:Eip": _one("ipv4.address"),
    "aws:ec2/natGateway:NatGateway": _one("nat.gateway"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:eks/cluster:Cluster": _one("eks.cluster"),
    "aws:eks/nodeGroup:NodeGroup": _nodes,
    ENVIRONMENT: _environment,
    "aws:kms/key:Key": _one("kms.key"),
    "aws:kms/replicaKey:ReplicaKey": _one("kms.key"),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": _warm,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:msk/cluster:Cluster": _kafka,
    "aws:msk/replicator:Replicator": _one("msk.replicator"),
    "aws:opensearch/domain:Domain": _search,
    "aws:rds/cluster:Cluster": _cluster,
    "aws:rds/clusterInstance:ClusterInstance": _member,
    "aws:rds/instance:Instance": _instance,
    "aws:redshift/cluster:Cluster": _warehouse,
    "aws:route53/healthCheck:HealthCheck": _health_check,
    "aws:route53/zone:Zone": _one("hosted-zone"),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": _one("hosted-zone"),
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:vpclattice/service:Service": _one("lattice.service"),
    "aws:wafv2/webAcl:WebAcl": _web_acl,
}
"""What a type is paid for."""
