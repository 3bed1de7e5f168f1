"""Residency: resources and copies stay in the regions that are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource, View, arn_region, strings
from policies.graph.buckets import BUCKETS, REPLICATION, bucket_of

from .documents import listed, statements
from .kernel.rule import Context, Finding, Scope, rule

_GUARDS: Final = ("aws:organizations/policy:Policy", "aws:iam/policy:Policy")
_SENDS: Final[dict[str, tuple[str, ...]]] = {
    "aws:arcregionswitch/plan:Plan": ("regions[]",),
    "aws:auditmanager/frameworkShare:FrameworkShare": ("destinationRegion",),
    "aws:backup/plan:Plan": ("rules[].copyActions[].destinationVaultArn",),
    "aws:cloudwatch/eventEndpoint:EventEndpoint": (
        "routingConfig.failoverConfig.secondary.route",
        "eventBuses[].eventBusArn",
    ),
    "aws:directoryservice/serviceRegion:ServiceRegion": ("regionName",),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": (
        "policyDetails.schedules[].crossRegionCopyRules[].targetRegion",
        "policyDetails.schedules[].crossRegionCopyRules[].target",
        "policyDetails.action.crossRegionCopies[].target",
        "policyDetails.crossRegionCopyTargets[].targetRegion",
    ),
    "aws:dsql/cluster:Cluster": ("multiRegionProperties.witnessRegion", "multiRegionProperties.clusters[]"),
    "aws:dsql/clusterPeering:ClusterPeering": ("witnessRegion", "clusters[]"),
    "aws:dynamodb/globalTable:GlobalTable": ("replicas[].regionName",),
    "aws:dynamodb/table:Table": ("replicas[].regionName", "globalTableWitness.regionName"),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": (
        "replicationConfiguration.rules[].destinations[].region",
    ),
    "aws:efs/replicationConfiguration:ReplicationConfiguration": ("destination.region",),
    "aws:keyspaces/keyspace:Keyspace": ("replicationSpecification.regionLists[]",),
    "aws:opensearch/outboundConnection:OutboundConnection": ("remoteDomainInfo.region",),
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": ("destinationRegion",),
    "aws:rds/snapshotCopy:SnapshotCopy": ("destinationRegion",),
    "aws:redshift/cluster:Cluster": ("snapshotCopy.destinationRegion",),
    "aws:redshift/snapshotCopy:SnapshotCopy": ("destinationRegion",),
    "aws:secretsmanager/secret:Secret": ("replicas[].region",),
    "aws:ssmincidents/replicationSet:ReplicationSet": ("regions[].name",),
}
"""By type, where it names regions (or ARNs in them) that it sends data to. Types that make the copy itself stand in its region."""


def _sent(view: View, path: str) -> Iterator[str]:
    """The texts at a path; `[]` stands for every element of a list."""
    head, more, rest = path.partition("[]")
    if not more:
        yield view.text(path)
    elif not rest:
        yield from view.texts(head)
    else:
        for each in view.views(head):
            yield from _sent(each, rest.removeprefix("."))


def _copies(resource: Resource, graph: Graph) -> Iterator[tuple[str, str]]:
    """Regions a resource sends data to, and the property that says so; for a bucket of which no region is known, its ARN."""
    for path in _SENDS.get(resource.type, ()):
        for text in _sent(resource.known, path):
            place = arn_region(text) if text.startswith("arn:") else text
            yield place, path.replace("[]", "").rpartition(".")[2]
    if resource.type in (REPLICATION, *BUCKETS):
        path = "rules" if resource.type == REPLICATION else "replicationConfiguration.rules"
        for each in resource.known.views(path):
            arn = each.text("destination.bucket")
            found = bucket_of(graph, arn)
            yield (graph.region(found) if found else arn), "destination.bucket"


def _guarded(resource: Resource) -> Iterator[tuple[str, str]]:
    """Regions that a policy lets requests through to, by the condition key `aws:RequestedRegion`."""
    name = "content" if resource.type.startswith("aws:organizations/") else "policy"
    for statement in statements(resource.known.text(name)):
        conditions = statement.get("Condition")
        for tests in conditions.values() if isinstance(conditions, dict) else ():
            values = tests.get("aws:RequestedRegion") if isinstance(tests, dict) else None
            for region in strings(listed(values)):
                yield region, "aws:RequestedRegion"


_APART: Final = "Declare in this stack what it names, or exempt it with its region as the reason."


@rule(
    "aws-resource-allowed-regions",
    "aws:",
    scope=Scope.GRAPH,
    options={
        "regions": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "regions that resources and copies may be in; empty for no restriction",
        },
        "global": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["us-east-1"],
            "description": "regions allowed besides, for certificates and firewalls of global services",
        },
    },
)
def aws_resource_allowed_regions(resource: Resource, context: Context) -> Iterator[Finding]:
    """The resource's own region, its copies, and what region guards let through."""
    allowed = set(context.options.texts("regions"))
    if not allowed:
        return
    for told in (resource.props, resource.provider):
        View(told).text("region")  # a region that isn't known yet ends the judgement here
    home = context.graph.region(resource)
    everywhere = allowed | (set(context.options.texts("global")) if _global_service(resource) else set())
    if home and home not in everywhere:
        yield Finding(f"it is in {home}, allowed: {', '.join(sorted(allowed))}.")
    found = [*_copies(resource, context.graph), *(_guarded(resource) if resource.type in _GUARDS else ())]
    for region, prop in found:
        if region and region not in allowed:
            apart = region.startswith("arn:")
            where = f"{region}, whose region this stack doesn't tell" if apart else region
            said = f"{prop} names {where}, allowed: {', '.join(sorted(allowed))}."
            yield Finding(said, remedy=_APART if apart else None)


def _global_service(resource: Resource) -> bool:
    """What a global service needs in us-east-1: its certificates, firewalls and metrics."""
    return resource.type.startswith(
        (
            "aws:acm/",
            "aws:wafv2/",
            "aws:cloudfront/",
            "aws:route53/",
            "aws:iam/",
            "aws:cloudwatch/",
            "aws:shield/",
        )
    )
