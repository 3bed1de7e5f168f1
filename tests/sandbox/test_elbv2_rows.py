"""Load balancers, target groups, listeners and rules through the provider."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.test_acm_rows import certificate, placed
from tests.sandbox.test_route53_rows import Made

BALANCER, GROUP = "aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"
LISTENER, RULE = "aws:lb/listener:Listener", "aws:lb/listenerRule:ListenerRule"


def balancer(provider: Provider, subnets: list[str], **more: Any) -> Made:
    inputs: dict[str, Any] = {
        "loadBalancerType": "application",
        "internal": False,
        "subnets": subnets,
        "accessLogs": {"bucket": "logs", "enabled": True},
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "defensive",
        "enableDeletionProtection": True,
        "enableZonalShift": True,
        "clientKeepAlive": 180,
        "idleTimeout": 60,
        "tags": {"a": "1"},
    }
    return Made(provider, BALANCER, {**inputs, **more})


def group(provider: Provider, vpc: str, **more: Any) -> Made:
    check = {"enabled": True, "protocol": "HTTP", "port": "traffic-port", "path": "/health", "matcher": "200"}
    counts = {"interval": 10, "timeout": 5, "healthyThreshold": 2, "unhealthyThreshold": 3}
    off = {"minimumHealthyTargetsPercentage": "off"}
    health = {
        "dnsFailover": {"minimumHealthyTargetsCount": "1", **off},
        "unhealthyStateRouting": {"minimumHealthyTargetsCount": 1, **off},
    }
    inputs = {
        "port": 8080,
        "protocol": "HTTP",
        "targetType": "instance",
        "vpcId": vpc,
        "healthCheck": {**check, **counts},
    }
    sticky = {"type": "lb_cookie", "enabled": False}
    inputs |= {"targetGroupHealth": health, "deregistrationDelay": 60, "slowStart": 0, "stickiness": sticky}
    return Made(
        provider,
        GROUP,
        {**inputs, "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration", **more},
    )


@pytest.fixture
def subnets(boto: Any) -> list[dict[str, Any]]:
    found = boto("ec2").describe_subnets()["Subnets"]
    return sorted(found, key=lambda subnet: subnet["AvailabilityZone"])


def attributes(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs}


def test_load_balancer(provider: Provider, boto: Any, subnets: list[dict[str, Any]]) -> None:
    elb = boto("elbv2")
    ids = [subnet["SubnetId"] for subnet in subnets[:3]]
    made = balancer(provider, ids[:2])
    [found] = elb.describe_load_balancers(LoadBalancerArns=[made.id])["LoadBalancers"]
    assert (found["Type"], found["Scheme"], found["State"]["Code"]) == (
        "application",
        "internet-facing",
        "active",
    )
    assert found["LoadBalancerName"] == made.inputs["name"]
    assert made.inputs["name"].startswith("it-")
    assert made.outputs["dnsName"] == found["DNSName"]
    assert made.outputs["zoneId"] == "Z35SXDOTRQ7X7K"
    assert made.outputs["arnSuffix"] == made.id.split("loadbalancer/")[1]
    kept = attributes(elb.describe_load_balancer_attributes(LoadBalancerArn=made.id)["Attributes"])
    wanted = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "logs",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive",
        "deletion_protection.enabled": "true",
        "zonal_shift.config.enabled": "true",
        "client_keep_alive.seconds": "180",
        "idle_timeout.timeout_seconds": "60",
    }
    assert wanted.items() <= kept.items()
    assert made.update(clientKeepAlive=600, subnets=ids, tags={"b": "2"}) == []
    kept = attributes(elb.describe_load_balancer_attributes(LoadBalancerArn=made.id)["Attributes"])
    assert kept["client_keep_alive.seconds"] == "600"
    [found] = elb.describe_load_balancers(LoadBalancerArns=[made.id])["LoadBalancers"]
    assert len(found["AvailabilityZones"]) == 3
    [tags] = elb.describe_tags(ResourceArns=[made.id])["TagDescriptions"]
    assert tags["Tags"] == [{"Key": "b", "Value": "2"}]
    assert made.update(internal=True) == ["internal"]
    with pytest.raises(ProviderError, match="OperationNotPermitted"):
        made.delete()
    made.provider = Provider(provider.api.endpoint, "us-east-1", force_delete=True)
    made.delete()
    with pytest.raises(ProviderError, match="ValidationError: At least two subnets"):
        balancer(provider, ids[:1])


def test_target_group_listener_and_rule(provider: Provider, boto: Any, subnets: list[dict[str, Any]]) -> None:
    elb = boto("elbv2")
    front = balancer(provider, [s["SubnetId"] for s in subnets[:2]], enableDeletionProtection=False)
    back = group(provider, subnets[0]["VpcId"])
    [found] = elb.describe_target_groups(TargetGroupArns=[back.id])["TargetGroups"]
    assert (found["Port"], found["Protocol"], found["HealthCheckPath"]) == (8080, "HTTP", "/health")
    assert (found["HealthCheckIntervalSeconds"], found["HealthCheckTimeoutSeconds"]) == (10, 5)
    assert (found["HealthyThresholdCount"], found["UnhealthyThresholdCount"]) == (2, 3)
    assert found["Matcher"] == {"HttpCode": "200"}
    kept = attributes(elb.describe_target_group_attributes(TargetGroupArn=back.id)["Attributes"])
    assert kept["deregistration_delay.timeout_seconds"] == "60"
    assert kept["stickiness.enabled"] == "false"
    assert kept["target_group_health.dns_failover.minimum_healthy_targets.count"] == "1"
    assert kept["target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage"] == "off"
    assert (
        back.update(healthCheck={**back.inputs["healthCheck"], "path": "/other"}, deregistrationDelay=30)
        == []
    )
    [found] = elb.describe_target_groups(TargetGroupArns=[back.id])["TargetGroups"]
    assert found["HealthCheckPath"] == "/other"
    assert back.update(port=9090) == ["port"]
    assert back.outputs["arnSuffix"].startswith("targetgroup/it-")

    shown = certificate(provider)
    placed(provider, shown)
    forward = [{"type": "forward", "targetGroupArn": back.id}]
    secure = {"port": 443, "protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"}
    inputs = {"loadBalancerArn": front.id, **secure, "certificateArn": shown.id, "defaultActions": forward}
    https = Made(provider, LISTENER, {**inputs, "tags": {"a": "1"}})
    [found] = elb.describe_listeners(ListenerArns=[https.id])["Listeners"]
    assert found["Certificates"] == [{"CertificateArn": shown.id}]
    assert (found["Port"], found["SslPolicy"]) == (443, secure["sslPolicy"])
    assert found["DefaultActions"][0]["TargetGroupArn"] == back.id
    redirect = {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}
    actions = [{"type": "redirect", "redirect": redirect}]
    http = Made(
        provider,
        LISTENER,
        {"loadBalancerArn": front.id, "port": 80, "protocol": "HTTP", "defaultActions": actions},
    )
    [found] = elb.describe_listeners(ListenerArns=[http.id])["Listeners"]
    kept_redirect = found["DefaultActions"][0]["RedirectConfig"]
    assert (kept_redirect["Protocol"], kept_redirect["StatusCode"]) == ("HTTPS", "HTTP_301")
    assert https.update(sslPolicy="ELBSecurityPolicy-TLS13-1-3-PQ-2025-09") == []
    [found] = elb.describe_listeners(ListenerArns=[https.id])["Listeners"]
    assert found["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    assert https.update(loadBalancerArn=front.id + "x") == ["loadBalancerArn"]

    conditions = [{"pathPattern": {"values": ["/api/*"]}}]
    rule = Made(
        provider,
        RULE,
        {"listenerArn": https.id, "priority": 10, "conditions": conditions, "actions": forward},
    )
    [found] = elb.describe_rules(RuleArns=[rule.id])["Rules"]
    assert (found["Priority"], found["Conditions"][0]["Field"]) == ("10", "path-pattern")
    assert found["Conditions"][0]["PathPatternConfig"]["Values"] == ["/api/*"]
    assert rule.update(conditions=[{"hostHeader": {"values": ["a.example.com"]}}]) == []
    [found] = elb.describe_rules(RuleArns=[rule.id])["Rules"]
    assert found["Conditions"][0]["HostHeaderConfig"]["Values"] == ["a.example.com"]
    for made in (rule, https, http, back, front, shown):
        made.delete()
