"""Connections by class, against what AWS's documentation lists."""

from __future__ import annotations

import pytest

from components.checks import ArgumentError
from components.data.connections import max_connections, memory_gib


@pytest.mark.parametrize(
    ("instance_class", "gib"),
    [
        ("db.r6g.large", 16),
        ("db.r7g.16xlarge", 512),
        ("db.r6gd.xlarge", 32),
        ("db.m7g.2xlarge", 32),
        ("db.t4g.micro", 1),
        ("db.t4g.medium", 4),
        ("db.x2g.large", 32),
        ("db.x2iedn.xlarge", 128),
    ],
)
def test_memory(instance_class: str, gib: float) -> None:
    assert memory_gib(instance_class) == gib


@pytest.mark.parametrize(
    ("engine", "instance_class", "documented"),
    [
        ("aurora-postgresql", "db.r6g.large", 1600),
        ("aurora-postgresql", "db.r6g.xlarge", 3300),
        ("aurora-postgresql", "db.r6g.2xlarge", 5000),
        ("aurora-mysql", "db.r6g.large", 1000),
        ("aurora-mysql", "db.r6g.xlarge", 2000),
        ("aurora-mysql", "db.r6g.2xlarge", 3000),
    ],
)
def test_connections_are_those_of_the_documentation_or_a_tenth_more(
    engine: str, instance_class: str, documented: int
) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html and AuroraMySQL's."""
    assert documented <= max_connections(engine, instance_class) <= documented * 1.13


def test_outside_aurora_mysql_reckons_by_memory_alone() -> None:
    assert max_connections("mysql", "db.m7g.large") == 682
    assert max_connections("mariadb", "db.m7g.large") == 682
    assert max_connections("postgres", "db.m7g.large") == 901


@pytest.mark.parametrize("name", ["db.serverless", "db.u7i.large", "r6g.large", "db.r6g.huge"])
def test_a_class_that_does_not_tell_its_memory_is_refused(name: str) -> None:
    with pytest.raises(
        ArgumentError, match=f"instance_class: got '{name}', allowed is a class of the families"
    ):
        memory_gib(name)
