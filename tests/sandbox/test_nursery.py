"""Processes of functions: what they know, that they differ, that none outlives whom it belongs to."""

from __future__ import annotations

import base64
import fcntl
import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.aws import nursery
from sandbox.aws.server import REPOSITORY

VARIABLES = {"AWS_LAMBDA_FUNCTION_NAME": "told", "AWS_DEFAULT_REGION": "us-east-1", "WORD": "ä=b\nc"}
CODE = """
import os, random, select, sys, threading

def variables(_event, _context):
    return dict(os.environ)

def chance(_event, _context):
    return random.random()

def loaded(_event, _context):
    return {"boto3": "boto3" in sys.modules, "threads": threading.active_count(), "sandbox": "sandbox" in sys.modules}

def stuck(_event, _context):
    select.select([], [], [])

def child(_event, _context):
    import subprocess
    return subprocess.run([sys.executable, "-c", "raise SystemExit(3)"]).returncode
"""


def begun(handler: str) -> nursery.Process:
    """An environment that was asked to call a handler."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code_of.py", CODE)
    process = nursery.start(VARIABLES)
    code = base64.b64encode(packed.getvalue()).decode()
    told = {"zip": code, "handler": f"code_of.{handler}", "epoch": 0.0}
    for each in (told, {"event": {}, "request": "r", "deadline": 3.0, "now": 0.0}):
        process.stdin.write(json.dumps(each).encode() + b"\n")
    process.stdin.flush()
    return process


def told(handler: str) -> Any:
    process = begun(handler)
    try:
        return json.loads(process.stdout.readline())["result"]
    finally:
        process.end(10)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_has_its_own_variables_and_no_others() -> None:
    assert told("variables") == VARIABLES


def test_it_has_boto3_at_once_and_nothing_of_the_sandbox() -> None:
    assert told("loaded") == {"boto3": True, "threads": 1, "sandbox": False}


def test_chance_is_another_one_in_each() -> None:
    assert len({told("chance") for _ in range(3)}) == 3


def test_it_may_start_processes_and_hears_how_they_end() -> None:
    assert told("child") == 3


def test_what_does_not_end_is_killed() -> None:
    process = begun("stuck")
    assert lives(process.pid)
    process.end(0.1)
    until(lambda: not lives(process.pid))
    process.end(0.1)  # once more is no error


def test_who_has_many_files_open_hears_it_too() -> None:
    """`select` refuses files from the 1,024th on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < 1_200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_200, hard))  # ValueError where nobody may have so many
    process = begun("chance")
    process.stdout = os.fdopen(fcntl.fcntl(process.stdout, fcntl.F_DUPFD, 1_100), "rb")
    assert process.speaks(10)
    assert b"result" in process.stdout.readline()
    process.end(10)
    assert process.ended


def test_one_that_was_killed_is_replaced() -> None:
    left = Path(nursery.ready()).parent
    old = nursery._kept[-1][0]
    old.kill()
    old.wait()
    assert told("loaded")["boto3"]
    assert nursery._kept[-1][0].pid != old.pid
    assert not left.exists()


def test_one_that_can_be_asked_no_more_is_replaced() -> None:
    Path(nursery.ready()).unlink()
    assert told("loaded")["boto3"]


BROKEN = """
from sandbox.aws import nursery
process = nursery.start({})
process.stdin.write(b'{"zip": "bm9uZQ==", "handler": "a.b", "epoch": 0}\\n')
process.stdin.flush()
assert process.stdout.read() == b""
process.end(10)
"""


def test_what_breaks_an_environment_itself_is_told_where_the_aws_writes_its_log() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "BadZipFile: File is not a zip file" in done.stderr


ENDS = """
import os
from pathlib import Path
from sandbox.aws import nursery
address = nursery.ready()
copy = os.fork()
if copy == 0:
    import sys
    nursery.start({}).end(10)
    print(nursery.ready(), flush=True)
    sys.stdin.readline()
    os._exit(0)
print(address, flush=True)
os._exit(0)
"""


def test_it_ends_with_the_last_copy_of_whom_it_belongs_to() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDS],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.wait()
        address, theirs = (process.stdout.readline().strip() for _ in range(2))
        assert theirs == address, "a copy asks the same one"
        time.sleep(0.3)
        assert Path(address).exists(), "and may ask it again"
        process.stdin.close()
        until(lambda: not Path(address).parent.exists())
