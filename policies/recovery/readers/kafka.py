"""What a cluster's configuration and its topics say of how messages are kept.

https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html
"""

from __future__ import annotations

import json
from typing import Any

from policies.graph import LARGEST, Graph, Resource, Unknown
from policies.graph.kafka import server_properties

CLUSTER, SERVERLESS = "aws:msk/cluster:Cluster", "aws:msk/serverlessCluster:ServerlessCluster"
CONFIGURATION, TOPIC = "aws:msk/configuration:Configuration", "aws:msk/topic:Topic"
_ZONES = 3
_DEFAULT_SECONDS = 168 * 3600
"""https://kafka.apache.org/documentation/#brokerconfigs_log.retention.hours"""
_RETENTIONS = (("log.retention.ms", 0.001), ("log.retention.minutes", 60), ("log.retention.hours", 3600))
"""The first that is set counts; seconds of each one's unit."""


def _said(graph: Graph, r: Resource) -> dict[str, str] | Unknown:
    """The properties of a cluster's brokers; empty where MSK's own hold."""
    made = graph.linked(r, "configurationInfo", CONFIGURATION)
    if not made:
        given = r.get("configurationInfo")
        return Unknown(f"{r.name}.configurationInfo (a configuration elsewhere)") if given is not None else {}
    text = made[0].get("serverProperties")
    if isinstance(text, Unknown):
        return text
    return server_properties(text) if isinstance(text, str) else {}


def min_insync(graph: Graph, r: Resource, spread: float | Unknown) -> float | Unknown:
    """Replicas that have a message before it is acknowledged (acks=all); MSK's default is 2 over three zones, else 1."""
    said = _said(graph, r)
    if isinstance(said, Unknown):
        return said
    found = said.get("min.insync.replicas", "")
    if found.isdecimal():
        return int(found)
    return spread if isinstance(spread, Unknown) else 2 if spread >= _ZONES else 1


def kept_seconds(graph: Graph, r: Resource) -> float | Unknown | None:
    """How long the topic that keeps its messages the least has them; None where one is compacted."""
    said = _said(graph, r)
    if isinstance(said, Unknown):
        return said
    if "compact" in said.get("log.cleanup.policy", ""):
        return None
    usual = next((_limit(said[key], unit) for key, unit in _RETENTIONS if key in said), _DEFAULT_SECONDS)
    topics = [_of_topic(topic, usual) for topic in graph.users(r, "clusterArn", TOPIC)]
    if None in topics:
        return None
    vague = [each for each in topics if isinstance(each, Unknown)]
    return (
        vague[0] if vague else min([each for each in topics if isinstance(each, int | float)], default=usual)
    )


def _of_topic(topic: Resource, usual: float) -> float | Unknown | None:
    given = topic.get("configs")
    if isinstance(given, Unknown):
        return given
    try:
        said: Any = json.loads(given) if isinstance(given, str) else {}
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        return usual
    if "compact" in str(said.get("cleanup.policy", "")):
        return None
    found = said.get("retention.ms")
    return usual if found is None else _limit(str(found), 0.001)


def _limit(value: str, seconds: float) -> float:
    """A retention in seconds; what is never deleted, or can't be read, is as good as for ever."""
    return min(int(value) * seconds, LARGEST) if value.isdecimal() else LARGEST
