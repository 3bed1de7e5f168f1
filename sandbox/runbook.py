"""The runbooks of what is deployed, as they lie in AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.engines.model import EngineError
from sandbox.engines.protocol import Engine


def runbooks(engine: Engine, running: server.Server | None, stacks: list[str]) -> Iterator[str]:
    """Each runbook's text, read from where the stacks' outputs `systems.<name>.runbook` say that it lies.

    Raises EngineError when nothing is deployed, or when what is deployed has none.
    """
    deployed = [stack for stack in engine.left() if not stacks or stack in stacks] if running else []
    if running is None or not deployed:
        asked = f" of {', '.join(stacks)}" if stacks else ""
        raise EngineError(f"nothing{asked} is deployed; first: python -m sandbox up")
    found = [place for stack in deployed for place in _places(engine.outputs(stack))]
    if not found:
        raise EngineError(f"{', '.join(deployed)}: no system puts out a runbook")
    for region, place in found:
        at = urlsplit(place)
        answer = client(running.endpoint, "s3", region).get_object(Bucket=at.netloc, Key=at.path[1:])
        yield answer["Body"].read().decode("utf-8")


def _places(outputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Region and address of each runbook."""
    systems = outputs.get("systems")
    for system in systems.values() if isinstance(systems, dict) else []:
        places = system.get("runbook") if isinstance(system, dict) else None
        yield from places.items() if isinstance(places, dict) else []
