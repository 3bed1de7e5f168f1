"""What Pulumi's engine itself makes: the stash, which keeps the first value that it was given."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.engines.runner.registration import DeploymentError, refuse
from sandbox.provider.verbs import Failures

STASH = "pulumi:index:Stash"


class Builtin:
    """The engine's own package. A deployment here begins with nothing, so what a stash keeps is always what it is given."""

    def check(
        self, token: str, _urn: str, _olds: Mapping[str, Any], news: Mapping[str, Any], _seed: bytes = b""
    ) -> tuple[dict[str, Any], Failures]:
        """Want an input and nothing else."""
        if token != STASH:
            refuse(f"resources of the type {token}")
        failures = [(name, "unknown property") for name in sorted(news.keys() - {"input", "output"})]
        if news.get("input") is None:
            failures.append(("input", "missing required property"))
        return {"input": news.get("input")}, failures

    def create(
        self, _token: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Keep the input."""
        value = inputs["input"]
        return None if preview else str(uuid.uuid4()), {"input": value, "output": value}

    def read(self, token: str, _id: str, _inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Refuse, as the engine does: what isn't in the state is nowhere."""
        raise DeploymentError(f"a {token} can't be read: what the state has not is nowhere")

    def invoke(self, token: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse."""
        raise DeploymentError(f"{token}: the engine has no such function")
