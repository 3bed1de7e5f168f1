"""Search domains, streams and brokers keep their quorum through the loss of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.graph import Resource
from policies.graph.zones import spans

from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .tokens import (
    BROKERS,
    SEARCH_DOMAIN,
)

_LOCATIONS = "REL10-BP01 Deploy the workload to multiple locations"
_ZONES = 3
"""Zones that a quorum needs to survive the loss of one."""


@rule(
    "opensearch-domain-multi-az",
    SEARCH_DOMAIN,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="A search domain keeps its quorum through a zone's loss only with three zones and three dedicated masters; standby adds capacity.",
    remedy="Set three zones, three dedicated masters, data nodes in multiples of three, and multi_az_with_standby_enabled.",
    page="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html",
    pillar=_LOCATIONS,
    principles=("R10",),
    control="Opensearch.6, Opensearch.11",
)
def opensearch_domain_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Zones, masters, data nodes; missing standby is advice."""
    cluster = resource.known.view("clusterConfig")
    zones = cluster.view("zoneAwarenessConfig").number("availabilityZoneCount", 2)
    if not cluster.flag("zoneAwarenessEnabled") or zones < _ZONES:
        yield Finding("its nodes are not spread over three zones.")
    if not cluster.flag("dedicatedMasterEnabled") or cluster.number("dedicatedMasterCount") < _ZONES:
        yield Finding("it has no three dedicated masters.")
    nodes = cluster.number("instanceCount", 1)
    if nodes < _ZONES or nodes % _ZONES:
        yield Finding(f"instanceCount is {nodes:g}, no multiple of three.")
    if not cluster.flag("multiAzWithStandbyEnabled"):
        yield Finding("multiAzWithStandbyEnabled is not true.", advice=True)


@rule(
    "msk-cluster-multi-az",
    BROKERS,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="Kafka keeps accepting writes through a zone's loss only with brokers over three zones.",
    remedy="Give client_subnets in three zones and brokers in a multiple of three.",
    page="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
    pillar=_LOCATIONS,
    principles=("R11",),
)
def msk_cluster_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Brokers are spread evenly over the client subnets."""
    subnets = resource.known.view("brokerNodeGroupInfo").entries("clientSubnets")
    if not spans(context.graph, resource, "brokerNodeGroupInfo", subnets, need=_ZONES, apart=True):
        yield Finding("its client subnets are in less than three zones.")


@rule(
    "msk-configuration-min-insync-replicas",
    "aws:msk/configuration:Configuration",
    severity=Severity.HIGH,
    tiers=ALL,
    why="With min.insync.replicas below 2 an acknowledged message can be lost with one broker.",
    remedy="Set min.insync.replicas=2 and default.replication.factor=3 in server_properties.",
    page="https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html",
    pillar=_LOCATIONS,
    principles=("R11",),
)
def msk_configuration_min_insync_replicas(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Reads the properties file. What it doesn't name has MSK's own default, which is right for three zones."""
    text = resource.known.text("serverProperties")
    for name, least in (("min.insync.replicas", 2), ("default.replication.factor", 3)):
        found = re.search(rf"^\s*{re.escape(name)}\s*[=:]\s*(\d{{1,9}})\s*$", text, re.MULTILINE)
        if found and int(found[1]) < least:
            yield Finding(f"{name} is {found[1]}, less than {least}.")


@rule(
    "mq-broker-multi-az",
    "aws:mq/broker:Broker",
    severity=Severity.MEDIUM,
    tiers=ALL,
    why="A single-instance broker stops with its instance, and its messages with it.",
    remedy='Set deployment_mode to "ACTIVE_STANDBY_MULTI_AZ" (ActiveMQ) or "CLUSTER_MULTI_AZ" (RabbitMQ).',
    page="https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-broker-architecture.html",
    pillar=_LOCATIONS,
    control="MQ.5, MQ.6",
    finding="Single-instance broker",
)
def mq_broker_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The default is a single instance."""
    mode = resource.known.text("deploymentMode", "SINGLE_INSTANCE")
    if not mode.endswith("_MULTI_AZ"):
        yield Finding(f"deploymentMode is {mode}.")
