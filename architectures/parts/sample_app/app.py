"""Answers the load balancer and the health checks, and shows whether the database answers.

Runs on an instance with Python's standard library, the AWS CLI and the database's own client. `/health` asks nothing of others, so
that a slow database never takes the fleet out; `/health/deep` signs in to the database of this region, over TLS, with the secret's
current password or a token of IAM's, and asks it something.
"""

import json
import os
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 4
"""The load balancer's and Route 53's checks wait longer."""
KEPT_SECONDS = 5
"""An answer is kept so long: Route 53's checkers ask several times a second."""
QUERY = "SELECT 1"


def output(command, **environment):
    """What a command prints; raises OSError or SubprocessError when it fails or takes too long."""
    found = subprocess.run(  # noqa: S603  a list, without a shell
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    return found.stdout.strip()


def credentials(host, database):
    """Name and password: a token for this host, or what the secret holds now, as it may have been rotated."""
    if database.get("authentication") == "iam":
        command = ["aws", "dsql", "generate-db-connect-auth-token", "--region", database["region"]]
        return database["user"], output([*command, "--hostname", host])
    command = ["aws", "secretsmanager", "get-secret-value", "--secret-id", database["secret"]]
    found = json.loads(output([*command, "--query", "SecretString", "--output", "text"]))
    return found["username"], found["password"]


def client(host, database, user, password):
    """Command that asks the database, and the environment that keeps the password off the command line."""
    port, name, authority = str(database["port"]), database["name"], database["authority"]
    if database["engine"] != "aurora-mysql":
        where = f"host={host} port={port} dbname={name} user={user} connect_timeout=2"
        command = ["psql", f"{where} sslmode=verify-full sslrootcert={authority}", "-Atc", QUERY]
        return command, {"PGPASSWORD": password}
    command = [
        "mysql",
        "-h",
        host,
        "-P",
        port,
        "-u",
        user,
        "--connect-timeout=2",
        "--batch",
        "--skip-column-names",
    ]
    tls = [f"--ssl-ca={authority}", "--ssl-verify-server-cert"]
    return [*command, *tls, "-e", QUERY, name], {"MYSQL_PWD": password}


def answers(host, database):
    """Whether the database signs us in at that host and answers."""
    try:
        command, environment = client(host, database, *credentials(host, database))
        return output(command, **environment) == "1"
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return False


class Kept:
    """The answer of each host, asked anew when it is too old."""

    def __init__(self, ask):
        self.ask, self.found, self.lock = ask, {}, threading.Lock()

    def __call__(self, host, database):
        """The answer, at most KEPT_SECONDS old."""
        with self.lock:
            at, up = self.found.get(host, (None, False))
            if at is None or time.monotonic() - at > KEPT_SECONDS:
                up = self.ask(host, database)
                self.found[host] = time.monotonic(), up
            return up


def answer(path, database, up=answers):
    """Status and body for a path."""
    if path == "/health":
        return 200, {"status": "ok"}
    if path == "/health/deep":
        found = {host: up(host, database) for host in database["hosts"]}
        return (200 if any(found.values()) else 503), {"database": found}
    return 200, {"region": os.environ.get("AWS_REGION", "?"), "path": path}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    up = Kept(answers)

    def do_GET(self):
        """Answer with JSON."""
        status, body = answer(self.path.split("?")[0], json.loads(os.environ["DATABASE"]), self.up)
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
