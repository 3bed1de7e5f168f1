"""The user data of the sample application, and what it finds in Systems Manager."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
AUTHORITY = "/srv/app/authority.pem"
"""Where the script puts RDS's certificate authorities.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"""
CLIENTS = {"aurora-postgresql": "postgresql15", "aurora-mysql": "mariadb105"}
"""Package of Amazon Linux 2023 with a command-line client that the engine understands.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_GettingStarted.CreatingConnecting.PostgreSQL.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_GettingStarted.CreatingConnecting.MariaDB.html"""


MOUNTED = "/srv/files"
"""Where servers mount the files that they share."""


def user_data(port: int, parameter: str, engine: str, *, files: bool = False) -> str:
    """The bootstrapping script: plain text, no secret, no host; `parameter` names the SSM parameter with the stores' facts.

    `files`: there is a file system to mount.
    """
    script = (HERE / "user_data.sh").read_text()
    for mark, value in (
        ("@FILES@\n", (HERE / "mount.sh").read_text() if files else ""),
        ("@WRITES@\n", f"ReadWritePaths=-{MOUNTED}\n" if files else ""),
        ("@MOUNTED@", MOUNTED),
        ("@APPLICATION@", (HERE / "app.py").read_text()),
        ("@PARAMETER@", parameter),
        ("@CLIENT@", CLIENTS[engine]),
        ("@PORT@", str(port)),
    ):
        script = script.replace(mark, value)
    return script


def facts(engine: str, hosts: Sequence[str], port: int, name: str, secret: str) -> dict[str, object]:
    """What the application is told of its database: all but the password, which it asks `secret`, an ARN, for."""
    return {
        "engine": engine,
        "hosts": list(hosts),
        "port": port,
        "name": name,
        "secret": secret,
        "authority": AUTHORITY,
    }
