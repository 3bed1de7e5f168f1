"""What the agent and the attaching script do on a machine: the programs they run, in which order, and what they refuse."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import pytest

from architectures.replicated_disk.node import agent, attach


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The words of each program; `drbdadm role` answers that it is primary."""
    found: list[list[str]] = []

    def run(words: Any, **_: Any) -> subprocess.CompletedProcess[str]:
        found.append(list(words))
        answers = {"role": "Primary/Secondary\n", "cstate": "Connected\n", "dstate": "UpToDate/UpToDate\n"}
        return subprocess.CompletedProcess(words, 0, stdout=answers.get(words[1], ""))

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_a_first_copy_alone_is_forced(ran: list[list[str]]) -> None:
    agent.Disk().promote(force=False)
    agent.Disk().promote(force=True)
    assert ran == [["drbdadm", "primary", "data"], ["drbdadm", "primary", "--force", "data"]]


def test_what_serves_stops_and_is_unmounted_before_the_disk_is_given_up(ran: list[list[str]]) -> None:
    agent.Disk().demote()
    assert ran == [["systemctl", "stop", "app.service", "mirrored.service"], ["drbdadm", "secondary", "data"]]


def test_it_is_in_step_when_both_are_up_to_date(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert agent.Disk().mirrored()
    assert agent.Disk().primary()
    for answer in ("UpToDate/Inconsistent", "UpToDate/DUnknown", ""):
        monkeypatch.setattr(
            agent.Disk, "_say", lambda _self, what, answer=answer: {"cstate": "Connected"}.get(what, answer)
        )
        assert not agent.Disk().mirrored()
    monkeypatch.setattr(
        agent.Disk, "_say", lambda _self, what: {"dstate": "UpToDate/UpToDate"}.get(what, "WFConnection")
    )
    assert not agent.Disk().mirrored()


class Device(io.BytesIO):
    """/dev/watchdog."""

    written = b""

    def write(self, data: Any) -> int:
        Device.written += bytes(data)
        return len(data)


def test_the_watchdog_runs_from_the_first_renewal_until_the_disk_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("builtins.open", lambda *_a, **_k: Device())
    monkeypatch.setattr(agent.fcntl, "ioctl", lambda _device, request, value: asked.append((request, value)))
    dog = agent.Dog(10)
    dog.pet()
    dog.pet()
    dog.rest()
    dog.rest()
    assert Device.written == b"11V", "V, or closing it resets the machine"
    assert asked == [(0xC0045706, b"\x0a\0\0\0")]


def test_a_machine_without_a_name_ends_before_it_writes_any_mark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    told = tmp_path / "mirror.json"
    told.write_text(
        '{"region": "us-east-1", "zones": {"z": {"volume": "vol-1", "interface": "eni-1", "address": "a"}}}'
    )
    real = open
    says = {"placement/availability-zone-id": "z", "instance-id": "i-1"}
    monkeypatch.setattr(
        "builtins.open", lambda path, *a: real(told if path == "/etc/mirror.json" else path, *a)
    )
    monkeypatch.setattr(attach, "about", lambda: lambda path: says.get(path, ""))
    monkeypatch.setattr("boto3.client", lambda *_a, **_k: None)
    monkeypatch.setattr(attach, "until", lambda _there, _attach: "found")
    with pytest.raises(SystemExit, match="whose machine this is"):
        attach.main()
    assert "member" not in told.read_text()


def test_what_is_taken_is_asked_for_until_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attach.time, "sleep", lambda _seconds: None)
    tries: list[int] = []

    def taken() -> None:
        tries.append(1)
        raise OSError("VolumeInUse")

    assert attach.until(lambda: "there" if len(tries) == 3 else "", taken) == "there"
    with pytest.raises(SystemExit, match="neither attached nor free"):
        attach.until(lambda: "", taken)
