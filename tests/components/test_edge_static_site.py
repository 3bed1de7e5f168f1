from __future__ import annotations

import dataclasses
import json

import pytest

from components.edge import Content, ErrorPage, SecurityHeaders, SiteBucket, StaticSite, StaticSiteArgs
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
BUCKET = SiteBucket(name="b", arn="arn:aws:s3:::b", domain="b.s3.us-east-1.amazonaws.com", region="us-east-1")
REPLICA = SiteBucket(
    name="r", arn="arn:aws:s3:::r", domain="r.s3.us-west-2.amazonaws.com", region="us-west-2"
)
ARGS = StaticSiteArgs(bucket=BUCKET, tags=TAGS)
ARN = "arn:aws:mock:us-east-1:123456789012:site-cdn"


def run(*, preview: bool = False, **changes: object) -> Deployment:
    return deploy(lambda: StaticSite("site", dataclasses.replace(ARGS, **changes)), preview=preview)  # type: ignore[arg-type]


def test_distribution_serves_the_bucket_over_tls() -> None:
    deployment = run()
    made = deployment.one("Distribution", "site-cdn")
    wanted = {
        "enabled": True,
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "priceClass": "PriceClass_100",
        "defaultRootObject": "index.html",
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "tags": TAGS.resource("site-cdn"),
        "origins": [
            {
                "originId": "s3-us-east-1",
                "domainName": BUCKET.domain,
                "originAccessControlId": "site-oac-id",
                "connectionAttempts": 2,
                "connectionTimeout": 3,
            }
        ],
    }
    assert {k: made.inputs[k] for k in wanted} == wanted
    behavior = made.inputs["defaultCacheBehavior"]
    assert behavior["targetOriginId"] == "s3-us-east-1"
    assert behavior["viewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["allowedMethods"] == ["GET", "HEAD"]
    assert behavior["responseHeadersPolicyId"] == "site-headers-id"
    assert behavior["cachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    for absent in ("originGroups", "aliases", "loggingConfig", "webAclId", "customErrorResponses", "region"):
        assert absent not in made.inputs
    assert made.parent.endswith("holdfast:edge:StaticSite::site")


def test_origin_access_is_signed() -> None:
    access = run().one("OriginAccessControl").inputs
    assert access["originAccessControlOriginType"] == "s3"
    assert (access["signingBehavior"], access["signingProtocol"]) == ("always", "sigv4")


def test_bucket_policy_admits_this_distribution_only_and_tls_only() -> None:
    policy = run().one("BucketPolicy", "site-read-us-east-1")
    assert (policy.inputs["bucket"], policy.inputs["region"]) == ("b", "us-east-1")
    deny, _old_tls, read = json.loads(policy.inputs["policy"])["Statement"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Resource"] == ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert read == {
        "Sid": "ReadByDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"aws:SourceArn": ARN}},
    }


def test_a_replica_is_the_second_origin_with_a_policy_in_its_region() -> None:
    deployment = run(replica=REPLICA)
    made = deployment.one("Distribution").inputs
    assert [o["originId"] for o in made["origins"]] == ["s3-us-east-1", "s3-us-west-2"]
    assert made["originGroups"] == [
        {
            "originId": "content",
            "failoverCriteria": {"statusCodes": [500, 502, 503, 504]},
            "members": [{"originId": "s3-us-east-1"}, {"originId": "s3-us-west-2"}],
        }
    ]
    assert made["defaultCacheBehavior"]["targetOriginId"] == "content"
    policy = deployment.one("BucketPolicy", "site-read-us-west-2").inputs
    assert (policy["bucket"], policy["region"]) == ("r", "us-west-2")
    assert json.loads(policy["policy"])["Statement"][-1]["Resource"] == "arn:aws:s3:::r/*"


def test_own_names_have_a_certificate_and_modern_tls() -> None:
    made = (
        run(aliases=("shop.example.com", "*.shop.example.com"), certificate_arn="arn:c")
        .one("Distribution")
        .inputs
    )
    assert made["aliases"] == ["shop.example.com", "*.shop.example.com"]
    assert made["viewerCertificate"] == {
        "acmCertificateArn": "arn:c",
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    }


def test_security_headers_override_the_origins() -> None:
    headers = SecurityHeaders(content_security_policy="default-src 'none'", frame_option="SAMEORIGIN")
    made = run(headers=headers).one("ResponseHeadersPolicy", "site-headers").inputs["securityHeadersConfig"]
    assert made == {
        "strictTransportSecurity": {
            "accessControlMaxAgeSec": 31536000,
            "includeSubdomains": True,
            "override": True,
        },
        "contentTypeOptions": {"override": True},
        "frameOptions": {"frameOption": "SAMEORIGIN", "override": True},
        "referrerPolicy": {"referrerPolicy": "strict-origin-when-cross-origin", "override": True},
        "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'none'", "override": True},
    }


def test_content_is_uploaded_with_type_and_life() -> None:
    deployment = run(content={"index.html": Content(body="<h1>Back soon</h1>")})
    made = deployment.one("BucketObjectv2", "site-index.html")
    assert made.inputs == {
        "bucket": "b",
        "key": "index.html",
        "content": "<h1>Back soon</h1>",
        "contentType": "text/html; charset=utf-8",
        "cacheControl": "max-age=60",
        "region": "us-east-1",
        "tags": TAGS.resource("site-index.html"),
    }


DELIVERY = ("LogDeliverySource", "LogDeliveryDestination", "LogDelivery")


def test_error_pages_firewall_and_logs_are_options() -> None:
    made = run(
        error_pages={404: ErrorPage(path="/404.html"), 403: ErrorPage(path="/index.html", code=503, ttl=0)},
        web_acl_arn="arn:acl",
        log_bucket_arn="arn:aws:s3:::logs",
        price_class="PriceClass_All",
    )
    made_inputs = made.one("Distribution").inputs
    assert made_inputs["customErrorResponses"] == [
        {"errorCode": 403, "responseCode": 503, "responsePagePath": "/index.html", "errorCachingMinTtl": 0},
        {"errorCode": 404, "responseCode": 404, "responsePagePath": "/404.html", "errorCachingMinTtl": 10},
    ]
    assert made_inputs["webAclId"] == "arn:acl"
    source, destination, delivery = (
        made.one(f"aws:cloudwatch/{kind[0].lower()}{kind[1:]}:{kind}").inputs for kind in DELIVERY
    )
    assert (source["logType"], source["resourceArn"]) == (
        "ACCESS_LOGS",
        "arn:aws:mock:us-east-1:123456789012:site-cdn",
    )
    assert destination["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn:aws:s3:::logs"}
    assert delivery["deliverySourceName"] == "site-logs-source-1234567"
    assert delivery["deliveryDestinationArn"].endswith(":site-logs-destination")
    assert {part["region"] for part in (source, destination, delivery)} == {"us-east-1"}
    assert made_inputs["priceClass"] == "PriceClass_All"


def test_outputs_and_preview() -> None:
    deployment = run(replica=REPLICA)
    (outputs,) = [o for urn, o in deployment.outputs.items() if urn.endswith("StaticSite::site")]
    assert outputs["distribution_domain_name"] == "site-cdn.cloudfront.net"
    assert outputs["distribution_zone_id"] == "Z2FDTNDATAQYW2"
    assert outputs["distribution_arn"] == ARN
    previewed = {(r.type, r.name) for r in run(replica=REPLICA, preview=True).resources}
    assert previewed == {(r.type, r.name) for r in deployment.resources}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"aliases": ("shop.example.com",)},
            "certificate_arn: got None, allowed is one in us-east-1 with aliases",
        ),
        (
            {"aliases": ("Shop",), "certificate_arn": "arn:c"},
            r"aliases: got 'Shop', allowed is a lower-case domain name, or \*\. and",
        ),
        (
            {"replica": dataclasses.replace(REPLICA, region="us-east-1")},
            r"replica\.region: got 'us-east-1', allowed is another region than the bucket's",
        ),
        ({"root": "/index.html"}, r"root: got '/index\.html', allowed is an object key without a leading /"),
        (
            {"price_class": "PriceClass_1"},
            "price_class: got 'PriceClass_1', allowed is one of PriceClass_100,",
        ),
        ({"error_pages": {200: ErrorPage(path="/x")}}, "error_pages: got 200, allowed is 400 to 599"),
        (
            {"error_pages": {404: ErrorPage(path="x")}},
            r"error_pages\[404\]\.path: got 'x', allowed is a path that begins with / and has 1",
        ),
        (
            {"error_pages": {404: ErrorPage(path="/x", code=600)}},
            r"error_pages\[404\]\.code: got 600, allowed is 200 to 599",
        ),
        (
            {"error_pages": {404: ErrorPage(path="/x", ttl=-1)}},
            r"error_pages\[404\]\.ttl: got -1, allowed is 0 to 31536000 s",
        ),
        (
            {"content": {"/index.html": Content(body="x")}},
            r"content: got '/index\.html', allowed is a key without a leading /",
        ),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(**changes)
