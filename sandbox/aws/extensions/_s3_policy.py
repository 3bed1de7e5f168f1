"""Bucket policies: a statement whose condition doesn't hold doesn't count.

moto refuses whatever a Deny statement names, also when its condition is not met, so a TLS-only bucket would take no object at all.
"""

from __future__ import annotations

import json
from typing import Any

CONTEXT = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}
"""What holds for every request: the sandbox's loopback address stands for AWS's endpoints, which are reached by TLS 1.3."""


def install() -> None:
    """Patch how moto judges a bucket's policy."""
    from moto.s3.models import FakeBucket

    FakeBucket.get_permission = _permission


def _permission(self: Any, action: str, resource: str) -> Any:
    from moto.iam.access_control import IAMPolicy, PermissionResult

    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy.decode())
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    counting = [
        {name: value for name, value in statement.items() if name != "Condition"}
        for statement in statements
        if _holds(statement.get("Condition") or {})
    ]
    if not counting:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**policy, "Statement": counting})).is_action_permitted(action, resource)


def _holds(condition: dict[str, dict[str, Any]]) -> bool:
    """Whether every condition is known to hold; one that the sandbox can't judge does not."""
    return all(
        _judge(operator, CONTEXT.get(key.lower()), value)
        for operator, keys in condition.items()
        for key, value in keys.items()
    )


def _judge(operator: str, actual: str | None, wanted: Any) -> bool:
    if actual is None:
        return False
    values = wanted if isinstance(wanted, list) else [wanted]
    if operator == "Bool":
        return any(str(value).lower() == actual for value in values)
    if operator == "NumericLessThan":
        return any(float(actual) < float(value) for value in values)
    return False
