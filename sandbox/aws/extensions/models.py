"""botocore's service models are looked for by one loader: each new one searches through four hundred folders first."""

from __future__ import annotations

import functools


def install() -> None:
    """Give moto one loader for all services."""
    from moto.core import utils

    utils.create_loader = functools.cache(utils.create_loader)
