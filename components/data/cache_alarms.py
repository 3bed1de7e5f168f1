"""Alarms on the nodes of a cache: memory, processor, and how far a region is behind the one that writes."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.data.cache_args import CacheGlobalArgs
from components.operations.alarms import Comparison, Expression, Metric, Missing, alarm

ENGINE_CPU_PERCENT = 90
"""AWS's advice for the engine's one thread. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html"""
PERIODS = 5


def declare_alarms(
    name: str,
    args: CacheGlobalArgs,
    topic_arn: pulumi.Input[str],
    group: aws.elasticache.ReplicationGroup,
    parent: pulumi.Resource,
) -> None:
    """Declare the alarms of each shard, over its nodes, whose names are AWS's: the group's with a number."""
    watched = [
        (
            "memory",
            "DatabaseMemoryUsagePercentage",
            args.memory_percent,
            "memory in use, in per cent",
            Missing.BREACHING,
        ),
        (
            "cpu",
            "EngineCPUUtilization",
            ENGINE_CPU_PERCENT,
            "processor time of the engine, in per cent",
            Missing.BREACHING,
        ),
    ]
    if not args.alone:
        # Only a region that doesn't write reports it, and which one writes is AWS's data.
        watched.append(
            (
                "lag",
                "GlobalDatastoreReplicationLag",
                args.lag_seconds,
                "seconds behind the region that writes",
                Missing.NOT_BREACHING,
            )
        )
    for shard in range(1, args.shards + 1):
        part = f"-{shard:04}" if args.shards > 1 else ""
        for what, metric, threshold, words, missing in watched:
            nodes = {
                f"node{number}": Metric(
                    namespace="AWS/ElastiCache",
                    name=metric,
                    statistic="Maximum",
                    dimensions={
                        "CacheClusterId": pulumi.Output.concat(group.id, f"{part}-{number:03}"),
                        "CacheNodeId": "0001",
                    },
                )
                for number in range(1, args.replicas + 2)
            }
            # One node of a shard reports the lag: the others' silence is no lag.
            values = [f"FILL({node}, 0)" if what == "lag" else node for node in nodes]
            alarm(
                f"{name}{part}-{what}",
                Expression(expression=f"MAX([{', '.join(values)}])", label=words.capitalize(), metrics=nodes),
                Comparison.ABOVE,
                threshold,
                periods=PERIODS,
                missing=missing,
                description=f"{name}{part}: {words}, of its worst node",
                tags=args.tags,
                actions=[topic_arn],
                opts=pulumi.ResourceOptions(parent=parent),
            )
