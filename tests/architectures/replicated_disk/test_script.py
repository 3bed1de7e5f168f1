"""The script of a machine's first start: what is packed in it, as text and by the real tools' own checks."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from architectures.replicated_disk.bootstrap import BUFFER_BYTES
from functions.active_standby import mirror
from tests.architectures.replicated_disk.conftest import Stacks

DRBDADM = Path("/lib/drbd/drbdadm-84")
"""Of drbd-utils: reads what the kernel's own DRBD, 8.4, is configured with."""


def script(stacks: Stacks, name: str) -> str:
    template = stacks["prod"].one("LaunchTemplate", f"{name}-pair-template")
    return base64.b64decode(template.inputs["userData"]).decode()


def packed(text: str) -> dict[str, str]:
    (archive,) = re.findall(r"<<'PACKED' \| tar -xz -C /srv/mirror\n(.*?)\nPACKED\n", text, re.DOTALL)
    raw = gzip.decompress(base64.b64decode(archive))
    with tarfile.open(fileobj=io.BytesIO(raw)) as found:
        return {each.name: found.extractfile(each).read().decode() for each in found.getmembers()}  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def ledger(stacks: Stacks) -> dict[str, str]:
    return packed(script(stacks, "ledger"))


def test_each_zone_has_its_own_half(stacks: Stacks, ledger: dict[str, str]) -> None:
    """What the table of edges can't see, since it is packed."""
    prod, told = stacks["prod"], json.loads(ledger["mirror.json"])
    assert set(told["zones"]) == {"use1-az1", "use1-az2"}
    for zone, half in told["zones"].items():
        interface = prod.made[prod.one("NetworkInterface", f"ledger-link-{zone}").urn]
        volume = prod.made[prod.one("aws:ebs/volume:Volume", f"ledger-disk-{zone}").urn]
        assert half == {
            "volume": volume["id"],
            "interface": interface["id"],
            "address": interface["privateIp"],
        }
        assert f"on {zone} {{\n    address {interface['privateIp']}:7788;" in ledger["data.res"]
    assert told["table"] == prod.made[prod.one("Table", "ledger-lease-table").urn]["name"]
    environment = prod.one("Function", "ledger-watcher-function").inputs["environment"]["variables"]
    assert (told["pair"], told["region"]) == (environment["PAIR"], "us-east-1")
    assert (told["renew"], told["right"], told["watchdog"]) == (mirror.RENEW, mirror.RIGHT, mirror.WATCHDOG)


@pytest.mark.parametrize(("name", "protocol"), [("ledger", "C"), ("spool", "A")])
def test_the_protocol_is_the_settings(stacks: Stacks, name: str, protocol: str) -> None:
    text = packed(script(stacks, name))["data.res"]
    assert f"  protocol {protocol};" in text
    assert "fencing resource-and-stonith;" in text
    assert f"sndbuf-size {BUFFER_BYTES};" in text
    assert 'fence-peer "/usr/bin/python3 /srv/mirror/agent.py outdate";' in text


def test_the_loss_that_is_told_is_the_configurations(ledger: dict[str, str]) -> None:
    found = {
        key: int(value)
        for key, value in re.findall(r"(ping-int|ping-timeout|timeout) (\d+);", ledger["data.res"])
    }
    figures = json.loads((Path(__file__).parents[3] / "policies/recovery/figures.json").read_text())
    # ping-timeout is in tenths of a second.
    assert figures["mirror.loss"]["high"] == found["ping-int"] + found["ping-timeout"] / 10
    assert figures["mirror.fence"]["high"] == mirror.EXPIRY


def test_nothing_is_left_to_fill_in_and_no_address_stands_open(
    stacks: Stacks, ledger: dict[str, str]
) -> None:
    whole = script(stacks, "ledger")
    for text in (whole, *ledger.values()):
        assert not re.search(r"@[A-Z_]+@", text)
    assert "192.168.255.1" in ledger["mirror.sh"]
    assert len(whole) < 16_384
    assert script(stacks, "ledger") == whole


def run(*words: str, text: str | None = None) -> str:
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_shells_read_every_script(stacks: Stacks, ledger: dict[str, str]) -> None:
    for text in (script(stacks, "ledger"), ledger["mirror.sh"], ledger["units.sh"]):
        run("bash", "-n", text=text)
    with pytest.raises(AssertionError):
        run("bash", "-n", text="if true; then")


def test_python_reads_every_module(ledger: dict[str, str]) -> None:
    for name in ("agent.py", "attach.py"):
        compile(ledger[name], name, "exec")


@pytest.mark.skipif(not DRBDADM.exists(), reason="drbd-utils isn't installed")
@pytest.mark.parametrize("name", ["ledger", "spool"])
def test_drbdadm_reads_the_configuration(stacks: Stacks, tmp_path: Path, name: str) -> None:
    text = packed(script(stacks, name))["data.res"]
    (tmp_path / "data.res").write_text(text)
    shown = run(str(DRBDADM), "-c", str(tmp_path / "data.res"), "dump", "all")
    assert re.search(r"fencing\s+resource-and-stonith;", shown)
    assert len(re.findall(r"address\s+ipv4 ", shown)) == 2
    (tmp_path / "data.res").write_text(text.replace("fencing resource", "fence resource"))
    with pytest.raises(AssertionError):
        run(str(DRBDADM), "-c", str(tmp_path / "data.res"), "dump", "all")


def units(ledger: Mapping[str, str]) -> dict[str, str]:
    return dict(
        re.findall(
            r"cat > /etc/systemd/system/(\S+\.service) <<'UNIT'\n(.*?)UNIT\n", ledger["units.sh"], re.DOTALL
        )
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't installed")
def test_systemd_reads_the_units(ledger: dict[str, str], tmp_path: Path) -> None:
    found = units(ledger)
    assert set(found) == {"mirror-attach.service", "mirror-agent.service", "mirrored.service"}
    for name, text in found.items():
        # The programs are on the machine alone.
        (tmp_path / name).write_text(re.sub(r"^(Exec\w+)=.*", r"\1=/bin/true", text, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in found)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "mirror" in line]
    assert ours == []


def test_what_serves_is_started_by_the_agent_alone(stacks: Stacks, ledger: dict[str, str]) -> None:
    whole, agent = script(stacks, "ledger"), ledger["agent.py"]
    assert "WantedBy" not in units(ledger)["mirrored.service"]
    assert "systemctl disable app.service" in whole
    assert '"start", "--no-block", "mirrored.service", "app.service"' in agent
    assert '"stop", "app.service", "mirrored.service"' in agent
    assert "Requires=mirrored.service" in ledger["units.sh"]
