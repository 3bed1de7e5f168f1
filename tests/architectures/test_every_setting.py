"""That no setting is without effect: each key that settings have is in a table of effects, or here with the reason why not."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pydantic

from architectures.parts.sections import Waits
from architectures.registry import KINDS
from architectures.three_tier.sections import Cache, Files, Sessions
from settings import Settings
from tests.architectures.conftest import run
from tests.architectures.test_wiring_settings import APART, GONE, TOGETHER, changes, set_to
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

OBJECTIVES = ("objectives.drTier", "objectives.rtoHours", "objectives.rpoMinutes")
CORRUPTION = ("objectives.corruption.rtoHours", "objectives.corruption.rpoMinutes")
RESTORES = tuple(
    f"systems.web.database.{key}" for key in ("keepOriginal", "restores.name", "restores.recoveryPoint")
)
SWITCH = tuple(
    f"systems.web.switch.{key}"
    for key in (
        "by",
        "approvalRole",
        "startedBy",
        "automatic",
        *(f"minutes.{each}" for each in Waits.model_fields),
    )
)
STORES = tuple(
    f"systems.web.{key}.{field.alias}"
    for key, section in {"cache": Cache, "sessions": Sessions, "files": Files}.items()
    for field in section.model_fields.values()
)
ELSEWHERE = {
    "system": "names and tags of everything",
    "environment": "names and tags of everything",
    "owner": "tags of everything",
    "costCenter": "tags of everything",
    "region": "must be the stack's own",
    **dict.fromkeys(OBJECTIVES, "tags of everything"),
    **dict.fromkeys(CORRUPTION, "below: tags of every store"),
    **dict.fromkeys((f"systems.web.{key}" for key in OBJECTIVES), "below: tags of what is the system's"),
    **dict.fromkeys((f"systems.web.{key}" for key in CORRUPTION), "the same tags as the stack's"),
    "protect": "protection of everything",
    "strategy": "what stands in each region, test_strategies.py",
    "systems.web.strategy": "what stands in each region, test_strategies.py",
    "recovery.peerStack": "what is declared here, and what is read of the other stack: the table of edges",
    "recovery.activeRegion": "the roles of both stacks",
    "recovery.peerRegion": "must be the other stack's",
    "network.cidr": "the subnets' own tests",
    "network.peerCidr": "the subnets' own tests",
    "network.zones": "the table of edges",
    "dns.delegated": "the first step",
    "dns.domain": "names",
    "dns.existingZoneId": "below: takes the place of a resource",
    "systems.web.kind": "has one value",
    "systems.web.site": "names, and a system without one",
    "systems.web.leaving": "what the other stack may leave out",
    "systems.web.standbyFraction": "shows in the standby: test_wiring_settings.py",
    "systems.web.compute.imageId": "takes the parameter's place: test_wiring_settings.py",
    "systems.web.compute.imageParameter": "shows in what is asked of AWS: test_wiring_settings.py",
    "systems.web.compute.imageRelease": "shows in the stash that keeps the image: test_wiring_settings.py",
    **dict.fromkeys(SWITCH, "what moves the system, three_tier/test_way_over.py"),
    "systems.web.experiments": "what can be started, three_tier/test_rehearsals.py",
    **dict.fromkeys(STORES, "what a store declares, three_tier/test_stores.py"),
    **dict.fromkeys(RESTORES, "what a restore declares, three_tier/test_restores.py"),
    "systems.web.database.serverless.minCapacity": "goes with the class db.serverless: below",
    "systems.web.database.serverless.maxCapacity": "goes with the class db.serverless: below",
    **dict.fromkeys(
        (f"exemptions.{key}" for key in ("rule", "resource", "system", "failure", "reason", "until")),
        "read by the policy pack alone: tests/policies/test_exemptions.py",
    ),
    "unlisted": "what settings take: test_settings.py",
    "systems.web.database.engine": "goes with a version: test_wiring_settings.py; three_tier/test_dsql.py",
    "systems.web.database.role": "Aurora DSQL's, three_tier/test_dsql.py",
    "systems.web.database.witnessRegion": "Aurora DSQL's, three_tier/test_dsql.py",
}
"""Why a setting is in neither table."""


def sections(annotation: Any) -> list[type[pydantic.BaseModel]]:
    """The groups of keys in a field's type, also within a list or beside None."""
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return [annotation]
    return [found for inner in typing.get_args(annotation) for found in sections(inner)]


def keys(model: type[pydantic.BaseModel], path: str = "") -> Iterator[str]:
    """Every key that the model has, in the file's spelling, whether a stack says it or not."""
    for field in model.model_fields.values():
        key = f"{path}{field.alias}"
        for inner in sections(field.annotation):
            yield from keys(inner, f"{key}.")
        if not sections(field.annotation):
            yield key


def test_every_setting_has_an_effect() -> None:
    found = {key for key in keys(Settings) if not key.startswith("systems.")}
    found |= set(keys(KINDS["three-tier"].settings, "systems.web."))  # other kinds have tables of their own
    assert found == TOGETHER.keys() | APART.keys() | ELSEWHERE.keys()


def test_a_zone_that_exists_takes_the_records(prod: Deployment) -> None:
    found = changes(prod, run("prod", {}, **set_to({"dns.existingZoneId": "Z0123456789"})))
    records = {f"Record {record.name}.zoneId": "Z0123456789" for record in prod.all("Record")}
    records["Record web-site-site-record.aliases[0].zoneId"] = (
        "Z0123456789"  # it answers with the region's own name
    )
    ours = (
        "Zone base-zone-zone",
        *(f"{kind} base-zone-queries" for kind in ("QueryLog", "LogGroup", "LogResourcePolicy")),
    )
    assert found == {**dict.fromkeys(ours, GONE), **records}


def test_a_systems_own_objectives_are_its_tags_alone(prod: Deployment) -> None:
    mine = {"drTier": 2, "rtoHours": 3, "rpoMinutes": 30}
    after = run("prod", {}, **set_to({"systems.web.objectives": mine}))
    assert {path.split(" ")[1].partition("-")[0] for path in changes(prod, after)} == {"web"}
    tags = after.one("aws:rds/cluster:Cluster").inputs["tags"]
    assert [tags[key] for key in ("dr-tier", "rto-hours", "rpo-minutes")] == ["2", "3", "30"]
    server = {tag["key"]: tag["value"] for tag in after.one("aws:autoscaling/group:Group").inputs["tags"]}
    assert [server[key] for key in ("dr-tier", "rto-hours")] == ["2", "3"]


def test_what_corruption_may_cost_is_told_of_stores_alone(prod: Deployment) -> None:
    promise = {"rtoHours": 8, "rpoMinutes": 1440}
    found = changes(prod, run("prod", {}, **set_to({"objectives.corruption": promise})))
    said = {"tags.dr:rto-hours-corruption": "8", "tags.dr:rpo-minutes-corruption": "1440"}
    stores = {path.partition(".")[0] for path in found}
    assert "Cluster web-db-cluster" in stores
    assert not {"Group web-app-group", "LoadBalancer web-lb-alb"} & stores
    assert found == {f"{store}.{tag}": value for store in stores for tag, value in said.items()}


def test_serverless_instances_scale_within_the_range() -> None:
    config = configuration("prod")["holdfast:systems"]
    config["web"]["database"] |= {
        "instanceClass": "db.serverless",
        "serverless": {"minCapacity": 0.5, "maxCapacity": 16},
    }
    made = run("prod", {}, systems=config)
    (cluster,) = made.all("aws:rds/cluster:Cluster")
    assert cluster.inputs["serverlessv2ScalingConfiguration"] == {"minCapacity": 0.5, "maxCapacity": 16}
    classes = {
        member.inputs["instanceClass"] for member in made.all("aws:rds/clusterInstance:ClusterInstance")
    }
    assert classes == {"db.serverless"}
