"""What botocore has read of AWS's service models, once a process: each session would read EC2's, a third of a second, for itself."""

from __future__ import annotations

import functools

from botocore import session


def share() -> None:
    """Give all sessions of this process, moto's too, one loader for each data path."""
    if not hasattr(session.create_loader, "cache_info"):
        session.create_loader = functools.cache(session.create_loader)
