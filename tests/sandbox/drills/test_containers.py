"""Services in containers: what is lost, or moved as planned, is drilled, and each fails, naming the cause, without what protects it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.switch import RegionSwitchArgs, ServicePair, Traffic
from policies.recovery import judge
from policies.recovery.document import DOCUMENT, between
from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from sandbox.provider import Provider
from sandbox.report.recovery import judged
from tests.architectures.containers.conftest import REGIONS, pair
from tests.policies.recovery.test_program import resources
from tests.sandbox.drills import rehearsals, releases
from tests.sandbox.drills.carried_out import Prepare, carried_out, what
from tests.sandbox.test_region_switch import TAGS, put

EAST, WEST = "us-east-1", "us-west-2"
SITE = "shop.holdfast.example"
DRILLED = ("instance", "zone", "region-loss", "switchover", "bad-release")


def drilled(services: Ground, scenario: str, prepare: Prepare | None = None, pace: float = 0.5) -> Result:
    return carried_out(services, "shop", scenario, prepare, pace)


@pytest.fixture(scope="module")
def results(services: Ground) -> dict[tuple[str, float], Result]:
    """Every drill at both ends of the figures."""
    return {
        (scenario, pace): drilled(services, scenario, pace=pace)
        for scenario in DRILLED
        for pace in rehearsals.PACES
    }


@pytest.mark.parametrize("pace", rehearsals.PACES)
@pytest.mark.parametrize("scenario", DRILLED)
def test_a_drill_passes(results: dict[tuple[str, float], Result], scenario: str, pace: float) -> None:
    result = results[scenario, pace]
    assert result.passed, result.causes
    assert {check.name for check in result.checks} >= {"serves", "capacity", "in time"}


def test_what_a_system_of_services_lacks_is_said(services: Ground) -> None:
    said = command.unfit(list(BY_NAME.values()), [services.system("shop")])
    assert [line.split(" of ")[0] for line in said] == ["corruption"]


def test_a_task_is_replaced_in_the_zone_with_the_fewest(services: Ground) -> None:
    result = drilled(services, "instance")
    [gone, new] = what(result, "ECS")
    lost = what(result, "drill")[0].split()[1]
    assert gone == f"replaces {lost} of {gone.split()[3]} unhealthy"
    assert new.startswith("starts 10.10.")
    found = [line for line in result.timeline if line["who"] == "load balancer"]
    assert [line["what"].split()[-1] for line in found] == ["unhealthy", "healthy"]
    started = next(line["at"] for line in result.timeline if line["what"] == new)
    assert 53 <= found[1]["at"] - started <= 62 + 10, "a task takes as long as Fargate's do, and is looked at"


def test_the_tasks_of_a_zone_are_started_in_the_others(services: Ground) -> None:
    result = drilled(services, "zone", pace=1.0)
    zone = what(result, "drill")[0].split()[-1]
    started = [line for line in what(result, "ECS") if line.startswith("starts ")]
    assert len(started) == 4, "two of web, one of each other service"
    elsewhere = {line.rpartition(" in ")[2] for line in started}
    assert len(elsewhere) == 2
    assert zone not in elsewhere
    assert result.refused > 0, "until they are found, clients are sent to them"


def test_a_lost_regions_load_makes_the_others_services_grow(services: Ground) -> None:
    result = drilled(services, "region-loss")
    [grown] = what(result, "Application Auto Scaling")
    assert re.fullmatch(r"target tracking: shop-web-service-\w+ from 3 to 4", grown), (
        "the others have enough tasks"
    )
    moved = next(each.at for each in result.tries if each.at > 130 and each.region == WEST)
    asked = next(line["at"] for line in result.timeline if line["what"] == grown)
    assert 120 <= asked - moved <= 240
    assert not [line for line in what(result, "operator") if "runs" in line], "nobody had to act"


def test_what_is_promised_of_a_region_counts_what_its_load_takes_to_be_seen(services: Ground) -> None:
    promised = drilled(services, "region-loss").promised
    assert promised is not None
    # Health check 30..36, alarm 120..240 + 0..60, a task 53..62 looked at in 0..10, name 60.
    assert (promised.time.low, promised.time.high) == (30 + 120 + 53 + 60, 36 + 300 + 72 + 60)


def service(world: World, name: str, region: str = EAST) -> dict[str, Any]:
    ecs = world.boto("ecs", region)
    [cluster] = ecs.list_clusters()["clusterArns"]
    [arn] = [each for each in ecs.list_services(cluster=cluster)["serviceArns"] if name in each]
    return {"cluster": cluster, "service": arn}


def without_spare(world: World) -> None:
    """As many tasks as carry the load, and none more."""
    world.boto("ecs", EAST).update_service(**service(world, "web"), desiredCount=4)


def in_two_zones(world: World) -> None:
    """The same tasks in two of the three zones: the loss of one takes half of them."""
    ecs = world.boto("ecs", EAST)
    asked = service(world, "web")
    [found] = ecs.describe_services(cluster=asked["cluster"], services=[asked["service"]])["services"]
    network = found["networkConfiguration"]
    network["awsvpcConfiguration"]["subnets"] = network["awsvpcConfiguration"]["subnets"][:2]
    ecs.update_service(**asked, networkConfiguration=network)


def deployed_by(name: str, **changed: Any) -> Callable[[World], None]:
    """One service's deployments, set otherwise."""

    def prepare(world: World) -> None:
        ecs, asked = world.boto("ecs", EAST), service(world, name)
        [found] = ecs.describe_services(cluster=asked["cluster"], services=[asked["service"]])["services"]
        ecs.update_service(**asked, deploymentConfiguration={**found["deploymentConfiguration"], **changed})

    return prepare


OFF: dict[str, Any] = {"alarmNames": [], "enable": False, "rollback": False}


def without_machine(world: World) -> None:
    steps = world.boto("stepfunctions", WEST)
    for each in steps.list_state_machines()["stateMachines"]:
        role = steps.describe_state_machine(stateMachineArn=each["stateMachineArn"])
        text = role["definition"].replace('"ecs:updateService"', '"ecs:describeServices"')
        text = text.replace("aws-sdk:ecs:updateService", "aws-sdk:ecs:describeClusters")
        steps.update_state_machine(stateMachineArn=each["stateMachineArn"], definition=text)


def scaling(kind: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Callable[[World], None]:
    """Scaling of the other region's services, as AWS keeps it, changed; None is gone."""

    def prepare(world: World) -> None:
        where = f"/sandbox/recorded/application-autoscaling/{WEST}/{kind}"
        for id_, document in world.aws.call("GET", where, None).items():
            changed = change(document["request"])
            if changed is None:
                world.aws.call("DELETE", f"{where}/{id_}", None)
            else:
                world.aws.call("PUT", f"{where}/{id_}", {**document, "request": changed})

    return prepare


def blind(world: World) -> None:
    """Nothing finds out that the region that serves is ill."""
    route53 = world.boto("route53", EAST)
    for each in route53.list_health_checks()["HealthChecks"]:
        route53.update_health_check(HealthCheckId=each["Id"], Disabled=True)


@pytest.mark.parametrize(
    ("scenario", "prepare", "cause"),
    [
        ("region-loss", blind, "is disabled: it never finds anything unhealthy"),
        (
            "region-loss",
            scaling("Target", lambda request: {**request, "MaxCapacity": 3}),
            "in us-west-2 has at most 3 tasks, and 4 carry the whole load",
        ),
        (
            "region-loss",
            scaling("Policy", lambda _request: None),
            "in us-west-2 has at most 3 tasks, and 4 carry the whole load",
        ),
        (
            "instance",
            without_spare,
            "has 4 tasks, and 4 carry the whole load: without the 1 of a lost instance",
        ),
        (
            "bad-release",
            deployed_by("orders", deploymentCircuitBreaker={"enable": True, "rollback": False}),
            "in us-east-1 roll nothing back: it is STOPPED, 3 tasks failed to start",
        ),
        (
            "bad-release",
            deployed_by("web", alarms=OFF),
            "in us-east-1 has no alarms of its deployment: nothing finds out that its release is bad",
        ),
        ("zone", in_two_zones, "has 6 tasks, and 4 carry the whole load: without the 3 of a lost zone"),
    ],
)
def test_without_what_protects_it_a_drill_fails_and_names_the_cause(
    services: Ground, scenario: str, prepare: Callable[[World], None], cause: str
) -> None:
    result = drilled(services, scenario, prepare, pace=1.0)
    assert not result.passed
    assert cause in result.causes[0], result.causes


def test_without_a_scaling_policy_a_persons_time_is_promised_and_kept(services: Ground) -> None:
    """The estimator reads from the resources that nothing makes the other region's services grow."""
    without = [
        replace(each, resources=[r for r in each.resources if r.type != "aws:appautoscaling/policy:Policy"])
        for each in services.results
    ]
    report = judged(without, ["prod", "dr"])
    assert report is not None
    changed = replace(services, results=without, report=report.as_json())
    result = drilled(changed, "region-loss", scaling("Policy", lambda _request: None), 1.0)
    assert result.passed, result.causes
    assert result.promised is not None
    # Health check 30..36, somebody decides 600..1800, a task 53..62 looked at in 0..10, name 60.
    assert (result.promised.time.low, result.promised.time.high) == (30 + 600 + 53 + 60, 36 + 1800 + 72 + 60)
    assert any(line.startswith("runs ") for line in what(result, "operator"))
    judgements = services.report["failures"]["region"]["systems"]
    [before] = [each["rto"]["high"] for each in judgements if each["system"] == "shop"]
    assert result.seconds is not None
    assert result.seconds > before, "what target tracking would have promised"


def test_a_planned_move_whose_machine_starts_no_tasks_fails(services: Ground) -> None:
    result = drilled(services, "switchover", without_machine)
    assert not result.passed
    assert re.match(
        r"shop-web-service-\w+ in us-west-2 has 3 tasks that work, 4 carry", result.causes[0]
    ) or ("takeover" in result.causes[0]), result.causes


# A bad release.


def test_a_release_whose_tasks_pass_no_check_gets_no_request(services: Ground) -> None:
    """Of services that roll: in place of blue/green also the one that clients ask."""
    rolls = deployed_by("web", strategy="ROLLING", alarms=OFF)
    result = drilled(services, "bad-release", rolls, pace=1.0)
    assert result.passed, result.causes
    assert result.refused == 0
    ended = [line for line in what(result, "ECS") if "deployment failed" in line]
    assert ended == ["deployment failed: 3 tasks failed to start; goes back"] * 3
    assert max(line["at"] for line in result.timeline if "ROLLBACK" in line["what"]) - 130 == 62 + 120


def test_a_blue_green_service_takes_its_requests_back_when_they_fail(
    results: dict[tuple[str, float], Result],
) -> None:
    result = results["bad-release", 1.0]
    assert result.promised is not None
    times = {
        line["what"].partition(" of ")[0]: line["at"] for line in result.timeline if line["who"] == "ECS"
    }
    there, back = (at for what, at in times.items() if what.startswith("sends all requests to"))
    # The slowest is what is promised: a task 53..62 looked at in 0..10, seen in 0..10, three minutes, the metric's delay 0..60.
    assert (result.promised.time.low, result.promised.time.high) == (53 + 120, 62 + 10 + 10 + 180 + 60)
    assert (result.promised.failed.low, result.promised.failed.high) == (120, 240)
    assert 120 <= back - there <= 240
    refused = [each for each in result.tries if each.refused]
    assert {each.at for each in refused} == {at for at in range(130, 600, 5) if there <= at < back}, (
        "the old tasks answer before and after"
    )
    [rings] = [line for line in what(result, "CloudWatch") if line.endswith("ALARM")]
    assert rings.startswith("alarm shop-web-errors")


def test_the_document_shows_what_is_estimated_and_rehearsed_of_a_release(
    services: Ground, results: dict[tuple[str, float], Result]
) -> None:
    made = releases.table(services, [results["bad-release", pace] for pace in rehearsals.PACES])
    text = DOCUMENT.read_text(encoding="utf-8")
    assert between(text, "releases", made) == text, "run: python -m tests.sandbox.drills.releases"


def test_deployments_are_told_as_aws_tells_them(services: Ground) -> None:
    with services.copy() as world:
        world.start(0.0, without=set(services.names()) - {"shop"})
        world.advance(130)
        ecs, asked = world.boto("ecs", EAST), service(world, "orders")
        used = ecs.describe_services(cluster=asked["cluster"], services=[asked["service"]])["services"][0]
        task = ecs.describe_task_definition(taskDefinition=used["taskDefinition"])["taskDefinition"]
        again = {key: task[key] for key in ("family", "containerDefinitions", "networkMode", "cpu", "memory")}
        made = ecs.register_task_definition(**again)["taskDefinition"]["taskDefinitionArn"]
        ecs.update_service(**asked, taskDefinition=made)
        states = []
        for _ in range(20):
            world.advance(5)
            [told] = ecs.list_service_deployments(**asked)["serviceDeployments"]
            [each] = ecs.describe_services(cluster=asked["cluster"], services=[asked["service"]])["services"]
            states.append((told["status"], each["deployments"][0]["rolloutState"], each["runningCount"]))
    assert states[0] == ("IN_PROGRESS", "IN_PROGRESS", 3)
    assert max(running for _, _, running in states) == 6, "new tasks beside the old ones"
    assert states[-1] == ("SUCCESSFUL", "COMPLETED", 3)
    assert each["taskDefinition"] == made


def planned(world: World) -> None:
    """In place of the machines and the number: the plans that `switch.by: region-switch` deploys, whose checks alone the site follows."""
    provider = Provider(endpoint=world.aws.endpoint, region=EAST, default_tags=None)
    route53 = world.boto("route53", EAST)
    [zone] = [z["Id"].rpartition("/")[2] for z in route53.list_hosted_zones()["HostedZones"]]
    shared: dict[str, Any] = {"regions": (EAST, WEST), "tags": replace(TAGS, rto_hours=4)}
    traffic = Traffic(zone_id=zone, name=SITE)
    names = put(provider, RegionSwitchArgs(plan_name="name", traffic=traffic, **shared))
    vended = world.boto("arc-region-switch", EAST).list_route53_health_checks(arn=names)["healthChecks"]
    by_region = {check["region"]: check["healthCheckId"] for check in vended}
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    for record in (r for r in records if r["Name"].rstrip(".") == SITE):
        region = next(each for each in by_region if each in record["SetIdentifier"])
        change = {
            "Action": "UPSERT",
            "ResourceRecordSet": {**record, "HealthCheckId": by_region[region]},
        }
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    pairs = [
        ServicePair(
            label=name,
            cluster_arns={r: service(world, name, r)["cluster"] for r in (EAST, WEST)},
            service_arns={r: service(world, name, r)["service"] for r in (EAST, WEST)},
        )
        for name in ("web", "orders", "mailer")
    ]
    put(provider, RegionSwitchArgs(plan_name="shop", services=pairs, children=[names], **shared))


def of_plan(result: Result) -> list[str]:
    return [line.removeprefix("step ") for line in what(result, "Region switch")]


def test_a_lost_region_s_tasks_are_started_by_a_plan_before_clients_come(services: Ground) -> None:
    stacks = pair(switch={"by": "region-switch"})
    promised = judge([each for name, region in REGIONS.items() for each in resources(stacks[name], region)])
    result = drilled(replace(services, report=promised.as_json()), "region-loss", planned)
    assert result.passed, result.causes
    assert "calls arc-region-switch:StartPlanExecution" in what(result, "operator")
    steps = of_plan(result)
    assert {f"start-{name}: completed" for name in ("web", "orders", "mailer")} <= set(steps)
    assert steps.index("move: completed") < steps.index("child-1: completed")
    moved = {line.partition(" ")[2] for line in what(result, "Region-switch")}
    assert {"ecs:UpdateService", "application-autoscaling:RegisterScalableTarget"} <= moved


def test_a_plan_moves_clients_as_planned_and_none_is_refused(services: Ground) -> None:
    result = drilled(services, "switchover", planned, pace=1.0)
    assert result.passed, result.causes
    assert result.refused == 0
    lines = [line for line in result.timeline if line["who"] == "Region switch"]
    began = {line["what"]: line["at"] for line in reversed(lines)}  # the way there, not the way back
    assert 53 <= began["step start-web: completed"] - began["step start-web: running"] <= 62 + 20
