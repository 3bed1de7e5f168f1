"""Which engine deployed to which AWS: state of an engine means nothing for another AWS process than the one it describes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sandbox.aws.server import Server
from sandbox.engines.model import EngineError


@dataclass(frozen=True)
class Owner:
    """Who deployed last."""

    engine: str
    aws: str
    """The server's address and process id."""


def _identity(aws: Server) -> str:
    return f"{aws.endpoint} {aws.pid}"


def read(state: Path) -> Owner | None:
    """Read who deployed last; None when nobody did. Raises EngineError when the file is not what was written."""
    path = state / "owner.json"
    if not path.exists():
        return None
    try:
        return Owner(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise EngineError(f"{path} is not what the sandbox wrote; remove {state} and deploy again") from error


def write(state: Path, engine: str, aws: Server) -> None:
    """Note that `engine` deploys to `aws`."""
    (state / "owner.json").write_text(json.dumps({"engine": engine, "aws": _identity(aws)}))


def clear(state: Path) -> None:
    """Note that nothing is deployed."""
    (state / "owner.json").unlink(missing_ok=True)


def owns(state: Path, engine: str, aws: Server | None) -> bool:
    """Whether what runs in `aws` is what `engine` deployed."""
    owner = read(state)
    return owner is not None and aws is not None and owner == Owner(engine, _identity(aws))
