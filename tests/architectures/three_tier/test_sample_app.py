"""The sample application answers truthfully, and its bootstrapping script is sound."""

from __future__ import annotations

import base64
import socket
import subprocess

from architectures.three_tier.sample_app.app import answer
from architectures.three_tier.sample_app.script import user_data

MOST_BYTES = 16_384
"""EC2's limit before encoding: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""


def test_the_light_path_asks_nothing_of_the_database() -> None:
    assert answer("/health", {"hosts": ["127.0.0.1"], "port": 1})[0] == 200


def test_the_deep_path_follows_the_database() -> None:
    with socket.create_server(("127.0.0.1", 0)) as database:
        facts = {"hosts": ["127.0.0.1"], "port": database.getsockname()[1]}
        assert answer("/health/deep", facts) == (200, {"database": {"127.0.0.1": True}})
    assert answer("/health/deep", facts) == (503, {"database": {"127.0.0.1": False}})


def test_one_reachable_member_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as database:
        facts = {"hosts": ["127.0.0.2", "127.0.0.1"], "port": database.getsockname()[1]}
        status, body = answer("/health/deep", facts)
    assert status == 200
    assert body["database"] == {"127.0.0.2": False, "127.0.0.1": True}


def test_the_script_is_valid_complete_and_small_enough() -> None:
    script = user_data(8080, "/shop/web/database")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert "'/shop/web/database'" in script
    assert "PORT=8080" in script
    assert not any(mark in script for mark in ("@APPLICATION@", "@PARAMETER@", "@PORT@"))
    assert "class Handler" in script
    assert len(script.encode()) < MOST_BYTES
    assert len(base64.b64encode(script.encode())) < MOST_BYTES * 4 / 3 + 4
