"""Habits that keep operations simple: explicit thresholds, current machines, replaced not patched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.graph import Resource
from policies.graph.buckets import lifecycles

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import BUCKETS, DB_CLUSTER_INSTANCES, DB_INSTANCE, GROUP, RECORD, TARGET_GROUPS

_CLASSES: Final = {
    "aws:ec2/instance:Instance": "instanceType",
    "aws:ec2/launchTemplate:LaunchTemplate": "instanceType",
    DB_INSTANCE: "instanceClass",
    **dict.fromkeys(DB_CLUSTER_INSTANCES, "instanceClass"),
    "aws:elasticache/replicationGroup:ReplicationGroup": "nodeType",
}
_PREVIOUS: Final = re.compile(r"^(?:db\.|cache\.)?(?:t1|t2|m[1-4]|c[134]|r[34]|i2|d2|g[23]|p[23]|x1)\.")
"""Families that AWS lists as previous generation: https://aws.amazon.com/ec2/previous-generation/"""


@rule("lb-target-group-explicit", *TARGET_GROUPS)
def lb_target_group_explicit(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Whatever the values are."""
    names = ("healthCheck.interval", "healthCheck.unhealthyThreshold", "deregistrationDelay")
    missing = [name for name in names if resource.known.get(name) is None]
    if missing:
        yield Finding(f"{', '.join(missing)} not set.")


@rule("lb-target-group-stickiness", *TARGET_GROUPS)
def lb_target_group_stickiness(resource: Resource, _context: Context) -> Iterator[Finding]:
    """On when the block is there, unless it says otherwise."""
    known = resource.known
    if (
        known.has("stickiness")
        and known.has("stickiness.type")
        and known.flag("stickiness.enabled", default=True)
    ):
        yield Finding("stickiness is on.")


@rule("route53-record-no-round-robin", RECORD, scope=Scope.GRAPH)
def route53_record_no_round_robin(resource: Resource, context: Context) -> Iterator[Finding]:
    """Several addresses of this stack's servers in one record, or as multivalue answers."""
    servers = context.graph.linked(resource, "records", "aws:ec2/eip:Eip", "aws:ec2/instance:Instance")
    several = len(servers) > 1 or resource.known.flag("multivalueAnswerRoutingPolicy")
    if servers and several:
        yield Finding(f"it answers with the addresses of {', '.join(sorted(s.name for s in servers))}.")


@rule("aws-instance-current-generation", *_CLASSES)
def aws_instance_current_generation(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Servers, databases, caches."""
    name = resource.known.text(_CLASSES[resource.type])
    if _PREVIOUS.match(name):
        yield Finding(f"{_CLASSES[resource.type]} {name} is of a previous generation.")


@rule("s3-bucket-lifecycle", *BUCKETS, scope=Scope.GRAPH)
def s3_bucket_lifecycle(resource: Resource, context: Context) -> Iterator[Finding]:
    """Inline or a resource of its own."""
    if not lifecycles(context.graph, resource):
        yield Finding("it has no lifecycle rule.")


@rule("autoscaling-group-instance-refresh", GROUP)
def autoscaling_group_instance_refresh(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Any strategy."""
    if not resource.known.has("instanceRefresh"):
        yield Finding("instanceRefresh is not set.")
