"""The health checks that a Region switch plan vends: one for each region of each record that a step of it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.route53.models import HealthCheck, Route53Backend, route53_backends

from sandbox.aws.client import ACCOUNT


def steps_of(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every step, those inside of parallel ones too."""
    for step in steps:
        yield step
        yield from steps_of(step["executionBlockConfiguration"].get("parallelConfig", {}).get("steps", []))


def configurations(plan: dict[str, Any], block: str) -> Iterator[dict[str, Any]]:
    """The configurations of all blocks of one kind (`route53HealthCheckConfig`) in a plan."""
    for workflow in plan["workflows"]:
        for step in steps_of(workflow.get("steps", [])):
            if block in step["executionBlockConfiguration"]:
                yield step["executionBlockConfiguration"][block]


def backend() -> Route53Backend:
    """Route 53 of the account."""
    found: Route53Backend = route53_backends[ACCOUNT]["aws"]
    return found


def vend(plan: dict[str, Any], vended: dict[tuple[str, str, str], str]) -> None:
    """Make the checks that the plan needs and has not, and remove those that it no longer needs.

    `vended` is by zone, record and region. Active/passive plans start with the primary region healthy and the other one
    unhealthy, active/active plans with both healthy.
    https://docs.aws.amazon.com/r53recovery/latest/dg/route53-health-check-block.html
    """
    needed = {
        (config["hostedZoneId"], config["recordName"], region)
        for config in configurations(plan, "route53HealthCheckConfig")
        for region in plan["regions"]
    }
    for key in sorted(needed - vended.keys()):
        check = backend().create_health_check(f"{plan['arn']}/{'/'.join(key)}", {"type": "RECOVERY_CONTROL"})
        both = plan["recoveryApproach"] == "activeActive"
        turn(check, on=both or key[2] == plan.get("primaryRegion"))
        vended[key] = check.id
    for key in sorted(vended.keys() - needed):
        backend().delete_health_check(vended.pop(key))


def turn(check: HealthCheck, *, on: bool) -> None:
    """Set the state that a plan gives a check of its own."""
    check.switched_on = on


def found(plan: dict[str, Any], vended: dict[tuple[str, str, str], str]) -> list[dict[str, Any]]:
    """The checks as ListRoute53HealthChecks shows them."""
    checks = backend().health_checks
    return [
        {
            "hostedZoneId": zone,
            "recordName": record,
            "healthCheckId": vended[zone, record, region],
            "status": "healthy" if checks[vended[zone, record, region]].switched_on else "unhealthy",
            "region": region,
        }
        for zone, record, region in sorted(vended, key=lambda key: (*key[:2], plan["regions"].index(key[2])))
    ]


def warnings(plan: dict[str, Any], vended: dict[tuple[str, str, str], str]) -> list[str]:
    """What plan evaluation says of records that don't follow the check of their region, by the region in their set identifier."""
    said = []
    zones = {zone.resource_id: zone for zone in backend().zones.values()}
    mapped = {
        (config["hostedZoneId"], config["recordName"], each["region"]): each["recordSetIdentifier"]
        for config in configurations(plan, "route53HealthCheckConfig")
        for each in config.get("recordSets", [])
    }
    for (zone_id, record, region), check in sorted(vended.items()):
        zone = zones.get(zone_id)
        sets = [r for r in zone.rrsets if r.name.rstrip(".") == record.rstrip(".")] if zone else []
        wanted = mapped.get((zone_id, record, region))
        ours = [
            r for r in sets if (r.set_identifier == wanted if wanted else region in (r.set_identifier or ""))
        ]
        if not ours:
            said.append(f"{record} in {zone_id} has no record set for {region}")
        elif any(r.health_check_id != check for r in ours):
            said.append(
                f"{record} in {zone_id}: its record set for {region} does not follow health check {check}"
            )
    return said
