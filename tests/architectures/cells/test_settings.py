"""The keys of a router of cells: what is refused, in one line each, and what both stacks must say alike."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from architectures.cells.settings import CellsSettings
from tests.architectures.cells.conftest import EXAMPLE, configured
from tests.test_examples import config
from tests.test_settings import load, refusals

SHOP = "holdfast:systems.shop"
FIT = "a system of this stack with a site, and no router: shop-c1, shop-c2"
RESTORED = "arn:aws:dynamodb:us-west-2:123456789012:table/shop-restored"


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert isinstance(load(configured(stack)).systems["shop"], CellsSettings)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"key": {}}, "key: got nothing, allowed is one of claim, header, query and part"),
        (
            {"key": {"header": "X-Tenant", "part": 1}},
            "key: got header and part, allowed is one of claim, header, query and part",
        ),
        ({"key": {"header": "X Tenant"}}, "key.header: got 'X Tenant', allowed is 1 to 64 letters, digits and hyphens"),
        ({"key": {"query": "a&b"}}, "key.query: got 'a&b', allowed is 1 to 64 letters, digits and . _ ~ -"),
        ({"key": {"claim": "a b"}}, "key.claim: got 'a b', allowed is 1 to 128 letters, digits and . _ : / -"),
        ({"key": {"part": 0}}, "key.part: got 0, allowed is 1 or more"),
        ({"key": {"part": 11}}, "key.part: got 11, allowed is 10 or less"),
        (
            {"auth": "iam"},
            "key.claim: got 'custom:tenant', allowed is a claim with an authorizer, whose tokens have them",
        ),
        (
            {"auth": None},
            "auth: got nothing, allowed is one of shoppers, iam, none: what everybody may use says none",
        ),
        ({"auth": "staff", "key": {"part": 1}}, "auth: got 'staff', allowed is one of shoppers, iam, none"),
        (
            {"auth": "iam", "key": {"part": 1}, "scopes": ["a"]},
            "scopes: got ['a'], allowed is none but with an authorizer, whose tokens have them",
        ),
        ({"scopes": ["a"] * 11}, "scopes: got 11, allowed is at most 10"),
        ({"retrySeconds": 0}, "retrySeconds: got 0, allowed is 1 or more"),
        ({"router": {"memoryMib": 127}}, "router.memoryMib: got 127, allowed is 128 to 10240 MB"),
        ({"router": {"timeoutSeconds": 30}}, "router.timeoutSeconds: got 30, allowed is at most 29, as API Gateway waits"),
        ({"router": {"reserved": 4}}, "router.provisioned: got 5, allowed is at most the 4 reserved"),
        (
            {"cells": {"c1": {"system": "shop-c1", "state": "closed"}}},
            "cells.c1.state: got 'closed', allowed is 'takes', 'full' or 'drained'",
        ),
        (
            {"cells": {"c1": {"system": "shop-c1", "state": "full"}, "c2": {"system": "shop-c2", "state": "drained"}}},
            "cells: got none that takes, allowed is one or more that takes new keys",
        ),
        (
            {"pins": False, "cells": {"c1": {"system": "shop-c1", "state": "full"}}},
            "cells.c1.state: got 'full', allowed is takes or drained without pins: which keys it keeps is written nowhere",
        ),
        ({"cells": {"c1": {"system": "shop-c3"}}}, f"cells.c1.system: got 'shop-c3', allowed is {FIT}"),
        ({"cells": {"c1": {"system": "shop"}}}, f"cells.c1.system: got 'shop', allowed is {FIT}"),
        (
            {"cells": {"c3": {"system": "shop-c1"}}},
            "cells.c3.system: got 'shop-c1', allowed is each system in one cell, and cells.c1 has it",
        ),
        ({"table": {"recoveryDays": 36}}, "table.recoveryDays: got 36, allowed is 1 to 35 days"),
        (
            {"table": {"restored": RESTORED}},
            f"table.restored: got '{RESTORED}', allowed is a table of us-east-1",
        ),
        ({"switch": {"by": "data-plane"}}, "switch.by: got 'data-plane', allowed is 'none'"),
        (
            {"objectives": {"drTier": 1, "rtoHours": 1, "rpoMinutes": 0}},
            "objectives.rpoMinutes: got 0, allowed is above 0: what was written in the last second is lost with the region",
        ),
    ],
)  # fmt: skip
def test_a_router_that_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refused(**changes)
    assert told == f"{SHOP}.{line}"


def cell(**changes: Any) -> dict[str, Any]:
    found = {**config(EXAMPLE, "prod")["holdfast:systems"]["shop-c1"], **changes}
    return {key: value for key, value in found.items() if value is not None}


def test_a_cell_has_a_site() -> None:
    (told,) = refused(others={"shop-c1": cell(site=None)})
    assert told == (
        f"{SHOP}.cells.c1.system: got 'shop-c1', allowed is a system of this stack with a site, and no router: shop-c2"
    )


def test_two_routers_share_no_cell() -> None:
    other = copy.deepcopy(config(EXAMPLE, "prod")["holdfast:systems"]["shop"])
    other |= {"site": "mall.holdfast.example", "cells": {"c9": {"system": "shop-c2"}}}
    found = refused(others={"mall": other})
    said = "allowed is each system in one cell, and"
    assert found == [
        f"{SHOP}.cells.c2.system: got 'shop-c2', {said} mall.cells.c9 has it",
        f"holdfast:systems.mall.cells.c9.system: got 'shop-c2', {said} shop.cells.c2 has it",
    ]


def test_as_many_cells_as_lambdas_variables_hold() -> None:
    names = [f"cell-{number}" for number in range(10, 46)]
    others = {f"shop-{name}": cell(site=f"{name}.{'a' * 32}.holdfast.example") for name in names}
    (told,) = refused(others=others, cells={name: {"system": f"shop-{name}"} for name in names})
    assert told.startswith(f"{SHOP}.cells: got 38 cells in ")
    assert told.endswith(" bytes, allowed is as many as are told in 4096 bytes, what Lambda's variables hold")


def test_what_the_stacks_must_say_alike_leaves_a_cells_state_to_each() -> None:
    said = {stack: load(configured(stack)).agreement().systems["shop"] for stack in ("prod", "dr")}
    assert said["prod"] == said["dr"]
    full = load(configured("dr", cells={"c1": {"system": "shop-c1", "state": "full"}}))
    assert full.agreement().systems["shop"] == said["prod"]
    for changes in (
        {"key": {"part": 1}},
        {"auth": "none", "key": {"part": 1}},
        {"pins": False},
        {"cells": {"c2": None}},
        {"cells": {"c1": {"system": "shop-c2"}, "c2": {"system": "shop-c1"}}},
    ):
        assert load(configured("dr", **changes)).agreement().systems["shop"] != said["prod"]
