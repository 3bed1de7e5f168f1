"""What is said at load of an APEX system that can't be: one line each, of the key in the file's spelling."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.apex.conftest import SE2, configured
from tests.test_settings import load, refusals

BACKUPS = {"strategy": "backup-and-restore"}
STAGING = {"environment": "staging"}
EXPRESSION = "cron(minutes hours day-of-month month day-of-week year), one of the two days a ?, as cron(0 7 ? * MON-FRI *)"
PINNED = (
    "allowed is a digest, sha256: and 64 hexadecimal digits, of the service's own repository or after the name of another and @: "
    "what a tag means can change"
)


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"database": {"replicaMode": "open-read-only"}, "strategy": "warm-standby"},
        {"database": SE2, **BACKUPS},
        {"database": {"edition": "oracle-se2-cdb", "license": "bring-your-own-license"}, **BACKUPS},
        {"database": {"edition": "oracle-ee-cdb", "engineVersion": "21.0.0.0.ru-2025-10.rur-2025-10.r1"}},
        {"database": {"engineVersion": "19.0.0.0.ru-2025-10.spb-1.r1"}},
        {"database": {**SE2, "multiAz": False}, "hours": {}, **BACKUPS, "whole": STAGING},
        {"hours": {"timezone": "Europe/Berlin"}, **BACKUPS, "whole": STAGING},
        {"hours": {"stop": "cron(0/30 20-22 L * ? 2026,2027)"}, **BACKUPS, "whole": STAGING},
    ],
)
def test_what_there_is_is_taken(changes: dict[str, Any]) -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack, **changes)).systems) == {"crm"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"strategy": "active-active"},
            (
                "strategy: got 'active-active', allowed is any other: RDS for Oracle writes in one region, and APEX, which writes with "
                "every page, can't serve from a replica"
            ),
        ),
        (
            {"database": SE2},
            (
                "strategy: got 'pilot-light', allowed is backup-and-restore with oracle-se2: replicas need Data Guard, which Enterprise "
                "Edition alone has"
            ),
        ),
        (
            {"strategy": "warm-standby"},
            (
                "database.replicaMode: got 'mounted', allowed is open-read-only with warm-standby: tasks that stand by connect, and a "
                "mounted replica takes no connections"
            ),
        ),
        (
            {"database": {"license": "license-included"}},
            (
                "database.license: got 'license-included', allowed is bring-your-own-license with oracle-ee: AWS holds licences of "
                "Standard Edition 2 alone"
            ),
        ),
        (
            {"database": {"license": "free"}},
            "database.license: got 'free', allowed is 'license-included' or 'bring-your-own-license'",
        ),
        (
            {"database": {"multiAz": False}},
            "database.multiAz: got false, allowed is true in production: a zone's loss would take the database",
        ),
        (
            {"database": {"engineVersion": "19.0.0.0"}},
            "database.engineVersion: got '19.0.0.0', allowed is a version of oracle-ee like '19.0.0.0.ru-2025-10.rur-2025-10.r1'",
        ),
        (
            {"database": {"engineVersion": "21.0.0.0.ru-2025-10.rur-2025-10.r1"}},
            (
                "database.engineVersion: got '21.0.0.0.ru-2025-10.rur-2025-10.r1', allowed is a version of oracle-ee like "
                "'19.0.0.0.ru-2025-10.rur-2025-10.r1'"
            ),
        ),
        (
            {"database": {"apexVersion": "24.3.v1"}},
            (
                "database.apexVersion: got '24.3.v1', allowed is a version of APEX such as 24.2.v1, 24.1.v1, 26.1.v1 (User Guide of Amazon "
                "RDS, 2026-11); one that AWS has and that list lacks goes into holdfast:unlisted too"
            ),
        ),
        (
            {"database": {"apexVersion": "24.2"}},
            "database.apexVersion: got '24.2', allowed is a version as AWS writes it, such as '24.2.v1'",
        ),
        (
            {"database": {"name": "customers"}},
            "database.name: got 'customers', allowed is a letter and up to 7 letters or digits",
        ),
        (
            {"database": {"masterUsername": "sys"}},
            "database.masterUsername: got 'sys', allowed is a name that oracle-ee doesn't keep for itself",
        ),
        (
            {"database": {"instanceClass": "db.t3.small"}},
            "database.instanceClass: got 'db.t3.small', allowed is a larger one with pilot-light: it has no replicas",
        ),
        (
            {"database": {"restores": [{"name": "one"}, {"name": "one"}]}},
            "database.restores[1].name: got 'one', allowed is each name once, and not original",
        ),
        (
            {"database": {"restores": [{"name": "one", "time": "yesterday"}]}},
            "database.restores: got 'yesterday', allowed is a moment in UTC, as 2026-11-26T10:00:00Z",
        ),
        ({"server": {"image": "crm/ords:24.2"}}, f"server.image: got 'crm/ords:24.2', {PINNED}"),
        (
            {"server": {"image": None}},
            "server.image: got nothing, allowed is an image beside a site: nobody would answer",
        ),
        (
            {"server": {"cpu": 1000}},
            "server.cpu: got 1000, allowed is one of 256, 512, 1024, 2048, 4096, 8192, 16384",
        ),
        (
            {"server": {"memory": 1024}},
            "server.memory: got 1024, allowed is with 1024 CPU units 2048, 3072, 4096, 5120, 6144, 7168, 8192 MiB",
        ),
        (
            {"server": {"maximumTasks": 2}},
            "server.maximumTasks: got 2, allowed is 3 or more: 2 are left of them with a zone lost",
        ),
        (
            {"server": {"environment": {"DBHOST": "x"}}},
            "server.environment: got 'DBHOST', allowed is any other variable: that one says where the database is",
        ),
        (
            {"server": {"deepHealthPath": "/i/apex_version.txt"}},
            "server.deepHealthPath: got '/i/apex_version.txt', allowed is another than server.healthPath",
        ),
        (
            {"hours": {}, **BACKUPS},
            "hours: got working hours, allowed is nothing in production, which always runs",
        ),
        (
            {"hours": {}, "whole": STAGING},
            "hours: got working hours, allowed is nothing with pilot-light: RDS stops no instance that has a replica",
        ),
        *(
            (
                {"hours": {"start": text}, **BACKUPS, "whole": STAGING},
                f"hours.start: got {text!r}, allowed is {EXPRESSION}",
            )
            for text in (
                "0 7 * * 1-5",
                "cron(0 7 * * MON-FRI *)",
                "cron(0 25 ? * MON-FRI *)",
                "cron(0 7 ? * MON-FRI)",
                "rate(1 day)",
            )
        ),
        (
            {"hours": {"timezone": "Middle Earth"}, **BACKUPS, "whole": STAGING},
            "hours.timezone: got 'Middle Earth', allowed is a time zone of the tz database, such as Europe/Berlin",
        ),
        (
            {"hours": {"stop": "cron(0 7 ? * MON-FRI *)"}, **BACKUPS, "whole": STAGING},
            "hours.stop: got 'cron(0 7 ? * MON-FRI *)', allowed is another moment than those of the start",
        ),
    ],
)
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"holdfast:systems.crm.{line}"]


def test_standard_edition_has_smaller_classes_when_aws_holds_the_licence() -> None:
    [line] = refused(database={**SE2, "instanceClass": "db.r6i.8xlarge"}, **BACKUPS)
    assert line.startswith(
        "holdfast:systems.crm.database.instanceClass: got 'db.r6i.8xlarge', "
        "allowed is an instance class of oracle-se2 with license-included such as db.r6i."
    )


def test_one_zone_is_too_few() -> None:
    network = {**configured("prod")["holdfast:network"], "zones": ["use1-az1"]}
    [line] = refused(whole={"network": network})
    assert line.startswith("holdfast:network.zones: got")


def test_a_region_without_a_database_serves_once_one_is_restored() -> None:
    there = {**configured("dr")["holdfast:recovery"], "activeRegion": "us-west-2"}
    [line] = refused("dr", **BACKUPS, whole={"recovery": there})
    allowed = "a restore: with backup-and-restore this region has no database of its own"
    assert line == f"holdfast:systems.crm.database.restores: got none, allowed is {allowed}"


def test_an_unlisted_version_is_its_authors_to_know() -> None:
    load(configured("prod", database={"apexVersion": "26.2.v1"}, whole={"unlisted": ["26.2.v1"]}))
