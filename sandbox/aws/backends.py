"""moto's backends, found at once."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def find_at_once() -> None:
    """Let moto find a service's backend without looking through those of all services, which it does at each access.

    It looks whether the service must be noted as in use, for its next reset. One that holds an account's backends has been noted.
    """
    from moto.core.base_backend import BackendDict

    note = BackendDict._create_account_specific_backend  # noqa: SLF001

    def noted(self: Any, account_id: str) -> None:
        if not dict.__contains__(self, account_id):
            note(self, account_id)

    BackendDict._create_account_specific_backend = noted  # type: ignore[method-assign]  # noqa: SLF001
