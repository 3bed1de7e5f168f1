"""What faces the world: firewalls, origins, addresses, blocks on public access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource, Unknown

from .exposure import BLOCK, FOUR
from .kernel.rule import Context, Finding, Scope, rule
from .openings import CLASSIC_RULE, GROUPS, INGRESS
from .tokens import BUCKETS, DB_CLUSTERS, DB_INSTANCE, LOAD_BALANCERS, SERVICE, WAREHOUSE

_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
_OLD: Final = {"SSLv3", "TLSv1", "TLSv1.1"}
_DATABASES: Final = (DB_INSTANCE, *DB_CLUSTERS, WAREHOUSE)


@rule("lb-web-firewall", *LOAD_BALANCERS, scope=Scope.GRAPH)
def lb_web_firewall(resource: Resource, context: Context) -> Iterator[Finding]:
    """Application load balancers that face the Internet."""
    known = resource.known
    if known.text("loadBalancerType", "application") != "application" or known.flag("internal"):
        return
    if not context.graph.users(resource, "resourceArn", "aws:wafv2/webAclAssociation:WebAclAssociation"):
        yield Finding("no web ACL is associated with it.")


@rule("cloudfront-web-firewall", _DISTRIBUTION)
def cloudfront_web_firewall(resource: Resource, _context: Context) -> Iterator[Finding]:
    """An identifier that isn't known yet is one."""
    if not resource.known.has("webAclId"):
        yield Finding("webAclId is not set.")


@rule("cloudfront-origin-tls", _DISTRIBUTION)
def cloudfront_origin_tls(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Custom origins. A bucket's own endpoint is reached over TLS always."""
    for origin in resource.known.views("origins"):
        if not origin.has("customOriginConfig"):
            continue
        policy = origin.text("customOriginConfig.originProtocolPolicy")
        if policy != "https-only":
            yield Finding(f"origin {origin.get('originId')} is asked with {policy or 'HTTP'}.")
        old = _OLD & set(origin.texts("customOriginConfig.originSslProtocols"))
        if old:
            yield Finding(f"origin {origin.get('originId')} may speak {', '.join(sorted(old))}.")


@rule("ec2-no-public-address", "aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate", SERVICE)
def ec2_no_public_address(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Instances, templates, services."""
    known = resource.known
    for path in ("associatePublicIpAddress", "networkConfiguration.assignPublicIp"):
        if known.flag(path):
            yield Finding(f"{path} is true.")
    for each in known.views("networkInterfaces") if resource.type != SERVICE else ():
        if each.flag("associatePublicIpAddress"):
            yield Finding("networkInterfaces.associatePublicIpAddress is true.")


@rule("ec2-database-ingress-by-group", *INGRESS, scope=Scope.GRAPH)
def ec2_database_ingress_by_group(resource: Resource, context: Context) -> Iterator[Finding]:
    """Groups of databases of this stack."""
    graph = context.graph
    groups = [resource] if resource.type in GROUPS else graph.linked(resource, "securityGroupId", *GROUPS)
    behind = {d.name for g in groups for d in graph.users(g, "vpcSecurityGroupIds", *_DATABASES)}
    if not behind or (resource.type == CLASSIC_RULE and resource.get("type") != "ingress"):
        return
    entries = resource.rows("ingress") if resource.type in GROUPS else [dict(resource.props)]
    for entry in entries if isinstance(entries, list) else ():
        given = (
            []
            if isinstance(entry, Unknown)
            else [entry.get(n) for n in ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")]
        )
        ranges = [r for g in given for r in (g if isinstance(g, list) else [g]) if isinstance(r, str) and r]
        if ranges:
            yield Finding(f"it lets {', '.join(ranges)} in to {', '.join(sorted(behind))}.")


@rule(
    "s3-public-access-block-on",
    BLOCK,
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    scope=Scope.GRAPH,
)
def s3_public_access_block_on(resource: Resource, context: Context) -> Iterator[Finding]:
    """Of an account, or of a bucket that another stack declares; a bucket of this stack is judged itself."""
    if context.graph.linked(resource, "bucket", *BUCKETS):
        return
    off = [name for name in FOUR if not resource.known.flag(name)]
    if off:
        yield Finding(f"{', '.join(off)} not true.")
