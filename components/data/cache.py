"""One region's cache of an ElastiCache Global Datastore."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.cache_alarms import declare_alarms
from components.data.cache_args import CacheGlobalArgs
from components.data.cache_user import CacheUser, declare_user
from components.facts import Fact, fact
from components.options import handed_down
from components.permissions import Statement, allow

PORT = 6379
DURABLE_FROM = (9, 0)
"""Valkey's version from which sharded caches may keep a log on disk, which a Global Datastore doesn't take.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
"""


class CacheGlobal(pulumi.ComponentResource):
    """One region's replication group (Valkey or Redis) of a Global Datastore, which it founds or joins.

    Creates: replication group over the zones with automatic failover, subnet group, a user who signs in with IAM and her group;
    where no datastore is given: also the parameter group, and the datastore around the group; with a topic: alarms.

    Survives: a node or a zone by promoting a replica (seconds; what it had not received is lost); a region by promoting
    another region's group by hand (about a minute, under a second of data, typically). Which group writes is AWS's data, not
    the program's: after a failover the same program changes nothing. Does not survive corruption by replication; daily
    snapshots do. AWS Backup knows no caches: what can't be lost belongs into a database too.

    Costs: the nodes of each region, and transfer between regions.
    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html
    """

    endpoint: pulumi.Output[str]
    """Host to write to (with shards: to ask for them) over TLS; refuses writes while another region writes."""
    reader_endpoint: pulumi.Output[str] | None
    """Host to read from; None with shards."""
    port: int
    arn: pulumi.Output[str]
    identifier: pulumi.Output[str]
    """The replication group's, in lower case, as IAM sign-in wants it."""
    user_name: str
    user_arn: pulumi.Output[str]
    global_replication_group_id: pulumi.Output[str] | None
    """None alone."""
    recovery_fact: Fact

    def __init__(self, name: str, args: CacheGlobalArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:CacheGlobal", name, {}, handed_down(opts))
        self._name, self._args = name, args
        user = declare_user(name, args, self)
        group = self._group(user)
        self.global_replication_group_id = None
        if args.global_replication_group_id is not None:
            self.global_replication_group_id = pulumi.Output.from_input(args.global_replication_group_id)
        elif not args.alone:
            self.global_replication_group_id = self._datastore(group)
        if args.event_topic_arn is not None:
            declare_alarms(name, args, args.event_topic_arn, group, self)
        sharded = args.shards > 1
        self.endpoint = group.configuration_endpoint_address if sharded else group.primary_endpoint_address
        self.reader_endpoint = None if sharded else group.reader_endpoint_address
        self.port = PORT
        self.arn, self.identifier = group.arn, group.id.apply(str)
        self.user_name, self.user_arn = user.name, user.arn
        self.recovery_fact = fact(
            "elasticache",
            f"{name}-group",
            args.tags.store(""),
            group=self.global_replication_group_id,
            role="replica" if args.joined else "active",
            **({} if args.joined else {"automatic_failover": True, "multi_az": True}),
            members=1 + args.replicas,
            snapshot_days=args.snapshot_days,
        )
        outputs.register(
            self,
            "endpoint",
            "reader_endpoint",
            "arn",
            "identifier",
            "user_arn",
            "global_replication_group_id",
        )

    def connecting_statements(self) -> list[Statement]:
        """Statements that let a role sign in as the user."""
        return [allow("elasticache:Connect", [self.arn, self.user_arn])]

    def _group(self, user: CacheUser) -> aws.elasticache.ReplicationGroup:
        args, name = self._args, self._name
        subnets = aws.elasticache.SubnetGroup(
            f"{name}-subnets",
            subnet_ids=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            description=f"Data subnets of {name}",
            tags=args.tags.resource(f"{name}-subnets"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return aws.elasticache.ReplicationGroup(
            f"{name}-group",
            replication_group_id=args.identifier,
            description=f"Cache of {name}",
            global_replication_group_id=args.global_replication_group_id,
            port=PORT,
            subnet_group_name=subnets.name,
            security_group_ids=args.security_group_ids,
            kms_key_id=args.kms_key_arn,
            user_group_ids=[user.group_id],
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            # The subnet group's name is unique; a second cache's final snapshot must not meet the first one's.
            final_snapshot_identifier=pulumi.Output.concat(subnets.name, "-final"),
            maintenance_window=args.maintenance_window,
            notification_topic_arn=args.event_topic_arn,
            apply_immediately=False,
            tags=args.tags.store(f"{name}-group"),
            **self._size(),
            **({} if args.joined else self._own()),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.protect, ignore_changes=None if args.alone else _of_the_datastore()
            ),
        )

    def _size(self) -> dict[str, Any]:
        args = self._args
        if args.shards == 1:
            return {"num_cache_clusters": 1 + args.replicas}
        # How many shards a joined group has is the datastore's.
        shards = {} if args.joined else {"num_node_groups": args.shards}
        return {**shards, "replicas_per_node_group": args.replicas}

    def _own(self) -> dict[str, Any]:
        """What a joined group takes from the datastore, and AWS refuses to be told again."""
        args, name = self._args, self._name
        sharded = args.shards > 1
        parameters = {**args.parameters, **({"cluster-enabled": "yes"} if sharded else {})}
        group = aws.elasticache.ParameterGroup(
            f"{name}-parameters",
            family=args.family,
            description=f"Parameters of {name}",
            parameters=[{"name": key, "value": value} for key, value in sorted(parameters.items())],
            tags=args.tags.resource(f"{name}-parameters"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        durable = args.engine == "valkey" and sharded and args.version >= DURABLE_FROM
        return {
            "automatic_failover_enabled": True,
            "multi_az_enabled": True,
            "engine": args.engine,
            "engine_version": args.engine_version,
            "node_type": args.node_type,
            "parameter_group_name": group.name,
            "at_rest_encryption_enabled": True,
            "transit_encryption_enabled": True,
            "data_tiering_enabled": True if args.tiered else None,
            "durability": "disabled" if durable and not args.alone else None,
        }

    def _datastore(self, group: aws.elasticache.ReplicationGroup) -> pulumi.Output[str]:
        args, name = self._args, self._name
        made = aws.elasticache.GlobalReplicationGroup(
            f"{name}-global",
            global_replication_group_id_suffix=args.identifier,
            global_replication_group_description=f"Cache of {name} over its regions",
            primary_replication_group_id=group.id,
            # Resized and upgraded here, for all members.
            cache_node_type=args.node_type,
            engine=args.engine,
            engine_version=args.engine_version,
            num_node_groups=args.shards if args.shards > 1 else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                # A failover makes another region's group the primary one; a change would replace the datastore.
                ignore_changes=["primary_replication_group_id"],
            ),
        )
        return made.global_replication_group_id


def _of_the_datastore() -> list[str]:
    return [
        # Cleared by AWS when the group is taken out of its datastore, told by AWS of the one that founded it too; a change would
        # replace the group.
        "global_replication_group_id",
        # The datastore says whether its members fail over, resizes and upgrades them; AWS refuses to have a member changed.
        "automatic_failover_enabled",
        "multi_az_enabled",
        "node_type",
        "engine",
        "engine_version",
        "num_node_groups",
        # AWS gives each member a copy of its own.
        "parameter_group_name",
    ]
