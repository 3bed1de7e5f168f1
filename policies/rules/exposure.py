"""What can be reached from outside, and how one gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, either, sure
from policies.graph.beanstalk import balances

from .kernel.rule import Context, Finding, Scope, rule
from .openings import GROUPS, INGRESS, openings
from .tokens import (
    BUCKETS,
    DB_CLUSTER,
    DB_CLUSTER_INSTANCES,
    DB_INSTANCE,
    LOAD_BALANCERS,
    WAREHOUSE,
)

FOUR: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
_WEB: Final = {80, 443}


@rule("rds-instance-not-public", DB_INSTANCE, DB_CLUSTER, *DB_CLUSTER_INSTANCES, WAREHOUSE)
def rds_instance_not_public(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Instances, members of clusters, warehouses (whose default was public)."""
    if resource.known.flag("publiclyAccessible"):
        yield Finding("publiclyAccessible is true.")


@rule("ec2-security-group-open-ingress", *INGRESS, scope=Scope.GRAPH)
def ec2_security_group_open_ingress(resource: Resource, context: Context) -> Iterator[Finding]:
    """The group must be a load balancer's of this stack."""
    opened = openings(resource)
    graph = context.graph
    groups = [resource] if resource.type in GROUPS else graph.linked(resource, "securityGroupId", *GROUPS)
    balancer = any(
        graph.users(group, "securityGroups", *LOAD_BALANCERS) or balances(graph, group) for group in groups
    )
    for opening in opened.certain:
        web = opening.first == opening.last and opening.first in _WEB
        if not web:
            yield Finding(f"it opens {opening} to every address.")
        elif not balancer:
            yield Finding(
                f"it opens {opening} to every address, and no load balancer of this stack uses the group."
            )
    if opened.unknown:
        raise NotKnownError(opened.unknown)


@rule("ec2-security-group-no-remote-login", *INGRESS)
def ec2_security_group_no_remote_login(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Ranges that contain 22 or 3389."""
    opened = openings(resource)
    for opening in opened.certain:
        for port in (22, 3389):
            if opening.first <= port <= opening.last:
                yield Finding(f"port {port} is open to every address.")
    if opened.unknown:
        raise NotKnownError(opened.unknown)


@rule("ec2-instance-no-key-pair", "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance")
def ec2_instance_no_key_pair(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Templates and single instances."""
    if resource.known.has("keyName"):
        yield Finding("keyName is set.")


@rule("ec2-instance-imdsv2", "aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance")
def ec2_instance_imdsv2(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Or metadata switched off."""
    options = resource.known.view("metadataOptions")
    if options.text("httpEndpoint", "enabled") != "disabled" and options.text("httpTokens") != "required":
        yield Finding("httpTokens is not required.")


@rule("s3-bucket-public-access-block", *BUCKETS, scope=Scope.GRAPH)
def s3_bucket_public_access_block(resource: Resource, context: Context) -> Iterator[Finding]:
    """The block is a resource of its own; one for the account holds for every bucket of it."""
    graph = context.graph
    blocks = [*graph.users(resource, "bucket", BLOCK), *graph.of(_ACCOUNT_BLOCK)]
    if not blocks:
        yield Finding("it has no public access block.")
        return
    given = {name: either(*(block.flag(name) for block in blocks)) for name in FOUR}
    missing = [name for name, answer in given.items() if answer is False]
    if missing:
        yield Finding(f"{', '.join(missing)} not true.")
    for answer in given.values():
        sure(answer)
