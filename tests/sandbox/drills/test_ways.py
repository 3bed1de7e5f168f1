"""What a Region switch plan is asked for, by its approach and by what it has done before."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.drills.ways import asked

EAST, WEST = "us-east-1", "us-west-2"
BOTH = "activeActive"


def plan(approach: str, *, writes: bool = True) -> dict[str, Any]:
    block = {"globalAuroraConfig": {}} if writes else {"ec2AsgCapacityIncreaseConfig": {}}
    steps = [{"executionBlockConfiguration": block}]
    return {"recoveryApproach": approach, "regions": [EAST, WEST], "workflows": [{"steps": steps}]}


def execution(action: str, region: str, state: str = "completed") -> dict[str, Any]:
    return {"executionAction": action, "executionRegion": region, "executionState": state}


OUT = execution("deactivate", EAST)


@pytest.mark.parametrize(
    ("approach", "writes", "region", "known", "expected"),
    [
        ("activePassive", True, WEST, [], [("activate", WEST)]),
        ("activePassive", True, EAST, [execution("activate", WEST)], [("activate", EAST)]),
        (BOTH, True, WEST, [], [("deactivate", EAST)]),
        (BOTH, True, EAST, [OUT], [("activate", EAST), ("deactivate", WEST), ("activate", WEST)]),
        (BOTH, False, EAST, [OUT], [("activate", EAST)]),
        (BOTH, True, EAST, [OUT, execution("activate", EAST)], [("deactivate", WEST)]),
        (BOTH, True, EAST, [execution("deactivate", EAST, "failed")], [("deactivate", WEST)]),
        (BOTH, True, EAST, [OUT, execution("deactivate", WEST, "canceled")],
         [("activate", EAST), ("deactivate", WEST), ("activate", WEST)]),
    ],
)  # fmt: skip
def test_of_regions_that_both_serve_one_is_taken_out_and_comes_in_again(
    approach: str, writes: bool, region: str, known: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    assert asked(plan(approach, writes=writes), region, known) == expected
