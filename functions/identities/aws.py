"""The table of the region that the function runs in, made once."""

from __future__ import annotations

import functools
import os
from typing import Any

import boto3


@functools.cache
def table() -> Any:
    """The table that TABLE names."""
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


def forget() -> None:
    """Make it anew: the environment has changed."""
    table.cache_clear()
