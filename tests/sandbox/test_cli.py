"""The command line: choice of engine and stacks, what stands on standard output, exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sandbox import __main__ as cli
from sandbox.aws import server
from sandbox.aws.client import shield
from sandbox.engines import ownership
from sandbox.engines.choice import choose
from sandbox.engines.model import EngineError
from sandbox.engines.runner import engine as runner_engine
from tests.sandbox.projects import InProcess, project, state_of

VPC = 'v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")\npulumi.export("id", v.id)\n'
REGION = {"aws:region": "us-east-1"}


@pytest.fixture
def sandbox(tmp_path, aws_endpoint, monkeypatch, capsys):
    """`sandbox(*arguments)` runs the command line on a small project: exit status, standard output, standard error."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    monkeypatch.setenv("COLUMNS", "200")
    root = project(tmp_path / "project", VPC, stacks={"dr": REGION, "prod": REGION})
    state = state_of(aws_endpoint, tmp_path / "state")

    def run(*arguments, engine="runner"):
        status = cli.main([*arguments, "--engine", engine], root=root, state=state)
        return status, *capsys.readouterr()

    run.root, run.state = root, state
    return run


def test_up_names_its_engine_first_and_ends_with_the_address(sandbox, aws_endpoint):
    status, out, _ = sandbox("up")
    assert status == 0
    assert out.splitlines()[0].startswith("engine: runner")
    assert aws_endpoint in out
    assert out.index("prod deploying") < out.index("dr deploying"), "prod is read by dr"
    assert "up done in" in out


def test_json_is_alone_on_standard_output(sandbox):
    status, out, err = sandbox("up", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["engine"] == "runner"
    assert found["seconds"] > 0
    assert list(found["stacks"]) == ["prod", "dr"]
    prod = found["stacks"]["prod"]
    vpc = {
        "urn": "urn:pulumi:prod::small::aws:ec2/vpc:Vpc::v",
        "type": "aws:ec2/vpc:Vpc",
        "kind": "simulated",
    }
    assert vpc in prod["resources"]
    assert prod["outputs"]["id"].startswith("vpc-")
    assert prod["violations"] == []
    assert err.startswith("engine: runner")


def test_failure_is_the_exit_status(sandbox):
    (sandbox.root / "__main__.py").write_text('import pulumi\nraise pulumi.RunError("zones: too few")\n')
    status, out, _ = sandbox("up")
    assert status == 1
    assert "error: zones: too few" in out
    assert "Nothing was created." in out
    assert "up failed" in out
    status, out, _ = sandbox("preview", "--json")
    assert status == 1
    assert json.loads(out)["stacks"]["prod"]["errors"] == ["zones: too few"]


def test_stacks_are_named_one_by_one_or_together(sandbox):
    for arguments in (("--stack", "dr", "prod"), ("--stack", "dr", "--stack", "prod")):
        _, out, _ = sandbox("preview", "--json", *arguments)
        assert list(json.loads(out)["stacks"]) == ["prod", "dr"]
    _, out, _ = sandbox("preview", "--json", "--stack", "dr")
    assert list(json.loads(out)["stacks"]) == ["dr"]


def test_a_configuration_file_belongs_to_one_stack(sandbox, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text("config: {'aws:region': eu-west-1}\n")
    status, out, _ = sandbox("up", "--json", "--stack", "mine", "--config-file", str(other))
    assert status == 0
    assert "mine" in json.loads(out)["stacks"]
    for arguments in ((), ("--stack", "dr", "prod")):
        status, out, _ = sandbox("up", "--config-file", str(other), *arguments)
        assert status == 1
        assert "--config-file belongs to one stack" in out


def test_an_unknown_stack_is_one_message(sandbox):
    status, out, _ = sandbox("up", "--stack", "nosuch")
    assert status == 1
    assert "stack 'nosuch' has no configuration" in out
    assert "dr, prod" in out


def test_status_and_json_status(sandbox):
    status, out, _ = sandbox("status", "--json")
    assert status == 0
    assert json.loads(out)["stacks"] == []
    sandbox("up")
    _, out, _ = sandbox("status", "--json")
    assert json.loads(out)["stacks"] == ["prod", "dr"]
    assert json.loads(out)["engine"] == "runner"
    (sandbox.state / "endpoint").unlink()
    status, out, _ = sandbox("status")
    assert status == 1
    assert "No AWS is running" in out


def test_two_commands_at_once_are_refused(sandbox):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(1, flush=True); time.sleep(60)",
            str(sandbox.state / "lock"),
        ],
        stdout=subprocess.PIPE,
    )
    try:
        holder.stdout.readline()
        status, out, _ = sandbox("up")
    finally:
        holder.terminate()
        holder.wait()
    assert status == 1
    assert "another sandbox command is at work" in out


def test_the_whole_way_in_processes_of_their_own(tmp_path):
    root = project(tmp_path / "project", VPC)
    state = root / ".sandbox"
    try:
        assert cli.main(["preview", "--engine", "runner", "--json"], root=root) == 0
        assert server.running(state) is None, "a preview leaves no AWS behind"
        assert cli.main(["up", "--engine", "runner", "--json"], root=root) == 0
        assert server.running(state) is not None
        assert (state / "endpoint").read_text().startswith("http://127.0.0.1:")
        assert cli.main(["down", "--stack", "other", "--engine", "runner"], root=root) == 1, (
            "`one` would be left"
        )
        assert cli.main(["down", "--engine", "runner"], root=root) == 0
        assert server.running(state) is None
        assert not (state / "runner").exists()
        assert cli.main(["down", "--engine", "runner"], root=root) == 0, "a second time does no harm"
    finally:
        server.stop(state)


def fake_cli(directory, monkeypatch):
    directory.mkdir()
    (directory / "pulumi").write_text("#!/bin/sh\necho v3.0.0\n")
    (directory / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(directory))


def test_auto_takes_the_pulumi_cli_wherever_it_is_on_path(sandbox, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose("auto", sandbox.root, sandbox.state).name == "runner"
    with pytest.raises(EngineError, match="no pulumi on PATH"):
        choose("pulumi", sandbox.root, sandbox.state)
    fake_cli(tmp_path / "bin", monkeypatch)
    assert choose("auto", sandbox.root, sandbox.state).name == "pulumi"
    assert choose("runner", sandbox.root, sandbox.state).name == "runner"


def test_what_an_engine_deployed_that_engine_previews_and_takes_down(
    sandbox, tmp_path, monkeypatch, aws_endpoint
):
    fake_cli(tmp_path / "bin", monkeypatch)
    ownership.write(sandbox.state, "runner", server.Server(aws_endpoint, os.getpid()))
    for command in ("preview", "down"):
        assert choose("auto", sandbox.root, sandbox.state, command).name == "runner"
        with pytest.raises(EngineError, match="filled by the runner"):
            choose("pulumi", sandbox.root, sandbox.state, command)
    assert choose("auto", sandbox.root, sandbox.state, "up").name == "pulumi"


def test_make_without_a_target_lists_them_all():
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=server.REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    assert (
        subprocess.run(
            ["make", "--no-print-directory", "help"],
            cwd=server.REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        == listed
    )
    makefile = (server.REPOSITORY / "Makefile").read_text()
    (phony,) = (line for line in makefile.splitlines() if line.startswith(".PHONY:"))
    assert sorted(line.split()[1] for line in listed.splitlines()) == sorted(phony.split()[1:])


def test_a_report_that_cannot_be_written_is_told_before_the_work(sandbox, tmp_path):
    status, out, _ = sandbox("preview", "--report", str(tmp_path / "no" / "page.html"))
    assert status == 1
    assert "page.html: it can't be written: No such file or directory" in out
    assert "engine:" not in out


def test_garbage_in_the_state_is_one_line(sandbox):
    (sandbox.state / "owner.json").write_text("{")
    status, out, _ = sandbox("up")
    assert status == 1
    assert "owner.json is not what the sandbox wrote" in out
    assert "Traceback" not in out


def test_a_state_that_cannot_be_held_is_one_line(sandbox, tmp_path):
    (tmp_path / "file").touch()
    status, out, _ = sandbox("up", "--state", str(tmp_path / "file"))
    assert status == 1
    assert "file can't hold the sandbox's state" in out


def test_messages_name_the_project_and_the_state_they_mean(sandbox):
    status, out, _ = sandbox("up")
    assert status == 0
    assert f"until `python -m sandbox down --project {sandbox.root} --state {sandbox.state}`" in out


def interrupted(root, pid_of):
    """Start `up`, interrupt it once `pid_of()` is there; its exit status and output."""
    command = [sys.executable, "-m", "sandbox", "up", "--project", str(root), "--engine", "runner"]
    # A shell's background job, as the tests may be, ignores interrupts and hands that down.
    mine = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            command, cwd=server.REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    finally:
        signal.signal(signal.SIGINT, mine)
    deadline = time.monotonic() + 120
    while not pid_of().exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def test_an_interrupt_is_one_line_status_130_and_leaves_no_process(tmp_path):
    mark = tmp_path / "pid"
    waiting = f'import os, time\nopen({str(mark)!r}, "w").write(str(os.getpid()))\ntime.sleep(100)\n'
    root = project(tmp_path / "project", waiting)
    try:
        status, out = interrupted(root, lambda: mark)
        assert status == cli.INTERRUPTED, out
        assert "error: interrupted; what runs, says: python -m sandbox status" in out
        assert "Traceback" not in out
        with pytest.raises(ProcessLookupError):
            os.kill(int(mark.read_text()), 0)
    finally:
        server.stop(root / ".sandbox")


def test_the_users_own_aws_settings_and_proxies_stay_outside():
    variables = {"AWS_PROFILE": "nosuch", "NO_PROXY": "corp", "HTTPS_PROXY": "http://proxy:1"}
    shield(variables)
    shield(variables)
    assert variables == {
        "HTTPS_PROXY": "http://proxy:1",
        "NO_PROXY": "corp,127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
