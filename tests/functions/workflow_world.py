"""A workflow in the sandbox's AWS: its table, queues and state machine, and the services that work off its steps."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from components.workflow.definition import definition
from components.workflow.steps import Approval, Queue, Step
from functions.workflow.configuration import Workflow
from functions.workflow.orders import OPEN, Orders

ACCOUNT, EAST, WEST = "123456789012", "us-east-1", "us-west-2"
PATIENCE = 20.0
Answer = Callable[[Mapping[str, Any]], Any]


class Fails(Exception):  # noqa: N818
    """What a service answers: the error of that name."""


@dataclass
class Region:
    """One region's machine and queues."""

    boto: Any
    name: str
    steps: tuple[Step, ...]
    machine: str
    letters: str
    topic: str
    workflow: Workflow
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """By step and action; without one a service says that it has done it."""
    done: list[tuple[str, str]] = field(default_factory=list)
    """What services were asked for, in order."""
    by_order: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """The same of each order."""
    tokens: list[str] = field(default_factory=list)

    @property
    def states(self) -> Any:
        return self.workflow.states

    def serve(self, run: str) -> dict[str, Any]:
        """Be every service until the execution has ended; its description."""
        arn = f"{self.machine.replace(':stateMachine:', ':execution:')}:{run}"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = dict(self.states.describe_execution(executionArn=arn))
            if found["status"] != "RUNNING":
                return found
            worked = False
            for step in self.steps:
                if step.queue is not None:
                    worked |= self.work(step)
            if not worked:
                time.sleep(0.02)
        raise AssertionError(f"{run} does not end: {self.done}")

    def asks(self, step: Step) -> None:
        """Wait until an execution has asked the service that owns a step; until it answers, nothing more is noted of the order."""
        assert step.queue is not None
        asked, end = ["ApproximateNumberOfMessages"], time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.workflow.queues.get_queue_attributes(QueueUrl=step.queue.url, AttributeNames=asked)
            if int(found["Attributes"][asked[0]]):
                return
        raise AssertionError(f"nobody asks for {step.name}")

    def work(self, step: Step) -> bool:
        """One look of the service that owns a step at its queue."""
        assert step.queue is not None
        sqs = self.workflow.queues
        found = sqs.receive_message(QueueUrl=step.queue.url, MaxNumberOfMessages=1, WaitTimeSeconds=0)
        for message in found.get("Messages", []):
            sqs.delete_message(QueueUrl=step.queue.url, ReceiptHandle=message["ReceiptHandle"])
            self._answer(json.loads(message["Body"]))
            return True
        return False

    def _answer(self, told: Mapping[str, Any]) -> None:
        self.done.append((told["step"], told["action"]))
        self.by_order.setdefault(told["id"], []).append(self.done[-1])
        self.tokens.append(told["token"])
        try:
            answer = self.answers.get((told["step"], told["action"]), lambda _told: {"ok": told["step"]})(
                told
            )
        except Fails as error:
            self.states.send_task_failure(taskToken=told["token"], error=str(error), cause="as asked for")
            return
        if answer is None:  # it is silent
            return
        try:
            self.states.send_task_success(taskToken=told["token"], output=json.dumps(answer))
        except (self.states.exceptions.InvalidToken, self.states.exceptions.TaskTimedOut):
            return  # nobody waits any more

    def letters_of(self) -> list[dict[str, Any]]:
        found = self.workflow.queues.receive_message(QueueUrl=self.letters, MaxNumberOfMessages=10)
        return [json.loads(each["Body"]) for each in found.get("Messages", [])]


def orders_table(boto: Any, where: str = EAST, *, replicated: bool = True) -> None:
    """The table of orders, with its index, and its replica in the other region."""
    client = boto("dynamodb", where)
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("id", OPEN)],
        GlobalSecondaryIndexes=[
            {
                "IndexName": OPEN,
                "KeySchema": [{"AttributeName": OPEN, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    if replicated:
        client.update_table(TableName="orders", ReplicaUpdates=[{"Create": {"RegionName": WEST}}])


def arrived(boto: Any, until: datetime) -> None:
    """Put into the other region's table of its own what replication has brought there: all that was noted by then."""
    for item in boto("dynamodb", EAST).scan(TableName="orders")["Items"]:
        if datetime.fromisoformat(item["at"]["S"]) <= until:
            boto("dynamodb", WEST).put_item(TableName="orders", Item=item)


def called(boto: Any, where: str, name: str, code: str) -> Step:
    """A step that calls a function of that code."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{name}_step.py", code)
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = boto("iam").create_role(
        RoleName=f"{name}-{uuid.uuid4()}",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trusted]}),
    )["Role"]["Arn"]
    arn = boto("lambda", where).create_function(
        FunctionName=name,
        Role=role,
        Handler=f"{name}_step.handler",
        Runtime="python3.13",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    return Step(name=name, function_arn=arn, timeout_seconds=20, attempts=1, undo=True, undo_attempts=1)


def step(boto: Any, region: str, name: str, **more: Any) -> Step:
    """A step with a queue of its own."""
    sqs = boto("sqs", region)
    url = sqs.create_queue(QueueName=f"orders-{name}")["QueueUrl"]
    more = {"timeout_seconds": 20, "attempts": 1, "undo": True, "undo_attempts": 2, **more}
    return Step(name=name, queue=Queue(url=url, arn=f"arn:aws:sqs:{region}:{ACCOUNT}:orders-{name}"), **more)


def region(
    boto: Any,
    name: str,
    table: str,
    steps: tuple[Step, ...],
    *,
    approval: tuple[str, int] | None = None,
    kind: str = "standard",
) -> Region:
    """A region's part of the workflow, under its own machine."""
    sqs, sns, states = boto("sqs", name), boto("sns", name), boto("stepfunctions", name)
    letters = sqs.create_queue(QueueName="orders-letters")["QueueUrl"]
    topic = sns.create_topic(Name="orders-approvals")["TopicArn"]
    made = definition(
        kind=kind,
        steps=steps,
        approval=Approval(before=approval[0], timeout_seconds=approval[1], topic_arn=topic)
        if approval
        else None,
        table_name=table,
        letters_url=letters,
    )
    machine = states.create_state_machine(
        name="orders",
        definition=json.dumps(made),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/orders",
        type=kind.upper(),
    )["stateMachineArn"]
    workflow = Workflow(
        orders=Orders(boto("dynamodb", name), table, name),
        machine=machine,
        version=machine,
        express=kind == "express",
        longest=300,
        letters=letters,
        region=name,
        states=states,
        queues=sqs,
    )
    return Region(boto, name, steps, machine, letters, topic, workflow)
