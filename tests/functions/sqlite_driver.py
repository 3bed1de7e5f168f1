"""A driver of the name and the arguments of PG 8000's, over SQLite: one file a host, which may have one with the password that it takes.

What it does of SQL is SQLite's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import botocore

SOURCE = """
import sqlite3
import ssl
from pathlib import Path

HOSTS = Path("@HOSTS@")


class Cursor:
    def __init__(self, cursor):
        self._cursor = cursor

    def execute(self, operation, args=()):
        self._cursor.execute(operation.replace("%s", "?"), args)

    def fetchone(self):
        return self._cursor.fetchone()


class Connection:
    def __init__(self, path):
        self._connection = sqlite3.connect(path)
        self.commit, self.rollback, self.close = (
            self._connection.commit, self._connection.rollback, self._connection.close
        )

    def cursor(self):
        return Cursor(self._connection.cursor())


def connect(user, *, host, port, database, password, ssl_context):
    assert ssl_context.verify_mode is ssl.CERT_REQUIRED and ssl_context.check_hostname
    if not (HOSTS / host).exists():
        raise OSError(f"no route to {host}")
    known = HOSTS / f"{host}.password"
    if user != "holdfast" or not password or (known.exists() and known.read_text() != password):
        raise PermissionError(f"{user} isn't let in to {host}")
    return Connection(HOSTS / host)
"""


def placed(folder: Path) -> Path:
    """Make the folder with the driver and certificates. Returns the one beside it in which hosts are to stand."""
    hosts = folder.parent / "hosts"
    for each in (folder / "pg8000", hosts):
        each.mkdir(parents=True)
    (folder / "pg8000" / "__init__.py").touch()
    (folder / "pg8000" / "dbapi.py").write_text(SOURCE.replace("@HOSTS@", str(hosts)))
    shutil.copy(Path(botocore.__file__).parent / "cacert.pem", folder / "global-bundle.pem")
    return hosts
