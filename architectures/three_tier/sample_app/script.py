"""The user data of the sample application, and what it finds in Systems Manager."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from components.data.dsql_access import DATABASE

HERE = Path(__file__).parent
AUTHORITY = "/srv/app/authority.pem"
"""Where the script puts RDS's certificate authorities.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"""
SYSTEM_AUTHORITIES = "/etc/pki/tls/certs/ca-bundle.pem"
"""Those that Amazon Linux trusts: Aurora DSQL's certificates are of Amazon Root CA 1, which is among them.
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/configure-root-certificates.html"""
CLIENTS = {"aurora-postgresql": "postgresql15", "aurora-mysql": "mariadb105", "aurora-dsql": "postgresql15"}
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
    own_authority = (
        'curl -sfo @WHERE@ "https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.pem" || true\n'
    )
    for mark, value in (
        ("@AUTHORITY@\n", "" if engine == "aurora-dsql" else own_authority),
        ("@WHERE@", AUTHORITY),
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


def iam_facts(engine: str, host: str, port: int, region: str, role: str) -> dict[str, object]:
    """What the application is told of a database that it signs in to by IAM, as `role`, with a token of that region for each sign-in."""
    return {
        "engine": engine,
        "hosts": [host],
        "port": port,
        "name": DATABASE,
        "region": region,
        "authentication": "iam",
        "user": role,
        "authority": SYSTEM_AUTHORITIES,
    }


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
