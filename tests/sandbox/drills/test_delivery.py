"""A version that fails, deployed on the clock as the pipeline does it: its errors ring, and it is taken back. Without what protects, it stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import yaml
from moto.core.exceptions import JsonRESTError

from components.delivery import parsed, pipeline
from components.delivery.shift import PREDEFINED
from sandbox.aws.clockwork.shifting import Routing
from sandbox.aws.extensions import codedeploy
from sandbox.aws.recorded import RECORDED
from sandbox.drills import ground as grounds
from sandbox.drills.ground import Ground
from sandbox.drills.world import DRILL, World
from sandbox.engines.model import StackChoice
from tests.sandbox.projects import in_process
from tests.test_settings import ROOT

REGION = "us-east-1"
OTHER = "sha256:" + "b" * 64
WARM, MINUTE = 300.0, 60.0
Change = Callable[[Any, dict[str, str]], None]


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    stacks = [StackChoice("prod", config_file=ROOT / "examples" / "delivery" / "prod.yaml")]
    with in_process(), grounds.deployed(ROOT, "runner", stacks, lambda _event: None) as found:
        yield found


class Release:
    """A version of the example's function, and its deployment."""

    def __init__(self, world: World, told: dict[str, str]) -> None:
        self.world, self.told = world, told
        self.functions = world.boto("lambda", REGION, DRILL)
        self.deploys = world.boto("codedeploy", REGION, DRILL)
        self.alarms = world.boto("cloudwatch", REGION, DRILL)
        image = self.functions.get_function(FunctionName=told["function"])["Code"]["ImageUri"]
        made = self.functions.update_function_code(
            FunctionName=told["function"], ImageUri=f"{image.split('@')[0]}@{OTHER}", Publish=True
        )
        self.version, self.arn, self.id = (
            made["Version"],
            made["FunctionArn"].rsplit(f":{made['Version']}")[0],
            "",
        )

    def fails(self) -> None:
        self.world.call("break", version=self.version, of=self.arn)

    def deploy(self) -> None:
        """What the pipeline's last step does."""
        self.id = self.deploys.create_deployment(
            applicationName=self.told["application"],
            deploymentGroupName=self.told["group"],
            revision={
                "revisionType": "AppSpecContent",
                "appSpecContent": {"content": app_spec(self.told["function"], self.before, self.version)},
            },
        )["deploymentId"]

    @property
    def before(self) -> str:
        return str(self._alias["FunctionVersion"])

    @property
    def _alias(self) -> dict[str, Any]:
        found: dict[str, Any] = self.functions.get_alias(FunctionName=self.told["function"], Name="live")
        return found

    @property
    def shares(self) -> dict[str, float]:
        more = (self._alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        return {self.before: round(1 - sum(more.values()), 3), **more}

    @property
    def status(self) -> str:
        return str(self.deploys.get_deployment(deploymentId=self.id)["deploymentInfo"]["status"])


def app_spec(function: str, current: str, target: str) -> str:
    """What the build specification of the example's last step prints, filled in as it does."""
    spec = yaml.safe_load((pipeline.SPECS / "shift.yaml").read_text("utf-8"))["phases"]["build"]["commands"][
        0
    ]
    form = next(
        line.strip()[len("printf '") : -len("' \\")] for line in spec.splitlines() if "printf" in line
    )
    return form % (function, "live", current, target)


@pytest.fixture
def released(ground: Ground) -> Iterator[Callable[..., Release]]:
    """`released(broken, change)`: ten minutes of a deployment on a copy that `change` has changed."""
    worlds = ExitStack()

    def run(*, broken: bool, change: Change | None = None, minutes: int = 10) -> Release:
        world = worlds.enter_context(ground.copy())
        found = Release(world, ground.outputs[0]["systems"]["release"]["functions"]["greeting"])
        if change is not None:
            change(world, found.told)
        if broken:
            found.fails()
        world.start(0.5)
        world.advance(WARM)
        found.deploy()
        world.advance(minutes * MINUTE)
        return found

    with worlds:
        yield run


def test_a_good_version_takes_over_bit_by_bit(released: Callable[..., Release]) -> None:
    found = released(broken=False, minutes=4)
    assert (found.status, found.shares) == ("InProgress", {"1": 0.9, "2": 0.1})
    found.world.advance(2 * MINUTE)
    assert (found.status, found.shares) == ("Succeeded", {"2": 1})


def test_a_version_that_fails_is_taken_back_by_its_alarm(released: Callable[..., Release]) -> None:
    found = released(broken=True)
    assert (found.status, found.shares) == ("Stopped", {"1": 1})
    told = [each for each in found.world.timeline if each["who"] == "CodeDeploy"]
    (back,) = [
        each["at"] for each in told if each["what"].startswith("Stopped: alarm release-greeting-errors")
    ]
    begun = told[0]["at"]
    assert back - begun < 5 * MINUTE, "before all calls would have gone to it"
    assert {each["where"] for each in told} == {REGION}


def without_alarm(world: World, told: dict[str, str]) -> None:
    group = changed(world, told)
    group["inputs"]["alarmConfiguration"]["enabled"] = False
    keep(world, group)


def without_rollback(world: World, told: dict[str, str]) -> None:
    group = changed(world, told)
    group["inputs"]["autoRollbackConfiguration"]["events"] = ["DEPLOYMENT_FAILURE"]
    keep(world, group)


def deaf(world: World, told: dict[str, str]) -> None:
    """An alarm that more than the canary's share would have to ring."""
    alarms = world.boto("cloudwatch", REGION, DRILL)
    (alarm,) = alarms.describe_alarms(AlarmNames=[told["alarm"]])["MetricAlarms"]
    kept = ("AlarmName", "EvaluationPeriods", "ComparisonOperator", "TreatMissingData", "Metrics")
    alarms.put_metric_alarm(**{key: alarm[key] for key in kept}, Threshold=10)


@pytest.mark.parametrize(
    ("change", "shares"),
    [(without_alarm, {"2": 1}), (deaf, {"2": 1}), (without_rollback, {"1": 0.9, "2": 0.1})],
    ids=["no alarm", "an alarm above the canary", "no rollback"],
)
def test_without_what_protects_it_the_version_stays(
    released: Callable[..., Release], change: Change, shares: dict[str, float]
) -> None:
    assert released(broken=True, change=change).shares == shares


def changed(world: World, told: dict[str, str]) -> dict[str, Any]:
    """What the sandbox keeps of the deployment group."""
    found = world.aws.call("GET", "/sandbox/recorded/", {})
    return next(
        {"path": f"{place}/{id_}", **each}
        for place, kept in found.items()
        for id_, each in kept.items()
        if each["inputs"].get("deploymentGroupName") == told["group"]
    )


def keep(world: World, group: dict[str, Any]) -> None:
    world.aws.call("PUT", f"/sandbox/recorded/{group.pop('path')}", group)


def test_a_deployment_needs_a_specification(released: Callable[..., Release]) -> None:
    found = released(broken=False)
    with pytest.raises(
        found.deploys.exceptions.ClientError, match="missing: Alias, CurrentVersion, TargetVersion"
    ):
        found.deploys.create_deployment(
            applicationName=found.told["application"],
            deploymentGroupName=found.told["group"],
            revision={
                "revisionType": "AppSpecContent",
                "appSpecContent": {
                    "content": json.dumps({"Resources": [{"f": {"Properties": {"Name": "x"}}}]})
                },
            },
        )


def test_a_configuration_of_the_programs_own_moves_as_it_says() -> None:
    step = {"interval": 7, "percentage": 5}
    RECORDED.put(
        (codedeploy.SERVICE, REGION, "DeploymentConfig"),
        "own",
        {
            "inputs": {
                "deploymentConfigName": "own",
                "trafficRoutingConfig": {"type": "TimeBasedLinear", "timeBasedLinear": step},
            }
        },
    )
    try:
        assert codedeploy.routing(REGION, "own") == Routing(linear=True, percent=5, minutes=7)
    finally:
        RECORDED.delete((codedeploy.SERVICE, REGION, "DeploymentConfig"), "own")
    with pytest.raises(JsonRESTError, match="No deployment config found for name: own"):
        codedeploy.routing(REGION, "own")


@pytest.mark.parametrize("name", PREDEFINED)
def test_the_configurations_that_aws_has_move_as_their_names_say(name: str) -> None:
    shift = parsed(name)
    assert codedeploy.routing(REGION, f"CodeDeployDefault.Lambda{name}") == Routing(
        linear=shift.linear, percent=shift.percent, minutes=shift.minutes
    )
