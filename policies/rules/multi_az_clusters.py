"""Search domains, streams and brokers keep their quorum through the loss of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.graph import Resource
from policies.graph.zones import spans

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import (
    BROKERS,
    SEARCH_DOMAIN,
)

_ZONES = 3
"""Zones that a quorum needs to survive the loss of one."""


@rule("opensearch-domain-multi-az", SEARCH_DOMAIN)
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


@rule("msk-cluster-multi-az", BROKERS, scope=Scope.GRAPH)
def msk_cluster_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Brokers are spread evenly over the client subnets."""
    subnets = resource.known.view("brokerNodeGroupInfo").entries("clientSubnets")
    if not spans(context.graph, resource, "brokerNodeGroupInfo", subnets, need=_ZONES, apart=True):
        yield Finding("its client subnets are in less than three zones.")


@rule("msk-configuration-min-insync-replicas", "aws:msk/configuration:Configuration")
def msk_configuration_min_insync_replicas(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Reads the properties file. What it doesn't name has MSK's own default, which is right for three zones."""
    text = resource.known.text("serverProperties")
    for name, least in (("min.insync.replicas", 2), ("default.replication.factor", 3)):
        found = re.search(rf"^\s*{re.escape(name)}\s*[=:]\s*(\d{{1,9}})\s*$", text, re.MULTILINE)
        if found and int(found[1]) < least:
            yield Finding(f"{name} is {found[1]}, less than {least}.")


@rule("mq-broker-multi-az", "aws:mq/broker:Broker")
def mq_broker_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The default is a single instance."""
    mode = resource.known.text("deploymentMode", "SINGLE_INSTANCE")
    if not mode.endswith("_MULTI_AZ"):
        yield Finding(f"deploymentMode is {mode}.")
