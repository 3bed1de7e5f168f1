"""The web tier: hands each request to the application, by the one name that leads to the application of this server's zone.

Runs on an instance with Python's standard library. `/health` asks nothing of others. The name is asked anew for every request, so that
another zone's application answers once the load balancer has found this zone's ill.
"""

import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 4
"""The load balancer's and Route 53's checks wait longer."""


def ask(application, path):
    """Status and body of the application's answer; 502 when nobody answers."""
    where = f"http://{application['host']}:{application['port']}{path}"
    try:
        with urllib.request.urlopen(where, timeout=SECONDS) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError as error:
        return 502, json.dumps({"application": str(error)}).encode()


def answer(path, application, zone, asked=ask):
    """Status and body for a path."""
    if path == "/health":
        return 200, json.dumps({"status": "ok", "zone": zone}).encode()
    return asked(application, path)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self):
        """Answer with JSON."""
        status, body = answer(self.path, json.loads(os.environ["APPLICATION"]), os.environ["ZONE"])
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Web-Zone", os.environ["ZONE"])
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
