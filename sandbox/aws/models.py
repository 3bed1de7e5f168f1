"""botocore's models of services are looked for and read by one loader, moto's.

Each new loader searches through four hundred folders first. And moto asks botocore in which regions a service is, which for that reads
the model that moto answers with a second time, all of EC2's while it starts.
"""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def _session() -> Any:
    from botocore.session import Session
    from moto.core import utils

    found = Session()
    found.register_component("data_loader", utils.create_loader())
    return found


def _told(original: Any) -> Any:
    """What such a session answers, which is the same each time."""

    @functools.cache
    def known(*asked: Any, **named: Any) -> tuple[str, ...]:
        return tuple(original(_session(), *asked, **named))

    @functools.wraps(original)
    def tell(_self: Any, *asked: Any, **named: Any) -> list[str]:
        return list(known(*asked, **named))

    tell.known = known  # type: ignore[attr-defined]
    return tell


def read_once() -> None:
    """Give moto one loader, and every session of this process what it has read of services and their regions."""
    from botocore.session import Session
    from moto.core import base_backend, utils

    if hasattr(Session.get_available_regions, "known"):
        return
    utils.create_loader = functools.cache(utils.create_loader)
    for name in ("get_available_regions", "get_available_services"):
        setattr(Session, name, _told(getattr(Session, name)))
    utils.Session = base_backend.AccountSpecificBackend.get_session = _session
