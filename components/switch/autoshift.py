"""AWS takes traffic from a zone that is ill, and rehearses it about weekly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.options import handed_down

MOST_ALARMS = 10
MOST_WINDOWS = 15
"""https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html"""
_DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5][0-9]"
_WINDOW = re.compile(rf"({_DAY}:{_TIME})-(\2:{_TIME})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ZonalAutoshiftArgs:
    """What AWS may shift, and when it may rehearse."""

    resource_arn: pulumi.Input[str]
    """Load balancer with zonal shift enabled, whose targets carry the load with a zone gone."""
    outcome_alarm_arns: Mapping[str, pulumi.Input[str]]
    """By name: alarms that end a practice run as failed when one rings, 1 to 10."""
    blocking_alarm_arns: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """By name: alarms during which no practice run starts, at most 10."""
    blocked_windows: Sequence[str] = ()
    """UTC, `Mon:08:00-Mon:18:00`: no practice run starts in them, at most 15. Each lies within a day."""
    blocked_dates: Sequence[str] = ()
    """UTC, `2026-12-24`, at most 15."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        between("outcome_alarm_arns", len(self.outcome_alarm_arns), 1, MOST_ALARMS, "alarms")
        between("blocking_alarm_arns", len(self.blocking_alarm_arns), 0, MOST_ALARMS, "alarms")
        for argument, given, fits, form in (
            (
                "blocked_windows",
                self.blocked_windows,
                _is_window,
                "DAY:HH:MM-DAY:HH:MM within a day, such as Mon:08:00-Mon:18:00",
            ),
            ("blocked_dates", self.blocked_dates, _is_date, "YYYY-MM-DD"),
        ):
            between(argument, len(given), 0, MOST_WINDOWS)
            for each in given:
                need(fits(each), argument, repr(each), form)


def _is_window(text: str) -> bool:
    found = _WINDOW.fullmatch(text)
    return found is not None and found[1] < found[3]


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and dt.date.fromisoformat(text) is not None
    except ValueError:
        return False


class ZonalAutoshift(pulumi.ComponentResource):
    """Zonal autoshift of a load balancer, with the practice runs that AWS demands for it.

    Creates: the configuration. Survives: a zone that is ill without being down: AWS decides, nobody waits for a person. Costs: none.
    Source: https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.how-it-works.html
    """

    id: pulumi.Output[str]

    def __init__(
        self, name: str, args: ZonalAutoshiftArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:switch:ZonalAutoshift", name, {}, handed_down(opts))
        configuration = aws.arczonalshift.ZonalAutoshiftConfiguration(
            f"{name}-autoshift",
            resource_arn=args.resource_arn,
            zonal_autoshift_status="ENABLED",
            outcome_alarms=[
                {"alarm_identifier": arn, "type": "CLOUDWATCH"} for arn in args.outcome_alarm_arns.values()
            ],
            blocking_alarms=[
                {"alarm_identifier": arn, "type": "CLOUDWATCH"} for arn in args.blocking_alarm_arns.values()
            ]
            or None,
            blocked_windows=list(args.blocked_windows) or None,
            blocked_dates=list(args.blocked_dates) or None,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = configuration.id
        self.register_outputs({"id": self.id})
