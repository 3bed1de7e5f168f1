"""What a system of workers registers: in both regions the same, tasks by its strategy; its recovery and its runbook."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from architectures.strategies import Strategy
from architectures.workers.runbook import HERE, PARTS, text
from policies.recovery import judge
from policies.recovery.model import Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.runbooks import all_is_filled_in
from tests.architectures.workers.conftest import REGIONS, configured, pair
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

QUEUE, MAPPING, TABLE = (
    "aws:sqs/queue:Queue",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "aws:dynamodb/table:Table",
)
SERVICE, RULE, TARGET = (
    "aws:ecs/service:Service",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
)
BUS, ARCHIVE = "aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/eventArchive:EventArchive"


def pattern(stack: Deployment, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.one(RULE, name).inputs["eventPattern"])
    return found


def test_each_worker_has_a_queue_that_promises_and_dead_letters(stack: Deployment) -> None:
    for each, receives in (("resize", 5), ("render", 3), ("notify", 5)):
        queue, dead = (stack.one(QUEUE, f"jobs-{each}-{what}") for what in ("queue", "dead"))
        policy = json.loads(queue.inputs["redrivePolicy"])
        assert policy == {"deadLetterTargetArn": stack.made[dead.urn]["arn"], "maxReceiveCount": receives}
        assert queue.inputs["tags"]["rpo-minutes"] == "15"
        assert "rpo-minutes" not in dead.inputs["tags"]
        assert queue.protect
        assert dead.protect


def test_functions_hand_back_what_failed_and_run_the_sample(stack: Deployment) -> None:
    for each in ("resize", "notify"):
        mapping = stack.one(MAPPING, f"jobs-{each}-source").inputs
        assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
        made = stack.one("aws:lambda/function:Function", f"jobs-{each}-function").inputs
        assert made["handler"] == "functions.workers.consume.handler"
        assert {
            "functions/workers/consume.py",
            "functions/serverless_api/idempotency.py",
            "functions/__init__.py",
        } <= set(made["code"])
        assert float(made["environment"]["variables"]["KEPT_SECONDS"]) == 15 * 86_400


def worked_out(expression: str, **metrics: float | None) -> float:
    """What CloudWatch's metric math makes of it."""
    functions = {
        "IF": lambda holds, this, that: this if holds else that,
        "FILL": lambda found, instead: instead if found is None else found,
    }
    return float(eval(expression, {**functions, **metrics}))


def test_tasks_follow_the_backlog_of_each_and_where_none_runs_the_first_message_starts_some() -> None:
    found = pair(strategy="pilot-light")
    for name, tasks in (("prod", 3), ("dr", 0)):
        stack = found[name]
        target = stack.one("aws:appautoscaling/target:Target", "jobs-render-tasks").inputs
        assert (target["minCapacity"], target["maxCapacity"]) == (tasks, 12)
        policy = stack.one("aws:appautoscaling/policy:Policy", "jobs-render-tracking").inputs
        tracking = policy["targetTrackingScalingPolicyConfiguration"]
        metrics = {each["id"]: each for each in tracking["customizedMetricSpecification"]["metrics"]}
        each = partial(worked_out, metrics["backlog"]["expression"])
        assert (each(waiting=30, running=3), each(waiting=0, running=None)) == (10, 0)
        assert min(each(waiting=1, running=0), each(waiting=1, running=None)) > tracking["targetValue"]
        queue = stack.made[stack.one(QUEUE, "jobs-render-queue").urn]["name"]
        waiting = metrics["waiting"]["metricStat"]["metric"]
        assert waiting["metricName"] == "ApproximateNumberOfMessagesVisible"
        assert waiting["dimensions"] == [{"name": "QueueName", "value": queue}]
        assert tracking["targetValue"] == 10


def test_somebody_is_told_when_nobody_takes_what_waits(stack: Deployment) -> None:
    for each in ("resize", "render", "notify"):
        alarm = stack.one("aws:cloudwatch/metricAlarm:MetricAlarm", f"jobs-{each}-unreceived").inputs
        assert alarm["evaluationPeriods"] == 5
        assert alarm["metricQueries"][0]["expression"] == "IF(waiting > 0 AND FILL(received, 0) == 0, 1, 0)"
        named = {q["id"]: q["metric"]["metricName"] for q in alarm["metricQueries"][1:]}
        assert named == {
            "waiting": "ApproximateNumberOfMessagesVisible",
            "received": "NumberOfMessagesReceived",
        }
        assert alarm["alarmActions"]


def test_a_topic_gives_each_queue_its_own_copy_as_it_was_sent(stack: Deployment) -> None:
    letters = stack.made[stack.one(QUEUE, "jobs-undelivered").urn]["arn"]
    for each in ("resize", "notify"):
        made = stack.one("aws:sns/topicSubscription:TopicSubscription", f"jobs-uploads-topic-{each}").inputs
        assert (made["protocol"], made["rawMessageDelivery"]) == ("sqs", True)
        assert json.loads(made["redrivePolicy"]) == {"deadLetterTargetArn": letters}
    senders = {
        statement["Principal"]["Service"]
        for statement in json.loads(stack.one("QueuePolicy", "jobs-notify-queue-policy").inputs["policy"])[
            "Statement"
        ]
        if statement["Effect"] == "Allow"
    }
    assert senders == {"sns.amazonaws.com", "events.amazonaws.com"}


def test_events_of_a_region_are_worked_off_there_and_sent_on_once(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = example[name]
        here = {"region": [region], "replay-name": [{"exists": False}]}
        shop = {"source": ["example.shop"], "detail-type": ["Ordered", "Shipped"]}
        assert pattern(stack, "jobs-events-to-peer") == here, (
            "what came from the other region doesn't go back"
        )
        assert pattern(stack, "jobs-events-notify-here") == {**shop, **here}
        assert pattern(stack, "jobs-events-notify-again") == {**shop, "replay-name": [{"exists": True}]}
        sent = stack.one(TARGET, "jobs-events-to-peer").inputs
        peer = next(other for other in REGIONS.values() if other != region)
        assert sent["arn"] == f"arn:aws:events:{peer}:123456789012:event-bus/example-production-jobs-events"
        for target in stack.all(TARGET):
            if target.name.startswith("jobs-events-"):
                assert target.inputs["deadLetterConfig"]["arn"]
                assert target.inputs["retryPolicy"]["maximumEventAgeInSeconds"] == 86_400


def test_the_founder_makes_both_buses_and_each_region_its_archive(example: dict[str, Deployment]) -> None:
    buses = {each.name: (each.inputs["name"], each.inputs.get("region")) for each in example["prod"].all(BUS)}
    assert buses == {
        "jobs-events-bus": ("example-production-jobs-events", None),
        "jobs-events-peer": ("example-production-jobs-events", "us-west-2"),
    }
    assert example["dr"].all(BUS) == []
    for stack in example.values():
        [archive] = stack.all(ARCHIVE)
        assert (archive.inputs["retentionDays"], bool(archive.inputs["kmsKeyIdentifier"])) == (14, True)


def test_a_stream_has_a_consumer_of_its_own_whose_function_counts_by_windows(stack: Deployment) -> None:
    stream = stack.one("aws:kinesis/stream:Stream", "jobs-clicks-stream")
    assert stream.protect
    assert stream.inputs["streamModeDetails"] == {"streamMode": "ON_DEMAND"}
    assert (stream.inputs["retentionPeriod"], stream.inputs["encryptionType"]) == (168, "KMS")
    assert stream.inputs["tags"]["rpo-minutes"] == "15"
    consumer = stack.one("aws:kinesis/streamConsumer:StreamConsumer", "jobs-clicks-consumer")
    mapping = stack.one(MAPPING, "jobs-clicks-source").inputs
    assert mapping["eventSourceArn"] == stack.made[consumer.urn]["arn"]
    assert (mapping["tumblingWindowInSeconds"], mapping["bisectBatchOnFunctionError"]) == (60, True)
    assert (mapping["startingPosition"], mapping["maximumRetryAttempts"]) == ("TRIM_HORIZON", 10)
    letters = stack.made[stack.one(QUEUE, "jobs-clicks-unread").urn]["arn"]
    assert mapping["destinationConfig"] == {"onFailure": {"destinationArn": letters}}
    function = stack.one("aws:lambda/function:Function", "jobs-clicks-function").inputs
    assert function["handler"] == "functions.workers.aggregate.handler"
    behind = stack.one("aws:cloudwatch/metricAlarm:MetricAlarm", "jobs-clicks-behind").inputs
    assert (behind["metricName"], behind["threshold"]) == (
        "SubscribeToShardEvent.MillisBehindLatest",
        600_000,
    )


def test_what_is_done_is_known_in_both_regions_as_long_as_it_may_come_again() -> None:
    prod = deployed("prod", configured("prod", bus={"archiveDays": 30}), {})
    table = prod.one(TABLE, "jobs-done-table").inputs
    assert [each["regionName"] for each in table["replicas"]] == ["us-west-2"]
    assert table["ttl"] == {"attributeName": "expires", "enabled": True}
    made = prod.one("aws:lambda/function:Function", "jobs-resize-function").inputs
    assert float(made["environment"]["variables"]["KEPT_SECONDS"]) == 31 * 86_400


@pytest.mark.parametrize("strategy", Strategy)
def test_the_strategy_decides_what_stands(strategy: Strategy) -> None:
    for name, active in (("prod", True), ("dr", False)):
        loaded = load(configured(name, strategy=str(strategy), kafka=None))
        stands = loaded.systems["jobs"].posture(loaded.stack)
        assert stands.data == (active or strategy is not Strategy.BACKUP_AND_RESTORE)
        assert stands.replicated == (strategy is not Strategy.BACKUP_AND_RESTORE)
        share = {Strategy.BACKUP_AND_RESTORE: None, Strategy.PILOT_LIGHT: 0, Strategy.WARM_STANDBY: 0.34}
        assert stands.share == (1 if active else share.get(strategy, 1))


def test_with_backups_alone_the_other_region_is_built_when_it_is_needed() -> None:
    found = pair(strategy="backup-and-restore", kafka=None)
    prod, dr = found["prod"], found["dr"]
    assert not [r for r in prod.resources if r.type.startswith("aws:msk/") or "kafka" in r.name]
    assert "replicas" not in prod.one(TABLE, "jobs-done-table").inputs
    assert [rule.name for rule in prod.all(RULE) if "to-peer" in rule.name] == []
    assert (dr.all(QUEUE), dr.all(TABLE), dr.all(BUS), dr.all(SERVICE)) == ([], [], [], [])
    rebuilt = deployed(
        "dr", configured("dr", strategy="backup-and-restore", rebuild=True, kafka=None), {PEER: outputs(prod)}
    )
    assert len(rebuilt.all(MAPPING)) == 3
    assert [bus.name for bus in rebuilt.all(BUS)] == ["jobs-events-bus"]


def judged(stacks: dict[str, Deployment]) -> dict[str, Any]:
    read = [r for name, region in REGIONS.items() for r in resources(stacks[name], region)]
    nodes = judge(read).failures["region"].nodes
    return {node.unit.name: node for node in nodes if node.unit.region == "us-east-1"}


def test_what_waits_in_a_lost_region_s_queue_is_as_old_as_somebody_bears(
    example: dict[str, Deployment],
) -> None:
    nodes = judged(example)
    for each in ("resize", "render", "notify"):
        node = nodes[f"jobs-{each}-queue"]
        assert node.option == "producers send to us-west-2; what waits is back with its own region"
        assert (node.rpo.low, node.rpo.high) == (0, 900)
    assert (nodes["jobs-clicks-stream"].rpo.low, nodes["jobs-clicks-stream"].rpo.high) == (0, 600)


def test_who_promises_less_than_that_needs_the_bus_and_its_archive() -> None:
    found = pair(
        objectives={
            "drTier": 2,
            "rtoHours": 4,
            "rpoMinutes": 7,
            "corruption": {"rtoHours": 8, "rpoMinutes": 15},
        }
    )
    nodes = judged(found)
    node = nodes["jobs-notify-queue"]
    assert node.option == "producers send to us-west-2; what came here is replayed from the archive there"
    assert (node.rpo.low, node.rpo.high) == (360, 420)
    assert node.rpo_verdict is Verdict.MET
    assert nodes["jobs-resize-queue"].rpo_verdict is Verdict.AT_RISK, "no bus sends it anything"


@pytest.mark.parametrize("kind", PARTS)
def test_a_runbook_leaves_nothing_open(kind: str) -> None:
    all_is_filled_in(text, kind, [HERE / f"{part}.md" for part in PARTS[kind]])


def test_a_region_s_runbook_calls_nothing_of_the_other_one(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        said = (
            example[name]
            .one("aws:s3/bucketObjectv2:BucketObjectv2", f"jobs-runbook-{region}")
            .inputs["content"]
        )
        commands = [line for line in said.splitlines() if line.startswith("    aws ")]
        assert len(commands) >= 11
        assert all(f"--region {region} " in line for line in commands)
        assert any("start-replay" in line for line in commands)
        assert sum("start-message-move-task" in line for line in commands) == 3
