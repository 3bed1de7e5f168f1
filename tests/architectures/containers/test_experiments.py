"""The experiment that stops a task: where it stands, what ends it, and that only what agrees is hit."""

from __future__ import annotations

import re

import pytest

from tests.architectures.conftest import outputs
from tests.architectures.containers.conftest import REGIONS, configured
from tests.architectures.containers.test_settings import SHOP, refused
from tests.architectures.containers.test_system import SERVICE
from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import table
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
SYMPTOMS = {"shop-health-errors", "shop-health-latency", "shop-web-hosts", "shop-orders-hosts"}
OWN = re.compile(r"\w+ shop-experiment|stack outputs.systems.shop.experiments")


def agreeing(stack: Deployment) -> set[str]:
    return {r.name for r in stack.resources if r.tags.get("fis-ready") == "true"}


def test_nothing_can_be_started_and_nothing_agrees_unless_the_settings_say_so(
    example: dict[str, Deployment],
) -> None:
    for stack in example.values():
        assert not stack.all(TEMPLATE)
        assert agreeing(stack) == set()
        assert "experiments" not in outputs(stack)["systems"]["shop"]


def test_one_task_of_the_system_is_stopped(optional: dict[str, Deployment]) -> None:
    for stack in optional.values():
        template = stack.one(TEMPLATE, "shop-experiment-task").inputs
        (action,), (target,) = template["actions"], template["targets"]
        assert (action["actionId"], action["target"]) == (
            "aws:ecs:stop-task",
            {"key": "Tasks", "value": "stop"},
        )
        assert (target["resourceType"], target["selectionMode"]) == ("aws:ecs:task", "COUNT(1)")
        wanted = {tag["key"]: tag["value"] for tag in target["resourceTags"]}
        assert wanted == {
            "fis-ready": "true",
            "environment": "production",
            "system": "example",
            "workload": "shop",
        }
        assert agreeing(stack) == {f"shop-{name}-service" for name in ("web", "orders", "mailer")}
        for service in stack.all(SERVICE):  # tasks have the tags of their service
            assert wanted.items() <= service.inputs["tags"].items()
            assert service.inputs["propagateTags"] == "SERVICE"
        assert template["experimentOptions"]["emptyTargetResolutionMode"] == "fail"
        assert (
            stack.one("RolePolicyAttachment", "shop-experiment-role-ecs")
            .inputs["policyArn"]
            .endswith(":policy/service-role/AWSFaultInjectionSimulatorECSAccess")
        )


def test_it_ends_at_a_symptom_and_leaves_a_log_and_a_report(optional: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = optional[name]
        template = stack.one(TEMPLATE).inputs
        alarms = {stack.made[r.urn]["arn"] for r in stack.all("MetricAlarm") if r.name in SYMPTOMS}
        assert len(alarms) == len(SYMPTOMS)
        assert {each["value"] for each in template["stopConditions"]} == alarms
        assert all(arn.split(":")[3] == region for arn in alarms)
        logs = template["logConfiguration"]["cloudwatchLogsConfiguration"]["logGroupArn"]
        assert logs == stack.made[stack.one("LogGroup", "shop-experiment-logs").urn]["arn"] + ":*"
        bucket = stack.one("aws:s3/bucket:Bucket", "shop-experiment-reports-bucket")
        report = template["experimentReportConfiguration"]["outputs"]["s3Configuration"]
        assert (report["bucketName"], bucket.protect) == (stack.made[bucket.urn]["bucket"], True)
        told = outputs(stack)["systems"]["shop"]["experiments"]
        assert told == {"task": "shop-experiment-task-id", "reports": report["bucketName"]}


def test_it_stands_where_tasks_run() -> None:
    for name, stands in (("prod", ("task",)), ("dr", ())):
        settings = load(configured(name, experiments=["task"], strategy="pilot-light"))
        assert settings.systems["shop"].rehearsed(settings.stack) == stands


def test_without_a_load_balancer_nothing_would_end_it() -> None:
    inside = {"web": {"path": None, "deployment": None}, "orders": {"path": None, "scaleOn": None}}
    assert refused(services=inside, site=None, experiments=["task"]) == [
        f"{SHOP}.experiments: got ['task'], allowed is none without a service that has a path and an image: nothing would end them"
    ]


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_what_it_is_put_together_of(optional: dict[str, Deployment], which: str) -> None:
    name = "prod" if which == "founder" else "dr"
    found = {**places(configured(name)), "outside": ["web", "orders"]}
    peer = {} if which == "founder" else read(optional["prod"])
    check(ours(optional[name], peer, OWN), table("task_experiment", which, found))
