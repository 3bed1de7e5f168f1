from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.switch import DataPlaneSwitch, DataPlaneSwitchArgs
from tests.components.test_switch_region import TAGS
from tests.pulumi_mocks import Deployment, deploy

ARGS = DataPlaneSwitchArgs(
    region="us-east-1",
    peer_region="us-west-2",
    system="shop",
    health_check_id="endpoints",
    peer_actions=["arn:aws:sns:us-west-2:123456789012:ops"],
    tags=TAGS,
)


def run(args: DataPlaneSwitchArgs = ARGS) -> Deployment:
    return deploy(lambda: pulumi.export("check", DataPlaneSwitch("shop-switch", args).check_id))


def test_the_decision_is_kept_in_the_other_region() -> None:
    found = run().one("MetricAlarm", "shop-switch-taken").inputs
    assert found["region"] == "us-west-2"
    assert (found["namespace"], found["metricName"]) == ("Holdfast/Switch", "TakenOver")
    assert found["dimensions"] == {"From": "us-east-1", "System": "shop"}
    # Route 53 follows one metric of 60 s or more, one of the basic statistics, and not M of N.
    assert (found["period"], found["statistic"], found["evaluationPeriods"]) == (60, "Maximum", 1)
    assert (found["comparisonOperator"], found["threshold"]) == ("GreaterThanThreshold", 0)
    assert found["treatMissingData"] == "ignore"
    assert found["alarmActions"] == found["okActions"] == ARGS.peer_actions
    assert "datapointsToAlarm" not in found


def test_the_record_follows_decision_and_endpoints_together() -> None:
    deployment = run()
    decision = deployment.one("HealthCheck", "shop-switch-decision")
    assert decision.inputs == {
        "type": "CLOUDWATCH_METRIC",
        "cloudwatchAlarmName": "shop-switch-taken-1234567",
        "cloudwatchAlarmRegion": "us-west-2",
        "insufficientDataHealthStatus": "LastKnownStatus",
        "tags": TAGS.resource("shop-switch-decision"),
    }
    assert deployment.one("MetricAlarm").urn in decision.property_dependencies["cloudwatchAlarmName"]
    both = deployment.one("HealthCheck", "shop-switch-may-serve").inputs
    assert (both["type"], both["childHealthThreshold"]) == ("CALCULATED", 2)
    assert both["childHealthchecks"] == ["endpoints", "shop-switch-decision-id"]
    assert {r.parent for r in deployment.all("HealthCheck")} == {
        deployment.one("holdfast:switch:DataPlaneSwitch").urn
    }
    [stack] = [o for urn, o in deployment.outputs.items() if "pulumi:pulumi:Stack" in urn]
    assert stack["check"] == "shop-switch-may-serve-id"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peer_region": "us-east-1"}, "peer_region: got 'us-east-1', allowed is another than region"),
        ({"system": ""}, "system: got '', allowed is the system's name"),
    ],
)
def test_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **changes))
