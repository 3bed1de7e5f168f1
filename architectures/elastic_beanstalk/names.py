"""How the parts of a system on Elastic Beanstalk are called."""

from __future__ import annotations

import re

from architectures.parts.names import shortened
from architectures.stack import Stack
from components.compute.beanstalk_args import LONGEST_NAME

INSTANCES = "instances"
"""The tier of the security groups."""


def slug(runtime: str) -> str:
    """A runtime as part of a name: Python 3.13 is python-3-13."""
    return re.sub(r"[^a-z0-9]+", "-", runtime.lower()).strip("-")


def environment(stack: Stack, name: str, runtime: str) -> str:
    """The environment, which another runtime has another of: both stand beside each other until the new one serves."""
    return shortened(stack.named(name, slug(runtime)), LONGEST_NAME)
