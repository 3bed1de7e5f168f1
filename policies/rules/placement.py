"""Where parts of one thing stand: subnet groups over zones, replicas in other regions."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Resource
from policies.graph.zones import spans

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import TABLE


@rule(
    "aws-subnet-group-multi-az",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:docdb/subnetGroup:SubnetGroup",
    "aws:neptune/subnetGroup:SubnetGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
    "aws:redshift/subnetGroup:SubnetGroup",
    scope=Scope.GRAPH,
)
def aws_subnet_group_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Databases', caches' and warehouses' groups. AWS refuses a database's group in one zone."""
    refused = resource.type.startswith(("aws:rds/", "aws:docdb/", "aws:neptune/"))
    subnets = resource.known.entries("subnetIds")
    if not spans(context.graph, resource, "subnetIds", subnets, need=2, apart=refused):
        yield Finding("its subnets are in one zone.")


@rule("dynamodb-table-replicas-elsewhere", TABLE, scope=Scope.GRAPH)
def dynamodb_table_replicas_elsewhere(resource: Resource, context: Context) -> Iterator[Finding]:
    """The region of the table against those of its replicas."""
    home = context.graph.region(resource)
    for replica in resource.known.views("replicas"):
        if home and replica.text("regionName") == home:
            yield Finding(f"a replica is in {home}, where the table is.")
