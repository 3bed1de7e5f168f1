"""Warehouses: what the components refuse, and what whoever uses them gets."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.warehouse import Copied, CopyGrant, CopyGrantArgs, Warehouse, WarehouseArgs
from components.warehouse.args import EVERY_HOURS
from policies.recovery.readers.redshift import _six_fields
from policies.recovery.schedule import largest_gap
from tests.components.test_compute_containers import TAGS, TOPIC
from tests.pulumi_mocks import Deployment, deploy

ZONES = {f"use1-az{n}": f"subnet-{n}" for n in (4, 1, 6)}
NAME = "1 to 63 lower-case letters, digits and single hyphens, a letter first"


def warehouse(**more: Any) -> WarehouseArgs:
    given: dict[str, Any] = {
        "tags": TAGS, "identifier": "shop-data", "vpc_id": "vpc-1", "subnet_ids": ZONES, "key_arn": "arn:key", "actions": [TOPIC],
    }  # fmt: skip
    return WarehouseArgs(**{**given, **more})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: a warehouse that fails unheard stays failed"),
        ({"identifier": "Shop"}, f"identifier: got 'Shop', allowed is {NAME}"),
        ({"identifier": "shop--data"}, f"identifier: got 'shop--data', allowed is {NAME}"),
        ({"identifier": "shop-"}, f"identifier: got 'shop-', allowed is {NAME}"),
        ({"identifier": "s" * 64}, f"identifier: got '{'s' * 64}', allowed is {NAME}"),
        ({"log_days": 2}, "log_days: got 2, allowed is one of 1, 3, 5"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_told(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as told:
        warehouse(**more).check()
    assert str(told.value).startswith(message)


@pytest.mark.parametrize("hours", EVERY_HOURS)
def test_a_schedule_is_as_often_as_it_is_said(hours: int) -> None:
    given = warehouse(every_hours=hours)
    assert given.schedule is not None
    assert largest_gap(_six_fields(given.schedule)) == hours * 3600 == given.gap_s


def made(**more: Any) -> Deployment:
    def program() -> None:
        grant = CopyGrant(
            "copies",
            CopyGrantArgs(tags=TAGS, grant_name="shop-copies", region="us-west-2", key_arn="arn:west"),
        )
        its = Warehouse("data", warehouse(copied=Copied(region="us-west-2", grant=grant.name), **more))
        pulumi.export("fact", its.recovery_fact)

    return deploy(program)


def test_without_a_schedule_redshift_s_own_counts() -> None:
    found = made()
    assert found.all("aws:redshift/snapshotSchedule:SnapshotSchedule") == []
    [fact] = [each["fact"] for each in found.outputs.values() if "fact" in each]
    assert (fact["snapshot_s"], fact["snapshot_copies"]) == (
        28_800,
        [{"region": "us-west-2", "retention_s": 14 * 86_400}],
    )


def test_everything_is_below_its_component_and_carries_its_tags() -> None:
    found = made(every_hours=6)
    mine = [each for each in found.resources if each.type.startswith("aws:")]
    parents = {each.urn.split("::")[2].split("$")[0] for each in mine}
    assert parents == {"holdfast:warehouse:Warehouse", "holdfast:warehouse:CopyGrant"}
    untagged = {each.type.split(":")[-1] for each in mine if not each.inputs.get("tags")}
    assert untagged == {"Logging", "SnapshotCopy", "SnapshotScheduleAssociation"}
    [cluster] = found.all("aws:redshift/cluster:Cluster")
    assert cluster.protect
    assert not [each for each in mine if each.protect and each is not cluster]
    assert made(protect=False).one("aws:redshift/cluster:Cluster").protect in (False, None)
