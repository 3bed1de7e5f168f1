"""The CLI's own directory: plugins that the user has installed, and locks that an earlier command left."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sandbox.engines.model import EngineError


def share_plugins(home: Path) -> None:
    """Let the CLI find the providers that the user has installed: its home here is the sandbox's own."""
    users = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    link = home / "plugins"
    if users.is_dir() and not link.exists():
        link.symlink_to(users.resolve(), target_is_directory=True)


def unlock(directory: Path) -> list[str]:
    """Remove the locks that an earlier CLI left in its state; the names of its stacks.

    Raises EngineError where that CLI still runs.
    """
    freed = []
    for lock in sorted((directory / "backend" / ".pulumi" / "locks").rglob("*.json")):
        stack, pid = lock.parent.name, _holder(lock)
        if pid and _lives(pid):
            raise EngineError(
                f"a Pulumi CLI of an earlier command (process {pid}) is still at work on stack {stack!r}; "
                f"wait for it, or end it: kill {pid}"
            )
        lock.unlink()
        freed.append(stack)
    return freed


def _holder(lock: Path) -> int | None:
    try:
        return int(json.loads(lock.read_text())["pid"])
    except (ValueError, KeyError, TypeError):
        return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
