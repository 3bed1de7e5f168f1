"""Answers the load balancer and the health checks, and counts its visitors in memory: only one copy of it may serve.

Runs on an instance with Python's standard library. `/health` says that it answers, `/health/deep` that it can count as well.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Counter:
    """The state that a second copy wouldn't have."""

    def __init__(self) -> None:
        self.visits = 0
        self.lock = threading.Lock()

    def more(self, by: int = 1) -> int:
        """Count a visitor; with 0, nobody."""
        with self.lock:
            self.visits += by
            return self.visits


def answer(path: str, counter: Counter) -> tuple[int, str]:
    """Status and text for a path."""
    if path in ("/health", "/health/deep"):
        return (200, "ok\n") if path == "/health" or counter.more(0) >= 0 else (503, "can't count\n")
    if path == "/":
        return 200, f"visitor {counter.more()}\n"
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
    ThreadingHTTPServer(("", int(os.environ["PORT"])), handler(Counter())).serve_forever()
