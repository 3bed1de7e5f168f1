"""CloudFront: what moto answers otherwise than AWS."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.faults import TABLE
from tests.sandbox.test_acm_extension import options, place, request

MANAGED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


class Edge:
    """CloudFront by boto3."""

    def __init__(self, boto: Any) -> None:
        self.boto, self.cf = boto, boto("cloudfront")
        self.numbers = itertools.count()

    def config(self, *origins: str, target: str = "s3-us-east-1", **more: Any) -> dict[str, Any]:
        regions = origins or ("us-east-1",)
        items = [
            {
                "Id": f"s3-{r}",
                "DomainName": f"b.s3.{r}.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
            for r in regions
        ]
        behavior = {
            "TargetOriginId": target,
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": MANAGED,
        }
        base = {"CallerReference": str(next(self.numbers)), "Comment": "", "Enabled": True}
        return {
            **base,
            "Origins": {"Quantity": len(items), "Items": items},
            "DefaultCacheBehavior": behavior,
            **more,
        }

    def grouped(self) -> dict[str, Any]:
        members = [{"OriginId": "s3-us-east-1"}, {"OriginId": "s3-us-west-2"}]
        codes = {"Quantity": 1, "Items": [503]}
        group = {"Id": "content", "FailoverCriteria": {"StatusCodes": codes}}
        group["Members"] = {"Quantity": 2, "Items": members}
        groups = {"Quantity": 1, "Items": [group]}
        return self.config("us-east-1", "us-west-2", target="content", OriginGroups=groups)

    def create(self, config: dict[str, Any]) -> dict[str, Any]:
        return self.cf.create_distribution(DistributionConfig=config)["Distribution"]

    def certificate(self, region: str, *names: str) -> str:
        acm, r53 = self.boto("acm", region), self.boto("route53")
        zone = r53.create_hosted_zone(Name="example.com", CallerReference=str(next(self.numbers)))[
            "HostedZone"
        ]["Id"]
        arn = request(acm, *names)
        for record in options(acm, arn).values():
            place(r53, zone, record)
        return arn


@pytest.fixture
def edge(boto: Any) -> Edge:
    return Edge(boto)


def refused(code: str, call: Any, **kwargs: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**kwargs)
    assert caught.value.response["Error"]["Code"] == code


def named(arn: str, *aliases: str) -> dict[str, Any]:
    viewer = {
        "ACMCertificateArn": arn,
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    return {"ViewerCertificate": viewer, "Aliases": {"Quantity": len(aliases), "Items": list(aliases)}}


def test_an_origin_group_may_be_the_target_and_is_kept(edge: Edge) -> None:
    made = edge.create(edge.grouped())
    kept = edge.cf.get_distribution(Id=made["Id"])["Distribution"]["DistributionConfig"]
    assert kept["DefaultCacheBehavior"]["TargetOriginId"] == "content"
    [group] = kept["OriginGroups"]["Items"]
    assert [member["OriginId"] for member in group["Members"]["Items"]] == ["s3-us-east-1", "s3-us-west-2"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [503]
    broken = edge.grouped()
    broken["OriginGroups"]["Items"][0]["Members"]["Items"][0]["OriginId"] = "nowhere"
    refused("NoSuchOrigin", edge.cf.create_distribution, DistributionConfig=broken)


def test_an_origin_access_control_is_kept_must_exist_and_stays_while_used(edge: Edge) -> None:
    config = {
        "Name": "oac",
        "SigningProtocol": "sigv4",
        "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }
    control = edge.cf.create_origin_access_control(OriginAccessControlConfig=config)["OriginAccessControl"][
        "Id"
    ]
    wanted = edge.config()
    wanted["Origins"]["Items"][0]["OriginAccessControlId"] = control
    made = edge.create(wanted)
    kept = edge.cf.get_distribution(Id=made["Id"])["Distribution"]["DistributionConfig"]
    assert kept["Origins"]["Items"][0]["OriginAccessControlId"] == control
    refused("OriginAccessControlInUse", edge.cf.delete_origin_access_control, Id=control, IfMatch="*")
    other = edge.config()
    other["Origins"]["Items"][0]["OriginAccessControlId"] = "nobody"
    refused("InvalidOriginAccessControl", edge.cf.create_distribution, DistributionConfig=other)


def test_an_enabled_distribution_can_not_be_deleted_and_changes_need_the_version(edge: Edge) -> None:
    made = edge.create(edge.config())
    found = edge.cf.get_distribution_config(Id=made["Id"])
    refused("DistributionNotDisabled", edge.cf.delete_distribution, Id=made["Id"], IfMatch=found["ETag"])
    config = {**found["DistributionConfig"], "Enabled": False}
    update = edge.cf.update_distribution
    refused("InvalidIfMatchVersion", update, Id=made["Id"], IfMatch="old", DistributionConfig=config)
    changed = {**config, "CallerReference": "another"}
    refused("IllegalUpdate", update, Id=made["Id"], IfMatch=found["ETag"], DistributionConfig=changed)
    version = update(Id=made["Id"], IfMatch=found["ETag"], DistributionConfig=config)["ETag"]
    assert version != found["ETag"]
    refused("InvalidIfMatchVersion", edge.cf.delete_distribution, Id=made["Id"], IfMatch=found["ETag"])
    edge.cf.delete_distribution(Id=made["Id"], IfMatch=version)


def test_alternate_names_need_a_certificate_of_us_east_1_that_covers_them(edge: Edge) -> None:
    create = edge.cf.create_distribution
    bare = {"Aliases": {"Quantity": 1, "Items": ["shop.example.com"]}}
    refused("InvalidViewerCertificate", create, DistributionConfig=edge.config(**bare))
    far = edge.certificate("us-west-2", "shop.example.com")
    refused(
        "InvalidViewerCertificate", create, DistributionConfig=edge.config(**named(far, "shop.example.com"))
    )
    near = edge.certificate("us-east-1", "shop.example.com", "*.shop.example.com")
    refused(
        "InvalidViewerCertificate", create, DistributionConfig=edge.config(**named(near, "api.example.com"))
    )
    edge.create(edge.config(**named(near, "shop.example.com", "us-east-1.shop.example.com")))
    again = edge.config(**named(near, "shop.example.com"))
    refused("CNAMEAlreadyExists", create, DistributionConfig=again)


def test_response_headers_policies(edge: Edge) -> None:
    frame = {"Override": True, "FrameOption": "DENY"}
    config = {"Name": "headers", "SecurityHeadersConfig": {"FrameOptions": frame}}
    made = edge.cf.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    policy = made["ResponseHeadersPolicy"]["Id"]
    refused(
        "ResponseHeadersPolicyAlreadyExists",
        edge.cf.create_response_headers_policy,
        ResponseHeadersPolicyConfig=config,
    )
    found = edge.cf.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"][
        "ResponseHeadersPolicyConfig"
    ]
    assert found["SecurityHeadersConfig"]["FrameOptions"] == frame
    listed = edge.cf.list_response_headers_policies()["ResponseHeadersPolicyList"]["Items"]
    assert [item["ResponseHeadersPolicy"]["Id"] for item in listed] == [policy]
    frame["FrameOption"] = "SAMEORIGIN"
    update = edge.cf.update_response_headers_policy
    refused("InvalidIfMatchVersion", update, Id=policy, IfMatch="old", ResponseHeadersPolicyConfig=config)
    version = update(Id=policy, IfMatch=made["ETag"], ResponseHeadersPolicyConfig=config)["ETag"]
    wanted = edge.config()
    wanted["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] = policy
    edge.create(wanted)
    refused("ResponseHeadersPolicyInUse", edge.cf.delete_response_headers_policy, Id=policy, IfMatch=version)
    other = edge.config()
    other["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] = "nobody"
    refused("NoSuchResponseHeadersPolicy", edge.cf.create_distribution, DistributionConfig=other)


def test_cache_policies_and_awss_own(edge: Edge) -> None:
    managed = edge.cf.get_cache_policy(Id=MANAGED)["CachePolicy"]["CachePolicyConfig"]
    assert managed["Name"] == "Managed-CachingOptimized"
    made = edge.cf.create_cache_policy(
        CachePolicyConfig={"Name": "mine", "MinTTL": 1, "DefaultTTL": 60, "MaxTTL": 90}
    )
    policy = made["CachePolicy"]["Id"]
    assert edge.cf.get_cache_policy(Id=policy)["CachePolicy"]["CachePolicyConfig"]["DefaultTTL"] == 60
    edge.cf.delete_cache_policy(Id=policy, IfMatch=made["ETag"])
    refused("NoSuchCachePolicy", edge.cf.get_cache_policy, Id=policy)
    other = edge.config()
    other["DefaultCacheBehavior"]["CachePolicyId"] = policy
    refused("NoSuchCachePolicy", edge.cf.create_distribution, DistributionConfig=other)


def test_a_distribution_answers_while_it_is_enabled_and_one_of_its_origins_is_there(edge: Edge) -> None:
    r53 = edge.boto("route53")
    single, double = edge.create(edge.config()), edge.create(edge.grouped())
    checks = []
    for i, made in enumerate((single, double)):
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": made["DomainName"]}
        checks.append(
            r53.create_health_check(CallerReference=str(i), HealthCheckConfig=config)["HealthCheck"]["Id"]
        )

    def states() -> list[bool]:
        seen = [r53.get_health_check_status(HealthCheckId=c)["HealthCheckObservations"][0] for c in checks]
        return [s["StatusReport"]["Status"].startswith("Success") for s in seen]

    assert states() == [True, True]
    TABLE.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    assert states() == [False, True]
    TABLE.apply({"regions": {"us-west-2": [503, "ServiceUnavailable"]}})
    assert states() == [False, False]
    TABLE.apply({"clear": True})
    found = edge.cf.get_distribution_config(Id=single["Id"])
    config = {**found["DistributionConfig"], "Enabled": False}
    edge.cf.update_distribution(Id=single["Id"], IfMatch=found["ETag"], DistributionConfig=config)
    assert states() == [False, True]
