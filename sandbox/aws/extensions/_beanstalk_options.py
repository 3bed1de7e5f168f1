"""Elastic Beanstalk: the options of an environment, and what its API refuses of them.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.elasticbeanstalk.exceptions import ElasticBeanstalkException

Options = dict[tuple[str, str], str]
"""By namespace and name."""
GROUP = "aws:autoscaling:asg"
SMALLEST, LARGEST = 1, 10_000
DEFAULTS = {(GROUP, "MinSize"): "1", (GROUP, "MaxSize"): "4"}


def _refused(message: str) -> ElasticBeanstalkException:
    """What Elastic Beanstalk answers to an option that can't be."""
    said = f"Configuration validation exception: {message}"
    return ElasticBeanstalkException("ConfigurationValidationException", said)


def checked(given: Iterable[Mapping[str, Any]]) -> Options:
    """The options of a new environment, with defaults where its group's sizes aren't given."""
    return changed(DEFAULTS, given, ())


def changed(
    before: Mapping[tuple[str, str], str],
    given: Iterable[Mapping[str, Any]],
    removed: Iterable[Mapping[str, Any]],
) -> Options:
    """Those that were there, with what is given now and without what is removed."""
    gone = {(each["Namespace"], each["OptionName"]) for each in removed}
    found = {key: value for key, value in before.items() if key not in gone}
    found |= {(each["Namespace"], each["OptionName"]): str(each.get("Value", "")) for each in given}
    _check_sizes(found)
    return found


def _check_sizes(options: Mapping[tuple[str, str], str]) -> None:
    sizes = {}
    for name in ("MinSize", "MaxSize"):
        value = options[GROUP, name]
        which = f"Invalid option value: '{value}' (Namespace: '{GROUP}', OptionName: '{name}')"
        if not value.isdecimal():
            raise _refused(f"{which}: Value is not a number")
        if not SMALLEST <= int(value) <= LARGEST:
            limit = (
                f"less than minimum allowed value: {SMALLEST}"
                if int(value) < SMALLEST
                else f"greater than maximum allowed value: {LARGEST}"
            )
            raise _refused(f"{which}: Value is {limit}")
        sizes[name] = int(value)
    if sizes["MinSize"] > sizes["MaxSize"]:
        message = f"AutoScaling minimum instance count ({sizes['MinSize']}) is greater than its maximum ({sizes['MaxSize']})"
        raise _refused(message)
