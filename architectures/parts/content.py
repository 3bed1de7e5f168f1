"""The static side of a site: its assets, and the page that answers when no region does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi

from architectures.parts import names
from components.data import Bucket, BucketArgs, BucketReplica, promising_replication
from components.edge import (
    CLOUDFRONT_REGION,
    Alias,
    Certificate,
    CertificateArgs,
    ErrorPage,
    RoutedRecord,
    RoutedRecordArgs,
    SiteBucket,
    StaticSite,
    StaticSiteArgs,
    WebAcl,
    WebAclArgs,
    region_name,
)
from components.edge import Content as Page
from components.edge.access_logs import WRITER
from components.edge.log_bucket import log_bucket
from components.facts import Fact
from components.tags import Tags

SORRY = Path(__file__).parent / "sorry.html"


@dataclass(frozen=True, kw_only=True)
class ContentArgs:
    """What the content needs."""

    site: str
    regions: tuple[str, str]
    """The region of the buckets and that of their replicas; the site has a name in each."""
    zone_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    """Customer key of the buckets, which CloudFront may use."""
    peer_key_arn: pulumi.Input[str]
    """The other region's, for the replicas."""
    firewall: WebAclArgs
    """Of the web ACL before both distributions."""
    tags: Tags
    log_retention_days: int = 90
    """Days that access logs are kept."""
    protect: bool = True


class Content(pulumi.ComponentResource):
    """Assets at `static.<site>` and the page of last resort, each on CloudFront over a bucket and its replica.

    Belongs to the founding stack: a name can be on one distribution only. CloudFront and S3 serve without that stack's region.

    Creates: certificate, web ACL, two distributions, four buckets, one for access logs, a record.
    Survives: loss of either region. Costs: storage, requests.
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    sorry: Alias
    recovery_facts: list[Fact]
    """Of each distribution and the buckets that it reads."""
    last_resort: str
    """Name of the unit that answers when no region does."""

    def __init__(self, name: str, args: ContentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:architectures:Content", name, {}, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.recovery_facts = []
        self.certificate = Certificate(
            f"{name}-tls",
            CertificateArgs(
                domain=args.site,
                alternative_names=[f"*.{args.site}"],
                zone_id=args.zone_id,
                region=CLOUDFRONT_REGION,
                tags=args.tags,
            ),
            self._child,
        )
        self.firewall = WebAcl(f"{name}-firewall", args.firewall, self._child)
        self._logs = log_bucket(
            f"{name}-logs",
            WRITER,
            tags=args.tags,
            days=args.log_retention_days,
            protect=args.protect,
            parent=self,
        )
        sorry_names = [args.site, *(region_name(region, args.site) for region in args.regions)]
        page = {"index.html": Page(body=SORRY.read_text())}
        sorry = self._distribution("sorry", sorry_names, page, {403: ErrorPage(path="/index.html", code=503)})
        self.last_resort = sorry.recovery_fact["name"]
        self.sorry = Alias(
            name=sorry.distribution_domain_name, zone_id=sorry.distribution_zone_id, cloudfront=True
        )
        static_name = names.static(args.site)
        static = self._distribution("static", [static_name], {}, {})
        RoutedRecord(
            f"{name}-static",
            RoutedRecordArgs(
                zone_id=args.zone_id,
                name=static_name,
                target=Alias(
                    name=static.distribution_domain_name, zone_id=static.distribution_zone_id, cloudfront=True
                ),
            ),
            self._child,
        )
        self.register_outputs(
            {"sorry": sorry.distribution_domain_name, "static": static.distribution_domain_name}
        )

    def _distribution(
        self, what: str, names: list[str], pages: dict[str, Page], errors: dict[int, ErrorPage]
    ) -> StaticSite:
        args, (region, other) = self._args, self._args.regions
        bucket = Bucket(
            f"{self._name}-{what}",
            BucketArgs(
                kms_key_arn=args.key_arn,
                replica=BucketReplica(region=other, kms_key_arn=args.peer_key_arn),
                own_policy=False,
                protect=args.protect,
                # Releases write here, not users: what a lost region takes along, the release has.
                tags=promising_replication(args.tags),
            ),
            self._child,
        )
        if (
            bucket.replica_bucket is None
            or bucket.replica_arn is None
            or bucket.replica_regional_domain_name is None
        ):
            raise ValueError(f"{what}: the bucket has no replica")
        site = StaticSite(
            f"{self._name}-{what}-site",
            StaticSiteArgs(
                bucket=SiteBucket(
                    name=bucket.bucket, arn=bucket.arn, domain=bucket.regional_domain_name, region=region
                ),
                replica=SiteBucket(
                    name=bucket.replica_bucket,
                    arn=bucket.replica_arn,
                    domain=bucket.replica_regional_domain_name,
                    region=other,
                ),
                aliases=names,
                certificate_arn=self.certificate.arn,
                web_acl_arn=self.firewall.arn,
                log_bucket_arn=self._logs.arn,
                content=pages,
                error_pages=errors,
                tags=args.tags,
            ),
            self._child,
        )
        origins = sorted(kept["name"] for kept in bucket.recovery_facts)
        self.recovery_facts += [{**site.recovery_fact, "needs": origins}, *bucket.recovery_facts]
        return site
