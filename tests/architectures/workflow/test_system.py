"""What a workflow registers: in both regions the same, by its strategy; and its definition, role, recovery and runbook."""

from __future__ import annotations

import json
from typing import Any

import pytest

from architectures.strategies import Strategy
from architectures.workflow.runbook import HERE, text
from functions.workflow.orders import OPEN
from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.runbooks import all_is_filled_in
from tests.architectures.workflow.conftest import REGIONS, configured, pair
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

MACHINE, TABLE, RULE = (
    "aws:sfn/stateMachine:StateMachine",
    "aws:dynamodb/table:Table",
    "aws:cloudwatch/eventRule:EventRule",
)


def definition(stack: Deployment, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.one(MACHINE, name).inputs["definition"])
    return found


def test_orders_are_standard_and_documents_express(stack: Deployment) -> None:
    orders, documents = (
        stack.one(MACHINE, f"{each}-flow-machine").inputs for each in ("orders", "documents")
    )
    assert (orders["type"], orders["loggingConfiguration"]["level"]) == ("STANDARD", "ERROR")
    assert (documents["type"], documents["loggingConfiguration"]["level"]) == ("EXPRESS", "ALL")
    for each in (orders, documents):
        assert each["publish"] is True
        assert each["tracingConfiguration"] == {"enabled": True}
        assert each["loggingConfiguration"]["includeExecutionData"] is False


def test_every_task_is_tried_again_and_caught(stack: Deployment) -> None:
    for name in ("orders", "documents"):
        states = definition(stack, f"{name}-flow-machine")["States"]
        tasks = {each: said for each, said in states.items() if said["Type"] == "Task"}
        assert all(said["Retry"] and said["Catch"] and said["TimeoutSeconds"] for said in tasks.values())
        reached = {said.get("Next") for said in states.values()} | {
            row["Next"]
            for said in states.values()
            for row in [*said.get("Catch", ()), *said.get("Choices", ())]
        }
        reached |= {said["Default"] for said in states.values() if "Default" in said} | {"Begin"}
        assert set(states) == reached - {None}, "no state is out of reach, and none is missing"


def test_a_machine_may_do_what_its_steps_need_and_no_more(stack: Deployment) -> None:
    def allowed(name: str) -> set[str]:
        policy = json.loads(stack.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"])
        found = (each["Action"] for each in policy["Statement"])
        actions = {action for each in found for action in ([each] if isinstance(each, str) else each)}
        return {each for each in actions if not each.startswith(("logs:", "xray:", "kms:"))}

    assert allowed("orders-flow-role-policy") == {"dynamodb:UpdateItem", "sqs:SendMessage", "sns:Publish"}
    assert allowed("documents-flow-role-policy") == {"dynamodb:UpdateItem", "lambda:InvokeFunction"}
    accept = {"dynamodb:GetItem", "dynamodb:PutItem", "states:StartExecution"}
    assert allowed("orders-flow-accept-role-policy") == accept
    resume = accept - {"dynamodb:PutItem"} | {
        "dynamodb:UpdateItem",
        "dynamodb:Query",
        "sqs:SendMessage",
        "states:DescribeExecution",
    }
    assert allowed("orders-flow-resume-role-policy") == resume


def test_the_founder_has_the_table_and_its_replica_and_the_joiner_alarms_of_its_own(
    example: dict[str, Deployment],
) -> None:
    table = example["prod"].one(TABLE, "orders-orders-table")
    assert table.protect
    assert [each["regionName"] for each in table.inputs["replicas"]] == ["us-west-2"]
    assert (table.inputs["hashKey"], table.inputs["globalSecondaryIndexes"][0]["name"]) == ("id", OPEN)
    assert example["dr"].all(TABLE) == []
    assert example["dr"].one("aws:cloudwatch/metricAlarm:MetricAlarm", "orders-orders-us-west-2-errors")


def test_the_alarm_on_failed_executions_starts_the_recovery_of_its_own_region(
    example: dict[str, Deployment],
) -> None:
    for name, region in REGIONS.items():
        rule = json.loads(example[name].one(RULE, "orders-flow-recovery-rule").inputs["eventPattern"])
        assert rule["detail"] == {"state": {"value": ["ALARM"]}}
        target = (
            example[name].one("aws:cloudwatch/eventTarget:EventTarget", "orders-flow-recovery-target").inputs
        )
        assert json.loads(target["input"]) == {"from": region}
        schedule = (
            example[name].one("aws:scheduler/schedule:Schedule", "orders-flow-recovery-schedule").inputs
        )
        assert schedule["scheduleExpression"] == "rate(5 minutes)"
        assert json.loads(schedule["target"]["input"]) == {"from": region}


@pytest.mark.parametrize("strategy", Strategy)
def test_where_data_is_live_all_of_it_stands_in_both_regions(strategy: Strategy) -> None:
    for stack, active in (("prod", True), ("dr", False)):
        loaded = load(configured(stack, strategy=str(strategy)))
        stands = loaded.systems["orders"].posture(loaded.stack)
        assert stands.data == (active or strategy is not Strategy.BACKUP_AND_RESTORE)
        assert stands.replicated == (strategy is not Strategy.BACKUP_AND_RESTORE)


def test_with_backups_alone_the_other_region_is_built_when_it_is_needed() -> None:
    found = pair(strategy="backup-and-restore")
    prod, dr = found["prod"], found["dr"]
    assert "replicas" not in prod.one(TABLE, "orders-orders-table").inputs
    assert (dr.all(MACHINE), dr.all(TABLE)) == ([], [])
    rebuilt = deployed(
        "dr", configured("dr", strategy="backup-and-restore", rebuild=True), {PEER: outputs(prod)}
    )
    assert len(rebuilt.all(MACHINE)) == 2
    assert "replicas" not in rebuilt.one(TABLE, "orders-orders-table").inputs


def test_what_is_estimated_of_a_lost_region(example: dict[str, Deployment]) -> None:
    read = [r for name, region in REGIONS.items() for r in resources(example[name], region)]
    nodes = {node.unit.name: node for node in judge(read).failures["region"].nodes}
    table = nodes["orders-orders-table"]
    assert (table.rpo.low, table.rpo.high) == (1, 5), "replication's lag"


@pytest.mark.parametrize("kind", ["take", "restore"])
def test_a_runbook_leaves_nothing_open(kind: str) -> None:
    all_is_filled_in(text, kind, [HERE / f"{kind}.md"])


def test_a_region_s_runbook_calls_nothing_of_the_other_one(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        said = (
            example[name]
            .one("aws:s3/bucketObjectv2:BucketObjectv2", f"orders-runbook-{region}")
            .inputs["content"]
        )
        commands = [line for line in said.splitlines() if line.startswith("    aws ")]
        assert len(commands) >= 7
        assert all(f"--region {region} " in line for line in commands)
