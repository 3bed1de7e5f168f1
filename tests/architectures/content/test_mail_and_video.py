"""Mail and videos of users' files: what each region registers, what it may do, and that without them nothing of it is there."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.content.conftest import REGIONS, configured, pair
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

RECORD, ROLE_POLICY = "aws:route53/record:Record", "aws:iam/rolePolicy:RolePolicy"
SET, TOLD = "aws:sesv2/configurationSet:ConfigurationSet", "ConfigurationSetEventDestination"
RULE, ALARM = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/metricAlarm:MetricAlarm"
FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"
DOMAIN = "mail.holdfast.example"


@pytest.fixture(scope="module")
def without() -> dict[str, Deployment]:
    return pair(mail=None, video=None)


def records(stack: Deployment) -> dict[tuple[str, str], list[str]]:
    """Those of the mail's domain, by name and type."""
    found = [each.inputs for each in stack.all(RECORD) if each.name.startswith("files-")]
    return {(each["name"], each["type"]): each["records"] for each in found}


def allowed(stack: Deployment, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stack.one(ROLE_POLICY, name).inputs["policy"])["Statement"]
    return found


def test_each_region_s_keys_and_bounces_have_records_of_their_own(example: dict[str, Deployment]) -> None:
    prod, dr = records(example["prod"]), records(example["dr"])
    assert not set(prod) & set(dr), "two stacks that own one record take it from each other"
    policy = ("_dmarc.mail.holdfast.example", "TXT")
    assert prod.pop(policy) == ["v=DMARC1; p=quarantine; adkim=r; aspf=r"]
    assert policy not in dr
    for name, found in (("prod", prod), ("dr", dr)):
        region = REGIONS[name]
        tokens = [f"{each}-{region}" for each in ("first", "second", "third")]
        bounce = f"bounce-{region}.{DOMAIN}"
        assert found == {
            **{(f"{each}._domainkey.{DOMAIN}", "CNAME"): [f"{each}.dkim.amazonses.com"] for each in tokens},
            (bounce, "MX"): [f"10 feedback-smtp.{region}.amazonses.com"],
            (bounce, "TXT"): ["v=spf1 include:amazonses.com ~all"],
        }
        sent_from = example[name].one("EmailIdentityMailFromAttributes").inputs
        assert sent_from["mailFromDomain"] == bounce
        assert sent_from["behaviorOnMxFailure"] == "USE_DEFAULT_VALUE", "mail goes on without the record"


def test_mail_goes_over_tls_to_nobody_who_bounced_and_somebody_hears(stack: Deployment) -> None:
    rules = stack.one(SET).inputs
    assert rules["deliveryOptions"] == {"tlsPolicy": "REQUIRE"}
    assert rules["suppressionOptions"] == {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert rules["reputationOptions"] == {"reputationMetricsEnabled": True}
    assert stack.one("EmailIdentity").inputs["configurationSetName"] == rules["configurationSetName"]
    told = stack.one(TOLD).inputs["eventDestination"]
    assert told["enabled"]
    assert {"BOUNCE", "COMPLAINT", "REJECT"} <= set(told["matchingEventTypes"])
    assert told["eventBridgeDestination"]["eventBusArn"].endswith(":123456789012:event-bus/default")
    for name, metric, threshold in (
        ("bounces", "Reputation.BounceRate", 0.05),
        ("complaints", "Reputation.ComplaintRate", 0.001),
    ):
        alarm = stack.one(ALARM, f"files-mail-{name}").inputs
        assert (alarm["metricName"], alarm["threshold"]) == (metric, threshold)
        assert alarm["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["dimensions"] == {"ses:configuration-set": rules["configurationSetName"]}
        assert alarm["alarmActions"]


def test_what_becomes_of_this_system_s_mail_comes_into_its_queue(stack: Deployment) -> None:
    pattern = json.loads(stack.one(RULE, "files-outgoing-rule").inputs["eventPattern"])
    name = stack.one(SET).inputs["configurationSetName"]
    assert pattern == {
        "source": ["aws.ses"],
        "detail": {"mail": {"tags": {"ses:configuration-set": [name]}}},
    }
    target = stack.one("EventTarget", "files-outgoing-target").inputs
    queue = stack.one("aws:sqs/queue:Queue", "files-outgoing-queue")
    assert target["arn"] == stack.made[queue.urn]["arn"]
    assert (queue.protect, queue.inputs["tags"]["rpo-minutes"]) == (True, "15"), "mail that waits counts"


def test_who_sends_mail_may_send_that_domain_s_alone(stack: Deployment) -> None:
    found = [each for each in allowed(stack, "files-send-policy") if "ses:" in str(each["Action"])]
    (sends,) = found
    assert sends["Action"] == "ses:SendEmail"
    assert len(sends["Resource"]) == 2
    assert not any("*" in arn for arn in sends["Resource"])
    assert sends["Condition"] == {"StringLike": {"ses:FromAddress": f"*@{DOMAIN}"}}
    told = stack.one(FUNCTION, "files-send-function").inputs
    assert told["environment"]["variables"]["SENDER"] == f"no-reply@{DOMAIN}"
    assert {"functions/mail/send.py", "functions/serverless_api/idempotency.py"} <= set(told["code"])
    assert stack.one(MAPPING, "files-send-source").inputs["scalingConfig"] == {"maximumConcurrency": 2}


def test_both_regions_send_whichever_is_active(example: dict[str, Deployment]) -> None:
    for stack in example.values():
        for name in ("files-send-source", "files-convert-source"):
            assert stack.one(MAPPING, name).inputs.get("enabled") is not False


def test_jobs_read_originals_and_write_results_of_their_own_region(example: dict[str, Deployment]) -> None:
    told = outputs(example["prod"])["systems"]["files"]["blobs"]
    for name, arn in (("prod", "arn"), ("dr", "peerArn")):
        stack, region = example[name], REGIONS[name]
        reads, writes, key = allowed(stack, "files-video-policy")
        assert (reads["Action"], reads["Resource"]) == ("s3:GetObject", f"{told[arn]}/*/videos/*")
        assert (writes["Action"], writes["Resource"]) == ("s3:PutObject", f"{told[arn]}/*/converted/*")
        assert key["Condition"]["StringEquals"]["kms:ViaService"] == f"s3.{region}.amazonaws.com"
        trusted = json.loads(stack.one("aws:iam/role:Role", "files-video-role").inputs["assumeRolePolicy"])
        (statement,) = trusted["Statement"]
        queue = f"arn:aws:mediaconvert:{region}:123456789012:queues/example-production-files-video"
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": queue}
        made = stack.one("aws:mediaconvert/queue:Queue").inputs
        assert (made["pricingPlan"], made["status"]) == ("ON_DEMAND", "ACTIVE")
        assert made["name"] == "example-production-files-video"


def test_who_begins_jobs_may_hand_over_that_role_alone_and_touches_no_object(stack: Deployment) -> None:
    found = {str(each["Action"]): each for each in allowed(stack, "files-convert-policy")}
    passed = found["iam:PassRole"]
    assert passed["Resource"] == stack.made[stack.one("aws:iam/role:Role", "files-video-role").urn]["arn"]
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}}
    queue = stack.made[stack.one("aws:mediaconvert/queue:Queue").urn]["arn"]
    assert found["mediaconvert:CreateJob"]["Resource"] == queue
    assert not any("s3:Put" in action or "s3:Delete" in action for action in found)
    for what, submits in (("record", True), ("reconcile", True), ("compare", False)):
        told = stack.one(FUNCTION, f"files-{what}-function").inputs["environment"]["variables"]
        sends = [
            each for each in allowed(stack, f"files-{what}-policy") if "sqs:SendMessage" in each["Action"]
        ]
        arn = stack.made[stack.one("aws:sqs/queue:Queue", "files-originals-queue").urn]["arn"]
        assert ("VIDEO_QUEUE" in told) is submits
        assert (arn in [each["Resource"] for each in sends]) is submits


def test_only_ends_of_this_queue_s_jobs_are_told(stack: Deployment) -> None:
    pattern = json.loads(stack.one(RULE, "files-originals-rule").inputs["eventPattern"])
    assert pattern["detail"] == {
        "status": ["COMPLETE", "ERROR", "CANCELED"],
        "queue": [stack.made[stack.one("aws:mediaconvert/queue:Queue").urn]["arn"]],
    }


def test_without_them_nothing_of_them_is_there(
    example: dict[str, Deployment], without: dict[str, Deployment]
) -> None:
    for name, stack in without.items():
        kept = {r.urn: r.inputs for r in stack.resources}
        marks = ("sesv2", "mediaconvert", "outgoing", "originals", "files-send", "files-convert")
        assert not [urn for urn in kept if any(each in urn for each in marks)]
        having = {r.urn: r.inputs for r in example[name].resources}
        told = ("files-record-", "files-reconcile-", "files-runbook-")
        changed = {urn for urn, inputs in kept.items() if having[urn] != inputs}
        assert changed
        assert all(any(each in urn for each in told) for urn in changed), "who submits, and what people read"
        assert not {"mail", "video"} & set(outputs(stack)["systems"]["files"])
        assert (
            "VIDEO_QUEUE"
            not in stack.one(FUNCTION, "files-record-function").inputs["environment"]["variables"]
        )


def test_both_regions_say_alike_what_they_send_and_convert(example: dict[str, Deployment]) -> None:
    other = {"domain": "post.holdfast.example"}
    for changes, line in (
        (
            {"mail": other},
            r"files\.mail\.domain: got 'post.holdfast.example', allowed is 'mail.holdfast.example'",
        ),
        ({"video": None}, r"files\.video: got nothing, allowed is true"),
    ):
        with pytest.raises(pulumi.RunError, match=line):
            deployed("dr", configured("dr", **changes), {PEER: outputs(example["prod"])})


def test_what_a_lost_region_takes_of_mail_is_what_waits(example: dict[str, Deployment]) -> None:
    read = [r for name, region in REGIONS.items() for r in resources(example[name], region)]
    nodes = {
        node.unit.name: node for node in judge(read).failures["region"].nodes if node.unit.stack == "prod"
    }
    waiting, identity = nodes["files-outgoing-queue"], nodes["files-mail-identity"]
    assert (waiting.rpo.low, waiting.rpo.high) == (0, 900)
    assert "what waits is back with its own region" in waiting.option
    assert (identity.option, identity.rto.high) == ("identity in us-west-2", 0)
    assert nodes["files-send-function"].unit.needs, "who sends asks the table and SES"
