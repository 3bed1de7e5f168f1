"""The function that moves a region's cache and files as steps of a Region switch plan, and those steps."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.switch import (
    Approval,
    FollowingFiles,
    GlobalCache,
    Minutes,
    MovedStores,
    StoreSwitch,
    StoreSwitchArgs,
)
from functions.store_switch import handler
from tests.components.test_switch_region import (
    ARGS,
    CAPACITY,
    DATABASE,
    EAST,
    ROLE,
    SEND,
    TAGS,
    TRIGGER,
    WEST,
    plan,
    statements,
)
from tests.pulumi_mocks import Deployment, deploy

ARNS = {region: f"arn:aws:lambda:{region}:123456789012:function:stores" for region in (EAST, WEST)}
MOVED = MovedStores(function_arns=ARNS, names=["ldgnf-shop", "fs-west", "fs-east"])
OWN = StoreSwitchArgs(
    region=WEST,
    plan_name="shop-region",
    cache=GlobalCache(identifier="ldgnf-shop", group_id="shop-cache", group_arn="arn:cache"),
    files=FollowingFiles(file_system_id="fs-west", source_id="fs-east", arns=["arn:west", "arn:east"]),
    key_arn="arn:key",
    tags=TAGS,
)


def made(**changes: Any) -> Deployment:
    def program() -> None:
        pulumi.export("arn", StoreSwitch("shop-stores", replace(OWN, **changes)).arn)

    return deploy(program, config={"aws:region": WEST})


def test_the_function_is_told_what_moves_and_runs_the_code_of_its_folder() -> None:
    found = made()
    function = found.one("aws:lambda/function:Function")
    assert function.inputs["environment"]["variables"] == {
        "DATASTORE": "ldgnf-shop", "CACHE_GROUP": "shop-cache", "FILES": "fs-west", "PEER_FILES": "fs-east",
    }  # fmt: skip
    assert (function.inputs["handler"], function.inputs["timeout"]) == ("handler.handler", 60)
    assert function.inputs["loggingConfig"]["logGroup"] == found.made[found.one("LogGroup").urn]["name"]
    assert function.inputs["tags"] == TAGS.resource("shop-stores-function")
    assert function.parent == found.one("StoreSwitch").urn
    assert found.one("LogGroup").inputs["kmsKeyId"] == "arn:key"
    files = made(cache=None).one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert set(files) == {"FILES", "PEER_FILES"}
    cache = made(files=None).one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert set(cache) == {"DATASTORE", "CACHE_GROUP"}


def allowed(**changes: Any) -> dict[str, Any]:
    policy = json.loads(made(**changes).one("RolePolicy").inputs["policy"])
    return {
        action: each["Resource"]
        for each in policy["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        if not action.startswith("logs:")
    }


def test_it_may_move_these_stores_and_look_at_executions_of_its_plan() -> None:
    whole = "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-shop"
    cache = {
        "elasticache:DescribeGlobalReplicationGroups": whole,
        "elasticache:FailoverGlobalReplicationGroup": [whole, "arn:cache"],
    }
    files = {
        "elasticfilesystem:DescribeReplicationConfigurations": "*",
        "elasticfilesystem:DeleteReplicationConfiguration": ["arn:west", "arn:east"],
        "arc-region-switch:GetPlanExecution": "arn:aws:arc-region-switch::123456789012:plan/shop-region:*",
    }
    assert allowed() == {**cache, **files}
    assert allowed(files=None) == cache


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ArgumentError, match="cache: got None, allowed is one, or files, or both"):
        replace(OWN, cache=None, files=None).check()
    with pytest.raises(ArgumentError, match="log_days: got 2,"):
        replace(OWN, log_days=2).check()


# The steps of the plan.


def step(name: str, minutes: int, **more: Any) -> dict[str, Any]:
    config = {
        "lambdas": [{"arn": ARNS[EAST]}, {"arn": ARNS[WEST]}],
        "regionToRun": "activatingRegion",
        "retryIntervalMinutes": 1,
        "timeoutMinutes": minutes,
        **more,
    }
    return {
        "name": name,
        "executionBlockType": "CustomActionLambda",
        "customActionLambdaConfigs": [config],
    }


FOLLOW = step("follow-files", 60, ungracefuls=[{"behavior": "skip"}])


def workflows(**changes: Any) -> dict[tuple[str, str], list[Any]]:
    found = plan(replace(ARGS, **{"stores": MOVED, **changes}))["workflows"]
    return {(w["workflowTargetAction"], w["workflowTargetRegion"]): w["steps"] for w in found}


def together(*steps: Any) -> dict[str, Any]:
    return {"name": "move", "executionBlockType": "Parallel", "parallelConfigs": [{"steps": list(steps)}]}


def test_stores_move_beside_the_writer_and_files_of_a_planned_move_when_all_has_come() -> None:
    beside = [step("move-cache", 12), step("open-files-unless-planned", 12)]
    whole = [together(CAPACITY, DATABASE, *beside), FOLLOW, step("open-files", 1), SEND]
    assert workflows() == {("activate", WEST): whole, ("activate", EAST): whole}
    cache = workflows(stores=replace(MOVED, files=False))["activate", WEST]
    assert cache == [together(CAPACITY, DATABASE, step("move-cache", 12)), SEND]
    files = workflows(stores=replace(MOVED, cache=False))["activate", WEST]
    assert files[0] == together(CAPACITY, DATABASE, step("open-files-unless-planned", 12))


def test_what_a_trigger_starts_opens_files_at_once() -> None:
    found = workflows(trigger=TRIGGER)
    lossy = {
        **DATABASE,
        "globalAuroraConfigs": [{**DATABASE["globalAuroraConfigs"][0], "behavior": "failover"}],
    }
    assert found["activate", WEST] == [
        together(CAPACITY, lossy, step("move-cache", 12), step("open-files", 12)),
        SEND,
    ]
    assert FOLLOW in found["activate", EAST]


def test_stores_of_regions_that_both_serve_move_with_the_writer_alone() -> None:
    found = workflows(both_serve=True)
    assert found["activate", WEST] == [CAPACITY, SEND]
    assert FOLLOW in found["deactivate", EAST]


def test_the_function_knows_every_step_of_the_plan() -> None:
    found = [workflows(), workflows(trigger=TRIGGER)]
    steps = [s for each in found for workflow in each.values() for s in workflow]
    steps += [s for whole in steps for s in whole.get("parallelConfigs", [{"steps": []}])[0]["steps"]]
    names = {s["name"] for s in steps if s["executionBlockType"] == "CustomActionLambda"}
    assert names == set(handler.STEPS)


def test_they_have_the_time_that_the_objective_leaves_or_that_is_given() -> None:
    def longest(**changes: Any) -> int:
        steps = workflows(stores=replace(MOVED, files=False), **changes)["activate", WEST]
        [move] = [s for s in steps if s["name"] == "move"]
        return int(move["parallelConfigs"][0]["steps"][-1]["customActionLambdaConfigs"][0]["timeoutMinutes"])

    assert longest(approval=Approval(role_arn=ROLE, minutes=2)) == 10
    assert longest(tags=replace(TAGS, rto_hours=4)) == 237
    assert longest(minutes=Minutes(stores=7)) == 7
    with pytest.raises(ValueError, match="got 16, allowed is 1 to 15 minutes"):
        workflows(minutes=Minutes(stores=16))
    with pytest.raises(
        ValueError, match="minutes: got 16, allowed is at most the recovery time objective of 15"
    ):
        workflows(minutes=Minutes(stores=13))
    with pytest.raises(
        ValueError, match=r"stores.function_arns: got \['us-east-1'\], allowed is one for each"
    ):
        workflows(stores=replace(MOVED, function_arns={EAST: ARNS[EAST]}))


def test_the_plan_may_invoke_the_functions() -> None:
    found = statements(replace(ARGS, stores=MOVED))
    assert found["lambda:InvokeFunction"] == found["lambda:GetFunction"] == [ARNS[EAST], ARNS[WEST]]
    assert "lambda:InvokeFunction" not in statements()


def test_its_fact_tells_what_functions_move() -> None:
    def fact(**changes: Any) -> Any:
        from components.switch import RegionSwitch

        def program() -> None:
            pulumi.export("fact", RegionSwitch("shop-switch", replace(ARGS, **changes)).recovery_fact)

        found = deploy(program)
        return next(o["fact"] for o in found.outputs.values() if "fact" in o)

    told = fact(stores=MOVED)
    assert "function" in told["blocks"]
    assert {"ldgnf-shop", "fs-west", "fs-east"} <= set(told["covers"])
    assert "function" not in fact()["blocks"]
