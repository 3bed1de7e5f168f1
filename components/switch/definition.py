"""What the state machine that brings a region up does, as data.

It reads names that Step Functions' SDK integrations and boto3 spell alike: of a global database's members, `Readers` of the writer.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.switch.calls import Pace, State, branch, call, wait
from components.switch.decision import METRIC, NAMESPACE
from components.switch.nodes import NodeGroup
from components.switch.replicas import PromotedReplica, reckoning
from components.switch.servers import ServerGroup
from components.switch.steps import GlobalDatabase
from components.switch.stores import FollowingFiles, GlobalCache
from components.switch.tasks import ScaledService

TAKE, RELEASE = "take", "release"
"""Actions of an execution: bring this region up and send everybody here; or send clients to the other region again."""
SWITCHOVER, FAILOVER = "switchover", "failover"
"""Modes of taking: without loss, which needs every region; or with the loss of what was not replicated."""
_PLANNED: State = {"Variable": "$.mode", "StringEquals": SWITCHOVER}
_WRITER = "$.GlobalClusters[0].GlobalClusterMembers[?(@.IsWriter == true)].Readers"


def definition(
    *,
    region: str,
    groups: Sequence[ServerGroup],
    services: Sequence[ScaledService],
    nodes: Sequence[NodeGroup] = (),
    database: GlobalDatabase | None,
    replicas: Sequence[PromotedReplica] = (),
    cache: GlobalCache | None,
    files: FollowingFiles | None,
    decision: Mapping[str, str],
    timeout_seconds: int,
    pace: Pace,
) -> State:
    """The state machine. Every state may be run again: what is done already is left as it is."""
    work = [group.states(pace) for group in groups]
    work += [service.states(pace) for service in services]
    work += [group.states(pace) for group in nodes]
    if database is not None:
        work.append(_database(database.identifier, database.cluster_arns[region], pace))
    work += [replica.states(pace) for replica in replicas]
    if cache is not None:
        work.append(cache.states(region, pace))
    if files is not None:
        work.append(files.states(pace, _PLANNED))
    after = "SendTraffic" if files is None else "FilesLast"
    move = {
        "Type": "Parallel",
        "Branches": [branch(states) for states in work],
        "ResultPath": None,
        "Next": after,
    }
    reckoned: dict[str, State] = {}
    if any(replica.label for replica in replicas):
        gathered, reckoned = reckoning(after)
        move |= gathered
    return {
        "Comment": f"Brings {region} up. Input: action ({TAKE}, {RELEASE}); mode ({SWITCHOVER}, {FAILOVER}) of {TAKE}",
        "StartAt": "Action",
        "TimeoutSeconds": timeout_seconds,
        "States": {
            "Action": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [
                            {"Variable": "$.action", "StringEquals": TAKE},
                            {
                                "Or": [
                                    {"Variable": "$.mode", "StringEquals": m} for m in (SWITCHOVER, FAILOVER)
                                ]
                            },
                        ],
                        "Next": "Move" if work else "SendTraffic",
                    },
                    {"Variable": "$.action", "StringEquals": RELEASE, "Next": "GiveBack"},
                ],
                "Default": "NotKnown",
            },
            "NotKnown": {
                "Type": "Fail",
                "Error": "NotKnown",
                "Cause": f'Input is {{"action": "{RELEASE}"}}, or "{TAKE}" with a mode: {SWITCHOVER} or {FAILOVER}',
            },
            **({"Move": move} if work else {}),
            **reckoned,
            **(_files_last(files, pace) if files is not None else {}),
            "SendTraffic": _decide(decision, 1, pace),
            "GiveBack": _decide(decision, 0, pace),
        },
    }


def _files_last(files: FollowingFiles, pace: Pace) -> dict[str, State]:
    """Files of a planned move follow until all that was written there has come."""
    choice = {
        "Type": "Choice",
        "Choices": [{**_PLANNED, "Next": "LetWritesEnd"}],
        "Default": "SendTraffic",
    }
    return {"FilesLast": choice, **files.last(pace, "SendTraffic")}


def _decide(decision: Mapping[str, str], value: int, pace: Pace) -> State:
    dimensions = [{"Name": name, "Value": given} for name, given in sorted(decision.items())]
    datum = {"MetricName": METRIC, "Dimensions": dimensions, "Value": value}
    return call("cloudwatch:putMetricData", {"Namespace": NAMESPACE, "MetricData": [datum]}, pace, End=True)


def _database(identifier: pulumi.Input[str], arn: pulumi.Input[str], pace: Pace) -> dict[str, State]:
    """Make a cluster the global database's writer, unless it is."""
    follows = pulumi.Output.concat("*", arn, "*")
    moved = {"GlobalClusterIdentifier": identifier, "TargetDbClusterIdentifier": arn}
    busy = {"Not": {"Variable": "$.database.status", "StringEquals": "available"}, "Next": "AwaitDatabase"}
    failing = {"Variable": "$.database.status", "StringEquals": "failing-over", "Next": "AwaitDatabase"}
    lossy = {"Variable": "$.mode", "StringEquals": FAILOVER}

    def following(then: str, *conditions: Any) -> State:
        return {
            "And": [{"Variable": "$.database.readers", "StringMatches": follows}, *conditions],
            "Next": then,
        }

    return {
        "LookAtDatabase": call(
            "rds:describeGlobalClusters",
            {"GlobalClusterIdentifier": identifier},
            pace,
            ResultSelector={
                "status.$": "$.GlobalClusters[0].Status",
                "readers.$": f"States.JsonToString({_WRITER})",
            },
            ResultPath="$.database",
            Next="Writes",
        ),
        "Writes": {
            "Type": "Choice",
            # A failover that goes on is awaited: AWS refuses another. A switchover that goes on may be waiting for a lost region.
            "Choices": [failing, following("FailOver", lossy), busy, following("SwitchOver", {"Not": lossy})],
            "Default": "DatabaseWrites",
        },
        "FailOver": call(
            "rds:failoverGlobalCluster", {**moved, "AllowDataLoss": True}, pace, Next="AwaitDatabase"
        ),
        "SwitchOver": call("rds:switchoverGlobalCluster", moved, pace, Next="AwaitDatabase"),
        "AwaitDatabase": wait(pace, "LookAtDatabase"),
        "DatabaseWrites": {"Type": "Succeed"},
    }
