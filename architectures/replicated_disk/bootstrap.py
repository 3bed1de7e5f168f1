"""The script of a machine's first start: packages, the disk's configuration, the agent, what serves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from architectures.parts.packed import packed
from architectures.parts.runbook import fill
from functions.active_standby import mirror

NODE, SAMPLE = Path(__file__).parent / "node", Path(__file__).parent / "sample_app"
BUFFER_BYTES = 1_048_576
"""What the primary's send buffer holds, and so the most that protocol A may lose."""
DRBD_PORT, AGENT_PORT = 7788, 7790
PACKED = ("agent.py", "attach.py", "mirror.sh", "units.sh")


@dataclass(frozen=True, kw_only=True)
class Half:
    """One zone's part: what whoever runs there attaches."""

    volume: str
    interface: str
    address: str
    """The interface's."""


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What the two machines are told."""

    name: str
    """Of the disk: another one for each restore."""
    protocol: str
    halves: Mapping[str, Half]
    """By zone id."""
    address: str
    """The moving one."""
    region: str
    table: str
    pair: str


def script(told: Machines, start: str) -> str:
    """The whole script; `start` installs app.service."""
    texts = {name: (NODE / name).read_text(encoding="utf-8") for name in PACKED}
    texts["mirror.sh"] = fill(texts["mirror.sh"], {"MOVING": told.address})
    texts["data.res"] = resource(told)
    texts["mirror.json"] = json.dumps(_told(told), indent=1)
    values = {"PACKED": packed(texts), "START": start.rstrip("\n")}
    return fill((NODE / "start.sh").read_text(encoding="utf-8"), values)


def sample(port: int) -> str:
    """The sample server's."""
    values = {"APPLICATION": (SAMPLE / "app.py").read_text(encoding="utf-8").rstrip("\n"), "PORT": str(port)}
    return fill((SAMPLE / "start.sh").read_text(encoding="utf-8"), values)


def resource(told: Machines) -> str:
    """DRBD's configuration, alike on both."""
    (zone_1, half_1), (zone_2, half_2) = told.halves.items()
    values = {
        "PROTOCOL": told.protocol,
        "NAME": told.name,
        "BUFFER": str(BUFFER_BYTES),
        "PORT": str(DRBD_PORT),
        "ZONE_ONE": zone_1,
        "ZONE_TWO": zone_2,
        "ADDRESS_ONE": half_1.address,
        "ADDRESS_TWO": half_2.address,
    }
    return fill((NODE / "data.res").read_text(encoding="utf-8"), values)


def _told(told: Machines) -> dict[str, object]:
    """What agent.py and attach.py read."""
    return {
        "region": told.region,
        "table": told.table,
        "pair": told.pair,
        "port": AGENT_PORT,
        "renew": mirror.RENEW,
        "right": mirror.RIGHT,
        "watchdog": mirror.WATCHDOG,
        "zones": {zone: vars(half) for zone, half in told.halves.items()},
    }
