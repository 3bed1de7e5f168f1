"""What the settings accept, no component refuses: their checks have been made at load."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from architectures.keys import SystemSettings
from architectures.telling import SettingsError
from tests.architectures.conftest import run
from tests.test_settings import configuration, load

VALUES: dict[str, list[Any]] = {
    "systems.web.compute.instanceTypes": [["m7g.large"], ["m7g.large", "m6g.large"], ["m7g.large"] * 2, []],
    "systems.web.compute.requiredInstances": [1, 2, 16, 17, 0],
    "systems.web.compute.maximumInstances": [6, 5, 300],
    "systems.web.compute.spotAboveBase": [True],
    "systems.web.compute.warmPool": [True],
    "systems.web.database.engineVersion": ["13.1", "9.6", "8.0.mysql_aurora.3.08.2"],
    "systems.web.database.engine": ["aurora-mysql", "postgres"],
    "systems.web.database.instanceClass": ["db.r7g.large", "db.t3.medium", "db.serverless"],
    "systems.web.database.masterUsername": ["a", "a" * 16, "a" * 17, "über"],
    "systems.web.database.multiAz": [False],
    "systems.web.database.backupRetentionDays": [0, 1, 35, 36],
    "systems.web.site": [None, "holdfast.example", "a.example"],
    "systems.web.standbyFraction": [0.01, 1.0, 1.1],
    "systems.web.withdrawn": [True],
    "backup.dailyRetentionDays": [6, 7, 36_500, 36_501],
    "backup.weeklyRetentionDays": [119, 120, 1000],
    "backup.vaultLock": ["compliance"],
    "network.cidr": ["10.10.0.0/23", "10.10.0.0/24", "172.16.0.0/16"],
    "network.zones": [["use1-az1", "use1-az2"], ["use1-az6", "use1-az1"], ["use1-az1"]],
    "network.nat": ["single", "regional", "none"],
    "operations.alarmEmails": [["a@b.example"], ["a@b.example"] * 2],
    "system": ["ab", "a" * 20, "a" * 21],
    "environment": ["development"],
}
SPOT = ("systems.web.compute.spotAboveBase", True)
CHANGES: list[list[tuple[str, Any]]] = [
    *([(path, value)] for path, values in VALUES.items() for value in values),
    [SPOT, ("systems.web.compute.warmPool", True)],
    [SPOT, ("systems.web.compute.instanceTypes", ["m7g.large"])],
    [
        ("systems.web.database.engine", "aurora-mysql"),
        ("systems.web.database.engineVersion", "8.0.mysql_aurora.3.08.2"),
    ],
    [("systems.web.site", None), ("systems.web.withdrawn", True)],
]


Change = list[tuple[str, Any]]


def changed(change: Change) -> dict[str, Any]:
    config = configuration("prod")
    for path, value in change:
        first, *rest = path.split(".")
        section, keys = config, [f"holdfast:{first}", *rest]
        for key in keys[:-1]:
            section = section[key]
        section[keys[-1]] = value
        if value is None:
            del section[keys[-1]]
    return config


def accepted(change: Change) -> bool:
    try:
        load(changed(change))
    except SettingsError:
        return False
    return True


def packed() -> list[Change]:
    """What is accepted, as many changes of different keys in one configuration as go together."""
    batches: list[Change] = []
    for change in filter(accepted, CHANGES):
        paths = {path for path, _ in change}
        for batch in batches:
            if paths.isdisjoint(path for path, _ in batch) and accepted(batch + change):
                batch.extend(change)
                break
        else:
            batches.append(list(change))
    return batches


def test_what_is_accepted_can_be_registered() -> None:
    batches = packed()
    assert len({path for batch in batches for path, _ in batch}) == len(VALUES)
    for batch in batches:
        config = changed(batch)
        mine = {key.split(":")[1]: value for key, value in config.items() if key.startswith("holdfast:")}
        assert len(run("prod", {}, preview=True, **mine).resources) > 100


class Half(SystemSettings):
    """A kind that checks nothing and says nothing of itself."""

    kind: Literal["half"]


def test_a_kind_must_say_its_faults_its_names_and_what_both_stacks_agree_on() -> None:
    with pytest.raises(TypeError, match=r"agreement.*faults.*hosts"):
        Half(kind="half")
