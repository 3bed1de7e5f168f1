"""What MSK doesn't take of clusters and replicators.

Sources: https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html,
https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html,
https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-bidirectional-offset-sync.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.protocol import Context, Faults

_BAD = "BadRequestException"
_TWO = 2


def _map(value: Any) -> Mapping[str, Any]:
    """A group of properties; none where it isn't known."""
    return value if isinstance(value, Mapping) else {}


def _maps(info: Any, name: str) -> list[Mapping[str, Any]]:
    found = _map(info).get(name)
    return [_map(each) for each in found] if isinstance(found, list) else []


def cluster(ctx: Context) -> Faults:
    """Refuse brokers that don't fill the subnets evenly, and private connectivity of what can't have it."""
    group, brokers = _map(ctx.inputs.get("brokerNodeGroupInfo")), ctx.inputs.get("numberOfBrokerNodes")
    subnets = group.get("clientSubnets")
    if isinstance(subnets, list) and subnets and isinstance(brokers, int | float) and brokers % len(subnets):
        multiple = f"a multiple of the {len(subnets)} Availability Zones of the client subnets"
        yield "numberOfBrokerNodes", f"{_BAD}: the number of broker nodes must be {multiple}, not {brokers:g}"
    connected = _map(_map(group.get("connectivityInfo")).get("vpcConnectivity"))
    if connected and group.get("instanceType") == "kafka.t3.small":
        yield "brokerNodeGroupInfo", f"{_BAD}: kafka.t3.small has no private connectivity with other VPCs"
    given = ctx.inputs.get("clientAuthentication") or {}
    signed = given.get("sasl") or {} if isinstance(given, Mapping) else None
    asked = _map(_map(connected.get("clientAuthentication")).get("sasl"))
    if not isinstance(signed, Mapping):
        return  # not known yet
    for scheme in [each for each, on in asked.items() if on is True and signed.get(each) is not True]:
        yield (
            "brokerNodeGroupInfo",
            f"{_BAD}: private connectivity asks for {scheme}, which clientAuthentication of the cluster doesn't have",
        )


def replicator(ctx: Context) -> Faults:
    """Refuse other than two clusters, and enhanced positions under other names than the source's."""
    clusters, info = ctx.inputs.get("kafkaClusters"), ctx.inputs.get("replicationInfoList")
    if isinstance(clusters, list) and len(clusters) != _TWO:
        yield "kafkaClusters", f"{_BAD}: a replicator connects two clusters, not {len(clusters)}"
    enhanced = "ENHANCED" in [
        each.get("consumerGroupOffsetSyncMode") for each in _maps(info, "consumerGroupReplications")
    ]
    named = [_map(each.get("topicNameConfiguration")) for each in _maps(info, "topicReplications")]
    if enhanced and named and "IDENTICAL" not in [each.get("type") for each in named]:
        yield (
            "replicationInfoList",
            f"{_BAD}: consumerGroupOffsetSyncMode ENHANCED needs topicNameConfiguration IDENTICAL",
        )


BY_TYPE: Mapping[str, Any] = {
    "aws:msk/cluster:Cluster": cluster,
    "aws:msk/replicator:Replicator": replicator,
}
