"""Elastic Load Balancing: what moto answers otherwise than AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.faults import TABLE

IMAGE = "ami-03cf127a"
"""One of moto's; asking for all of them takes seconds."""


class Site:
    """A load balancer over two zones with one instance in each, made with boto3."""

    def __init__(self, boto: Any, region: str = "us-east-1") -> None:
        self.ec2, self.elb = boto("ec2", region), boto("elbv2", region)
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.zones = [f"{region}a", f"{region}b"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zone)[
                "Subnet"
            ]["SubnetId"]
            for i, zone in enumerate(self.zones)
        ]
        made = self.elb.create_load_balancer(Name="web", Subnets=self.subnets)["LoadBalancers"][0]
        self.arn, self.dns_name, self.zone_id = (
            made["LoadBalancerArn"],
            made["DNSName"],
            made["CanonicalHostedZoneId"],
        )
        group = self.elb.create_target_group(Name="tg", Protocol="HTTP", Port=80, VpcId=self.vpc)
        self.group = group["TargetGroups"][0]["TargetGroupArn"]
        self.instances = [self._instance(subnet) for subnet in self.subnets]
        self.elb.register_targets(TargetGroupArn=self.group, Targets=[{"Id": i} for i in self.instances])

    def _instance(self, subnet: str) -> str:
        run = self.ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=subnet)
        return run["Instances"][0]["InstanceId"]

    def listen(self, port: int = 80) -> str:
        actions = [{"Type": "forward", "TargetGroupArn": self.group}]
        made = self.elb.create_listener(
            LoadBalancerArn=self.arn, Protocol="HTTP", Port=port, DefaultActions=actions
        )
        return made["Listeners"][0]["ListenerArn"]

    def states(self) -> dict[str, tuple[str, str | None]]:
        found = self.elb.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"]
        return {
            t["Target"]["Id"]: (t["TargetHealth"]["State"], t["TargetHealth"].get("Reason")) for t in found
        }


@pytest.fixture
def site(boto: Any) -> Site:
    return Site(boto)


def refused(code: str, call: Any, **kwargs: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**kwargs)
    assert caught.value.response["Error"]["Code"] == code


def test_a_target_group_without_a_listener_is_unused(site: Site) -> None:
    assert set(site.states().values()) == {("unused", "Target.NotInUse")}
    listener = site.listen()
    assert set(site.states().values()) == {("healthy", None)}
    site.elb.delete_listener(ListenerArn=listener)
    assert set(site.states().values()) == {("unused", "Target.NotInUse")}
    [group] = site.elb.describe_target_groups(TargetGroupArns=[site.group])["TargetGroups"]
    assert group["LoadBalancerArns"] == []


@pytest.mark.parametrize(
    "fault", [("unhealthy", "Target.ResponseCodeMismatch"), ("initial", "Elb.RegistrationInProgress")]
)
def test_a_target_has_the_state_that_a_fault_sets(site: Site, fault: tuple[str, str]) -> None:
    site.listen()
    TABLE.apply({"targets": {site.instances[0]: list(fault)}})
    assert site.states() == {site.instances[0]: fault, site.instances[1]: ("healthy", None)}


@pytest.mark.parametrize("by_id", [True, False])
def test_targets_go_with_their_zone(site: Site, by_id: bool) -> None:
    site.listen()
    [zone] = site.ec2.describe_availability_zones(ZoneNames=[site.zones[1]])["AvailabilityZones"]
    TABLE.apply({"zones": {zone["ZoneId"] if by_id else zone["ZoneName"]: True}})
    assert site.states() == {
        site.instances[0]: ("healthy", None),
        site.instances[1]: ("unhealthy", "Target.Timeout"),
    }


def test_addresses_go_with_the_zone_of_their_subnet(site: Site) -> None:
    made = site.elb.create_target_group(Name="ip", Protocol="HTTP", Port=80, VpcId=site.vpc, TargetType="ip")
    site.group = made["TargetGroups"][0]["TargetGroupArn"]
    site.elb.register_targets(TargetGroupArn=site.group, Targets=[{"Id": "10.0.0.9"}, {"Id": "10.0.1.9"}])
    site.listen()
    TABLE.apply({"zones": {site.zones[0]: True}})
    assert site.states() == {"10.0.0.9": ("unhealthy", "Target.Timeout"), "10.0.1.9": ("healthy", None)}


def test_an_application_load_balancer_needs_two_zones(site: Site) -> None:
    refused("ValidationError", site.elb.create_load_balancer, Name="one", Subnets=site.subnets[:1])
    twin = site.ec2.create_subnet(VpcId=site.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone=site.zones[0])
    both = [site.subnets[0], twin["Subnet"]["SubnetId"]]
    refused("InvalidConfigurationRequest", site.elb.create_load_balancer, Name="two", Subnets=both)
    site.elb.create_load_balancer(Name="net", Subnets=site.subnets[:1], Type="network")


def test_names_and_ports_are_taken_once(site: Site) -> None:
    refused("DuplicateLoadBalancerName", site.elb.create_load_balancer, Name="web", Subnets=site.subnets)
    site.listen(80)
    with pytest.raises(ClientError, match="DuplicateListener"):
        site.listen(80)
    site.listen(81)


def test_deletion_protection_protects(site: Site) -> None:
    key = "deletion_protection.enabled"
    site.elb.modify_load_balancer_attributes(
        LoadBalancerArn=site.arn, Attributes=[{"Key": key, "Value": "true"}]
    )
    refused("OperationNotPermitted", site.elb.delete_load_balancer, LoadBalancerArn=site.arn)
    site.elb.modify_load_balancer_attributes(
        LoadBalancerArn=site.arn, Attributes=[{"Key": key, "Value": "false"}]
    )
    site.elb.delete_load_balancer(LoadBalancerArn=site.arn)
    site.elb.delete_target_group(TargetGroupArn=site.group)


def test_https_needs_a_known_policy_and_an_issued_certificate(site: Site, boto: Any) -> None:
    arn = boto("acm").request_certificate(DomainName="shop.example.com", ValidationMethod="DNS")[
        "CertificateArn"
    ]
    actions = [{"Type": "forward", "TargetGroupArn": site.group}]
    base = {"LoadBalancerArn": site.arn, "Protocol": "HTTPS", "Port": 443, "DefaultActions": actions}
    listen = site.elb.create_listener
    refused("ValidationError", listen, **base)
    refused("UnsupportedCertificate", listen, Certificates=[{"CertificateArn": arn}], **base)
    refused("CertificateNotFound", listen, Certificates=[{"CertificateArn": arn[:-1] + "x"}], **base)
    refused(
        "SSLPolicyNotFound",
        listen,
        Certificates=[{"CertificateArn": arn}],
        SslPolicy="ELBSecurityPolicy-1999",
        **base,
    )


def test_each_regions_load_balancers_have_their_hosted_zone(boto: Any) -> None:
    assert Site(boto).zone_id == "Z35SXDOTRQ7X7K"
    assert Site(boto, "us-west-2").zone_id == "Z1H1FL5HABSF5"


def test_a_target_group_belongs_to_one_load_balancer(site: Site) -> None:
    listener = site.listen()
    subnets = site.elb.describe_load_balancers()["LoadBalancers"][0]["AvailabilityZones"]
    other = site.elb.create_load_balancer(Name="other", Subnets=[each["SubnetId"] for each in subnets])[
        "LoadBalancers"
    ][0]
    forward = [{"Type": "forward", "TargetGroupArn": site.group}]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]
    plain = {"LoadBalancerArn": other["LoadBalancerArn"], "Port": 80, "Protocol": "HTTP"}
    made = site.elb.create_listener(**plain, DefaultActions=fixed)["Listeners"][0]["ListenerArn"]
    when = [{"Field": "path-pattern", "Values": ["/x"]}]
    rule = site.elb.create_rule(ListenerArn=made, Priority=1, Conditions=when, Actions=fixed)["Rules"][0][
        "RuleArn"
    ]
    for call, named in (
        (site.elb.create_listener, {**plain, "Port": 81, "DefaultActions": forward}),
        (site.elb.modify_listener, {"ListenerArn": made, "DefaultActions": forward}),
        (site.elb.create_rule, {"ListenerArn": made, "Priority": 2, "Conditions": when, "Actions": forward}),
        (site.elb.modify_rule, {"RuleArn": rule, "Conditions": when, "Actions": forward}),
    ):
        with pytest.raises(ClientError, match=r"TargetGroupAssociationLimit.*more than one load balancer"):
            call(**named)
    site.listen(81)  # its own may forward to it as often as it likes
    site.elb.modify_listener(ListenerArn=listener, DefaultActions=fixed)
    own = site.elb.describe_listeners(LoadBalancerArn=site.arn)["Listeners"]
    for each in own:
        site.elb.delete_listener(ListenerArn=each["ListenerArn"])
    site.elb.modify_listener(ListenerArn=made, DefaultActions=forward)


def test_who_is_not_registered_is_deregistered_without_an_error(site: Site) -> None:
    site.listen()
    for _ in range(2):
        site.elb.deregister_targets(TargetGroupArn=site.group, Targets=[{"Id": site.instances[0]}])
    assert set(site.states()) == {site.instances[1]}


def test_a_fault_may_be_one_group_s_alone(site: Site) -> None:
    site.listen()
    one, other = site.instances
    TABLE.apply(
        {
            "targets": {
                f"{one}@{site.group}": ["unhealthy", "Target.Timeout"],
                f"{other}@another": ["initial", ""],
            }
        }
    )
    assert site.states() == {one: ("unhealthy", "Target.Timeout"), other: ("healthy", None)}
