"""The edge of a two-region site, deployed whole over two stacks, and where its clients are sent as things fail."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws.faults import TABLE
from tests.sandbox.projects import Runner, project, state_of
from tests.sandbox.test_elbv2_extension import IMAGE

PROGRAM = """
from components.edge import *
from components.tags import Tags

tags = Tags(environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5)
region, site = pulumi.Config("aws").require("region"), "shop.example.com"
peer = config.get("peer")
other = pulumi.StackReference(f"organization/small/{peer}") if peer else None

vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
subnets = {
    zone: aws.ec2.Subnet(f"net-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone_id=zone)
    for i, zone in enumerate(config.require_object("zones"))
}
group = aws.ec2.SecurityGroup("net-lb", vpc_id=vpc.id, description="Load balancer")
zone = HostedZone(
    "dns",
    HostedZoneArgs(
        domain="example.com", tags=tags, existing_zone_id=other.require_output("zoneId") if other else None
    ),
)
certificate = Certificate(
    "tls",
    CertificateArgs(
        domain=site,
        alternative_names=[f"*.{site}"],
        zone_id=zone.zone_id,
        tags=tags,
        validated_elsewhere=[site] if other else [],
    ),
)
front = LoadBalancer(
    "web",
    LoadBalancerArgs(
        vpc_id=vpc.id,
        subnet_ids={z: s.id for z, s in subnets.items()},
        security_group_id=group.id,
        certificate_arn=certificate.arn,
        tags=tags,
    ),
)
if other:
    sorry = {"name": other.require_output("sorryName"), "zone_id": other.require_output("sorryZone")}
else:
    bucket = aws.s3.Bucket("sorry")
    page = StaticSite(
        "sorry",
        StaticSiteArgs(
            bucket=SiteBucket(
                name=bucket.bucket, arn=bucket.arn, domain=bucket.bucket_regional_domain_name, region=region
            ),
            aliases=[site, *(region_name(r, site) for r in ("us-east-1", "us-west-2"))],
            certificate_arn=certificate.arn,
            content={"index.html": Content(body="<h1>Back soon</h1>")},
            error_pages={403: ErrorPage(path="/index.html", code=503)},
            tags=tags,
        ),
    )
    sorry = {"name": page.distribution_domain_name, "zone_id": page.distribution_zone_id}
    pulumi.export("sorryName", page.distribution_domain_name)
    pulumi.export("sorryZone", page.distribution_zone_id)
checks = HealthChecks(f"health-{region}", HealthChecksArgs(endpoint=front.dns_name, tags=tags))
SiteRecords(
    "site",
    SiteRecordsArgs(
        zone_id=zone.zone_id,
        site=site,
        region=region,
        first=not peer,
        served=Served(
            load_balancer=Alias(name=front.dns_name, zone_id=front.zone_id),
            health_check_id=checks.calculated_id,
        ),
        sorry=Alias(**sorry, cloudfront=True),
        tags=tags,
    ),
)
pulumi.export("zoneId", zone.zone_id)
pulumi.export("frontName", front.dns_name)
pulumi.export("groupArn", front.target_group_arn)
pulumi.export("deep", checks.deep_id)
"""
STACKS: dict[str, dict[str, Any]] = {
    "one": {"aws:region": "us-east-1", "small:zones": ["use1-az1", "use1-az2"]},
    "two": {"aws:region": "us-west-2", "small:zones": ["usw2-az1", "usw2-az2"], "small:peer": "one"},
}
SITE = "shop.example.com"
LOST = [503, "ServiceUnavailable"]


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    root = project(tmp_path / "project", PROGRAM, STACKS)
    return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)


def serve(boto: Any, region: str, group_arn: str) -> None:
    """An instance behind the load balancer."""
    made = boto("ec2", region).run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0][
        "InstanceId"
    ]
    boto("elbv2", region).register_targets(TargetGroupArn=group_arn, Targets=[{"Id": made}])


def test_a_site_over_two_stacks_follows_its_health(runner, boto) -> None:
    one, two = runner.up("one", "two")
    assert (one.errors, two.errors) == ([], [])
    east, west, sorry = one.outputs["frontName"], two.outputs["frontName"], one.outputs["sorryName"]
    zone, r53 = one.outputs["zoneId"], boto("route53")

    def answer(name: str = SITE) -> str:
        found = r53.test_dns_answer(HostedZoneId=zone, RecordName=name, RecordType="A")
        [target] = found["RecordData"]
        return {east: "east", west: "west", sorry: "sorry"}[target]

    def answers() -> tuple[str, ...]:
        return answer(), answer(f"us-east-1.{SITE}"), answer(f"us-west-2.{SITE}")

    assert answers() == ("sorry", "sorry", "sorry")  # nothing behind the load balancers yet
    serve(boto, "us-west-2", two.outputs["groupArn"])
    assert answers() == ("west", "sorry", "west")
    serve(boto, "us-east-1", one.outputs["groupArn"])
    assert answers() == ("east", "east", "west")
    TABLE.apply({"health_checks": {one.outputs["deep"]: False}})
    assert answers() == ("west", "sorry", "west")
    TABLE.apply({"clear": True, "regions": {"us-east-1": LOST}, "endpoints": {sorry: True}})
    assert answers() == ("west", "sorry", "west")
    TABLE.apply({"regions": {"us-west-2": LOST}})
    assert answers() == ("sorry", "sorry", "sorry")
    TABLE.apply({"clear": True})
    assert answers() == ("east", "east", "west")

    sets = r53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    pair = {r["Failover"]: r["SetIdentifier"] for r in sets if r["Name"] == f"{SITE}." and r["Type"] == "A"}
    assert pair == {"PRIMARY": "us-east-1", "SECONDARY": "us-west-2"}
    assert (
        len([r for r in sets if r["Type"] == "CNAME"]) == 1
    )  # one validation record for both regions' certificates
    for region, stack in (("us-east-1", one), ("us-west-2", two)):
        [certificate] = boto("acm", region).list_certificates()["CertificateSummaryList"]
        assert certificate["Status"] == "ISSUED"
        [balancer] = boto("elbv2", region).describe_load_balancers()["LoadBalancers"]
        assert balancer["DNSName"] == stack.outputs["frontName"]
        assert len(balancer["AvailabilityZones"]) == 2
    s3 = boto("s3")
    [bucket] = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith("sorry-")]
    assert s3.get_object(Bucket=bucket, Key="index.html")["Body"].read() == b"<h1>Back soon</h1>"
    assert "ReadByDistribution" in s3.get_bucket_policy(Bucket=bucket)["Policy"]


def test_a_preview_of_both_stacks_knows_no_output_and_needs_none(runner) -> None:
    (one,) = runner.preview("one")
    assert one.errors == []
