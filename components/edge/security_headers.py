"""The headers by which browsers protect themselves, set on every answer of a distribution."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class SecurityHeaders:
    """What a site tells browsers.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
    """

    content_security_policy: str = (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )
    """Where a page may load from; inline styles and scripts need to be allowed here."""
    hsts_seconds: int = 31536000
    """Seconds that browsers insist on TLS, 0 or more; a year is what preload lists ask for."""
    hsts_subdomains: bool = True
    """Whether names below the site's are bound too."""
    frame_option: str = "DENY"
    """DENY or SAMEORIGIN."""
    referrer_policy: str = "strict-origin-when-cross-origin"


def headers_policy(
    name: str, headers: SecurityHeaders, opts: pulumi.ResourceOptions
) -> aws.cloudfront.ResponseHeadersPolicy:
    """Register the policy. It overrides what the origin says."""
    return aws.cloudfront.ResponseHeadersPolicy(
        name,
        comment=f"Security headers of {name}",
        security_headers_config={
            "strict_transport_security": {
                "access_control_max_age_sec": headers.hsts_seconds,
                "include_subdomains": headers.hsts_subdomains,
                "override": True,
            },
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": headers.frame_option, "override": True},
            "referrer_policy": {"referrer_policy": headers.referrer_policy, "override": True},
            "content_security_policy": {
                "content_security_policy": headers.content_security_policy,
                "override": True,
            },
        },
        opts=opts,
    )
