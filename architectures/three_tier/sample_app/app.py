"""Answers the load balancer and the health checks, and shows whether the database can be reached.

Runs on an instance with Python's standard library alone. `/health` asks nothing of others, so that a slow database never takes
the fleet out; `/health/deep` opens a connection to the database of this region.
"""

import json
import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 2.0


def reachable(host, port):
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            return True
    except OSError:
        return False


def answer(path, database):
    """Status and body for a path."""
    if path == "/health":
        return 200, {"status": "ok"}
    if path == "/health/deep":
        up = {host: reachable(host, database["port"]) for host in database["hosts"]}
        return (200 if any(up.values()) else 503), {"database": up}
    return 200, {"region": os.environ.get("AWS_REGION", "?"), "path": path}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self):
        """Answer with JSON."""
        status, body = answer(self.path.split("?")[0], json.loads(os.environ["DATABASE"]))
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
