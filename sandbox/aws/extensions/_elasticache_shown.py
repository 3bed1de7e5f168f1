"""A replication group and its nodes, as ElastiCache describes them."""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions._elasticache_store import Document, Group

PORT = 6379
NODE = "0001"
SLOTS = 16_384


def _host(group: Group, kind: str) -> Document:
    short = "".join(part[0] for part in group.region.split("-")[:-1]) + group.region[-1]
    host = f"{kind}.{group.id}.moto.{short}.cache.amazonaws.com"
    return {"Address": host, "Port": int(group.said.get("Port") or PORT)}


def nodes(group: Group, shard: int) -> list[Document]:
    """The nodes of a shard, spread over the zones."""
    part = f"-{shard:04}" if group.sharded else ""
    writes = group.primaries.get(shard, 0) % (group.replicas + 1)
    found = []
    for place in range(group.replicas + 1):
        node: Document = {
            "CacheClusterId": f"{group.id}{part}-{place + 1:03}",
            "CacheNodeId": NODE,
            "PreferredAvailabilityZone": group.zones[(shard - 1 + place) % len(group.zones)],
        }
        if not group.sharded:
            node["CurrentRole"] = "primary" if place == writes else "replica"
            node["ReadEndpoint"] = _host(group, node["CacheClusterId"])
        found.append(node)
    return found


def _shard(group: Group, shard: int) -> Document:
    found: Document = {
        "NodeGroupId": f"{shard:04}",
        "Status": "available",
        "NodeGroupMembers": nodes(group, shard),
    }
    if not group.sharded:
        found |= {"PrimaryEndpoint": _host(group, "master"), "ReaderEndpoint": _host(group, "replica")}
    else:
        first, last = (SLOTS * end // group.shards for end in (shard - 1, shard))
        found["Slots"] = f"{first}-{last - 1}"
    return found


def shown(group: Group) -> Document:
    """A `ReplicationGroup`."""
    said, kept = group.said, int(group.said.get("SnapshotRetentionLimit") or 0)
    shards = [_shard(group, shard) for shard in range(1, group.shards + 1)]
    members = [node["CacheClusterId"] for shard in shards for node in shard["NodeGroupMembers"]]
    found: Document = {
        "ReplicationGroupId": group.id,
        "Description": said["ReplicationGroupDescription"],
        "GlobalReplicationGroupInfo": {},
        "Status": "available",
        "MemberClusters": members,
        "NodeGroups": shards,
        "SnapshottingClusterId": members[-1] if kept else None,
        "AutomaticFailover": "enabled" if group.automatic_failover else "disabled",
        "MultiAZ": "enabled" if group.multi_az else "disabled",
        "SnapshotRetentionLimit": kept,
        "SnapshotWindow": said.get("SnapshotWindow") or "05:00-06:00",
        "ClusterEnabled": group.sharded,
        "ClusterMode": "enabled" if group.sharded else "disabled",
        "CacheNodeType": group.node_type,
        "AuthTokenEnabled": bool(said.get("AuthToken")),
        "TransitEncryptionEnabled": group.tls,
        "TransitEncryptionMode": (said.get("TransitEncryptionMode") or "required") if group.tls else None,
        "AtRestEncryptionEnabled": group.encrypted,
        "KmsKeyId": said.get("KmsKeyId"),
        "ARN": group.arn,
        "UserGroupIds": list(said.get("UserGroupIds") or ()),
        "LogDeliveryConfigurations": [],
        "DataTiering": "enabled" if said.get("DataTieringEnabled") else "disabled",
        "AutoMinorVersionUpgrade": bool(said.get("AutoMinorVersionUpgrade", True)),
        "NetworkType": said.get("NetworkType") or "ipv4",
        "IpDiscovery": said.get("IpDiscovery") or "ipv4",
        "Engine": group.engine,
        "Durability": said.get("Durability"),
    }
    if group.datastore:
        found["GlobalReplicationGroupInfo"] = {
            "GlobalReplicationGroupId": group.datastore,
            "GlobalReplicationGroupMemberRole": group.role,
        }
    if group.sharded:
        found["ConfigurationEndpoint"] = _host(group, "clustercfg")
    return {key: value for key, value in found.items() if value is not None}


def shown_clusters(group: Group) -> list[Document]:
    """Each node as a `CacheCluster`, which tells what the group doesn't."""
    said: dict[str, Any] = group.said
    topic = said.get("NotificationTopicArn")
    return [
        {
            "CacheClusterId": node["CacheClusterId"],
            "ReplicationGroupId": group.id,
            "CacheClusterStatus": "available",
            "CacheNodeType": group.node_type,
            "Engine": group.engine,
            "EngineVersion": group.full_version,
            "NumCacheNodes": 1,
            "PreferredAvailabilityZone": node["PreferredAvailabilityZone"],
            "PreferredMaintenanceWindow": said.get("PreferredMaintenanceWindow") or "sun:05:00-sun:06:00",
            "CacheSubnetGroupName": said.get("CacheSubnetGroupName"),
            "CacheParameterGroup": {
                "CacheParameterGroupName": group.parameters,
                "ParameterApplyStatus": "in-sync",
            },
            "SecurityGroups": [
                {"SecurityGroupId": each, "Status": "active"} for each in said.get("SecurityGroupIds") or ()
            ],
            "NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"} if topic else None,
            "TransitEncryptionEnabled": group.tls,
            "AtRestEncryptionEnabled": group.encrypted,
            "ARN": f"arn:aws:elasticache:{group.region}:{group.account}:cluster:{node['CacheClusterId']}",
        }
        for shard in range(1, group.shards + 1)
        for node in nodes(group, shard)
    ]
