"""Operations of botocore's service models are made by one thread at a time.

moto keeps its own model of an operation under the name under which botocore has just kept the one that it is made of: a second thread
would be given that.
"""

from __future__ import annotations

import functools
import threading
from typing import Any


def _one_at_a_time(original: Any) -> Any:
    lock = threading.RLock()

    @functools.wraps(original)
    def operation_model(self: Any, operation_name: str) -> Any:
        with lock:
            return original(self, operation_name)

    return operation_model


def install() -> None:
    """Give moto whole models."""
    from moto.core import model

    model.ServiceModel.operation_model = _one_at_a_time(model.ServiceModel.operation_model)
