from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R, subnets

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
MEMBER = "aws:rds/clusterInstance:ClusterInstance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
EFS = "aws:efs/fileSystem:FileSystem"
EAST = {"region": "us-east-1"}
MOUNT = "aws:efs/mountTarget:MountTarget"
SEARCH = "aws:opensearch/domain:Domain"
KAFKA = "aws:msk/cluster:Cluster"
KAFKA_CONFIG = "aws:msk/configuration:Configuration"


def member(name: str, **props: object) -> R:
    return R(MEMBER, name, {"clusterIdentifier": NOT_KNOWN, **props}, {"clusterIdentifier": ["it"]})


def search(**changes: object) -> R:
    cluster = {
        "zoneAwarenessEnabled": True,
        "zoneAwarenessConfig": {"availabilityZoneCount": 3},
        "dedicatedMasterEnabled": True,
        "dedicatedMasterCount": 3,
        "instanceCount": 6,
        "multiAzWithStandbyEnabled": True,
    }
    return R(SEARCH, props={"clusterConfig": {**cluster, **changes}})


def limited(**props: object) -> R:
    return R(SEARCH, props={**search().props, **props})


def restored(**changes: object) -> R:
    return R(SEARCH, props={**search(**changes).props, "tags": {"dr:restores-from": "us-east-1"}})


CLEAN = ("unclean.leader.election.enable=false",)


def kafka(*zones: str, known: bool = True, brokers: object = 3) -> list[R]:
    nets = subnets(*zones)
    info = {"clientSubnets": [NOT_KNOWN for _ in nets]}
    refs = {"brokerNodeGroupInfo": [net.name for net in nets]} if known else {}
    return [R(KAFKA, props={"brokerNodeGroupInfo": info, "numberOfBrokerNodes": brokers}, refs=refs), *nets]


def kafka_config(*lines: str) -> list[R]:
    return [R(KAFKA_CONFIG, props={"serverProperties": "\n".join(lines)})]


CASES = [
    Case(
        rule="rds-instance-multi-az",
        bad=[R(INSTANCE, props={"multiAz": False})],
        good=[R(INSTANCE, props={"multiAz": True})],
        unsure=[R(INSTANCE, props={"multiAz": NOT_KNOWN})],
    ),
    Case(
        rule="rds-instance-multi-az",
        note="replica",
        bad=[R(INSTANCE)],
        good=[R(INSTANCE, props={"replicateSourceDb": NOT_KNOWN})],
        unsure=[R(INSTANCE, props={"replicateSourceDb": NOT_KNOWN, "multiAz": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="rds-cluster-multi-az",
        bad=[R(CLUSTER), member("one")],
        good=[R(CLUSTER), member("one"), member("two", availabilityZone=NOT_KNOWN)],
        unsure=[
            R(CLUSTER),
            member("one", availabilityZone=NOT_KNOWN),
            member("two", availabilityZone="us-east-1a"),
        ],
        then="good",
    ),
    Case(
        rule="rds-cluster-multi-az",
        note="same-zone",
        bad=[R(CLUSTER), *(member(n, availabilityZone="us-east-1a") for n in ("one", "two"))],
        good=[R(CLUSTER, props={"dbClusterInstanceClass": "db.r6gd.large"})],
        unsure=[R(CLUSTER), member("one", availabilityZone=NOT_KNOWN)],
        then="bad",
    ),
    Case(
        rule="rds-cluster-multi-az",
        note="by-name",
        bad=[
            R(CLUSTER, props={"clusterIdentifier": "shop"}),
            R(MEMBER, "one", {"clusterIdentifier": "shop"}),
        ],
        good=[
            R(CLUSTER, props={"clusterIdentifier": "shop"}),
            *(R(MEMBER, n, {"clusterIdentifier": "shop"}) for n in ("one", "two")),
        ],
        unsure=[R(CLUSTER, props={"clusterIdentifier": NOT_KNOWN}), member("one"), member("two")],
        then="good",
    ),
    Case(
        rule="rds-cluster-multi-az",
        note="headless",
        bad=[R(CLUSTER, props={"globalClusterIdentifier": "shop"})],
        good=[
            R("aws:docdb/cluster:Cluster"),
            *(
                R(
                    "aws:docdb/clusterInstance:ClusterInstance",
                    n,
                    {"clusterIdentifier": NOT_KNOWN},
                    {"clusterIdentifier": ["it"]},
                )
                for n in ("one", "two")
            ),
        ],
        unsure=[R(CLUSTER, props={"globalClusterIdentifier": NOT_KNOWN}), member("one"), member("two")],
        then="good",
        level="advisory",
    ),
    Case(
        rule="elasticache-replication-group-multi-az",
        bad=[
            R(CACHE, props={"automaticFailoverEnabled": True, "multiAzEnabled": True, "numCacheClusters": 1})
        ],
        good=[
            R(CACHE, props={"automaticFailoverEnabled": True, "multiAzEnabled": True, "numCacheClusters": 3})
        ],
        unsure=[
            R(
                CACHE,
                props={"automaticFailoverEnabled": True, "multiAzEnabled": NOT_KNOWN, "numCacheClusters": 3},
            )
        ],
    ),
    Case(
        rule="elasticache-replication-group-multi-az",
        note="sharded",
        bad=[
            R(
                CACHE,
                props={"automaticFailoverEnabled": True, "multiAzEnabled": False, "replicasPerNodeGroup": 1},
            )
        ],
        good=[
            R(
                CACHE,
                props={"automaticFailoverEnabled": True, "multiAzEnabled": True, "replicasPerNodeGroup": 1},
            )
        ],
        unsure=[
            R(
                CACHE,
                props={
                    "automaticFailoverEnabled": True,
                    "multiAzEnabled": True,
                    "replicasPerNodeGroup": NOT_KNOWN,
                },
            )
        ],
    ),
    Case(
        rule="elasticache-replication-group-multi-az",
        note="memcached",
        bad=[R("aws:elasticache/cluster:Cluster", props={"azMode": "single-az"})],
        good=[R("aws:elasticache/cluster:Cluster", props={"azMode": "cross-az"})],
        unsure=[R("aws:elasticache/cluster:Cluster", props={"azMode": NOT_KNOWN})],
    ),
    Case(
        rule="efs-file-system-multi-az",
        bad=[R(EFS), R(MOUNT, "one", {"fileSystemId": NOT_KNOWN}, {"fileSystemId": ["it"]})],
        good=[
            R(EFS),
            *(
                R(
                    MOUNT,
                    n,
                    {"fileSystemId": NOT_KNOWN},
                    {"fileSystemId": ["it"], "subnetId": [f"subnet-{i}"]},
                )
                for i, n in enumerate(("one", "two"))
            ),
            *subnets("use1-az1", "use1-az2"),
        ],
        unsure=[
            R(EFS),
            *(
                R(MOUNT, n, {"fileSystemId": NOT_KNOWN, "subnetId": NOT_KNOWN}, {"fileSystemId": ["it"]})
                for n in ("one", "two")
            ),
        ],
        then="good",
    ),
    Case(
        rule="efs-file-system-multi-az",
        note="a peer that another region's stack mounts",
        bad=[R(EFS, props={"region": "us-west-2"})],
        good=[
            R(EFS, props={"region": "us-west-2"}, provider=EAST),
            R(EFS, "own", provider=EAST),
            *(
                R(
                    MOUNT,
                    n,
                    {"fileSystemId": NOT_KNOWN},
                    {"fileSystemId": ["own"], "subnetId": [f"subnet-{i}"]},
                    provider=EAST,
                )
                for i, n in enumerate(("one", "two"))
            ),
            *subnets("use1-az1", "use1-az2"),
        ],
        unsure=[
            R(EFS, props={"region": "us-east-1"}, provider=EAST),
            R(MOUNT, "one", {"fileSystemId": NOT_KNOWN}, {"fileSystemId": ["own"]}, provider=EAST),
            R(EFS, "own", provider=EAST),
        ],
        then="bad",
        alone=True,
    ),
    Case(
        rule="efs-file-system-regional",
        bad=[R(EFS, props={"availabilityZoneName": "us-east-1a"})],
        good=[R(EFS)],
        unsure=[R(EFS, props={"availabilityZoneName": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule="opensearch-domain-multi-az",
        bad=[search(zoneAwarenessConfig={"availabilityZoneCount": 2})],
        good=[search()],
        unsure=[search(instanceCount=NOT_KNOWN)],
    ),
    Case(
        rule="opensearch-domain-multi-az",
        note="masters",
        bad=[search(dedicatedMasterCount=2)],
        good=[search()],
        unsure=[R(SEARCH, props={"clusterConfig": NOT_KNOWN})],
    ),
    Case(
        rule="opensearch-domain-multi-az",
        note="nodes",
        bad=[search(instanceCount=4)],
        good=[search()],
        unsure=[search(dedicatedMasterEnabled=NOT_KNOWN)],
    ),
    Case(
        rule="opensearch-domain-multi-az",
        note="standby",
        bad=[search(multiAzWithStandbyEnabled=False)],
        good=[search()],
        unsure=[search(multiAzWithStandbyEnabled=NOT_KNOWN)],
        level="advisory",
    ),
    Case(
        rule="opensearch-domain-multi-az",
        note="one that snapshots are restored to",
        bad=[search(multiAzWithStandbyEnabled=False)],
        good=[restored(multiAzWithStandbyEnabled=False)],
        unsure=[search(multiAzWithStandbyEnabled=NOT_KNOWN)],
        level="advisory",
    ),
    Case(
        rule="opensearch-standby-limits",
        bad=[search(instanceType="t3.small.search")],
        good=[search(instanceType="r6g.large.search", dedicatedMasterType="m6g.large.search")],
        unsure=[search(instanceType=NOT_KNOWN)],
    ),
    Case(
        rule="opensearch-standby-limits",
        note="masters",
        bad=[search(dedicatedMasterType="or1.large.search")],
        good=[search(dedicatedMasterType="or1.large.search", multiAzWithStandbyEnabled=False)],
        unsure=[search(dedicatedMasterType=NOT_KNOWN)],
    ),
    Case(
        rule="opensearch-standby-limits",
        note="storage",
        bad=[limited(ebsOptions={"volumeType": "gp2"})],
        good=[limited(ebsOptions={"volumeType": "gp3"})],
        unsure=[limited(ebsOptions={"volumeType": NOT_KNOWN})],
    ),
    Case(
        rule="opensearch-standby-limits",
        note="Auto-Tune",
        bad=[limited(autoTuneOptions={"desiredState": "DISABLED"})],
        good=[limited(autoTuneOptions={"desiredState": "ENABLED"})],
        unsure=[limited(autoTuneOptions={"desiredState": NOT_KNOWN})],
    ),
    Case(
        rule="opensearch-standby-limits",
        note="version",
        bad=[limited(engineVersion="OpenSearch_1.2")],
        good=[limited(engineVersion="OpenSearch_1.3")],
        unsure=[limited(engineVersion=NOT_KNOWN)],
    ),
    Case(
        rule="msk-cluster-multi-az",
        bad=kafka("use1-az1", "use1-az2"),
        good=kafka("use1-az1", "use1-az2", "use1-az4"),
        unsure=[R(KAFKA, props={"brokerNodeGroupInfo": {"clientSubnets": NOT_KNOWN}})],
    ),
    Case(
        rule="msk-cluster-multi-az",
        note="one-subnet-a-zone",
        bad=[R(KAFKA, props={"brokerNodeGroupInfo": {"clientSubnets": ["a", "b"]}})],
        good=[R(KAFKA, props={"brokerNodeGroupInfo": {"clientSubnets": ["a", "b", "c"]}})],
        unsure=kafka("use1-az1", "use1-az2", "use1-az4", known=False),
        then="good",
    ),
    Case(
        rule="msk-cluster-multi-az",
        note="brokers",
        bad=kafka("use1-az1", "use1-az2", "use1-az4", brokers=4),
        good=kafka("use1-az1", "use1-az2", "use1-az4", brokers=6),
        unsure=kafka("use1-az1", "use1-az2", "use1-az4", brokers=NOT_KNOWN),
    ),
    *(
        Case(
            rule="msk-configuration-min-insync-replicas",
            note=note,
            bad=kafka_config(*bad),
            good=kafka_config(*CLEAN, "min.insync.replicas=2", "default.replication.factor:3"),
            unsure=[R(KAFKA_CONFIG, props={"serverProperties": NOT_KNOWN})],
        )
        for note, bad in (
            ("", (*CLEAN, "auto.create.topics.enable=false", " min.insync.replicas = 1")),
            ("factor", (*CLEAN, "default.replication.factor=2")),
            ("unclean", ("unclean.leader.election.enable=true", "min.insync.replicas=2")),
            ("unclean-by-default", ("# unclean.leader.election.enable=false", "min.insync.replicas=2")),
            ("unclean-in-the-end", (*CLEAN, "unclean.leader.election.enable = TRUE")),
        )
    ),
    Case(
        rule="msk-configuration-min-insync-replicas",
        note="cluster",
        bad=[R(KAFKA)],
        good=[
            R(KAFKA, props={"configurationInfo": {"arn": "c", "revision": 1}}),
            R(KAFKA, "tiered", props={"storageMode": "TIERED"}),
        ],
        unsure=[R(KAFKA, props={"storageMode": NOT_KNOWN})],
    ),
    Case(
        rule="mq-broker-multi-az",
        bad=[R("aws:mq/broker:Broker")],
        good=[R("aws:mq/broker:Broker", props={"deploymentMode": "CLUSTER_MULTI_AZ"})],
        unsure=[R("aws:mq/broker:Broker", props={"deploymentMode": NOT_KNOWN})],
    ),
    Case(
        rule="redshift-cluster-multi-node",
        bad=[R("aws:redshift/cluster:Cluster", props={"numberOfNodes": 1})],
        good=[R("aws:redshift/cluster:Cluster", props={"numberOfNodes": 2})],
        unsure=[R("aws:redshift/cluster:Cluster", props={"numberOfNodes": NOT_KNOWN})],
    ),
    Case(
        rule="fsx-file-system-multi-az",
        bad=[R("aws:fsx/ontapFileSystem:OntapFileSystem", props={"deploymentType": "SINGLE_AZ_2"})],
        good=[R("aws:fsx/ontapFileSystem:OntapFileSystem", props={"deploymentType": "MULTI_AZ_2"})],
        unsure=[R("aws:fsx/ontapFileSystem:OntapFileSystem", props={"deploymentType": NOT_KNOWN})],
    ),
    Case(
        rule="fsx-file-system-multi-az",
        note="lustre",
        bad=[R("aws:fsx/lustreFileSystem:LustreFileSystem")],
        good=[R("aws:fsx/windowsFileSystem:WindowsFileSystem", props={"deploymentType": "MULTI_AZ_1"})],
        unsure=[R("aws:fsx/lustreFileSystem:LustreFileSystem", props={"deploymentType": NOT_KNOWN})],
        level="advisory",
    ),
]
