"""EventBridge Scheduler: what the rows make, change and remove."""

from __future__ import annotations

import json

import pytest

SCHEDULE = "aws:scheduler/schedule:Schedule"
GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
URN = "urn:pulumi:prod::holdfast::{}::watch"
INPUTS = {
    "name": "watch",
    "scheduleExpression": "rate(1 minute)",
    "flexibleTimeWindow": {"mode": "OFF"},
    "target": {
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:watch",
        "roleArn": "arn:aws:iam::123456789012:role/watch",
        "input": json.dumps({"action": "watch"}),
        "retryPolicy": {"maximumRetryAttempts": 0, "maximumEventAgeInSeconds": 60},
        "deadLetterConfig": {"arn": "arn:aws:sqs:us-east-1:123456789012:letters"},
    },
}


def made(provider, token, inputs):
    checked, failures = provider.check(token, URN.format(token), {}, inputs)
    assert failures == []
    return (*provider.create(token, checked), checked)


def test_a_schedule_is_made_changed_and_removed(boto, provider):
    id_, outputs, checked = made(provider, SCHEDULE, INPUTS)
    assert id_ == "default/watch"
    found = boto("scheduler").get_schedule(Name="watch")
    assert outputs["arn"] == found["Arn"]
    assert found["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}
    assert (found["ScheduleExpression"], found["Target"]["Input"]) == (
        "rate(1 minute)",
        INPUTS["target"]["input"],
    )
    fresh, _ = provider.check(
        SCHEDULE,
        URN.format(SCHEDULE),
        checked,
        {**INPUTS, "state": "DISABLED", "scheduleExpression": "rate(2 minutes)"},
    )
    provider.update(SCHEDULE, id_, outputs, checked, fresh)
    found = boto("scheduler").get_schedule(Name="watch")
    assert (found["State"], found["ScheduleExpression"]) == ("DISABLED", "rate(2 minutes)")
    provider.delete(SCHEDULE, id_, {**outputs, **fresh}, fresh)
    assert boto("scheduler").list_schedules()["Schedules"] == []


def test_a_schedule_may_stand_in_a_group(boto, provider):
    made(provider, GROUP, {"name": "ours"})
    id_, _, _ = made(provider, SCHEDULE, {**INPUTS, "groupName": "ours"})
    assert id_ == "ours/watch"
    assert boto("scheduler").get_schedule(Name="watch", GroupName="ours")["GroupName"] == "ours"


@pytest.mark.parametrize("token", [SCHEDULE, GROUP])
def test_moto_does_it(provider, token):
    assert provider.kind(token) == "simulated"
