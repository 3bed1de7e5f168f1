"""What is watched of a search domain."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.operations import Comparison, Metric, Missing, alarm
from components.search.args import SearchDomainArgs

FREE = 0.25
"""Share of a node's storage that must be free, as AWS recommends of FreeStorageSpace."""
_MIB = 1024
_QUIET, _LIFE = Missing.NOT_BREACHING, Missing.BREACHING


@dataclass(frozen=True)
class Watched:
    """One alarm: what metric, how it is compared, for how long."""

    metric: str
    statistic: str
    comparison: Comparison
    threshold: float
    about: str
    minutes: int = 1
    """Periods of a minute, all of which breach."""
    missing: Missing = _QUIET


def watched(args: SearchDomainArgs) -> dict[str, Watched]:
    """The alarms of a domain, by name.

    Those that AWS recommends, with its thresholds, and the number of nodes, whose metric proves life:
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
    """
    above, below = Comparison.ABOVE, Comparison.BELOW
    found = {
        "red": Watched("ClusterStatus.red", "Maximum", above, 0, "an index has lost a primary shard"),
        "yellow": Watched("ClusterStatus.yellow", "Maximum", above, 0, "a replica has no node", 5),
        "blocked": Watched("ClusterIndexWritesBlocked", "Maximum", above, 0, "writes are blocked", 5),
        "master": Watched("MasterReachableFromNode", "Maximum", below, 1, "nodes don't reach the master", 5),
        "nodes": Watched("Nodes", "Minimum", below, args.nodes, f"fewer than {args.nodes} nodes", 15, _LIFE),
        "automated": Watched("AutomatedSnapshotFailure", "Maximum", above, 0, "AWS's own snapshot failed"),
        "processors": Watched("CPUUtilization", "Maximum", above, 80, "a node's processors are busy", 45),
        "heap": Watched("JVMMemoryPressure", "Maximum", above, 95, "a node's heap is full", 3),
        "master-processors": Watched("MasterCPUUtilization", "Maximum", above, 50, "a master is busy", 45),
        "master-heap": Watched("MasterJVMMemoryPressure", "Maximum", above, 95, "a master's heap is full", 3),
        "key-off": Watched("KMSKeyError", "Maximum", above, 0, "its key is disabled"),
        "key-gone": Watched(
            "KMSKeyInaccessible", "Maximum", above, 0, "its key is gone: only snapshots are left"
        ),
    }
    if args.volume_gib is not None:
        least = args.volume_gib * _MIB * FREE
        about = f"less than {FREE:.0%} of a node's {args.volume_gib} GiB are free"
        found["storage"] = Watched("FreeStorageSpace", "Minimum", Comparison.AT_MOST, least, about)
    return found


def declare_alarms(
    name: str,
    args: SearchDomainArgs,
    *,
    domain_name: pulumi.Input[str],
    account: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Declare them. Returns the alarms' names, by what they watch."""
    dimensions = {"DomainName": domain_name, "ClientId": account}
    return {
        what: alarm(
            f"{name}-{what}",
            Metric(namespace="AWS/ES", name=each.metric, statistic=each.statistic, dimensions=dimensions),
            each.comparison,
            each.threshold,
            missing=each.missing,
            description=f"{name}: {each.about}",
            tags=args.tags,
            actions=args.actions,
            periods=each.minutes,
            opts=opts,
        ).name
        for what, each in watched(args).items()
    }
