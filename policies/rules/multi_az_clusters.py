"""Search domains, streams and brokers keep their quorum through the loss of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.graph import Resource
from policies.graph.kafka import server_properties
from policies.graph.zones import spans

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import (
    BROKERS,
    SEARCH_DOMAIN,
)

_ZONES = 3
"""Zones that a quorum needs to survive the loss of one."""
_UNCLEAN = "unclean.leader.election.enable"
_TIERED = "TIERED"
"""Whose clusters have another default: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html"""
_RESTORES = "dr:restores-from"
_STANDBY_FAMILIES = ("c5", "c6g", "c7g", "i3", "m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "r7gd")
_STANDBY_VOLUMES, _STANDBY_FROM = ("gp3", "io1"), (1, 3)
"""https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html"""


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
    # AWS restores no snapshot to a domain with standby: one that another region's are restored to has none.
    if not cluster.flag("multiAzWithStandbyEnabled") and resource.tags.get(_RESTORES) is None:
        yield Finding("multiAzWithStandbyEnabled is not true.", advice=True)


@rule("opensearch-standby-limits", SEARCH_DOMAIN)
def opensearch_standby_limits(resource: Resource, _context: Context) -> Iterator[Finding]:
    """What AWS refuses of a domain with standby, after a quarter of an hour of `up`."""
    cluster = resource.known.view("clusterConfig")
    if not cluster.flag("multiAzWithStandbyEnabled"):
        return
    for key in ("instanceType", "dedicatedMasterType"):
        given = cluster.text(key)
        if given and given.partition(".")[0] not in _STANDBY_FAMILIES:
            yield Finding(f"{key} is {given}, which standby doesn't take.")
    volume = resource.known.text("ebsOptions.volumeType")
    if volume and volume not in _STANDBY_VOLUMES:
        yield Finding(f"ebsOptions.volumeType is {volume}, which standby doesn't take.")
    if resource.known.text("autoTuneOptions.desiredState") == "DISABLED":
        yield Finding("Auto-Tune is disabled, which standby asks for.")
    engine = re.fullmatch(r"OpenSearch_(\d{1,9})\.(\d{1,9})", resource.known.text("engineVersion"))
    if engine and (int(engine[1]), int(engine[2])) < _STANDBY_FROM:
        yield Finding("its OpenSearch is older than 1.3, which has no standby.")


@rule("msk-cluster-multi-az", BROKERS, scope=Scope.GRAPH)
def msk_cluster_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Brokers are spread evenly over the client subnets."""
    subnets = resource.known.view("brokerNodeGroupInfo").entries("clientSubnets")
    if not spans(context.graph, resource, "brokerNodeGroupInfo", subnets, need=_ZONES, apart=True):
        yield Finding("its client subnets are in less than three zones.")
    brokers = resource.known.number("numberOfBrokerNodes")
    if subnets and brokers % len(subnets):
        yield Finding(
            f"numberOfBrokerNodes is {brokers:g}, no multiple of its {len(subnets)} client subnets."
        )


@rule("msk-configuration-min-insync-replicas", "aws:msk/configuration:Configuration", BROKERS)
def msk_configuration_min_insync_replicas(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Reads the properties file. MSK's own defaults are right for three zones, but for the election of leaders that lag."""
    if resource.type == BROKERS:
        if not resource.known.has("configurationInfo") and resource.known.text("storageMode") != _TIERED:
            yield Finding(f"it has no configuration, and {_UNCLEAN} is true in MSK's own.")
        return
    said = server_properties(resource.known.text("serverProperties"))
    for name, least in (("min.insync.replicas", 2), ("default.replication.factor", 3)):
        found = said.get(name, "")
        if found.isdecimal() and int(found) < least:
            yield Finding(f"{name} is {found}, less than {least}.")
    if said.get(_UNCLEAN, "true").lower() != "false":
        yield Finding(f"{_UNCLEAN} is not false, and true is MSK's default without tiered storage.")


@rule("mq-broker-multi-az", "aws:mq/broker:Broker")
def mq_broker_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The default is a single instance."""
    mode = resource.known.text("deploymentMode", "SINGLE_INSTANCE")
    if not mode.endswith("_MULTI_AZ"):
        yield Finding(f"deploymentMode is {mode}.")
