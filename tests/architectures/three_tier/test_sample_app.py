"""The sample application signs in to its database and answers truthfully, and its bootstrapping script is sound."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from architectures.parts.sample_app import app
from architectures.parts.sample_app.app import Kept, answer, answers, client
from architectures.parts.sample_app.script import facts, iam_facts, user_data

MOST_BYTES = 16_384
"""EC2's limit before encoding: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""
SECRET = "arn:aws:secretsmanager:us-east-1:1:secret:db"
PASSWORD = "s3cret-word"


def told(engine: str = "aurora-postgresql") -> dict[str, object]:
    return json.loads(json.dumps(facts(engine, ["writer", "reader"], 5432, "app", SECRET)))


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `aws` that knows the secret, and clients that let in who knows the password, at the host named `writer` only."""
    kept = json.dumps({"username": "holdfast", "password": PASSWORD})
    programs = {
        "aws": f"""[[ "$*" == "secretsmanager get-secret-value --secret-id {SECRET} --query SecretString --output text" ]] && echo '{kept}'""",
        "psql": f"""[[ "$1" == *"host=writer "*"dbname=app user=holdfast "*"sslmode=verify-full"* && $PGPASSWORD == {PASSWORD} ]] && echo 1""",
        "mysql": f"""[[ "$*" == *"-h writer "*"-u holdfast"*"--ssl-verify-server-cert"*" app" && $MYSQL_PWD == {PASSWORD} ]] && echo 1""",
    }
    for name, script in programs.items():
        path = tmp_path / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >> {tmp_path}/calls\n{script}\n')
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def test_the_light_path_asks_nothing_of_the_database() -> None:
    def asked(host: str, database: object) -> bool:
        raise AssertionError("the database was asked")

    assert answer("/health", told(), asked)[0] == 200


@pytest.mark.parametrize("engine", ["aurora-postgresql", "aurora-mysql"])
def test_the_deep_path_signs_in_with_the_secret(engine: str, commands: Path) -> None:
    status, body = answer("/health/deep", told(engine))
    assert (status, body) == (200, {"database": {"writer": True, "reader": False}})
    assert PASSWORD not in (commands / "calls").read_text()


def test_the_deep_path_signs_in_with_a_token_where_iam_decides(commands: Path) -> None:
    host = "id.dsql-fnh4.us-west-2.on.aws"
    database = json.loads(json.dumps(iam_facts("aurora-dsql", host, 5432, "us-west-2", "shop")))
    asked = f"dsql generate-db-connect-auth-token --region us-west-2 --hostname {host}"
    where = f'"host={host} port=5432 dbname=postgres user=shop "*"sslmode=verify-full sslrootcert=/etc/pki/"*'
    for name, script in (
        ("aws", f'[[ "$*" == "{asked}" ]] && echo token-1'),
        ("psql", f'[[ "$1" == {where} && $PGPASSWORD == token-1 ]] && echo 1'),
    ):
        (commands / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {commands}/calls\n{script}\n')
    assert answer("/health/deep", database) == (200, {"database": {host: True}})
    assert "token-1" not in (commands / "calls").read_text()
    (commands / "aws").write_text("#!/bin/bash\nexit 254\n")
    assert answer("/health/deep", database)[0] == 503


def test_without_the_secret_nobody_is_let_in(commands: Path) -> None:
    (commands / "aws").write_text("#!/bin/bash\necho AccessDenied >&2; exit 254\n")
    assert answer("/health/deep", told()) == (503, {"database": {"writer": False, "reader": False}})
    (commands / "aws").unlink()
    assert not answers("writer", told())


def test_a_client_that_hangs_is_given_up(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SECONDS", 0.2)
    (commands / "psql").write_text("#!/bin/bash\nexec sleep 5\n")
    assert not answers("writer", told())


def test_the_password_stays_off_the_command_line() -> None:
    for engine in ("aurora-postgresql", "aurora-mysql"):
        command, environment = client("writer", told(engine), "holdfast", PASSWORD)
        assert not any(PASSWORD in part for part in command)
        assert list(environment.values()) == [PASSWORD]


def test_answers_are_kept_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = [100.0], []
    monkeypatch.setattr(app.time, "monotonic", lambda: clock[0])
    kept = Kept(lambda host, database: asked.append(host) or len(asked) == 1)
    assert kept("writer", told())
    clock[0] += app.KEPT_SECONDS
    assert kept("writer", told())
    clock[0] += 0.1
    assert not kept("writer", told())
    assert asked == ["writer", "writer"]


@pytest.mark.parametrize(
    ("engine", "package"), [("aurora-postgresql", "postgresql15"), ("aurora-mysql", "mariadb105")]
)
def test_the_script_is_valid_complete_and_small_enough(engine: str, package: str) -> None:
    script = user_data(8080, "/shop/web/database", engine)
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert "'/shop/web/database'" in script
    assert "PORT=8080" in script
    assert f"dnf install -qy '{package}'" in script
    assert not any(mark in script for mark in ("@APPLICATION@", "@PARAMETER@", "@PORT@", "@CLIENT@"))
    assert "class Handler" in script
    assert len(script.encode()) < MOST_BYTES
    assert len(base64.b64encode(script.encode())) < MOST_BYTES * 4 / 3 + 4


def test_files_are_mounted_through_their_access_point_and_the_service_may_write_them(tmp_path: Path) -> None:
    script = user_data(8080, "/shop/web/database", "aurora-postgresql", files=True)
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert "ReadWritePaths=-/srv/files\n" in script
    assert not any(mark in script for mark in ("@FILES@", "@WRITES@", "@MOUNTED@"))
    assert len(script.encode()) < MOST_BYTES
    mount = script[script.index("# The files that") : script.index("cat > /etc/systemd")]
    calls, table = tmp_path / "calls", tmp_path / "fstab"
    for name in ("dnf", "systemctl", "systemd-escape", "install"):
        (tmp_path / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {calls}\n')
        (tmp_path / name).chmod(0o755)
    known = {"files": {"fileSystem": "fs-1", "accessPoint": "fsap-2", "path": "/srv/files"}}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", mount.replace("/etc/fstab", str(table))],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "database": json.dumps(known)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    device, where, kind, options, *_ = table.read_text().split()
    assert (device, where, kind) == ("fs-1:/", "/srv/files", "efs")
    assert {"tls", "iam", "accesspoint=fsap-2", "nofail", "x-systemd.automount"} <= set(options.split(","))
    assert "dnf install -qy amazon-efs-utils" in calls.read_text()


def test_without_files_nothing_is_mounted() -> None:
    script = user_data(8080, "/shop/web/database", "aurora-postgresql")
    assert not any(mark in script for mark in ("@FILES@", "@WRITES@", "efs", "/srv/files", "ReadWritePaths"))


def test_a_server_looks_whether_its_application_is_told_something_else_and_starts_that_anew(
    tmp_path: Path,
) -> None:
    script = user_data(8080, "/shop/web/database", "aurora-postgresql")
    assert "EnvironmentFile=/srv/app/told\n" in script
    assert "OnUnitActiveSec=60\n" in script
    assert "systemctl enable --now app.service look.timer" in script
    look = script.split("<<'LOOK'\n")[1].split("LOOK\n")[0].replace("/srv/app/told", f"{tmp_path}/told")
    found, calls = tmp_path / "parameter", tmp_path / "calls"
    asked = '"$*" == "ssm get-parameter --region us-east-1 --name /shop/web/database --query Parameter.Value --output text"'
    (tmp_path / "aws").write_text(f"#!/bin/bash\n[[ {asked} ]] && cat {found}\n")
    (tmp_path / "systemctl").write_text(
        f'#!/bin/bash\n[[ $1 == is-active ]] && exec test -e {tmp_path}/runs\necho "$*" >> {calls}\n'
    )
    for name in ("aws", "systemctl"):
        (tmp_path / name).chmod(0o755)

    def looks(value: str | None) -> tuple[int, str, list[str]]:
        """What comes of a look when the parameter has that value: exit status, the environment's file, and what was restarted."""
        found.unlink(missing_ok=True)
        if value is not None:
            found.write_text(value)
        path = f"{tmp_path}:{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-c", look, "look", "us-east-1"], env={"PATH": path}, check=False, capture_output=True
        )
        done = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return ran.returncode, (tmp_path / "told").read_text(), done

    first, restored = (json.dumps({"hosts": [host]}) for host in ("original", "restored"))
    assert looks(first) == (0, f"DATABASE='{first}'\n", []), "nothing runs yet"
    (tmp_path / "runs").touch()
    assert looks(first) == (0, f"DATABASE='{first}'\n", [])
    assert looks(restored) == (0, f"DATABASE='{restored}'\n", ["restart app.service"])
    status, told_, done = looks(None)
    assert (told_, done) == (f"DATABASE='{restored}'\n", []), "who isn't answered goes on"
    assert status != 0
