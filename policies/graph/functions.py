"""What a function is for, as far as its callers tell."""

from __future__ import annotations

from typing import Final

from policies.graph.graph import Graph
from policies.graph.resource import Resource

_ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
_PERMISSION: Final = "aws:lambda/permission:Permission"
_SECRETS_MANAGER: Final = "secretsmanager.amazonaws.com"


def only_rotates(graph: Graph, function: Resource) -> bool:
    """Whether it does nothing but replace secrets, a few at a time: nobody waits for it, and secrets stay valid without it."""
    if not graph.users(function, "rotationLambdaArn", _ROTATION):
        return False
    callers = {each.text("principal", "") for each in graph.users(function, "function", _PERMISSION)}
    return callers <= {_SECRETS_MANAGER}
