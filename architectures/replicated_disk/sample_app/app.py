"""Answers the load balancer and the health checks, and counts its visitors in a file: who takes over counts on.

Runs on an instance with Python's standard library. `/health` says that it answers, `/health/deep` that it can write as well.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Counter:
    """A number that is on both disks before anybody hears of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()

    def more(self, by: int = 1) -> int:
        """Count a visitor; with 0, nobody: the same number is written again."""
        with self.lock:
            count = by + (int(self.path.read_text()) if self.path.exists() else 0)
            written = self.path.with_suffix(".new")
            with written.open("w") as file:
                file.write(str(count))
                file.flush()
                os.fsync(file.fileno())
            written.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
            return count


def answer(path: str, counter: Counter) -> tuple[int, str]:
    """Status and text for a path."""
    if path == "/health":
        return 200, "ok\n"
    if path in ("/", "/health/deep"):
        try:
            count = counter.more(int(path == "/"))
        except OSError:
            return 503, "can't write\n"
        return 200, f"visitor {count}\n" if path == "/" else "ok\n"
    return 404, "no such page\n"


def handler(counter: Counter) -> type[BaseHTTPRequestHandler]:
    """The class that answers, over one counter."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = answer(self.path, counter)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """The load balancer logs requests."""

    return Handler


if __name__ == "__main__":
    ThreadingHTTPServer(
        ("", int(os.environ["PORT"])), handler(Counter(Path("/data/visitors")))
    ).serve_forever()
