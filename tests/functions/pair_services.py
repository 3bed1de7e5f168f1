"""What the active-standby function's calls do, and whether they may: everything that goes wrong is written down as it lands."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from functions.active_standby.timing import Timing
from tests.functions.pair_balancer import TargetGroup
from tests.functions.pair_time import Loop

MEMBERS = ("pair-a", "pair-b")
SERVING, PROBED = (
    f"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{n}/1" for n in ("serving", "members")
)
EPOCH = 1.7e9
"""The moment at which simulated time begins, in seconds since 1970."""


class RefusedError(ClientError):
    """ConditionalCheckFailedException."""


@dataclass
class Instance:
    member: str
    up: bool = True


class Services:
    """Load balancer, Auto Scaling, the table (moto's own evaluation of conditions), the topic."""

    def __init__(self, loop: Loop, dice: random.Random, timing: Timing, lag: float) -> None:
        self.loop, self.timing = loop, timing
        self.instances: dict[str, Instance] = {}
        self.serving = TargetGroup(loop, dice, self.answers, lag)
        self.members = TargetGroup(loop, dice, self.answers)
        self.table = _table()
        self.history: list[tuple[float, dict[str, Any]]] = []
        """Each epoch's item, and when it began."""
        self.wrong: list[str] = []
        self.messages: list[str] = []
        self._healthy: dict[str, float] = {}
        """When each instance was last healthy, as anybody has seen it."""

    def answers(self, id_: str) -> bool:
        return id_ in self.instances and self.instances[id_].up

    def item(self) -> dict[str, Any]:
        found = self.table.get_item("lease", {"pair": {"S": "shop"}})
        raw = found.to_json()["Attributes"] if found else {}
        return {name: next(iter(value.values())) for name, value in raw.items()}

    def _group(self, arn: str) -> TargetGroup:
        return {SERVING: self.serving, PROBED: self.members}[arn]

    def describe_target_health(self, **given: Any) -> Any:
        for id_, each in self.members.targets.items():
            if each.state == "healthy":
                self._healthy[id_] = self.loop.now
        return self._group(given["TargetGroupArn"]).shown()

    def register_targets(self, **given: Any) -> None:
        assert given["TargetGroupArn"] == SERVING
        (target,) = given["Targets"]
        id_, now = target["Id"], self.loop.now
        others = [f"{other} {each.state}" for other, each in self.serving.targets.items() if other != id_]
        if others:
            self.wrong.append(f"{now:.2f}: {id_} registered beside {', '.join(others)}")
        held = [lease["instance"] for at, lease in self.history if at >= now - 3.03 * self.timing.request]
        if id_ not in [*held, *(lease["instance"] for _, lease in self.history[-1 - len(held) :][:1])]:
            self.wrong.append(f"{now:.2f}: {id_} registered without the lease")
        if self._healthy.get(id_, -99) < now - 8 * self.timing.request:
            self.wrong.append(f"{now:.2f}: {id_} registered though not healthy")
        self.serving.register(id_)

    def deregister_targets(self, **given: Any) -> None:
        assert given["TargetGroupArn"] == SERVING
        for target in given["Targets"]:
            self.serving.deregister(target["Id"])

    def describe_auto_scaling_groups(self, **given: Any) -> Any:
        return {
            "AutoScalingGroups": [
                {
                    "AutoScalingGroupName": name,
                    "Instances": [
                        {"InstanceId": id_} for id_, i in self.instances.items() if i.member == name
                    ],
                }
                for name in given["AutoScalingGroupNames"]
            ]
        }

    def get_item(self, **given: Any) -> Any:
        assert given["ConsistentRead"]
        found = self.table.get_item(given["TableName"], given["Key"])
        return {"Item": found.to_json()["Attributes"]} if found else {}

    def update_item(self, **given: Any) -> None:
        from moto.dynamodb.exceptions import ConditionalCheckFailed

        before = self.item()
        try:
            self.table.update_item(
                table_name=given["TableName"],
                key=given["Key"],
                update_expression=given["UpdateExpression"],
                expression_attribute_names=given["ExpressionAttributeNames"],
                expression_attribute_values=given["ExpressionAttributeValues"],
                condition_expression=given.get("ConditionExpression"),
            )
        except ConditionalCheckFailed:
            raise RefusedError({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem") from None
        if "#epoch" in given["ExpressionAttributeNames"]:
            after = self.item()
            self._check_move(before, after)
            self.history.append((self.loop.now, after))

    def _check_move(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """A swap that nobody asked for keeps out of pauses and cool-downs, as far as clocks agree."""
        now, wall = self.loop.now, 1.7e9 + self.loop.now
        if int(after["epoch"]) != int(before.get("epoch", 0)) + 1:
            self.wrong.append(f"{now:.2f}: epoch {after['epoch']} after epoch {before['epoch']}")
        if "epoch" not in before or after["member"] == before["member"] or after["request"]:
            return
        if self._healthy.get(after["instance"], -99) < now - 8 * self.timing.request:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} though not healthy")
        if float(before.get("paused_until", 0)) > wall + 2:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} in a pause")
        there = self.serving.targets.get(before["instance"])
        settled = there is not None and there.state != "draining" and there.since < now - 15
        settled &= before["instance"] in self.members.registered()
        if settled and wall - float(before["swapped"]) < self.timing.cool_down - 2:
            self.wrong.append(f"{now:.2f}: swapped to {after['instance']} in a cool-down")

    def publish(self, **given: Any) -> None:
        self.messages.append(given["Subject"])


def _table() -> Any:
    from moto.dynamodb.models import DynamoDBBackend

    backend = DynamoDBBackend("us-east-1", "123456789012")
    backend.create_table(
        "lease",
        [{"AttributeName": "pair", "KeyType": "HASH"}],
        None,
        [{"AttributeName": "pair", "AttributeType": "S"}],
        None,
        None,
        None,
        "PAY_PER_REQUEST",
        None,
        [],
        None,
        None,
    )
    return backend
