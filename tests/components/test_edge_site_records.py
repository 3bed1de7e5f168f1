from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from components.edge import Alias, Served, SiteRecords, SiteRecordsArgs, region_name
from components.tags import Tags
from tests.pulumi_mocks import Deployment, Registered, deploy

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
EAST, WEST = "us-east-1", "us-west-2"
SITE = "shop.example.com"
SORRY = Alias(name="d1.cloudfront.net", zone_id="Z2FDTNDATAQYW2", cloudfront=True)


def args(region: str, *, active: bool) -> SiteRecordsArgs:
    return SiteRecordsArgs(
        zone_id="Z1",
        site=SITE,
        region=region,
        first=active,
        served=Served(
            load_balancer=Alias(name=f"alb.{region}", zone_id=f"ZALB{region}"),
            health_check_id=f"check-{region}",
        ),
        sorry=SORRY,
        tags=TAGS,
    )


def run(where: str, *, active: bool, preview: bool = False, **changes: object) -> Deployment:
    wanted = dataclasses.replace(args(where, active=active), **changes)  # type: ignore[arg-type]
    return deploy(lambda: SiteRecords("site", wanted), preview=preview)


def records(deployment: Deployment, name: str) -> dict[str, dict[str, Any]]:
    return {r.inputs["setIdentifier"]: r.inputs for r in deployment.all("Record") if r.inputs["name"] == name}


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("region", [EAST, WEST])
def test_a_regions_own_name_falls_back_to_the_sorry_site(region: str, active: bool) -> None:
    own = records(run(region, active=active), f"{region}.{SITE}")
    assert set(own) == {region, f"{region}-sorry"}
    first, last = own[region], own[f"{region}-sorry"]
    assert first["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert first["aliases"] == [
        {"name": f"alb.{region}", "zoneId": f"ZALB{region}", "evaluateTargetHealth": True}
    ]
    assert first["healthCheckId"] == f"check-{region}"
    assert last["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert last["aliases"] == [{"name": SORRY.name, "zoneId": SORRY.zone_id, "evaluateTargetHealth": False}]


def test_the_active_region_answers_for_the_site_with_its_load_balancer() -> None:
    (record,) = records(run(EAST, active=True), SITE).values()
    assert record["setIdentifier"] == EAST
    assert record["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert record["aliases"][0]["name"] == f"alb.{EAST}"
    assert record["healthCheckId"] == f"check-{EAST}"


def test_the_other_region_answers_by_its_own_name_and_counts_as_healthy_with_the_sorry_site() -> None:
    deployment = run(WEST, active=False)
    (record,) = records(deployment, SITE).values()
    assert record["setIdentifier"] == WEST
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert record["aliases"] == [{"name": f"{WEST}.{SITE}", "zoneId": "Z1", "evaluateTargetHealth": True}]
    assert record["healthCheckId"] == "site-last-resort-id"
    resort = deployment.one("HealthCheck", "site-last-resort").inputs
    assert (resort["type"], resort["childHealthThreshold"]) == ("CALCULATED", 1)
    assert resort["childHealthchecks"] == [f"check-{WEST}", "site-sorry-id"]
    sorry = deployment.one("HealthCheck", "site-sorry").inputs
    assert (sorry["type"], sorry["fqdn"], sorry["resourcePath"]) == ("HTTPS", SORRY.name, "/")
    made = next(r for r in deployment.all("Record") if r.inputs["name"] == SITE)
    target = deployment.one("Record", f"site-{WEST}-record")
    assert target.urn in made.dependencies


def test_a_swap_of_roles_changes_the_check_of_the_first_regions_record_and_nothing_else() -> None:
    before = {r.urn: r for r in run(EAST, active=True).resources}
    after = {r.urn: r for r in run(EAST, active=True, yields_to=WEST).resources}
    assert {after[urn].name for urn in after.keys() - before.keys()} == {f"site-{WEST}-lost", "site-behind"}
    (changed,) = [urn for urn in before if before[urn].inputs != after[urn].inputs]
    assert before[changed].name == "site-site-record"
    assert after[changed].inputs == {**before[changed].inputs, "healthCheckId": "site-behind-id"}
    made = {r.name: r.inputs for r in after.values()}
    assert made["site-behind"]["childHealthchecks"] == [f"check-{EAST}", f"site-{WEST}-lost-id"]
    assert made["site-behind"]["childHealthThreshold"] == 2
    lost = made[f"site-{WEST}-lost"]
    assert (lost["fqdn"], lost["resourcePath"]) == (f"{WEST}.{SITE}", "/health")
    assert lost["invertHealthcheck"] is True


def test_withdrawn_leaves_the_sites_name_to_the_other_region() -> None:
    deployment = run(WEST, active=False, withdrawn=True)
    assert not records(deployment, SITE)
    assert len(records(deployment, f"{WEST}.{SITE}")) == 2


def test_a_region_that_serves_nothing_answers_with_the_sorry_site() -> None:
    deployment = run(WEST, active=False, served=None)
    (record,) = records(deployment, SITE).values()
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert record["aliases"] == [{"name": SORRY.name, "zoneId": SORRY.zone_id, "evaluateTargetHealth": False}]
    assert "healthCheckId" not in record
    assert not deployment.all("HealthCheck")
    assert not records(deployment, f"{WEST}.{SITE}")


@pytest.mark.parametrize(("region", "active"), [(EAST, True), (EAST, False), (WEST, True), (WEST, False)])
def test_the_nearest_healthy_region_answers_by_its_own_name(region: str, active: bool) -> None:
    """Its own name ends at the sorry site, so without the region's check an unhealthy region would keep its clients."""
    deployment = run(region, active=active, nearest=True)
    (record,) = records(deployment, SITE).values()
    assert record["latencyRoutingPolicies"] == [{"region": region}]
    assert "failoverRoutingPolicies" not in record
    assert record["aliases"] == [{"name": f"{region}.{SITE}", "zoneId": "Z1", "evaluateTargetHealth": True}]
    assert record["healthCheckId"] == f"check-{region}"


def test_names_hold_regions_and_no_roles() -> None:
    for deployment in (run(EAST, active=True), run(WEST, active=False)):
        for resource in deployment.resources:
            assert not {"primary", "secondary", "standby", "active"} & set(
                resource.urn.lower().replace("::", "-").split("-")
            )


def test_preview_with_every_output_unknown() -> None:
    made = {(r.type, r.name) for r in run(WEST, active=False).resources}
    assert {(r.type, r.name) for r in run(WEST, active=False, preview=True).resources} == made


def test_checks_are_tagged_and_everything_has_its_parent() -> None:
    deployment = run(WEST, active=False)
    assert all(r.tags == TAGS.resource(r.name) for r in deployment.taggable())
    top = next(r for r in deployment.resources if r.type == "holdfast:edge:SiteRecords")
    for resource in deployment.resources:
        if resource is not top:
            assert resource.parent == top.urn or deployment.by_urn(resource.parent).parent == top.urn


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"site": "*.example.com"},
            r"site: got '\*\.example\.com', allowed is a lower-case domain name, such as",
        ),
        ({"served": None}, "served: got None in the region that is first, allowed is what serves there"),
        (
            {"served": None, "active": False, "nearest": True},
            "served: got None with nearest, allowed is what serves in each region",
        ),
        (
            {"yields_to": EAST},
            "yields_to: got 'us-east-1', allowed is another region than the own one, and only",
        ),
        (
            {"active": False, "yields_to": WEST},
            "yields_to: got 'us-west-2', allowed is another region than the own one, and only where first",
        ),
        ({"yields_path": "x"}, "yields_path: got 'x', allowed is a path that begins with / and has 1"),
        ({"region": ""}, "region: got '', allowed is the region that load_balancer is in"),
        ({"sorry_path": "x"}, "sorry_path: got 'x', allowed is a path that begins with / and has 1"),
        (
            {"sorry": Alias(name="x", zone_id="y")},
            r"sorry\.cloudfront: got False, allowed is the alias of a CloudFront",
        ),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(EAST, **{"active": True, **changes})


def test_region_name() -> None:
    assert region_name(WEST, SITE) == "us-west-2.shop.example.com"


class Dns:
    """Answers as Route 53 does, from what both stacks registered and from what is really healthy."""

    def __init__(self, stacks: list[Deployment], healthy: dict[str, bool]) -> None:
        self.records: list[Registered] = [r for s in stacks for r in s.all("Record")]
        self.checks = {f"{r.name}-id": r.inputs for s in stacks for r in s.all("HealthCheck")}
        self.healthy = healthy

    def check(self, identity: str, stack: str) -> bool:
        if identity.startswith("check-"):
            return self.healthy[f"alb.{identity.removeprefix('check-')}"]
        made = self.checks[identity]
        if made["type"] == "CALCULATED":
            children = [f"check-{stack}" if c.startswith("check-") else c for c in made["childHealthchecks"]]
            return sum(self.check(c, stack) for c in children) >= made["childHealthThreshold"]
        if made.get("invertHealthcheck"):  # only load balancers answer `/health`
            return not self.healthy[host] if (host := self.answer(made["fqdn"])).startswith("alb.") else True
        return self.healthy[made["fqdn"]]

    def up(self, record: dict[str, Any]) -> bool:
        (alias,) = record["aliases"]
        stack = EAST if EAST in record["setIdentifier"] else WEST
        if record.get("healthCheckId") and not self.check(record["healthCheckId"], stack):
            return False
        if not alias["evaluateTargetHealth"]:
            return True
        named = [r.inputs for r in self.records if r.inputs["name"] == alias["name"]]
        return any(self.up(r) for r in named) if named else self.healthy[alias["name"]]

    def answer(self, name: str) -> str:
        pair = {
            r.inputs["failoverRoutingPolicies"][0]["type"]: r.inputs
            for r in self.records
            if r.inputs["name"] == name
        }
        first, second = pair["PRIMARY"], pair["SECONDARY"]
        chosen = first if self.up(first) or not self.up(second) else second
        target = chosen["aliases"][0]["name"]
        return self.answer(target) if any(r.inputs["name"] == target for r in self.records) else target


@pytest.mark.parametrize("active", [EAST, WEST])
def test_in_every_state_of_health_clients_get_the_best_answer_there_is(active: str) -> None:
    other = WEST if active == EAST else EAST
    stacks = [run(EAST, active=True, yields_to=None if active == EAST else WEST), run(WEST, active=False)]
    for first, second, sorry in itertools.product([True, False], repeat=3):
        dns = Dns(stacks, {f"alb.{active}": first, f"alb.{other}": second, SORRY.name: sorry})
        # With nothing left, Route 53 answers the first record: any answer is equally dead.
        wanted = (
            f"alb.{active}" if first else f"alb.{other}" if second else SORRY.name if sorry else f"alb.{EAST}"
        )
        assert dns.answer(SITE) == wanted, (first, second, sorry)


@pytest.mark.parametrize(("active", "nearest"), [(True, False), (False, False), (True, True), (False, True)])
@pytest.mark.parametrize("region", [EAST, WEST])
def test_a_switch_moves_the_site_and_the_regions_own_name_follows_its_endpoints(
    region: str, active: bool, nearest: bool
) -> None:
    served = dataclasses.replace(args(region, active=active).served, site_check_id="switch")  # type: ignore[type-var]
    deployment = run(region, active=active, nearest=nearest, served=served)
    [site] = records(deployment, SITE).values()
    assert site["healthCheckId"] == "switch"
    assert [(a["name"], a["zoneId"]) for a in site["aliases"]] == [(f"{region}.{SITE}", "Z1")]
    assert site["setIdentifier"] == region, "Region switch finds a region's record by it"
    assert records(deployment, f"{region}.{SITE}")[region]["healthCheckId"] == f"check-{region}"


@pytest.mark.parametrize(("region", "active"), [(EAST, True), (WEST, False)])
@pytest.mark.parametrize("nearest", [False, True])
def test_what_answers_the_site_may_be_another_than_what_answers_the_region(
    region: str, active: bool, nearest: bool
) -> None:
    """API Gateway has a name to lead to for each name that it is asked by."""
    own = Alias(name=f"d-site.{region}", zone_id="ZAPI")
    served = dataclasses.replace(args(region, active=active).served, site=own)  # type: ignore[type-var]
    deployment = run(region, active=active, served=served, nearest=nearest)
    inner = records(deployment, f"site.{region}.{SITE}")
    assert inner[region]["aliases"] == [{"name": own.name, "zoneId": "ZAPI", "evaluateTargetHealth": True}]
    assert inner[region]["healthCheckId"] == f"check-{region}"
    assert inner[f"{region}-sorry"]["aliases"][0]["name"] == SORRY.name
    assert records(deployment, f"{region}.{SITE}")[region]["aliases"][0]["name"] == f"alb.{region}"
    [site] = records(deployment, SITE).values()
    leads = own.name if active and not nearest else f"site.{region}.{SITE}"
    assert site["aliases"][0]["name"] == leads
