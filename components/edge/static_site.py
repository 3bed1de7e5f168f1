"""Static content on S3, delivered by CloudFront."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import between, need, one_of
from components.data import tls_only_statements
from components.edge import checks
from components.edge.access_logs import deliver_logs
from components.edge.security_headers import SecurityHeaders, headers_policy
from components.facts import Fact, fact
from components.options import handed_down
from components.permissions import document
from components.tags import Tags

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""AWS's managed cache policy for S3 origins: a day by default, compressed.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
"""

FAILOVER_CODES = (500, 502, 503, 504)
"""Answers of the first origin upon which CloudFront asks the second one."""

CONNECTION_ATTEMPTS, CONNECTION_TIMEOUT = 2, 3
"""Attempts, and seconds for each; AWS's defaults, 3 of 10 s, keep a viewer waiting for half a minute."""


@dataclass(frozen=True, kw_only=True)
class SiteBucket:
    """A bucket of another component, which leaves the bucket's policy to the site."""

    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    domain: pulumi.Input[str]
    """Regional domain name, `bucket.s3.region.amazonaws.com`; the global one redirects at first."""
    region: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """A text object that the site uploads."""

    body: str
    type: str = "text/html; charset=utf-8"
    cache_control: str = "max-age=60"
    """How long clients and CloudFront keep it."""


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """What viewers get instead of an error of the origin."""

    path: str
    code: int = 404
    """Status that viewers see, 200 to 599."""
    ttl: int = 10
    """Seconds that CloudFront keeps the error, 0 or more."""


@dataclass(frozen=True, kw_only=True)
class StaticSiteArgs:
    """What a static site needs."""

    bucket: SiteBucket
    tags: Tags
    replica: SiteBucket | None = None
    """A replicated bucket in another region; CloudFront reads it when the first fails."""
    aliases: Sequence[str] = ()
    """Alternate domain names, which need `certificate_arn`; each on one distribution in all of AWS."""
    certificate_arn: pulumi.Input[str] | None = None
    """A validated certificate in us-east-1 that covers the aliases."""
    content: Mapping[str, Content] = field(default_factory=dict)
    """Objects by key, `index.html` for instance."""
    root: str = "index.html"
    """Object that answers `/`."""
    error_pages: Mapping[int, ErrorPage] = field(default_factory=dict)
    """By status of the origin. A missing object is 403: the distribution may not list the bucket."""
    headers: SecurityHeaders = field(default_factory=SecurityHeaders)
    price_class: str = "PriceClass_100"
    """PriceClass_100 (North America, Europe, Israel), PriceClass_200 or PriceClass_All."""
    web_acl_arn: pulumi.Input[str] | None = None
    log_bucket_arn: pulumi.Input[str] | None = None
    """Bucket for access logs, which `delivery.logs.amazonaws.com` may write to; None: no logs."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        for alias in self.aliases:
            checks.domain("aliases", alias, wildcard=True)
        certified = not self.aliases or self.certificate_arn is not None
        need(certified, "certificate_arn", "None", f"one in us-east-1 with aliases {list(self.aliases)}")
        if self.replica is not None:
            away = self.replica.region != self.bucket.region
            need(away, "replica.region", repr(self.replica.region), "another region than the bucket's")
        need(not self.root.startswith("/"), "root", repr(self.root), "an object key without a leading /")
        one_of("price_class", self.price_class, ("PriceClass_100", "PriceClass_200", "PriceClass_All"))
        for code, page in self.error_pages.items():
            between("error_pages", code, 400, 599)
            checks.path(f"error_pages[{code}].path", page.path)
            between(f"error_pages[{code}].code", page.code, 200, 599)
            between(f"error_pages[{code}].ttl", page.ttl, 0, 31536000, "s")
        for key in self.content:
            need(bool(key) and not key.startswith("/"), "content", repr(key), "a key without a leading /")


class StaticSite(pulumi.ComponentResource):
    """A CloudFront distribution over one bucket, or two in different regions.

    Creates: distribution, origin access control, response headers policy, the policy of each bucket, the
    objects, the delivery of access logs. Survives: loss of a zone; with a replica the loss of the bucket's region, for GET and HEAD,
    within 6 s a request (2 attempts of 3 s). Costs: requests and transfer; nothing while idle.
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    distribution_domain_name: pulumi.Output[str]
    distribution_zone_id: pulumi.Output[str]
    """CloudFront's hosted zone, for alias records."""
    distribution_arn: pulumi.Output[str]
    distribution_id: pulumi.Output[str]
    recovery_fact: Fact

    def __init__(self, name: str, args: StaticSiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:StaticSite", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        buckets = [args.bucket] if args.replica is None else [args.bucket, args.replica]
        access = aws.cloudfront.OriginAccessControl(
            f"{name}-oac",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            description=f"Reads the content of {name}",
            opts=child,
        )
        headers = headers_policy(f"{name}-headers", args.headers, child)
        distribution = _distribution(f"{name}-cdn", args, buckets, access.id, headers.id, opts=child)
        if args.log_bucket_arn is not None:
            deliver_logs(f"{name}-logs", distribution.arn, args.log_bucket_arn, args.tags, child)
        for bucket in buckets:
            aws.s3.BucketPolicy(
                f"{name}-read-{bucket.region}",
                bucket=bucket.name,
                policy=_policy(bucket, distribution.arn),
                region=bucket.region,
                opts=child,
            )
        for key, content in args.content.items():
            aws.s3.BucketObjectv2(
                f"{name}-{key}",
                bucket=args.bucket.name,
                key=key,
                content=content.body,
                content_type=content.type,
                cache_control=content.cache_control,
                region=args.bucket.region,
                tags=args.tags.resource(f"{name}-{key}"),
                opts=child,
            )
        self.distribution_id, self.distribution_arn = distribution.id, distribution.arn
        self.distribution_domain_name = distribution.domain_name
        self.distribution_zone_id = distribution.hosted_zone_id
        regions = [bucket.region for bucket in buckets]
        self.recovery_fact = fact(
            "cdn",
            f"{name}-cdn",
            args.tags.resource(""),
            region=regions[0],
            groups=int(len(regions) > 1),
            origin_regions=sorted(regions),
            retry_s=CONNECTION_ATTEMPTS * CONNECTION_TIMEOUT,
        )
        self.register_outputs(
            {
                "distribution_domain_name": self.distribution_domain_name,
                "distribution_zone_id": self.distribution_zone_id,
                "distribution_arn": self.distribution_arn,
                "distribution_id": self.distribution_id,
            }
        )


def _distribution(
    name: str,
    args: StaticSiteArgs,
    buckets: Sequence[SiteBucket],
    access_id: pulumi.Output[str],
    headers_id: pulumi.Output[str],
    *,
    opts: pulumi.ResourceOptions,
) -> aws.cloudfront.Distribution:
    ids = [f"s3-{bucket.region}" for bucket in buckets]
    group = "content"
    return aws.cloudfront.Distribution(
        name,
        enabled=True,
        comment=name,
        is_ipv6_enabled=True,
        http_version="http2and3",
        price_class=args.price_class,
        default_root_object=args.root,
        aliases=list(args.aliases) or None,
        web_acl_id=args.web_acl_arn,
        origins=[
            {
                "origin_id": origin_id,
                "domain_name": bucket.domain,
                "origin_access_control_id": access_id,
                "connection_attempts": CONNECTION_ATTEMPTS,
                "connection_timeout": CONNECTION_TIMEOUT,
            }
            for origin_id, bucket in zip(ids, buckets, strict=True)
        ],
        origin_groups=[
            {
                "origin_id": group,
                "failover_criteria": {"status_codes": list(FAILOVER_CODES)},
                "members": [{"origin_id": origin_id} for origin_id in ids],
            }
        ]
        if len(ids) > 1
        else None,
        default_cache_behavior={
            "target_origin_id": group if len(ids) > 1 else ids[0],
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "cache_policy_id": CACHING_OPTIMIZED,
            "response_headers_policy_id": headers_id,
        },
        custom_error_responses=[
            {
                "error_code": code,
                "response_code": page.code,
                "response_page_path": page.path,
                "error_caching_min_ttl": page.ttl,
            }
            for code, page in sorted(args.error_pages.items())
        ]
        or None,
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={
            "acm_certificate_arn": args.certificate_arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": "TLSv1.2_2021",
        }
        if args.certificate_arn is not None
        # CloudFront's own certificate, for *.cloudfront.net, fixes the minimum to TLSv1 itself.
        else {"cloudfront_default_certificate": True},
        tags=args.tags.resource(name),
        opts=opts,
    )


def _policy(bucket: SiteBucket, distribution_arn: pulumi.Output[str]) -> pulumi.Output[str]:
    objects = pulumi.Output.concat(bucket.arn, "/*")
    return document(
        [
            *tls_only_statements(bucket.arn),
            {
                "Sid": "ReadByDistribution",
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": objects,
                "Condition": {"StringEquals": {"aws:SourceArn": distribution_arn}},
            },
        ]
    )
