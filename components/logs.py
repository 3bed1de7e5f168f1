"""Log groups: how long they keep what."""

from __future__ import annotations

from components.checks import one_of

RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""What CloudWatch Logs can keep events for, in days.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def check_retention(argument: str, days: int) -> None:
    """Raise ArgumentError unless CloudWatch Logs knows that retention."""
    one_of(argument, days, RETENTION_DAYS)
