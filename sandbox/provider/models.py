"""botocore's service models, read once."""

from __future__ import annotations

import functools
import re
import threading
from typing import Any

from botocore.session import Session

from sandbox import reading

reading.share()
_LOCK = threading.RLock()
_SESSION = Session()


@functools.cache
def partitions() -> list[Any]:
    """AWS's partitions with their regions and domains, as botocore's list of endpoints has them."""
    with _LOCK:
        return list(_SESSION.get_data("endpoints")["partitions"])


@functools.cache
def partition_of(region: str) -> Any:
    """The partition that a region belongs to."""
    with _LOCK:
        name = _SESSION.get_partition_for_region(region)
    return next(each for each in partitions() if each["partition"] == name)


@functools.cache
def names() -> dict[str, str]:
    """Every service that botocore knows, by its letters without dashes."""
    with _LOCK:
        return {re.sub("[^a-z0-9]", "", name): name for name in _SESSION.get_available_services()}


@functools.cache
def model(service: str) -> Any:
    """The model of a service: its operations and their shapes."""
    with _LOCK:
        return _SESSION.get_service_model(service)


@functools.cache
def request(service: str, operation: str) -> Any:
    """The shape of an operation's request; None when it takes nothing."""
    with _LOCK:
        return model(service).operation_model(operation).input_shape


@functools.cache
def response(service: str, operation: str) -> Any:
    """The shape of an operation's response; None when there is none."""
    with _LOCK:
        return model(service).operation_model(operation).output_shape


def members(shape: Any) -> dict[str, Any]:
    """The members of a structure; none for anything else."""
    with _LOCK:
        return dict(shape.members) if shape is not None and shape.type_name == "structure" else {}
