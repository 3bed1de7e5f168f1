"""What can be reached from outside, and how one gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, either, sure

from .kernel.rule import ALL, Context, Finding, Scope, Severity, rule
from .openings import GROUPS, INGRESS, openings
from .tokens import (
    BUCKETS,
    DB_CLUSTER,
    DB_CLUSTER_INSTANCES,
    DB_INSTANCE,
    LOAD_BALANCERS,
    WAREHOUSE,
)

_LAYERS: Final = "SEC05-BP02 Control traffic flow within your network layers"
FOUR: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
_WEB: Final = {80, 443}


@rule(
    "rds-instance-not-public",
    DB_INSTANCE,
    DB_CLUSTER,
    *DB_CLUSTER_INSTANCES,
    WAREHOUSE,
    severity=Severity.CRITICAL,
    tiers=ALL,
    why="A database with a public address is one password away from everybody.",
    remedy="Set publicly_accessible=False.",
    page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    pillar="SEC05-BP01 Create network layers",
    principles=("R35",),
    control="RDS.2, Redshift.1",
)
def rds_instance_not_public(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Instances, members of clusters, warehouses (whose default was public)."""
    if resource.known.flag("publiclyAccessible"):
        yield Finding("publiclyAccessible is true.")


@rule(
    "ec2-security-group-open-ingress",
    *INGRESS,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="Only load balancers face the world, and only on 80 and 443; everything else is reached from the group before it.",
    remedy="Refer to the security group of the tier in front instead of an address range.",
    page="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    pillar=_LAYERS,
    control="EC2.18, EC2.19",
)
def ec2_security_group_open_ingress(resource: Resource, context: Context) -> Iterator[Finding]:
    """The group must be a load balancer's of this stack."""
    opened = openings(resource)
    graph = context.graph
    groups = [resource] if resource.type in GROUPS else graph.linked(resource, "securityGroupId", *GROUPS)
    balancer = any(graph.users(group, "securityGroups", *LOAD_BALANCERS) for group in groups)
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


@rule(
    "ec2-security-group-no-remote-login",
    *INGRESS,
    severity=Severity.CRITICAL,
    tiers=ALL,
    why="SSH and RDP open to the world are tried by robots within minutes.",
    remedy="Use Session Manager, which needs no open port.",
    page="https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
    pillar=_LAYERS,
    principles=("R41",),
    control="EC2.13, EC2.14",
)
def ec2_security_group_no_remote_login(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Ranges that contain 22 or 3389."""
    opened = openings(resource)
    for opening in opened.certain:
        for port in (22, 3389):
            if opening.first <= port <= opening.last:
                yield Finding(f"port {port} is open to every address.")
    if opened.unknown:
        raise NotKnownError(opened.unknown)


@rule(
    "ec2-instance-no-key-pair",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/instance:Instance",
    severity=Severity.MEDIUM,
    tiers=ALL,
    why="A key pair is a password that never expires and that nobody audits.",
    remedy="Remove key_name and use Session Manager.",
    page="https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
    pillar="SEC02-BP02 Use temporary credentials",
    principles=("R41",),
)
def ec2_instance_no_key_pair(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Templates and single instances."""
    if resource.known.has("keyName"):
        yield Finding("keyName is set.")


@rule(
    "ec2-instance-imdsv2",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/instance:Instance",
    severity=Severity.HIGH,
    tiers=ALL,
    why="Version 1 of instance metadata hands the role's credentials to whoever can make the application fetch a URL.",
    remedy='Set metadata_options.http_tokens="required".',
    page="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    pillar="SEC06-BP02 Provision compute from hardened images",
    control="EC2.8, EC2.170",
)
def ec2_instance_imdsv2(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Or metadata switched off."""
    options = resource.known.view("metadataOptions")
    if options.text("httpEndpoint", "enabled") != "disabled" and options.text("httpTokens") != "required":
        yield Finding("httpTokens is not required.")


@rule(
    "s3-bucket-public-access-block",
    *BUCKETS,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="One policy or one object's ACL makes a bucket public unless public access is blocked.",
    remedy="Add a BucketPublicAccessBlock with all four settings true; serve sites through CloudFront.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    pillar="SEC03-BP07 Analyze public and cross-account access",
    principles=("R48",),
    control="S3.8",
)
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
