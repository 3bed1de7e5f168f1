"""What the rehearsals of a system are given, zonal autoshift and experiments; the settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pulumi

from architectures.faults import PLACEHOLDER, Fault, refusals
from architectures.parts.arguments import autoshift_faults
from architectures.parts.sections import Autoshift
from architectures.stack import Stack
from components.switch import ExperimentsArgs
from components.tags import Tags

EXPERIMENT_KEYS = {"names": "experiments"}
"""Argument of the component that a setting decides -> key within the system."""


def experiments(
    names: Sequence[str],
    stack: Stack,
    *,
    alarm_arns: Mapping[str, pulumi.Input[str]],
    zone_names: Mapping[str, pulumi.Input[str]],
    report_bucket: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    tags: Tags,
) -> ExperimentsArgs:
    """The templates of experiments: one ends when the system shows a symptom.

    The zone without power is the last one: with three or more it has no instance of the database, whose failover is another experiment.
    """
    return ExperimentsArgs(
        region=stack.region,
        names=names,
        zone_name=zone_names[stack.zones[-1]],
        peer_region=stack.peer_region,
        stop_alarm_arns=alarm_arns,
        report_bucket=report_bucket,
        key_arn=key_arn,
        tags=tags,
    )


def faults(given: Autoshift, names: Sequence[str], stack: Stack, tags: Tags) -> Iterator[Fault]:
    """What the components would refuse of it; what doesn't exist yet is replaced."""
    alarms = {"alarm": PLACEHOLDER}
    yield from autoshift_faults(given)
    if names:
        args = experiments(
            names,
            stack,
            alarm_arns=alarms,
            zone_names=dict.fromkeys(stack.zones, PLACEHOLDER),
            report_bucket=PLACEHOLDER,
            key_arn=PLACEHOLDER,
            tags=tags,
        )
        yield from refusals(args.check, EXPERIMENT_KEYS)
