"""Runs the sandbox's AWS: `python -m sandbox.aws.serve STATE_DIRECTORY [PORT]`. Started by `sandbox.aws.server.start`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sandbox.garbage import collect_rarely


def make_server(port: int = 0) -> Any:
    """A werkzeug server of the whole application on loopback; port 0 lets the operating system choose."""
    from sandbox.aws.app import Application, configure_moto

    configure_moto()
    from sandbox.aws.port import serve_on

    server = serve_on(Application(), port)
    # moto calls itself for a few services.
    os.environ["MOTO_PORT"] = str(server.port)
    return server


def main(arguments: list[str]) -> int:
    """Serve until a SIGTERM; write `endpoint` and `pid` once the port is open, remove them at the end."""
    state = Path(arguments[0])
    gc.disable()
    server = make_server(int(arguments[1]) if len(arguments) > 1 else 0)
    collect_rarely()
    gc.enable()
    files = {"pid": str(os.getpid()), "endpoint": f"http://127.0.0.1:{server.port}"}

    def stop(*_: Any) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name, text in files.items():
        fresh = state / f"{name}.new"
        fresh.write_text(text + "\n")
        fresh.replace(state / name)
    try:
        server.serve_forever()
    finally:
        for name, text in files.items():
            if (state / name).exists() and (state / name).read_text().strip() == text:
                (state / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
