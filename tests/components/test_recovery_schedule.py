from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.recovery import validate_cron


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 5 ? * * *)",
        "cron(15 * ? * * *)",
        "cron(0 12 * * ? *)",
        "cron(0/30 8-17 ? * MON-FRI *)",
        "cron(0 7 1 * ? *)",
        "cron(0 7 L * ? *)",
        "cron(0 7 15W * ? *)",
        "cron(0 7 LW JAN,APR,jul,OCT ? 2026-2030)",
        "cron(0 7 ? * 6L *)",
        "cron(0 7 ? * FRI#2 *)",
        "cron(0,30 */2 ? * SUN *)",
    ],
)
def test_allowed(expression: str) -> None:
    validate_cron("schedule", expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", r"schedule: got '', allowed is cron\(minutes hours day-of-month"),
        ("0 5 ? * * *", r"schedule: got '0 5 \? \* \* \*', allowed is cron\(minutes hours day-of-month"),
        ("rate(1 day)", r"schedule: got 'rate\(1 day\)', allowed is cron\(minutes hours day-of-month"),
        (
            "cron(0 5 * * *)",
            r"schedule: got 'cron\(0 5 \* \* \*\)', allowed is cron\(minutes hours day-of-month",
        ),
        (
            "cron(0  5 ? * * *)",
            r"schedule: got 'cron\(0  5 \? \* \* \*\)', allowed is cron\(minutes hours day-of-month",
        ),
        (
            "cron(0 5 ? * * *) ",
            r"schedule: got 'cron\(0 5 \? \* \* \*\) ', allowed is cron\(minutes hours day-of-month",
        ),
        (
            "cron(0 5 * * * *)",
            r"schedule: got 'cron\(0 5 \* \* \* \*\)', allowed is '\?' for either day of month or day",
        ),
        (
            "cron(0 5 ? * ? *)",
            r"schedule: got 'cron\(0 5 \? \* \? \*\)', allowed is '\?' for either day of month or day",
        ),
        (
            "cron(60 5 ? * * *)",
            r"schedule: got 'cron\(60 5 \? \* \* \*\)' with '60' for minutes, allowed is 0 to 59, '\*', ranges a-b, steps a/b",
        ),
        (
            "cron(0 24 ? * * *)",
            r"schedule: got 'cron\(0 24 \? \* \* \*\)' with '24' for hours, allowed is 0 to 23, '\*', ranges a-b, steps a/b",
        ),
        ("cron(0 5 32 * ? *)", "'32' for day of month"),
        ("cron(0 5 0 * ? *)", "'0' for day of month"),
        ("cron(0 5 1 13 ? *)", "'13' for month"),
        ("cron(0 5 1 FEBR ? *)", "'FEBR' for month"),
        ("cron(0 5 ? * 8 *)", "'8' for day of week"),
        ("cron(0 5 ? * MON#6 *)", "'MON#6' for day of week"),
        ("cron(0 5 ? * * 1969)", "'1969' for year"),
        ("cron(0/0 5 ? * * *)", "'0/0' for minutes"),
        ("cron(0/x 5 ? * * *)", "'0/x' for minutes"),
        ("cron(0/ 5 ? * * *)", "'0/' for minutes"),
        ("cron(1- 5 ? * * *)", "'1-' for minutes"),
        ("cron(1,,2 5 ? * * *)", "'' for minutes"),
        ("cron(? 5 ? * * *)", "'\\?' for minutes"),
        ("cron(0 L ? * * *)", "'L' for hours"),
        ("cron(-5 5 ? * * *)", "'-5' for minutes"),
    ],
)
def test_refused(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_cron("schedule", expression)


LIMITS = {
    "minutes": (0, 59),
    "hours": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "year": (1970, 2199),
}


@given(
    name=st.sampled_from(sorted(LIMITS)),
    numbers=st.lists(st.integers(-5, 2300), min_size=1, max_size=4),
)
def test_lists_of_numbers_are_allowed_exactly_within_the_limits(name: str, numbers: list[int]) -> None:
    fields = ["0", "5", "1", "*", "?", "*"]
    fields[["minutes", "hours", "day of month", "month", "", "year"].index(name)] = ",".join(
        map(str, numbers)
    )
    low, high = LIMITS[name]
    expression = f"cron({' '.join(fields)})"
    if all(low <= number <= high for number in numbers):
        validate_cron("schedule", expression)
    else:
        with pytest.raises(ValueError, match=f"for {name}"):
            validate_cron("schedule", expression)
