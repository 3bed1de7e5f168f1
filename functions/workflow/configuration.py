"""What the functions of a workflow are told, and the clients that they use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config

from .orders import Order, Orders

_PATIENT = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 4})


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Workflow:
    """A region's part of a workflow."""

    orders: Orders
    machine: str
    """ARN of the state machine."""
    version: str
    """ARN of its alias, which executions are started by."""
    express: bool
    longest: int
    """Seconds that an execution lasts at most."""
    letters: str
    """URL of the queue of what people must look at."""
    region: str
    states: Any
    """Clients of Step Functions and of SQS."""
    queues: Any

    def start(self, order: Order) -> bool:
        """Start an order's execution. False when there was one of that name."""
        try:
            self.states.start_execution(stateMachineArn=self.version, name=order.run, input=order.told)
        except self.states.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def runs(self, order: Order) -> bool:
        """Whether the execution that has the order, one of this region, goes on. For Express, whether it may."""
        age = (now() - datetime.fromisoformat(order.at)).total_seconds()
        if self.express:
            return age <= self.longest + GRACE
        name = self.machine.replace(":stateMachine:", ":execution:")
        try:
            found = self.states.describe_execution(executionArn=f"{name}:{order.run}")
        except self.states.exceptions.ExecutionDoesNotExist:
            return age <= GRACE
        return bool(found["status"] == "RUNNING")


GRACE = 60
"""Seconds in which whoever has written an order starts its execution."""


def configured() -> Workflow:
    """What the environment says."""
    told = os.environ
    region = told["AWS_REGION"]
    clients = {
        name: boto3.client(name, region_name=region, config=_PATIENT)
        for name in ("dynamodb", "stepfunctions", "sqs")
    }
    return Workflow(
        orders=Orders(clients["dynamodb"], told["TABLE"], region),
        machine=told["MACHINE"],
        version=told["VERSION"],
        express=told["KIND"] == "express",
        longest=int(told["LONGEST"]),
        letters=told["LETTERS"],
        region=region,
        states=clients["stepfunctions"],
        queues=clients["sqs"],
    )
