"""Components that keep data in two regions pass the pack: as they are, beside the region's backup plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from components.data import DsqlCluster, GlobalTable
from components.recovery import BackupPlan, BackupPlanArgs, RestoreTest
from sandbox.policy import PolicyHost
from tests.architectures.conftest import ROOT, outputs
from tests.architectures.three_tier.test_stores import STORES, founder, pair
from tests.components import test_data_dsql as dsql
from tests.components import test_data_global_table as tables
from tests.components.data_arguments import KEY, PEER_KEY, TAGS
from tests.policies.test_program import given, refused
from tests.pulumi_mocks import Deployment, deploy


@pytest.fixture(scope="module")
def pack() -> Iterator[PolicyHost]:
    with PolicyHost(ROOT / "policies", "holdfast", "prod", dry_run=False) as host:
        yield host


def stores(**changes: Any) -> Deployment:
    # What corruption may cost is promised by itself: a backup of Aurora DSQL is as old as its plan makes it.
    tags = replace(TAGS, corruption=(24, 2 * 24 * 60))

    def program() -> None:
        BackupPlan(
            "plan",
            BackupPlanArgs(
                region="us-east-1",
                peer_region="us-west-2",
                key_arn=KEY,
                peer_key_arn=PEER_KEY,
                topic_arn=tables.TOPIC,
                tags=tags,
                restore_test=RestoreTest(resource_types=("DynamoDB",)),
            ),
        )
        GlobalTable("orders", tables.args(tags=tags, **changes))
        DsqlCluster("ledger", dsql.args(tags=tags))

    return deploy(program)


@pytest.mark.parametrize("changes", [{}, tables.STRONG])
def test_nothing_of_them_is_refused(pack: PolicyHost, changes: dict[str, Any]) -> None:
    assert refused(pack, [given(r) for r in stores(**changes).resources]) == set()


@pytest.mark.parametrize(
    "sides",
    [
        {"east": "ENABLED", "west": "ENABLED"},
        {"east": "DISABLED", "west": "ENABLED"},
        {"east": "REPLICATING", "west": "ENABLED"},
    ],
    ids=["nobody follows", "the east is open", "the east follows"],
)
def test_nothing_of_a_system_with_every_store_is_refused_when_roles_are_swapped(
    pack: PolicyHost, sides: dict[str, str]
) -> None:
    before = outputs(pair(**STORES)["prod"])
    swapped = founder(before, sides, activeRegion="us-west-2")
    assert swapped.all("FileSystem")
    assert refused(pack, [given(r) for r in swapped.resources]) == set()
