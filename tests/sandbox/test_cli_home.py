"""The CLI's own directory, without the CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sandbox.engines.model import EngineError
from sandbox.engines.pulumi_cli.home import share_plugins, unlock
from sandbox.engines.pulumi_cli.stack import said as last_words


def locked(directory, pid):
    lock = directory / "backend" / ".pulumi" / "locks" / "organization" / "small" / "dev" / "x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(pid if isinstance(pid, str) else json.dumps({"pid": pid}))
    return lock


@pytest.mark.parametrize("garbage", [False, True], ids=["dead", "garbage"])
def test_a_lock_without_a_holder_is_removed(tmp_path, garbage):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock = locked(tmp_path, "{" if garbage else ended.pid)
    assert unlock(tmp_path) == ["dev"]
    assert not lock.exists()
    assert unlock(tmp_path) == []


def test_the_lock_of_a_cli_at_work_stays_and_says_how_to_reach_it(tmp_path):
    lock = locked(tmp_path, os.getpid())
    with pytest.raises(
        EngineError, match=rf"at work on stack 'dev'; wait for it, or end it: kill {os.getpid()}"
    ):
        unlock(tmp_path)
    assert lock.exists()


def test_plugins_that_the_user_installed_are_found(tmp_path, monkeypatch):
    users = tmp_path / "users"
    (users / "plugins" / "resource-docker-v1").mkdir(parents=True)
    monkeypatch.setenv("PULUMI_HOME", str(users))
    home = tmp_path / "home"
    home.mkdir()
    share_plugins(home)
    share_plugins(home)
    assert [path.name for path in (home / "plugins").iterdir()] == ["resource-docker-v1"]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ('{\n  "steps": []\n}\nerror: no\n', "error: no"),
        ("{}", "the Pulumi CLI failed and said nothing"),
        ("{ not JSON", "{ not JSON"),
        ("error: no", "error: no"),
    ],
)
def test_a_plans_document_is_no_part_of_its_error(printed, said):
    assert last_words(printed) == said
