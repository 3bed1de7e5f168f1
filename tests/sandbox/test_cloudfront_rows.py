"""Distributions and what belongs to them, through the provider."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.test_acm_rows import certificate, placed
from tests.sandbox.test_route53_rows import Made

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
CACHE = "aws:cloudfront/cachePolicy:CachePolicy"
MANAGED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def control(provider: Provider) -> Made:
    inputs = {"originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"}
    return Made(provider, CONTROL, {**inputs, "description": "reads"})


def headers(provider: Provider) -> Made:
    security = {
        "strictTransportSecurity": {
            "accessControlMaxAgeSec": 31536000,
            "includeSubdomains": True,
            "override": True,
        },
        "contentTypeOptions": {"override": True},
        "frameOptions": {"frameOption": "DENY", "override": True},
        "referrerPolicy": {"referrerPolicy": "strict-origin-when-cross-origin", "override": True},
        "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'self'", "override": True},
    }
    return Made(provider, HEADERS, {"comment": "c", "securityHeadersConfig": security})


def test_origin_access_control(provider: Provider, boto: Any) -> None:
    made = control(provider)
    cf = boto("cloudfront")
    kept = cf.get_origin_access_control(Id=made.id)["OriginAccessControl"]["OriginAccessControlConfig"]
    assert kept["Name"] == made.inputs["name"]
    assert (kept["SigningBehavior"], kept["OriginAccessControlOriginType"]) == ("always", "s3")
    assert made.update(description="other") == []
    kept = cf.get_origin_access_control(Id=made.id)["OriginAccessControl"]["OriginAccessControlConfig"]
    assert kept["Description"] == "other"
    made.delete()


def test_policies(provider: Provider, boto: Any) -> None:
    cf, made = boto("cloudfront"), headers(provider)

    def kept() -> dict[str, Any]:
        found = cf.get_response_headers_policy(Id=made.id)["ResponseHeadersPolicy"]
        return found["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert kept()["StrictTransportSecurity"] == {
        "AccessControlMaxAgeSec": 31536000,
        "IncludeSubdomains": True,
        "Override": True,
    }
    assert kept()["ContentSecurityPolicy"]["ContentSecurityPolicy"] == "default-src 'self'"
    before = made.outputs["etag"]
    security = {
        **made.inputs["securityHeadersConfig"],
        "frameOptions": {"frameOption": "SAMEORIGIN", "override": True},
    }
    assert made.update(securityHeadersConfig=security) == []
    assert kept()["FrameOptions"]["FrameOption"] == "SAMEORIGIN"
    assert made.outputs["etag"] != before
    made.delete()
    cookies = {"cookiesConfig": {"cookieBehavior": "whitelist", "cookies": {"items": ["a", "b"]}}}
    more = {"headersConfig": {"headerBehavior": "none"}, "queryStringsConfig": {"queryStringBehavior": "all"}}
    cache = Made(
        provider,
        CACHE,
        {"minTtl": 1, "defaultTtl": 60, "parametersInCacheKeyAndForwardedToOrigin": {**cookies, **more}},
    )
    config = cf.get_cache_policy(Id=cache.id)["CachePolicy"]["CachePolicyConfig"]
    assert (config["MinTTL"], config["DefaultTTL"]) == (1, 60)
    assert config["ParametersInCacheKeyAndForwardedToOrigin"]["CookiesConfig"]["Cookies"]["Items"] == [
        "a",
        "b",
    ]
    cache.delete()


def test_distribution(provider: Provider, boto: Any) -> None:
    cf, access, policy, shown = (
        boto("cloudfront"),
        control(provider),
        headers(provider),
        certificate(provider),
    )
    placed(provider, shown)
    regions = ("us-east-1", "us-west-2")
    origins = [
        {
            "originId": f"s3-{region}",
            "domainName": f"b.s3.{region}.amazonaws.com",
            "originAccessControlId": access.id,
            "connectionAttempts": 2,
            "connectionTimeout": 3,
        }
        for region in regions
    ]
    group = {"originId": "content", "failoverCriteria": {"statusCodes": [500, 503]}}
    group["members"] = [{"originId": origin["originId"]} for origin in origins]
    methods = {"allowedMethods": ["GET", "HEAD"], "cachedMethods": ["GET", "HEAD"], "compress": True}
    behavior = {
        "targetOriginId": "content",
        "viewerProtocolPolicy": "redirect-to-https",
        "cachePolicyId": MANAGED,
    }
    viewer = {
        "acmCertificateArn": shown.id,
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }
    error = {
        "errorCode": 403,
        "responseCode": 503,
        "responsePagePath": "/index.html",
        "errorCachingMinTtl": 0,
    }
    inputs = {
        "enabled": True,
        "comment": "site",
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "priceClass": "PriceClass_100",
        "defaultRootObject": "index.html",
        "aliases": ["example.com", "us-east-1.example.com"],
        "origins": origins,
        "originGroups": [group],
        "defaultCacheBehavior": {**behavior, **methods, "responseHeadersPolicyId": policy.id},
        "customErrorResponses": [error],
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": viewer,
        "loggingConfig": {"bucket": "logs.s3.amazonaws.com", "includeCookies": False, "prefix": "site/"},
        "tags": {"a": "1"},
    }
    made = Made(provider, DISTRIBUTION, inputs)
    assert made.outputs["domainName"].endswith(".cloudfront.net")
    assert made.outputs["hostedZoneId"] == "Z2FDTNDATAQYW2"
    assert made.outputs["arn"].endswith(f":distribution/{made.id}")
    assert made.outputs["status"] == "Deployed"

    def kept() -> dict[str, Any]:
        return cf.get_distribution(Id=made.id)["Distribution"]["DistributionConfig"]

    config = kept()
    assert config["Aliases"]["Items"] == inputs["aliases"]
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "content"
    assert config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == policy.id
    assert config["DefaultCacheBehavior"]["AllowedMethods"]["Items"] == ["GET", "HEAD"]
    assert [origin["OriginAccessControlId"] for origin in config["Origins"]["Items"]] == [access.id] * 2
    assert [origin["ConnectionTimeout"] for origin in config["Origins"]["Items"]] == [3, 3]
    assert config["OriginGroups"]["Items"][0]["FailoverCriteria"]["StatusCodes"]["Items"] == [500, 503]
    assert config["ViewerCertificate"]["ACMCertificateArn"] == shown.id
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert (config["HttpVersion"], config["PriceClass"]) == ("http2and3", "PriceClass_100")
    assert config["CustomErrorResponses"]["Items"][0]["ResponseCode"] == "503"
    assert config["Logging"]["Prefix"] == "site/"
    assert (
        made.update(
            priceClass="PriceClass_All",
            tags={"b": "2"},
            originGroups=[],
            defaultCacheBehavior={**inputs["defaultCacheBehavior"], "targetOriginId": "s3-us-east-1"},
        )
        == []
    )
    assert kept()["PriceClass"] == "PriceClass_All"
    assert kept()["OriginGroups"]["Quantity"] == 0
    tags = cf.list_tags_for_resource(Resource=made.outputs["arn"])["Tags"]["Items"]
    assert tags == [{"Key": "b", "Value": "2"}]
    with pytest.raises(ProviderError, match="OriginAccessControlInUse"):
        access.delete()
    for gone in (made, access, policy, shown):
        gone.delete()
    assert cf.list_distributions()["DistributionList"].get("Items", []) == []


def test_what_the_sandbox_does_not_simulate_is_an_error(provider: Provider) -> None:
    urn = f"urn:pulumi:prod::holdfast::{DISTRIBUTION}::it"
    _, failures = provider.check(DISTRIBUTION, urn, {}, {"enabled": True, "anycastIpListId": "x"})
    assert failures == [("anycastIpListId", f"{DISTRIBUTION}: the sandbox does not simulate anycastIpListId")]
