"""What workflows need of the sandbox's AWS: versions and aliases, a token for each attempt, stops, rules that start machines, Invoke."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.emptied import emptied

EAST, ROLE = "us-east-1", "arn:aws:iam::123456789012:role/r"
QUEUE = "http://127.0.0.1/123456789012/work"
CODE = """
import time, boto3

class Odd(Exception):
    pass

def handler(event, context):
    print("not told")
    if event.get("sleeps"):
        time.sleep(event["sleeps"])
    if event.get("odd"):
        raise Odd(event["odd"])
    queues = boto3.client("sqs").list_queues().get("QueueUrls", [])
    return {"got": event, "left": context.get_remaining_time_in_millis(), "queues": len(queues)}
"""


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "sqs", "stepfunctions", "events", "cloudwatch")


def machine(definition: dict[str, Any], states: Any, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = states.create_state_machine(
        name="m", definition=json.dumps(definition), roleArn=ROLE, **more
    )
    return made


def passes(value: str) -> dict[str, Any]:
    return {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"is": value}, "End": True}}}


def ended(states: Any, arn: str) -> dict[str, Any]:
    for _ in range(200):
        found = dict(states.describe_execution(executionArn=arn))
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.02)
    raise AssertionError("the execution does not end")


def test_an_alias_runs_the_version_that_it_leads_to(boto: Callable[..., Any]) -> None:
    states = boto("stepfunctions", EAST)
    made = machine(passes("one"), states, publish=True)
    live = states.create_state_machine_alias(
        name="live",
        routingConfiguration=[{"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}],
    )["stateMachineAliasArn"]
    new = states.update_state_machine(
        stateMachineArn=made["stateMachineArn"], definition=json.dumps(passes("two")), publish=True
    )
    versions = states.list_state_machine_versions(stateMachineArn=made["stateMachineArn"])[
        "stateMachineVersions"
    ]
    assert [each["stateMachineVersionArn"] for each in versions] == [
        new["stateMachineVersionArn"],
        made["stateMachineVersionArn"],
    ]

    def runs(arn: str) -> str:
        run = states.start_execution(stateMachineArn=arn)["executionArn"]
        return str(json.loads(ended(states, run)["output"])["is"])

    arns = (live, made["stateMachineArn"], made["stateMachineVersionArn"])
    assert [runs(arn) for arn in arns] == ["one", "two", "one"]
    states.update_state_machine_alias(
        stateMachineAliasArn=live,
        routingConfiguration=[{"stateMachineVersionArn": new["stateMachineVersionArn"], "weight": 100}],
    )
    assert runs(live) == "two"
    assert len(states.list_executions(stateMachineArn=made["stateMachineArn"])["executions"]) == 4


def waiting(url: str, **more: Any) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        "TimeoutSeconds": 20,
        "End": True,
        **more,
    }
    return {"StartAt": "T", "States": {"T": task}}


def token(sqs: Any, url: str) -> str:
    for _ in range(200):
        for each in sqs.receive_message(QueueUrl=url).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
            return str(json.loads(each["Body"])["token"])
        time.sleep(0.02)
    raise AssertionError("no message")


def test_each_attempt_waits_for_a_token_of_its_own(boto: Callable[..., Any]) -> None:
    states, sqs = boto("stepfunctions", EAST), boto("sqs", EAST)
    url = sqs.create_queue(QueueName="work")["QueueUrl"]
    again = [{"ErrorEquals": ["Busy"], "MaxAttempts": 1, "IntervalSeconds": 1}]
    made = machine(waiting(url, Retry=again), states)
    run = states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
    first = token(sqs, url)
    states.send_task_failure(taskToken=first, error="Busy")
    second = token(sqs, url)
    assert first != second
    states.send_task_success(taskToken=second, output='{"is": "done"}')
    assert ended(states, run)["output"] == '{"is": "done"}'


def test_an_execution_that_waits_is_stopped_at_once(boto: Callable[..., Any]) -> None:
    states, sqs = boto("stepfunctions", EAST), boto("sqs", EAST)
    made = machine(waiting(sqs.create_queue(QueueName="work")["QueueUrl"]), states)
    run = states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
    states.stop_execution(executionArn=run)
    assert states.describe_execution(executionArn=run)["status"] == "ABORTED"


def test_a_rule_starts_an_execution_by_an_alias_with_its_own_input(boto: Callable[..., Any]) -> None:
    states, events = boto("stepfunctions", EAST), boto("events", EAST)
    made = machine(passes("begun"), states, publish=True)
    live = states.create_state_machine_alias(
        name="live",
        routingConfiguration=[{"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}],
    )["stateMachineAliasArn"]
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    events.put_rule(Name="rings", EventPattern=json.dumps(pattern))
    gone = f"arn:aws:states:{EAST}:123456789012:stateMachine:gone"
    told = json.dumps({"from": EAST})
    events.put_targets(
        Rule="rings",
        Targets=[
            {"Id": "gone", "Arn": gone, "RoleArn": ROLE},
            {"Id": "live", "Arn": live, "RoleArn": ROLE, "Input": told},
        ],
    )
    cloudwatch = boto("cloudwatch", EAST)
    cloudwatch.put_metric_alarm(
        AlarmName="a", MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1, Threshold=0,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="x")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="x")
    [run] = states.list_executions(stateMachineArn=made["stateMachineArn"])["executions"]
    assert ended(states, run["executionArn"])["input"] == told


def function(boto: Callable[..., Any], name: str, **more: Any) -> Any:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("work/main.py", CODE)
    role = boto("iam").create_role(
        RoleName=f"role-of-{name}-{time.monotonic_ns()}",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )["Role"]["Arn"]
    client = boto("lambda", EAST)
    client.create_function(
        **{
            "FunctionName": name,
            "Role": role,
            "Handler": "work.main.handler",
            "Runtime": "python3.13",
            "Timeout": 30,
            "Code": {"ZipFile": packed.getvalue()},
            **more,
        }
    )
    return client


def test_invoke_runs_the_function_s_own_code_against_this_aws(boto: Callable[..., Any]) -> None:
    boto("sqs", EAST).create_queue(QueueName="work")
    client = function(boto, "f")

    def invoked(**event: Any) -> tuple[Any, Any]:
        answer = client.invoke(FunctionName="f", Payload=json.dumps(event))
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    began = time.monotonic()
    said, error = invoked(sleeps=20)
    assert (said["got"], said["queues"], error) == ({"sleeps": 20}, 1, None)
    assert said["left"] == 10_000
    assert time.monotonic() - began < 20, "a sleep is over at once"
    assert invoked(odd="so") == ({"errorType": "Odd", "errorMessage": "so", "stackTrace": []}, "Unhandled")
    assert invoked(sleeps=31)[0]["errorMessage"] == "Task timed out after 30.00 seconds"


def test_a_function_of_another_runtime_answers_with_the_event(boto: Callable[..., Any]) -> None:
    client = function(boto, "n", Runtime="nodejs22.x", Handler="index.handler")
    assert json.loads(client.invoke(FunctionName="n", Payload="[1]")["Payload"].read()) == [1]
