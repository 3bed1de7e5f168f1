"""Clients of the region that the function runs in, made once."""

from __future__ import annotations

import functools
import os
from typing import Any

import boto3


@functools.cache
def s3() -> Any:
    """Its S3."""
    return boto3.client("s3")


@functools.cache
def table() -> Any:
    """The table that TABLE names."""
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


@functools.cache
def cloudwatch() -> Any:
    """Its CloudWatch."""
    return boto3.client("cloudwatch")


@functools.cache
def sqs() -> Any:
    """Its SQS."""
    return boto3.client("sqs")


def region() -> str:
    """Its name."""
    found: str = s3().meta.region_name
    return found


def forget() -> None:
    """Make them anew: the environment has changed."""
    for each in (s3, table, cloudwatch, sqs):
        each.cache_clear()
