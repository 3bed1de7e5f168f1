from __future__ import annotations

import dataclasses
import json

import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.edge import LoadBalancer, LoadBalancerArgs, TargetArgs
from components.edge.load_balancer import NAME_LIMIT
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
ARGS = LoadBalancerArgs(
    vpc_id="vpc-1",
    subnet_ids={"use1-az2": "subnet-2", "use1-az1": "subnet-1", "use1-az4": "subnet-3"},
    security_group_id="sg-1",
    certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/1",
    tags=TAGS,
)


def run(args: LoadBalancerArgs = ARGS, *, preview: bool = False, name: str = "web") -> Deployment:
    return deploy(lambda: LoadBalancer(name, args), preview=preview)


def with_target(**changes: object) -> LoadBalancerArgs:
    return dataclasses.replace(ARGS, target=TargetArgs(**changes))  # type: ignore[arg-type]


def test_balancer_is_public_protected_logged_and_shiftable() -> None:
    made = run().one("LoadBalancer", "web-alb")
    wanted = {
        "loadBalancerType": "application",
        "internal": False,
        "subnets": ["subnet-1", "subnet-2", "subnet-3"],
        "securityGroups": ["sg-1"],
        "enableDeletionProtection": True,
        "enableZonalShift": True,
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "defensive",
        "clientKeepAlive": 180,
        "idleTimeout": 60,
        "tags": TAGS.resource("web-alb"),
    }
    assert {k: made.inputs[k] for k in wanted} == wanted
    assert made.inputs["accessLogs"]["enabled"] is True
    assert "region" not in made.inputs
    assert made.parent.endswith("holdfast:edge:LoadBalancer::web")


def test_https_listener_speaks_tls_1_3_and_forwards_and_http_only_redirects() -> None:
    deployment = run()
    balancer = deployment.one("LoadBalancer", "web-alb")
    https, http = (
        deployment.one("Listener", "web-https").inputs,
        deployment.one("Listener", "web-http").inputs,
    )
    group = deployment.one("TargetGroup", "web-tg")
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert https["certificateArn"] == ARGS.certificate_arn
    assert https["defaultActions"] == [
        {"type": "forward", "targetGroupArn": f"arn:aws:mock:us-east-1:123456789012:{group.name}"}
    ]
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    redirect = {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}
    assert http["defaultActions"] == [{"type": "redirect", "redirect": redirect}]
    for listener in deployment.all("Listener"):
        assert balancer.urn in listener.dependencies
        assert listener.tags == TAGS.resource(listener.name)


def test_target_group_says_everything_about_health_explicitly() -> None:
    group = run().one("TargetGroup").inputs
    assert group["healthCheck"] == {
        "enabled": True,
        "protocol": "HTTP",
        "port": "traffic-port",
        "path": "/health",
        "matcher": "200",
        "interval": 10,
        "timeout": 5,
        "healthyThreshold": 2,
        "unhealthyThreshold": 2,
    }
    assert group["targetGroupHealth"] == {
        "dnsFailover": {"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"},
        "unhealthyStateRouting": {"minimumHealthyTargetsCount": 1, "minimumHealthyTargetsPercentage": "off"},
    }
    assert (group["vpcId"], group["port"], group["targetType"]) == ("vpc-1", 8080, "instance")
    assert (group["deregistrationDelay"], group["slowStart"]) == (60, 0)
    assert group["stickiness"] == {"type": "lb_cookie", "enabled": False}
    assert group["loadBalancingCrossZoneEnabled"] == "use_load_balancer_configuration"
    assert group["tags"] == TAGS.resource("web-tg")


def test_stickiness_and_zone_affinity_are_choices() -> None:
    group = run(with_target(stickiness_seconds=3600, cross_zone=False)).one("TargetGroup").inputs
    assert group["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 3600}
    assert group["loadBalancingCrossZoneEnabled"] == "false"


def test_log_bucket_is_private_versioned_and_expires() -> None:
    deployment = run()
    bucket = deployment.one("aws:s3/bucket:Bucket")
    assert bucket.protect
    assert bucket.tags == TAGS.logs("web-logs-bucket")
    block = deployment.one("BucketPublicAccessBlock").inputs
    assert [
        block[k]
        for k in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    ] == [True] * 4
    versioning = deployment.one("BucketVersioning")
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    encryption = deployment.one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert encryption[0]["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    expiry = deployment.one("BucketLifecycleConfiguration")
    rule = expiry.inputs["rules"][0]
    assert (rule["expiration"], rule["noncurrentVersionExpiration"]) == ({"days": 90}, {"noncurrentDays": 90})
    assert versioning.urn in expiry.dependencies
    assert bucket.parent.endswith("holdfast:data:Bucket::web-logs")
    assert deployment.by_urn(bucket.parent).parent.endswith("holdfast:edge:LoadBalancer::web")


def test_log_bucket_admits_this_accounts_balancers_over_tls_only_and_the_balancer_waits_for_that() -> None:
    deployment = deploy(
        lambda: LoadBalancer("web", ARGS),
        computed={"aws:s3/bucket:Bucket": {"arn": "arn:aws:s3:::b", "bucket": "b"}},
    )
    policy = deployment.one("BucketPolicy")
    deny, _old_tls, logs = json.loads(policy.inputs["policy"])["Statement"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Resource"] == ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert logs["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert (logs["Effect"], logs["Action"]) == ("Allow", "s3:PutObject")
    assert logs["Resource"] == "arn:aws:s3:::b/AWSLogs/123456789012/*"
    assert policy.urn in deployment.one("LoadBalancer", "web-alb").dependencies


def test_a_bucket_handed_in_is_used_and_none_is_made() -> None:
    deployment = run(dataclasses.replace(ARGS, log_bucket="central-logs"))
    assert deployment.one("LoadBalancer", "web-alb").inputs["accessLogs"] == {
        "bucket": "central-logs",
        "enabled": True,
    }
    assert not deployment.all("Bucket")


def test_outputs_of_the_component() -> None:
    deployment = run()
    (outputs,) = [
        o for urn, o in deployment.outputs.items() if urn.endswith("holdfast:edge:LoadBalancer::web")
    ]
    assert outputs["arn_suffix"].startswith("app/web-alb/")
    assert outputs["target_group_arn_suffix"].startswith("targetgroup/web-tg/")
    assert outputs["dns_name"] == "web-alb-1.us-east-1.elb.amazonaws.com"
    assert outputs["zone_id"] == "Z35SXDOTRQ7X7K"
    assert outputs["target_group_arn"].endswith(":web-tg")
    assert outputs["https_listener_arn"].endswith(":web-https")


def test_users_of_the_target_group_wait_for_its_listener() -> None:
    def program() -> None:
        balancer = LoadBalancer("web", ARGS)
        aws.autoscaling.Attachment(
            "a", autoscaling_group_name="g", lb_target_group_arn=balancer.target_group_arn
        )

    deployment = deploy(program)
    assert deployment.one("Listener", "web-https").urn in deployment.one("Attachment").dependencies


def test_preview_with_every_output_unknown_registers_the_same() -> None:
    names = {(r.type, r.name) for r in run().resources}
    assert {(r.type, r.name) for r in run(preview=True).resources} == names


def test_every_taggable_resource_is_tagged() -> None:
    deployment = run()
    assert {r.name for r in deployment.taggable()} == {
        "web-alb",
        "web-tg",
        "web-https",
        "web-http",
        "web-logs-bucket",
    }
    for resource in deployment.taggable():
        logs = resource.name == "web-logs-bucket"
        assert resource.tags == (TAGS.logs(resource.name) if logs else TAGS.resource(resource.name))


def test_protection_can_be_lifted() -> None:
    deployment = run(dataclasses.replace(ARGS, protect=False, deletion_protection=False))
    assert not deployment.one("aws:s3/bucket:Bucket").protect
    assert deployment.one("LoadBalancer", "web-alb").inputs["enableDeletionProtection"] is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"subnet_ids": {"use1-az1": "s"}},
            r"subnet_ids: got \['use1-az1'\], allowed is 2 or more: AWS wants subnets in two",
        ),
        (
            {"tls_policy": "ELBSecurityPolicy-2016-08"},
            "tls_policy: got 'ELBSecurityPolicy-2016-08', allowed is a name that begins with",
        ),
        ({"client_keep_alive": 59}, "client_keep_alive: got 59, allowed is 60 to 604800 s"),
        ({"client_keep_alive": 604801}, "client_keep_alive: got 604801, allowed is 60 to 604800 s"),
        ({"idle_timeout": 0}, "idle_timeout: got 0, allowed is 1 to 4000 s"),
        ({"idle_timeout": 4001}, "idle_timeout: got 4001, allowed is 1 to 4000 s"),
        ({"log_retention_days": 0}, "log_retention_days: got 0, allowed is 1 to 3650 days"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_registered(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        run(dataclasses.replace(ARGS, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"port": 0}, r"target\.port: got 0, allowed is 1 to 65535"),
        ({"port": 65536}, r"target\.port: got 65536, allowed is 1 to 65535"),
        ({"protocol": "TCP"}, r"target\.protocol: got 'TCP', allowed is one of HTTP, HTTPS"),
        ({"target_type": "lambda"}, r"target\.target_type: got 'lambda', allowed is one of instance, ip"),
        (
            {"health_path": "health"},
            r"target\.health_path: got 'health', allowed is a path that begins with / and has 1",
        ),
        ({"interval": 4}, r"target\.interval: got 4, allowed is 5 to 300 s"),
        ({"timeout": 1}, r"target\.timeout: got 1, allowed is 2 to 9 s, less than the interval"),
        ({"timeout": 10}, r"target\.timeout: got 10, allowed is 2 to 9 s, less than the interval"),
        ({"healthy_threshold": 1}, r"target\.healthy_threshold: got 1, allowed is 2 to 10 checks"),
        ({"unhealthy_threshold": 11}, r"target\.unhealthy_threshold: got 11, allowed is 2 to 10 checks"),
        ({"deregistration_delay": 3601}, r"target\.deregistration_delay: got 3601, allowed is 0 to 3600 s"),
        ({"slow_start": 29}, r"target\.slow_start: got 29, allowed is 30 to 900 s, or 0"),
        ({"stickiness_seconds": 0}, r"target\.stickiness_seconds: got 0, allowed is 1 to 604800 s, or None"),
        ({"minimum_healthy_dns": 0}, r"target\.minimum_healthy_dns: got 0, allowed is 1 to 1000 targets"),
        (
            {"minimum_healthy_routing": 2},
            r"target\.minimum_healthy_routing: got 2, allowed is 1 to 1 targets, not more than",
        ),
    ],
)
def test_wrong_targets_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(with_target(**changes))


def test_a_name_too_long_for_aws_is_refused() -> None:
    assert NAME_LIMIT + len("-alb") + len("-0123456") <= 32
    run(name="x" * NAME_LIMIT)
    with pytest.raises(
        ValueError, match="name: got 'xxxxxxxxxxxxxxxxxxxxx', allowed is 20 characters at most"
    ):
        run(name="x" * (NAME_LIMIT + 1))


@given(interval=st.integers(0, 320), timeout=st.integers(0, 130))
def test_a_check_is_valid_only_if_aws_takes_it(interval: int, timeout: int) -> None:
    ok = 5 <= interval <= 300 and 2 <= timeout <= 120 and timeout < interval
    args = TargetArgs(interval=interval, timeout=timeout)
    if ok:
        args.validate()
    else:
        with pytest.raises(
            ValueError, match=rf"target\.(interval: got {interval}|timeout: got {timeout}), allowed is"
        ):
            args.validate()


def test_without_a_target_what_no_path_takes_is_answered_404() -> None:
    made = run(dataclasses.replace(ARGS, target=None))
    assert not made.all("TargetGroup")
    assert made.one("aws:lb/listener:Listener", "web-https").inputs["defaultActions"] == [
        {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "404"}}
    ]
    component = made.one("holdfast:edge:LoadBalancer").urn
    assert "target_group_arn" not in made.outputs[component]
    assert "target_group_arn" in run().outputs[component]
