"""Processes in which the code of Lambda functions runs, forked off one that has loaded what they need: `clockwork/environment.py`.

That one is started when the first is asked for, and ends when this process and all copies of it have ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

_PROGRAM = Path(__file__).parent / "clockwork" / "environment.py"
_ADDRESS = "nursery"
_lock = threading.Lock()
_folder: str | None = None
"""Where its socket is; copies of this process use the same."""
_kept: list[tuple[subprocess.Popen[bytes], int]] = []
"""The process, and the end of its lifeline that copies of this one hold as well."""


class Process:
    """An environment, and the pipes to and from it."""

    def __init__(self, pid: int, stdin: BinaryIO, stdout: BinaryIO) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout

    @property
    def ended(self) -> bool:
        """Whether somebody has ended it."""
        return self.stdout.closed

    def speaks(self, patience: float) -> bool:
        """Whether it says something, or ends, within so many real seconds."""
        heard = select.poll()  # `select` knows the first 1,024 files alone
        heard.register(self.stdout, select.POLLIN)
        return bool(heard.poll(1000 * patience))

    def end(self, patience: float) -> None:
        """Tell it nothing any more; kill it when it hasn't ended after so many real seconds."""
        if self.ended:
            return
        with contextlib.suppress(OSError):
            self.stdin.close()
        while self.speaks(patience):
            if not os.read(self.stdout.fileno(), 65536):
                break
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.stdout.close()


def start(variables: Mapping[str, str]) -> Process:
    """An environment with these variables, which knows no others."""
    told, stdin = os.pipe()
    stdout, said = os.pipe()
    try:
        pid = _ask(json.dumps(dict(variables)).encode(), [told, said])
    except BaseException:
        os.close(stdin)
        os.close(stdout)
        raise
    finally:
        os.close(told)
        os.close(said)
    return Process(pid, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"))


def ready() -> str:
    """Have the process that all are forked off; where it is asked."""
    global _folder  # noqa: PLW0603  one a process
    with _lock:
        _folder = _folder or _started()
        return str(Path(_folder) / _ADDRESS)


def _lost(address: str) -> None:
    """Somebody has killed it, or taken away where it is asked."""
    global _folder  # noqa: PLW0603
    with _lock:
        if _folder is not None and address == str(Path(_folder) / _ADDRESS):
            shutil.rmtree(_folder, ignore_errors=True)
            _folder = None


def _ask(variables: bytes, pipes: list[int]) -> int:
    """The id of the process that has these pipes and variables now."""
    try:
        asking = _connected(address := ready())
    except (ConnectionRefusedError, FileNotFoundError):
        _lost(address)
        asking = _connected(ready())
    with asking:
        socket.send_fds(asking, [variables], pipes)
        return int(asking.recv(32))


def _connected(address: str) -> socket.socket:
    asking = socket.socket(socket.AF_UNIX)
    try:
        asking.connect(address)
    except OSError:
        asking.close()
        raise
    return asking


def _started() -> str:
    folder = tempfile.mkdtemp(prefix="sandbox-")
    reader, writer = os.pipe()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(Path(folder) / _ADDRESS))
        listening.listen()
        inherited = (listening.fileno(), reader)
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(_PROGRAM), *map(str, inherited), folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=inherited,
            env={"PATH": os.environ.get("PATH", "")},
        )
    os.close(reader)
    _kept.append((process, writer))
    return folder
