"""Habits that keep operations simple: explicit thresholds, current machines, replaced not patched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.graph import Resource
from policies.graph.buckets import lifecycles

from .kernel.rule import NONE, Context, Finding, Scope, Severity, rule
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


@rule(
    "lb-target-group-explicit",
    *TARGET_GROUPS,
    severity=Severity.LOW,
    tiers=NONE,
    why="Defaults take a minute to notice a dead target and five to let go of a drained one.",
    remedy="Set health_check interval and unhealthy_threshold, and deregistration_delay.",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    pillar="REL11-BP01 Monitor all components of the workload to detect failures",
    principles=("R22",),
)
def lb_target_group_explicit(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Whatever the values are."""
    names = ("healthCheck.interval", "healthCheck.unhealthyThreshold", "deregistrationDelay")
    missing = [name for name in names if resource.known.get(name) is None]
    if missing:
        yield Finding(f"{', '.join(missing)} not set.")


@rule(
    "lb-target-group-stickiness",
    *TARGET_GROUPS,
    severity=Severity.LOW,
    tiers=NONE,
    why="A client that sticks to a server loses its session with it, and a new server takes none of the load.",
    remedy="Keep sessions outside the server and switch stickiness off, or exempt the group with a reason.",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html",
    pillar="REL05-BP07 Implement emergency levers",
    principles=("R23",),
)
def lb_target_group_stickiness(resource: Resource, _context: Context) -> Iterator[Finding]:
    """On when the block is there, unless it says otherwise."""
    known = resource.known
    if (
        known.has("stickiness")
        and known.has("stickiness.type")
        and known.flag("stickiness.enabled", default=True)
    ):
        yield Finding("stickiness is on.")


@rule(
    "route53-record-no-round-robin",
    RECORD,
    scope=Scope.GRAPH,
    severity=Severity.LOW,
    tiers=NONE,
    why="Clients keep addresses longer than their TTL: a server that is gone keeps its share of them.",
    remedy="Put a load balancer in front and point an alias at it.",
    page="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html",
    pillar="REL02-BP01 Use highly available network connectivity for your workload public endpoints",
    principles=("R21",),
)
def route53_record_no_round_robin(resource: Resource, context: Context) -> Iterator[Finding]:
    """Several addresses of this stack's servers in one record, or as multivalue answers."""
    servers = context.graph.linked(resource, "records", "aws:ec2/eip:Eip", "aws:ec2/instance:Instance")
    several = len(servers) > 1 or resource.known.flag("multivalueAnswerRoutingPolicy")
    if servers and several:
        yield Finding(f"it answers with the addresses of {', '.join(sorted(s.name for s in servers))}.")


@rule(
    "aws-instance-current-generation",
    *_CLASSES,
    severity=Severity.LOW,
    tiers=NONE,
    why="Old families cost more for less, and run out when many start at once.",
    remedy="Choose a family of the current generation.",
    page="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html",
    pillar="COST06-BP02 Select resource type, size, and number based on data",
    principles=("R68",),
)
def aws_instance_current_generation(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Servers, databases, caches."""
    name = resource.known.text(_CLASSES[resource.type])
    if _PREVIOUS.match(name):
        yield Finding(f"{_CLASSES[resource.type]} {name} is of a previous generation.")


@rule(
    "s3-bucket-lifecycle",
    *BUCKETS,
    scope=Scope.GRAPH,
    severity=Severity.LOW,
    tiers=NONE,
    why="Old versions and unfinished uploads are paid for until something removes them.",
    remedy="Add a BucketLifecycleConfiguration.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
    pillar="COST04-BP05 Enforce data retention policies",
    control="S3.13",
    principles=("R71",),
)
def s3_bucket_lifecycle(resource: Resource, context: Context) -> Iterator[Finding]:
    """Inline or a resource of its own."""
    if not lifecycles(context.graph, resource):
        yield Finding("it has no lifecycle rule.")


@rule(
    "autoscaling-group-instance-refresh",
    GROUP,
    severity=Severity.LOW,
    tiers=NONE,
    why="Instances that are not replaced when their template changes differ from those that replace them one day.",
    remedy='Set instance_refresh={"strategy": "Rolling"}.',
    page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html",
    pillar="REL08-BP04 Deploy using immutable infrastructure",
    principles=("R74",),
)
def autoscaling_group_instance_refresh(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Any strategy."""
    if not resource.known.has("instanceRefresh"):
        yield Finding("instanceRefresh is not set.")
