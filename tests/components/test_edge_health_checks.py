from __future__ import annotations

import dataclasses

import pytest

from components.edge import AlarmCheck, HealthChecks, HealthChecksArgs, Probe
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
ARGS = HealthChecksArgs(endpoint="alb.us-east-1.elb.amazonaws.com", tags=TAGS)


def run(*, preview: bool = False, **changes: object) -> Deployment:
    return deploy(lambda: HealthChecks("hc", dataclasses.replace(ARGS, **changes)), preview=preview)  # type: ignore[arg-type]


def test_shallow_and_deep_ask_different_paths_of_the_load_balancer() -> None:
    deployment = run()
    shallow, deep = deployment.one("HealthCheck", "hc-shallow"), deployment.one("HealthCheck", "hc-deep")
    common = {
        "type": "HTTPS",
        "fqdn": "alb.us-east-1.elb.amazonaws.com",
        "port": 443,
        "enableSni": True,
        "requestInterval": 10,
        "failureThreshold": 3,
        "measureLatency": False,
    }
    assert shallow.inputs == {**common, "resourcePath": "/health", "tags": TAGS.resource("hc-shallow")}
    assert deep.inputs == {**common, "resourcePath": "/health/deep", "tags": TAGS.resource("hc-deep")}


def test_the_calculated_check_needs_all() -> None:
    deployment = run()
    made = deployment.one("HealthCheck", "hc-all")
    assert made.inputs == {
        "type": "CALCULATED",
        "childHealthchecks": ["hc-shallow-id", "hc-deep-id"],
        "childHealthThreshold": 2,
        "tags": TAGS.resource("hc-all"),
    }
    (outputs,) = [o for urn, o in deployment.outputs.items() if urn.endswith("HealthChecks::hc")]
    assert outputs["calculated_id"] == "hc-all-id"
    assert outputs["shallow_id"] == "hc-shallow-id"
    assert outputs["deep_id"] == "hc-deep-id"
    for check in deployment.all("HealthCheck"):
        assert check.parent.endswith("holdfast:edge:HealthChecks::hc")
        assert "region" not in check.inputs


def test_alarm_and_others_join_the_calculated_check() -> None:
    alarm = AlarmCheck(name="errors", region="us-west-2")
    deployment = run(alarm=alarm, others={"switch": "hc-9", "arc": "hc-8"})
    made = deployment.one("HealthCheck", "hc-alarm").inputs
    assert made["type"] == "CLOUDWATCH_METRIC"
    assert (made["cloudwatchAlarmName"], made["cloudwatchAlarmRegion"]) == ("errors", "us-west-2")
    assert made["insufficientDataHealthStatus"] == "LastKnownStatus"
    combined = deployment.one("HealthCheck", "hc-all").inputs
    assert combined["childHealthchecks"] == ["hc-shallow-id", "hc-deep-id", "hc-alarm-id", "hc-8", "hc-9"]
    assert combined["childHealthThreshold"] == 5


def test_text_makes_the_deep_check_read_the_answer() -> None:
    deployment = run(deep_text='"database":"ok"')
    deep = deployment.one("HealthCheck", "hc-deep").inputs
    assert (deep["type"], deep["searchString"]) == ("HTTPS_STR_MATCH", '"database":"ok"')
    assert deployment.one("HealthCheck", "hc-shallow").inputs["type"] == "HTTPS"


def test_checker_regions_are_passed_sorted_once() -> None:
    probe = Probe(
        regions=("us-west-2", "eu-west-1", "us-east-1", "us-west-2"), interval=30, failure_threshold=2
    )
    made = run(probe=probe).one("HealthCheck", "hc-shallow").inputs
    assert made["regions"] == ["eu-west-1", "us-east-1", "us-west-2"]
    assert (made["requestInterval"], made["failureThreshold"]) == (30, 2)


def test_preview_with_every_output_unknown() -> None:
    assert {r.name for r in run(preview=True).all("HealthCheck")} == {"hc-shallow", "hc-deep", "hc-all"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"probe": Probe(interval=20)}, r"probe\.interval: got 20, allowed is one of 10, 30"),
        (
            {"probe": Probe(failure_threshold=0)},
            r"probe\.failure_threshold: got 0, allowed is 1 to 10 checks",
        ),
        (
            {"probe": Probe(failure_threshold=11)},
            r"probe\.failure_threshold: got 11, allowed is 1 to 10 checks",
        ),
        ({"probe": Probe(port=0)}, r"probe\.port: got 0, allowed is 1 to 65535"),
        (
            {"probe": Probe(regions=("us-east-1", "us-west-2"))},
            r"probe\.regions: got \['us-east-1', 'us-west-2'\], allowed is none, or three or more different",
        ),
        ({"probe": Probe(regions=("us-east-1",) * 3)}, "three or more different ones"),
        (
            {"probe": Probe(regions=("eu-central-1",))},
            r"probe\.regions: got 'eu-central-1', allowed is one of ap-northeast-1,",
        ),
        (
            {"shallow_path": "health"},
            "shallow_path: got 'health', allowed is a path that begins with / and has 1",
        ),
        ({"deep_path": "/a b"}, "deep_path: got '/a b', allowed is a path that begins with / and has 1"),
        ({"deep_path": "/health"}, "deep_path: got '/health', allowed is another than shallow_path, or"),
        ({"deep_text": ""}, r"deep_text\.length: got 0, allowed is 1 to 255 characters"),
        ({"deep_text": "x" * 256}, r"deep_text\.length: got 256, allowed is 1 to 255 characters"),
        (
            {"alarm": AlarmCheck(name="a", region="us-east-1", missing="OK")},
            r"alarm\.missing: got 'OK', allowed is one of Healthy, Unhealthy,",
        ),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(**changes)


def test_the_same_path_is_allowed_when_the_deep_check_reads_the_answer() -> None:
    assert (
        run(deep_path="/health", deep_text="ok").one("HealthCheck", "hc-deep").inputs["resourcePath"]
        == "/health"
    )
