"""Which hosts answer: load balancers and distributions as they are, and faults on top."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.models import cloudfront_backends

from sandbox.aws.extensions.elbv2 import serves
from sandbox.aws.faults import TABLE


def answers(account_id: str, host: str) -> bool:
    """Whether a host answers: load balancers and distributions as they are, hosts outside AWS always."""
    host = host.rstrip(".").lower()
    forced = TABLE.endpoint(host)
    if forced is not None:
        return forced
    if host.endswith(".elb.amazonaws.com"):
        return bool(serves(account_id, host))
    if host.endswith(".cloudfront.net"):
        distributions = cloudfront_backends[account_id]["aws"].distributions.values()
        return any(d.domain_name == host and _delivers(d.distribution_config) for d in distributions)
    return True


def has(host: str, path: str) -> bool:
    """Whether a host that answers has a path: a static page is at the root, and nowhere else."""
    return not host.endswith(".cloudfront.net") or path in ("/", "/index.html")


def _delivers(config: Any) -> bool:
    """Whether a distribution is enabled and one of the origins that its default behaviour asks is there."""
    target = config.DefaultCacheBehavior.target_origin_id
    groups = {group["Id"]: group for group in config.OriginGroups.get("Items") or ()}
    members = groups[target]["Members"]["Items"] if target in groups else [{"OriginId": target}]
    asked = {member["OriginId"] for member in members}
    hosts = [origin.domain_name for origin in config.Origins["Items"] if origin.id in asked]
    return bool(config.Enabled) and any(not lost(host) for host in hosts)


def lost(host: str) -> bool:
    """Whether a regional host of AWS, `bucket.s3.REGION.amazonaws.com` for instance, went with its region."""
    labels = host.removesuffix(".amazonaws.com").split(".")
    return host.endswith(".amazonaws.com") and any(TABLE.region_lost(label) for label in labels)
