"""The user data of the sample application, and what it finds in Systems Manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


LOOKS_SECONDS = 60
"""How often a server looks whether what its application is told has changed. A region's Parameter Store answers 40 such calls a second:
https://docs.aws.amazon.com/general/latest/gr/ssm.html"""
MOUNTED = "/srv/files"
"""Where servers mount the files that they share."""


_AUTHORITY = (
    'curl -sfo @WHERE@ "https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.pem" || true\n'
)
_CLIENT = """# The light health check needs neither: without them only the deep one fails.
@AUTHORITY@dnf install -qy '@CLIENT@' || true
@FILES@"""
_ZONE = (
    'zone=$(curl -sf -H "X-aws-ec2-metadata-token: $token" '
    "http://169.254.169.254/latest/meta-data/placement/availability-zone-id)\n"
)
_MODULE = """cat > /srv/app/@NAME@ <<'MODULE'
@TEXT@
MODULE
"""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What an instance runs, with Python's standard library."""

    main: Path
    """The file that is run."""
    modules: Sequence[Path] = ()
    """Files beside it that it imports."""
    told: str = "database"
    """What it finds in Systems Manager: the environment has it, in upper case."""
    zonal: bool = False
    """Whether it is told the id of its zone, as ZONE."""


def user_data(
    port: int,
    parameter: str,
    engine: str | None,
    *,
    files: bool = False,
    program: Program = Program(main=HERE / "app.py"),
) -> str:
    """The bootstrapping script: plain text, no secret, no host; `parameter` names the SSM parameter with what the program is told.

    `engine` is the database's, None without one; `files`: there is a file system to mount.
    """
    script = (HERE / "user_data.sh").read_text()
    modules = [
        _filled(_MODULE, {"@NAME@": each.name, "@TEXT@": each.read_text()}) for each in program.modules
    ]
    return _filled(
        script,
        {
            "@DATABASE@\n": _CLIENT if engine else "",
            "@AUTHORITY@": "" if engine == "aurora-dsql" else _AUTHORITY,
            "@WHERE@": AUTHORITY,
            "@FILES@": (HERE / "mount.sh").read_text() if files else "",
            "@WRITES@\n": f"ReadWritePaths=-{MOUNTED}\n" if files else "",
            "@MOUNTED@": MOUNTED,
            "@ZONE@\n": _ZONE if program.zonal else "",
            "@IN_ZONE@": " ZONE=$zone" if program.zonal else "",
            "@VARIABLE@": program.told.upper(),
            "@TOLD@": program.told,
            "@MODULES@\n": "".join(modules),
            "@APPLICATION@": program.main.read_text(),
            "@RUN@": program.main.name,
            "@PARAMETER@": parameter,
            "@LOOKS@": str(LOOKS_SECONDS),
            "@CLIENT@": CLIENTS[engine] if engine else "",
            "@PORT@": str(port),
        },
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


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
