"""Writes that are made only if a condition holds."""

from __future__ import annotations

from collections.abc import Callable

from botocore.exceptions import ClientError

from functions.serverless_api.retry import again

_REFUSED = "ConditionalCheckFailedException"


def done(write: Callable[[], object]) -> bool:
    """Whether the write was made; False when its condition didn't hold."""
    try:
        again(write)
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:
            raise
        return False
    return True
