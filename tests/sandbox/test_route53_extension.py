"""Route 53: what moto answers otherwise than AWS, and answers that follow health."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.faults import TABLE
from sandbox.provider import ProviderError
from tests.sandbox.test_elbv2_extension import Site

NAME = "shop.example.com"


class Zone:
    """A public zone, made with boto3."""

    def __init__(self, boto: Any) -> None:
        self.r53 = boto("route53")
        self.id = self.r53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"][
            "Id"
        ].split("/")[-1]

    def change(self, *changes: tuple[str, dict[str, Any]]) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        self.r53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch=batch)

    def create(self, **record: Any) -> dict[str, Any]:
        record = {"Name": NAME, "Type": "A", **record}
        self.change(("CREATE", record))
        return record

    def plain(self, value: str, **more: Any) -> dict[str, Any]:
        return self.create(TTL=60, ResourceRecords=[{"Value": value}], **more)

    def alias(
        self, target: str, zone: str | None = None, *, evaluate: bool = True, **more: Any
    ) -> dict[str, Any]:
        wanted = {"DNSName": target, "HostedZoneId": zone or self.id, "EvaluateTargetHealth": evaluate}
        return self.create(AliasTarget=wanted, **more)

    def check(self, **config: Any) -> str:
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.org", **config}
        config = {k: v for k, v in config.items() if v is not None}
        reference = str(len(self.r53.list_health_checks()["HealthChecks"]))
        return self.r53.create_health_check(CallerReference=reference, HealthCheckConfig=config)[
            "HealthCheck"
        ]["Id"]

    def calculated(self, threshold: int, *children: str, **more: Any) -> str:
        config = {
            "HealthThreshold": threshold,
            "ChildHealthChecks": list(children),
            "FullyQualifiedDomainName": None,
        }
        return self.check(Type="CALCULATED", **config, **more)

    def healthy(self, check: str) -> bool:
        seen = self.r53.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
        [word] = {observation["StatusReport"]["Status"].split(":")[0] for observation in seen}
        return {"Success": True, "Failure": False}[word]

    def answer(self, name: str = NAME) -> list[str]:
        found = self.r53.test_dns_answer(HostedZoneId=self.id, RecordName=name, RecordType="A")
        return found["RecordData"]

    def names(self) -> list[tuple[str, str | None]]:
        found = self.r53.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [(r["Name"], r.get("SetIdentifier")) for r in found if r["Type"] == "A"]


@pytest.fixture
def zone(boto: Any) -> Zone:
    return Zone(boto)


def refused(code: str, message: str, call: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]


def test_a_routed_record_needs_a_set_identifier_and_one_policy(zone: Zone) -> None:
    refused("InvalidInput", "Missing field 'SetIdentifier'", zone.plain, "192.0.2.1", Failover="SECONDARY")
    refused("InvalidInput", "Expected exactly one of [Weight", zone.plain, "192.0.2.1", SetIdentifier="a")
    refused(
        "InvalidInput",
        "more than one",
        zone.plain,
        "192.0.2.1",
        SetIdentifier="a",
        Weight=1,
        Failover="SECONDARY",
    )
    refused("InvalidInput", "[AliasTarget, all of [TTL", zone.create)
    assert zone.names() == []


def test_a_failover_name_has_one_record_of_each_role(zone: Zone) -> None:
    check = zone.check()
    zone.plain("192.0.2.1", SetIdentifier="a", Failover="PRIMARY", HealthCheckId=check)
    zone.plain("192.0.2.2", SetIdentifier="b", Failover="SECONDARY")
    exists = "because a RRSet with the same name, type and failover already exists"
    for role in ("PRIMARY", "SECONDARY"):
        refused(
            "InvalidChangeBatch",
            exists,
            zone.plain,
            "192.0.2.3",
            SetIdentifier="c",
            Failover=role,
            HealthCheckId=check,
        )
    refused("InvalidChangeBatch", "other RRSets exist", zone.plain, "192.0.2.3", SetIdentifier="c", Weight=1)
    assert zone.names() == [(f"{NAME}.", "a"), (f"{NAME}.", "b")]


def test_roles_can_be_swapped_in_one_batch_but_not_one_after_the_other(zone: Zone) -> None:
    check = zone.check()
    first = zone.plain("192.0.2.1", SetIdentifier="a", Failover="PRIMARY", HealthCheckId=check)
    second = zone.plain("192.0.2.2", SetIdentifier="b", Failover="SECONDARY", HealthCheckId=check)
    demoted, promoted = {**first, "Failover": "SECONDARY"}, {**second, "Failover": "PRIMARY"}
    refused("InvalidChangeBatch", "already exists", zone.change, ("UPSERT", demoted))
    refused("InvalidChangeBatch", "already exists", zone.change, ("UPSERT", promoted))
    zone.change(("UPSERT", demoted), ("UPSERT", promoted))
    assert zone.answer() == ["192.0.2.2"]


def test_unknown_health_checks_and_unchecked_primaries_are_refused(zone: Zone) -> None:
    unknown = {
        "SetIdentifier": "a",
        "Failover": "PRIMARY",
        "HealthCheckId": "11111111-2222-3333-4444-555555555555",
    }
    refused("NoSuchHealthCheck", "does not exist", zone.plain, "192.0.2.1", **unknown)
    message = "non-alias primary"
    refused("InvalidChangeBatch", message, zone.plain, "192.0.2.1", SetIdentifier="a", Failover="PRIMARY")
    refused("InvalidInput", "Child health check", zone.calculated, 1, "nobody")


def test_create_refuses_what_exists_and_delete_what_differs(zone: Zone) -> None:
    made = zone.plain("192.0.2.1")
    refused("InvalidChangeBatch", "already exists", zone.plain, "192.0.2.2")
    other = {**made, "ResourceRecords": [{"Value": "192.0.2.9"}]}
    refused("InvalidChangeBatch", "do not match", zone.change, ("DELETE", other))
    refused("InvalidChangeBatch", "not found", zone.change, ("DELETE", {**made, "Name": f"no.{NAME}"}))
    refused(
        "InvalidChangeBatch", "not permitted in zone", zone.plain, "192.0.2.2", Name="shop.notexample.com"
    )
    zone.change(("DELETE", made))
    assert zone.names() == []


def test_a_deleted_record_takes_no_other_with_its_set_identifier(zone: Zone) -> None:
    check = zone.check()
    here = zone.plain("192.0.2.1", SetIdentifier="us-east-1", Weight=1, HealthCheckId=check)
    zone.plain("192.0.2.1", Name=f"eu.{NAME}", SetIdentifier="us-east-1", Weight=1, HealthCheckId=check)
    zone.change(("DELETE", here))
    assert zone.names() == [(f"eu.{NAME}.", "us-east-1")]


def test_a_batch_is_made_whole_or_not_at_all(zone: Zone) -> None:
    good = {"Name": f"a.{NAME}", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    bad = {
        "Name": NAME,
        "Type": "A",
        "SetIdentifier": "x",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    refused("InvalidInput", "Expected exactly one", zone.change, ("CREATE", good), ("CREATE", bad))
    assert zone.names() == []


def test_an_alias_within_the_zone_needs_its_target(zone: Zone) -> None:
    refused("InvalidChangeBatch", "that target was not found", zone.alias, f"eu.{NAME}")
    zone.plain("192.0.2.1", Name=f"eu.{NAME}")
    zone.alias(f"eu.{NAME}")
    assert zone.answer() == ["192.0.2.1"]


def test_a_zone_made_with_a_vpc_is_private(boto: Any) -> None:
    vpc = boto("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    place = {"VPCRegion": "us-east-1", "VPCId": vpc}
    made = boto("route53").create_hosted_zone(Name="internal", CallerReference="1", VPC=place)["HostedZone"]
    found = boto("route53").get_hosted_zone(Id=made["Id"])
    assert found["HostedZone"]["Config"]["PrivateZone"] is True
    assert found["VPCs"] == [place]


def test_accelerated_recovery_is_kept(zone: Zone) -> None:
    zone.r53.update_hosted_zone_features(HostedZoneId=zone.id, EnableAcceleratedRecovery=True)
    found = zone.r53.get_hosted_zone(Id=zone.id)["HostedZone"]
    assert found["Features"]["AcceleratedRecoveryStatus"] == "ENABLED"


def test_settings_of_health_checks_are_kept_and_an_update_keeps_the_children(zone: Zone) -> None:
    alarm = {"Name": "errors", "Region": "us-west-2"}
    config = {
        "AlarmIdentifier": alarm,
        "InsufficientDataHealthStatus": "Unhealthy",
        "FullyQualifiedDomainName": None,
    }
    check = zone.check(Type="CLOUDWATCH_METRIC", **config)
    kept = zone.r53.get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"]
    assert (kept["AlarmIdentifier"], kept["InsufficientDataHealthStatus"]) == (alarm, "Unhealthy")
    parent = zone.calculated(1, check)
    zone.r53.update_health_check(HealthCheckId=parent, Inverted=True)
    kept = zone.r53.get_health_check(HealthCheckId=parent)["HealthCheck"]
    assert kept["HealthCheckConfig"]["ChildHealthChecks"] == [check]
    assert kept["HealthCheckVersion"] == 2


def test_status_follows_inversion_children_and_faults(zone: Zone) -> None:
    one, two = zone.check(), zone.check(FullyQualifiedDomainName="www.example.net")
    both, either = zone.calculated(2, one, two), zone.calculated(1, one, two)
    inverted, disabled = zone.calculated(2, one, two, Inverted=True), zone.check(Disabled=True)

    def states() -> list[bool]:
        return [zone.healthy(c) for c in (one, two, both, either, inverted, disabled)]

    assert states() == [True, True, True, True, False, True]
    TABLE.apply({"health_checks": {one: False, disabled: False}})
    assert states() == [False, True, False, True, True, True]
    TABLE.apply({"endpoints": {"www.example.net": False}})
    assert states() == [False, False, False, False, True, True]


def test_status_follows_an_alarm_and_what_is_said_of_missing_data(zone: Zone, boto: Any) -> None:
    watch = boto("cloudwatch", "us-west-2")
    config = {"Namespace": "N", "MetricName": "M", "Period": 60, "EvaluationPeriods": 1, "Statistic": "Sum"}
    watch.put_metric_alarm(
        AlarmName="errors", Threshold=1, ComparisonOperator="GreaterThanThreshold", **config
    )
    settings = {
        "AlarmIdentifier": {"Name": "errors", "Region": "us-west-2"},
        "FullyQualifiedDomainName": None,
    }
    checks = {
        missing: zone.check(Type="CLOUDWATCH_METRIC", InsufficientDataHealthStatus=missing, **settings)
        for missing in ("Healthy", "Unhealthy", "LastKnownStatus")
    }

    def states(state: str) -> list[bool]:
        watch.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="test")
        return [zone.healthy(check) for check in checks.values()]

    assert states("OK") == [True, True, True]
    assert states("INSUFFICIENT_DATA") == [True, False, True]
    assert states("ALARM") == [False, False, False]
    assert states("INSUFFICIENT_DATA") == [True, False, False]
    states("OK")
    TABLE.apply({"regions": {"us-west-2": [503, "ServiceUnavailable"]}})
    assert [zone.healthy(check) for check in checks.values()] == [True, False, True]


def test_a_load_balancer_is_healthy_with_its_targets_and_its_region(zone: Zone, boto: Any) -> None:
    site = Site(boto)
    check = zone.check(FullyQualifiedDomainName=site.dns_name)
    assert not zone.healthy(check)
    site.listen()
    assert zone.healthy(check)
    TABLE.apply({"zones": {site.zones[0]: True}})
    assert zone.healthy(check)
    TABLE.apply({"zones": {site.zones[1]: True}})
    assert not zone.healthy(check)
    TABLE.apply({"clear": True, "regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    assert not zone.healthy(check)
    gone = zone.check(FullyQualifiedDomainName="gone-1.us-east-1.elb.amazonaws.com")
    assert not zone.healthy(gone)


def test_the_answer_follows_the_region(zone: Zone, boto: Any) -> None:
    sites = {region: Site(boto, region) for region in ("us-east-1", "us-west-2")}
    for site, role in zip(sites.values(), ("PRIMARY", "SECONDARY"), strict=True):
        site.listen()
        check = zone.check(FullyQualifiedDomainName=site.dns_name)
        zone.alias(site.dns_name, site.zone_id, SetIdentifier=role[0], Failover=role, HealthCheckId=check)
    east, west = ([site.dns_name] for site in sites.values())
    assert zone.answer() == east
    TABLE.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    assert zone.answer() == west
    TABLE.apply({"regions": {"us-west-2": [503, "ServiceUnavailable"]}})
    assert zone.answer() == east  # with none healthy, the first
    TABLE.apply({"clear": True})
    assert zone.answer() == east


def test_a_first_region_that_yields_answers_while_the_other_one_does_not(zone: Zone, boto: Any) -> None:
    """Its check asks the other region by that one's own name, which leads to a load balancer."""
    east, west = (Site(boto, region) for region in ("us-east-1", "us-west-2"))
    for site in (east, west):
        site.listen()
    zone.alias(west.dns_name, west.zone_id, Name=f"west.{NAME}")
    own = zone.check(FullyQualifiedDomainName=east.dns_name)
    lost = zone.check(FullyQualifiedDomainName=f"west.{NAME}", Inverted=True)
    behind = zone.calculated(2, own, lost)
    zone.alias(east.dns_name, east.zone_id, SetIdentifier="e", Failover="PRIMARY", HealthCheckId=behind)
    zone.alias(f"west.{NAME}", SetIdentifier="w", Failover="SECONDARY")
    for gone, there in (((), west), (("us-east-1",), west), (("us-west-2",), east)):
        TABLE.apply({"clear": True, "regions": {region: [503, "ServiceUnavailable"] for region in gone}})
        assert zone.answer() == [there.dns_name], gone


def test_answers_by_weight_latency_and_wildcard(zone: Zone) -> None:
    checks = [zone.check(FullyQualifiedDomainName=f"{i}.example.org") for i in range(2)]
    for i, check in enumerate(checks):
        value = f"192.0.2.{i}"
        zone.plain(value, Name=f"w.{NAME}", SetIdentifier=str(i), Weight=10 - i, HealthCheckId=check)
        region = ("us-east-1", "us-west-2")[i]
        zone.plain(value, Name=f"l.{NAME}", SetIdentifier=str(i), Region=region, HealthCheckId=check)
    zone.plain("192.0.2.7", Name=f"*.any.{NAME}")
    assert zone.answer(f"w.{NAME}") == ["192.0.2.0"]
    assert zone.answer(f"a.any.{NAME}") == ["192.0.2.7"]
    TABLE.apply({"endpoints": {"0.example.org": False}})
    assert zone.answer(f"w.{NAME}") == ["192.0.2.1"]
    assert zone.answer(f"l.{NAME}") == ["192.0.2.1"]
    missing = zone.r53.test_dns_answer(HostedZoneId=zone.id, RecordName=f"no.{NAME}", RecordType="A")
    assert (missing["ResponseCode"], missing["RecordData"]) == ("NXDOMAIN", [])


def test_a_cname_stands_alone_and_never_at_the_zones_own_name(zone: Zone) -> None:
    name = {"Type": "CNAME", "Name": NAME}
    refused(
        "InvalidChangeBatch",
        "RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.",
        zone.plain,
        "www.example.org",
        **{**name, "Name": "example.com"},
    )
    made = zone.plain("192.0.2.1")
    conflict = (
        f"RRSet of type CNAME with DNS name {NAME}. is not permitted as it conflicts with other records"
    )
    refused("InvalidChangeBatch", conflict, zone.plain, "www.example.org", **name)
    cname = {**name, "TTL": 60, "ResourceRecords": [{"Value": "www.example.org"}]}
    zone.change(("DELETE", made), ("CREATE", cname))
    conflict = (
        f"RRSet of type TXT with DNS name {NAME}. is not permitted because a conflicting RRSet of type CNAME"
    )
    refused("InvalidChangeBatch", conflict, zone.plain, '"text"', Type="TXT")
    zone.change(("DELETE", cname), ("CREATE", made))
    assert zone.answer() == ["192.0.2.1"]
    assert zone.plain("192.0.2.9", Name="example.com")


def test_values_have_their_types_form(zone: Zone) -> None:
    for kind, value, problem in (
        ("A", "www.example.org", "ARRDATAIllegalIPv4Address"),
        ("AAAA", "192.0.2.1", "AAAARRDATAIllegalIPv6Address"),
        ("TXT", "bare", "InvalidCharacterString"),
        ("TXT", f'"{"x" * 256}"', "CharacterStringTooLong"),
    ):
        refused("InvalidChangeBatch", problem, zone.plain, value, Type=kind)
    refused(
        "InvalidInput",
        "Invalid value for Weight: 256",
        zone.plain,
        "192.0.2.1",
        SetIdentifier="a",
        Weight=256,
    )
    assert zone.plain(f'"{"x" * 255}" "y"', Type="TXT")


def test_a_health_check_needs_an_address_that_can_be_reached_and_what_it_looks_for(zone: Zone) -> None:
    for address in ("10.0.0.1", "192.168.1.1", "169.254.169.254"):
        plain = {"Type": "HTTP", "FullyQualifiedDomainName": None, "IPAddress": address}
        refused("InvalidInput", "nonroutable", zone.check, **plain)
    refused("InvalidInput", "SearchString must be set", zone.check, Type="HTTPS_STR_MATCH")
    assert zone.check(Type="HTTPS_STR_MATCH", SearchString="ok")


def test_queries_are_logged_where_a_resource_policy_lets_route_53_write(
    zone: Zone, boto: Any, provider: Any
) -> None:
    logs, token = boto("logs"), "aws:route53/queryLog:QueryLog"
    logs.create_log_group(logGroupName="/dns/queries")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/dns/queries"
    inputs = {"zoneId": zone.id, "cloudwatchLogGroupArn": arn}

    def allow(resource: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "route53.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": resource,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        logs.put_resource_policy(policyName="dns", policyDocument=document)

    for resource in (None, "arn:aws:logs:us-east-1:123456789012:log-group:/other:*"):
        if resource:
            allow(resource)
        with pytest.raises(ProviderError, match="InsufficientCloudWatchLogsResourcePolicy"):
            provider.create(token, inputs)
    allow(f"{arn}:*")
    id_, outputs = provider.create(token, inputs)
    assert outputs["arn"] == f"arn:aws:route53:::queryloggingconfig/{id_}"
    [kept] = zone.r53.list_query_logging_configs()["QueryLoggingConfigs"]
    assert (kept["HostedZoneId"], kept["CloudWatchLogsLogGroupArn"]) == (zone.id, arn)
    assert provider.refresh(token, id_, inputs, outputs)[0] == inputs
    provider.delete(token, id_, inputs, outputs)
    assert zone.r53.list_query_logging_configs()["QueryLoggingConfigs"] == []
