"""What rehearses a system's failures: where it stands, what ends it, and that only what agrees is hit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from architectures.strategies import Strategy
from tests.architectures.conftest import PEER, deployed, outputs, run, with_system
from tests.architectures.strategy_table import changes
from tests.pulumi_mocks import Deployment, Registered
from tests.test_examples import EXAMPLES, config
from tests.test_settings import configuration

EAST, WEST = "us-east-1", "us-west-2"
EVERY = ["instance", "database", "zone-power", "cross-region"]
TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
AGREES = "fis-ready"
SYMPTOMS = ("hosts", "errors", "latency")
HERE = set(EVERY)
READS = {"instance", "zone-power", "cross-region"}
STANDING = {
    Strategy.BACKUP_AND_RESTORE: (HERE, set()),
    Strategy.PILOT_LIGHT: (HERE, set()),
    Strategy.WARM_STANDBY: (HERE, READS),
    Strategy.ACTIVE_ACTIVE: (HERE, READS),
}
"""What can be started in the active region, and in the other one."""
Pair = dict[str, Deployment]


def pair(strategy: Strategy, experiments: list[str], active: str = EAST) -> Pair:
    given = {}
    for stack in ("prod", "dr"):
        given[stack] = changes(stack, strategy)
        given[stack]["systems"]["web"]["experiments"] = experiments
        given[stack]["recovery"] = {**configuration(stack)["holdfast:recovery"], "activeRegion": active}
    prod = run("prod", {}, **given["prod"])
    return {"prod": prod, "dr": run("dr", {PEER: outputs(prod)}, **given["dr"])}


def templates(stack: Deployment) -> dict[str, dict[str, Any]]:
    return {r.name.removeprefix("web-experiment-"): r.inputs for r in stack.all(TEMPLATE)}


def tags(resource: Registered) -> Iterator[tuple[str, dict[str, str]]]:
    """Tags of what a resource is to FIS, by FIS' own type; instances have those of their launch template."""
    if resource.type.endswith(":LaunchTemplate"):
        for each in resource.inputs["tagSpecifications"]:
            yield f"aws:ec2:{each['resourceType']}", each["tags"]
    elif resource.type.endswith((":Subnet", "rds/cluster:Cluster")):
        module, kind = resource.type.split(":")[1].split("/")
        yield f"aws:{module}:{kind}", resource.inputs["tags"]


def agreeing(stack: Deployment) -> set[tuple[str, str]]:
    """FIS' type and the name of each resource that agrees to be hit."""
    return {
        (what, resource.name)
        for resource in stack.resources
        for what, carried in tags(resource)
        if carried.get(AGREES) == "true"
    }


@pytest.fixture(scope="module")
def rehearsed() -> Pair:
    return pair(Strategy.WARM_STANDBY, EVERY)


def test_a_practice_run_ends_when_the_system_shows_a_symptom(prod: Deployment, dr: Deployment) -> None:
    for stack, region in ((prod, EAST), (dr, WEST)):
        found = stack.one("ZonalAutoshiftConfiguration", "web-zonal-autoshift")
        alarms = [f"arn:aws:mock:{region}:123456789012:web-health-{each}" for each in SYMPTOMS]
        assert found.inputs == {
            "resourceArn": f"arn:aws:mock:{region}:123456789012:web-lb-alb",
            "zonalAutoshiftStatus": "ENABLED",
            "outcomeAlarms": [{"alarmIdentifier": arn, "type": "CLOUDWATCH"} for arn in alarms],
        }
        assert stack.one("LoadBalancer", "web-lb-alb").inputs["enableZonalShift"] is True


def test_the_load_balancer_inside_shifts_too() -> None:
    inside = run("prod", {}, systems=with_system("prod", "web", site=None))
    assert len(inside.all("ZonalAutoshiftConfiguration")) == 1


def test_nothing_can_be_started_and_nothing_agrees_unless_the_settings_say_so(
    prod: Deployment, dr: Deployment
) -> None:
    for stack in (prod, dr):
        assert templates(stack) == {}
        assert agreeing(stack) == set()
        assert "experiments" not in outputs(stack)["systems"]["web"]


@pytest.mark.parametrize(
    ("strategy", "active"),
    [
        (strategy, active)
        for strategy in Strategy
        for active in (EAST, WEST)
        # The other region then needs a recovery point: below.
        if (strategy, active) != (Strategy.BACKUP_AND_RESTORE, WEST)
    ],
)
def test_what_can_be_started_where(strategy: Strategy, active: str) -> None:
    both = pair(strategy, EVERY, active)
    for name, region in (("prod", EAST), ("dr", WEST)):
        stands = STANDING[strategy][region != active]
        assert set(templates(both[name])) == stands
        assert {what for what, _ in agreeing(both[name])} == (
            {"aws:ec2:instance", "aws:ec2:subnet", *(["aws:rds:cluster"] if "database" in stands else [])}
            if stands
            else set()
        )
        told = outputs(both[name])["systems"]["web"].get("experiments", {})
        assert set(told) == (stands | {"reports"} if stands else set())


def test_a_region_that_was_rebuilt_has_them_all() -> None:
    prod = run("prod", {}, **changes("prod", Strategy.BACKUP_AND_RESTORE))
    given = changes("dr", Strategy.BACKUP_AND_RESTORE)
    point = f"arn:aws:rds:{WEST}:123456789012:cluster-snapshot:awsbackup:job-1"
    given["systems"]["web"] |= {"experiments": EVERY}
    given["systems"]["web"]["database"]["restores"] = [{"name": "clean", "recoveryPoint": point}]
    rebuilt = run("dr", {PEER: outputs(prod)}, **given)
    assert set(templates(rebuilt)) == HERE
    assert ("aws:rds:cluster", "web-db-clean-cluster") in agreeing(rebuilt)


def test_every_experiment_stops_at_a_symptom_and_reports(rehearsed: Pair) -> None:
    for name, region in (("prod", EAST), ("dr", WEST)):
        stack = rehearsed[name]
        arns = [f"arn:aws:mock:{region}:123456789012:web-health-{each}" for each in SYMPTOMS]
        for template in templates(stack).values():
            assert template["stopConditions"] == [
                {"source": "aws:cloudwatch:alarm", "value": arn} for arn in arns
            ]
            where = template["experimentReportConfiguration"]["outputs"]["s3Configuration"]
            assert where["bucketName"] == outputs(stack)["systems"]["web"]["experiments"]["reports"]
        bucket = stack.one("aws:s3/bucket:Bucket", "web-experiment-reports-bucket")
        assert bucket.protect
        assert bucket.inputs["tags"]["dr-tier"] == "3"  # a bucket of logs


def test_the_zone_without_power_has_no_instance_of_the_database(rehearsed: Pair) -> None:
    for name, last in (("prod", "use1-az4"), ("dr", "usw2-az3")):
        stack = rehearsed[name]
        zone = stack.made[stack.one("Subnet", f"base-net-private-{last}").urn]["availabilityZone"]
        hit = templates(stack)["zone-power"]["targets"]
        assert [t["filters"][0]["values"] for t in hit] == [[zone], [zone]]
        members = {m.inputs["availabilityZone"] for m in stack.all("ClusterInstance")}
        assert zone not in members


def test_the_other_region_is_the_one_that_is_cut_off(rehearsed: Pair) -> None:
    for name, other in (("prod", WEST), ("dr", EAST)):
        (action,) = templates(rehearsed[name])["cross-region"]["actions"]
        assert {"key": "region", "value": other} in action["parameters"]


def test_every_target_is_something_that_agrees() -> None:
    """Of two systems in a VPC: each hits its own, and the subnets of both."""
    (example,) = [each for each in EXAMPLES if each.name == "two-systems"]
    prod = deployed("prod", config(example, "prod"), {})
    dr = deployed("dr", config(example, "dr"), {PEER: outputs(prod)})
    for stack in (prod, dr):
        for template in stack.all(TEMPLATE):
            owner = template.name.split("-")[0]
            for target in template.inputs["targets"]:
                asked = {tag["key"]: tag["value"] for tag in target["resourceTags"]}
                hit = {
                    resource.name
                    for resource in stack.resources
                    for what, carried in tags(resource)
                    if what == target["resourceType"] and asked.items() <= carried.items()
                }
                assert hit, (template.name, target["name"])
                shared = target["resourceType"] == "aws:ec2:subnet"
                assert {name.split("-")[0] for name in hit} == {"base" if shared else owner}


def test_only_the_database_that_serves_agrees() -> None:
    point = f"arn:aws:rds:{EAST}:123456789012:cluster-snapshot:awsbackup:job-1"
    systems = with_system("prod", "web", experiments=["database"])
    systems["web"]["database"]["restores"] = [{"name": "clean", "recoveryPoint": point}]
    made = run("prod", {}, systems=systems)
    assert len(made.all("aws:rds/cluster:Cluster")) == 2
    assert agreeing(made) == {("aws:rds:cluster", "web-db-clean-cluster")}


def test_servers_alone_agree_where_only_they_are_hit() -> None:
    made = run("prod", {}, systems=with_system("prod", "web", experiments=["instance"]))
    assert agreeing(made) == {("aws:ec2:instance", "web-app-template")}
