"""A DynamoDB table, in one region or in several."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.global_table_args import GlobalTableArgs, LocalTableIndex, TableIndex
from components.data.table_alarms import WatchedTable, declare_table_alarms
from components.facts import Fact, fact
from components.options import handed_down


class GlobalTable(pulumi.ComponentResource):
    """A DynamoDB table with replicas in other regions, each readable and writable.

    Creates: the table, on demand, with its replicas, customer keys, point-in-time recovery and protection against deletion in every
    region, tags that replicas have too; alarms on failing and throttled requests and on the lag of replication, in each region that
    names a topic. All of it belongs to the stack that founds the table: another stack reads name and ARN, declares nothing, and its
    runs can neither detach nor delete a replica (docs/decisions/0011-replicas-belong-to-the-table.md). No region leads, so nothing
    changes with the region that serves.

    Survives: an instance or a zone, without loss; a region, at once: with "eventual" the writes of the last seconds are lost, with
    "strong" none. Corruption by restoring a point in time to a new table: replicas repeat a deletion. A strong table keeps working
    while two of its three regions do.

    Costs: storage and each write in every region, point-in-time recovery in every region; with "strong" the witness's writes too.
    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
    """

    table_name: pulumi.Output[str]
    """The same in every region; known once the replicas stand."""
    table_arn: pulumi.Output[str]
    replica_arns: dict[str, pulumi.Output[str]]
    """By region."""
    lag_alarms: list[pulumi.Output[str]]
    """Names of the alarms on how late what is written in this region reaches others."""
    stream_arn: pulumi.Output[str] | None
    """Stream of this region's changes, which replication needs; None of a table without replicas, and of a strong one."""
    recovery_fact: Fact

    def __init__(self, name: str, args: GlobalTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:GlobalTable", name, {}, handed_down(opts))
        table = self._table(name, args)
        topics = {args.region: args.topic_arn} | {each.region: each.topic_arn for each in args.replicas}
        watched = WatchedTable(name=table.name, topics=topics, strong=args.strong)
        self.lag_alarms = declare_table_alarms(name, watched, args.tags, self, home=args.region)
        self.table_name, self.table_arn = table.name, table.arn
        self.replica_arns = {each.region: outputs.in_region(table.arn, each.region) for each in args.replicas}
        self.stream_arn = table.stream_arn if _streams(args) else None
        replicas = [{"region": each.region, "strong": args.strong} for each in args.replicas]
        self.recovery_fact = fact("dynamodb", f"{name}-table", args.tags.store(""), replicas=replicas or None)
        outputs.register(self, "table_name", "table_arn", "replica_arns", "stream_arn")

    def _table(self, name: str, args: GlobalTableArgs) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            f"{name}-table",
            billing_mode="PAY_PER_REQUEST",
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=attribute, type=kind)
                for attribute, kind in args.attributes.items()
            ],
            hash_key=args.hash_key,
            range_key=args.range_key,
            global_secondary_indexes=[_index(each) for each in args.indexes] or None,
            local_secondary_indexes=[_local_index(each) for each in args.local_indexes] or None,
            ttl=aws.dynamodb.TableTtlArgs(attribute_name=args.ttl_attribute, enabled=True)
            if args.ttl_attribute is not None
            else None,
            # Replication reads the stream: AWS switches it on, and the provider would switch off what is not declared.
            stream_enabled=_streams(args) or None,
            stream_view_type="NEW_AND_OLD_IMAGES" if _streams(args) else None,
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=args.kms_key_arn
            ),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=True, recovery_period_in_days=args.recovery_days
            ),
            replicas=[
                aws.dynamodb.TableReplicaArgs(
                    region_name=each.region,
                    kms_key_arn=each.kms_key_arn,
                    consistency_mode="STRONG" if args.strong else "EVENTUAL",
                    point_in_time_recovery=True,
                    deletion_protection_enabled=args.deletion_protection,
                    propagate_tags=True,
                )
                for each in args.replicas
            ]
            or None,
            global_table_witness=aws.dynamodb.TableGlobalTableWitnessArgs(region_name=args.witness_region)
            if args.witness_region is not None
            else None,
            deletion_protection_enabled=args.deletion_protection,
            tags=args.tags.store(f"{name}-table"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )


def _streams(args: GlobalTableArgs) -> bool:
    return bool(args.replicas) and not args.strong


def _index(index: TableIndex) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    kind, others = _projection(index.projected)
    keys = [(index.hash_key, "HASH"), (index.range_key, "RANGE")]
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(
        name=index.name,
        key_schemas=[
            aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=key, key_type=role)
            for key, role in keys
            if key is not None
        ],
        projection_type=kind,
        non_key_attributes=others,
    )


def _local_index(index: LocalTableIndex) -> aws.dynamodb.TableLocalSecondaryIndexArgs:
    kind, others = _projection(index.projected)
    return aws.dynamodb.TableLocalSecondaryIndexArgs(
        name=index.name, range_key=index.range_key, projection_type=kind, non_key_attributes=others
    )


def _projection(projected: Sequence[str] | None) -> tuple[str, list[str] | None]:
    if projected is None:
        return "ALL", None
    return ("INCLUDE", list(projected)) if projected else ("KEYS_ONLY", None)
