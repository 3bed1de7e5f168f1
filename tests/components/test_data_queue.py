from __future__ import annotations

import json

import pulumi
import pytest

from components.checks import ArgumentError
from components.data import WorkQueue, WorkQueueArgs
from tests.components.test_compute_containers import TAGS, TOPIC
from tests.pulumi_mocks import Deployment, deploy


def arguments(**more):
    return WorkQueueArgs(**{"tags": TAGS, "key_arn": "arn:key", "actions": [TOPIC], **more})


def made(**more) -> Deployment:
    def program() -> None:
        queue = WorkQueue("shop-mailer", arguments(**more))
        pulumi.export("receiving", queue.receiving())
        pulumi.export("sending", queue.sending())

    return deploy(program)


@pytest.fixture(scope="module")
def found() -> Deployment:
    return made(visibility_seconds=120, receives=3)


def test_what_nobody_could_handle_goes_to_the_dead_letters(found: Deployment):
    queue, dead = (found.one("aws:sqs/queue:Queue", f"shop-mailer-{what}") for what in ("queue", "dead"))
    arns = [found.made[each.urn]["arn"] for each in (queue, dead)]
    assert json.loads(queue.inputs["redrivePolicy"]) == {"deadLetterTargetArn": arns[1], "maxReceiveCount": 3}
    assert "redrivePolicy" not in dead.inputs
    allowed = found.one("RedriveAllowPolicy").inputs
    assert json.loads(allowed["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [arns[0]],
    }
    assert allowed["queueUrl"] == found.made[dead.urn]["url"]
    assert (queue.inputs["messageRetentionSeconds"], dead.inputs["messageRetentionSeconds"]) == (
        345_600,
        1_209_600,
    )
    assert queue.inputs["visibilityTimeoutSeconds"] == 120


def test_both_are_encrypted_protected_and_speak_tls_alone(found: Deployment):
    for queue in found.all("aws:sqs/queue:Queue"):
        assert (queue.inputs["kmsMasterKeyId"], queue.protect) == ("arn:key", True)
        policy = found.one("QueuePolicy", f"{queue.name}-policy")
        assert policy.inputs["queueUrl"] == found.made[queue.urn]["url"]
        (denied,) = json.loads(policy.inputs["policy"])["Statement"]
        assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert not any(queue.protect for queue in made(protect=False).all("aws:sqs/queue:Queue"))


def test_somebody_is_told(found: Deployment):
    watched = {
        alarm.name: (
            alarm.inputs["metricName"],
            alarm.inputs["threshold"],
            alarm.inputs["dimensions"]["QueueName"],
        )
        for alarm in found.all("MetricAlarm")
        if alarm.inputs["alarmActions"] == [TOPIC]
    }
    names = {q.name: found.made[q.urn]["name"] for q in found.all("aws:sqs/queue:Queue")}
    assert watched == {
        "shop-mailer-age": ("ApproximateAgeOfOldestMessage", 900, names["shop-mailer-queue"]),
        "shop-mailer-dead-letters": ("ApproximateNumberOfMessagesVisible", 0, names["shop-mailer-dead"]),
    }


def test_receivers_receive_and_senders_send(found: Deployment):
    out = next(o for urn, o in found.outputs.items() if "pulumi:pulumi:Stack::" in urn)
    arn = found.made[found.one("aws:sqs/queue:Queue", "shop-mailer-queue").urn]["arn"]
    assert [each["Resource"] for each in (*out["receiving"], *out["sending"])] == [arn, "arn:key"] * 2
    assert "sqs:SendMessage" not in out["receiving"][0]["Action"]
    assert out["sending"][0]["Action"] == ["sqs:SendMessage", "sqs:GetQueueAttributes"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"actions": []},
            "actions: got [], allowed is 1 or more: dead letters that nobody hears of are lost",
        ),
        ({"visibility_seconds": 0}, "visibility_seconds: got 0, allowed is 1 to 43200 s"),
        ({"receives": 1001}, "receives: got 1001, allowed is 1 to 1000 times"),
        ({"retention_seconds": 59}, "retention_seconds: got 59, allowed is 60 to 1209600 s"),
        (
            {"retention_seconds": 600, "age_seconds": 600},
            "age_seconds: got 600, allowed is 1 to 599 s, less than messages are kept",
        ),
    ],
)
def test_what_can_not_be_is_told(more, message):
    with pytest.raises(ArgumentError) as told:
        arguments(**more).check()
    assert str(told.value) == message
