"""Copies of a running AWS: a process of its own with everything that is deployed, made in milliseconds, whose end harms nothing."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import threading
import time
from pathlib import Path
from typing import Any

from sandbox.aws.turns import turn

IDLE_SECONDS = 120.0
"""A copy that nobody asked anything for so long ends itself: whoever made it is gone."""


class Copies:
    """Makes copies of the process that it is in, with the application that it serves."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.heard = time.monotonic()
        """When the last request came."""

    def make(self) -> dict[str, Any]:
        """Fork; the child serves a copy of all that this process knows. Returns its address and process id.

        The clock's machinery is loaded before, so that not each copy loads it for itself.
        Only the asking thread lives on in the child, so it waits until nobody is at work in moto: a lock held by another thread
        would be held forever there.
        """
        from sandbox.aws.clockwork import control

        control.prepare()
        reader, writer = os.pipe()
        with turn():
            child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                self._serve(writer)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            found: dict[str, Any] = json.loads(told.readline() or "{}")
        threading.Thread(target=os.waitpid, args=(child, 0), daemon=True).start()
        if not found:
            raise RuntimeError("the copy did not start")
        return found

    def _serve(self, writer: int) -> None:
        from sandbox.aws.port import serve_on

        _close_sockets()
        server = serve_on(self.application, 0)
        os.environ["MOTO_PORT"] = str(server.port)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with os.fdopen(writer, "w") as told:
            told.write(json.dumps({"endpoint": f"http://127.0.0.1:{server.port}", "pid": os.getpid()}) + "\n")
        self.heard = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()
        server.serve_forever()

    def _watch(self) -> None:
        while time.monotonic() - self.heard < IDLE_SECONDS:
            time.sleep(1)
        os._exit(0)


def _close_sockets() -> None:
    """The parent's connections are the parent's: neither listen on its port nor hold its clients."""
    for entry in list(Path("/dev/fd").iterdir()):
        number = int(entry.name)
        with contextlib.suppress(OSError):  # the listing's own is closed by now
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.close(number)
