"""moto's list of the services in use, which it looks through at each access to any of them: here it finds one at once.

Who is in it already, with the account that is asked for, is answered without the lock, too: the clock asks tens of thousands of times.
"""

from __future__ import annotations

from typing import Any


class InUse(list[Any]):
    """The list, with a set of whom it holds."""

    def __init__(self, found: list[Any]) -> None:
        super().__init__(found)
        self._held = {id(each) for each in found}

    def __contains__(self, service: object) -> bool:
        return id(service) in self._held

    def append(self, service: Any) -> None:
        """Note a service: the next reset empties it."""
        self._held.add(id(service))
        super().append(service)

    def clear(self) -> None:
        """Forget all of them."""
        self._held.clear()
        super().clear()


def find_at_once() -> None:
    """Let moto use such a list."""
    from moto.core.base_backend import BackendDict

    if isinstance(BackendDict._instances, InUse):  # noqa: SLF001
        return
    used = BackendDict._instances = InUse(BackendDict._instances)  # noqa: SLF001
    original = BackendDict.__getitem__

    def find(self: BackendDict[Any], account_id: str) -> Any:
        found = self.get(account_id)
        return found if found is not None and self in used else original(self, account_id)

    BackendDict.__getitem__ = find
