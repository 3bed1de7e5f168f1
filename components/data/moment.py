"""The moment that a DB instance is restored to, out of automated backups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pulumi

from components.checks import need


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Of which backups, and when. A restore makes a new instance; it takes the source's data, user and password.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
    """

    source_identifier: pulumi.Input[str] | None = None
    """An instance of the same region."""
    backups_arn: pulumi.Input[str] | None = None
    """Automated backups that another region's instance left here. Exactly one of both."""
    time: str | None = None
    """UTC, as 2026-11-26T10:00:00Z. None: as late as there are backups."""

    def check(self) -> None:
        """Raise ArgumentError for what RDS would refuse."""
        one = (self.source_identifier is None) != (self.backups_arn is None)
        need(one, "moment.source_identifier", "both or none", "exactly one of it and backups_arn")
        if self.time is not None:
            need(_fits(self.time), "moment.time", repr(self.time), "a moment in UTC, as 2026-11-26T10:00:00Z")

    def told(self) -> Any:
        """The property of the instance."""
        return {
            "source_db_instance_identifier": self.source_identifier,
            "source_db_instance_automated_backups_arn": self.backups_arn,
            "restore_time": self.time,
            "use_latest_restorable_time": True if self.time is None else None,
        }


def _fits(text: str) -> bool:
    try:
        return f"{dt.datetime.fromisoformat(text):%Y-%m-%dT%H:%M:%SZ}" == text
    except ValueError:
        return False
