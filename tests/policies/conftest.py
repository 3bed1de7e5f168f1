"""One pack process for all tests of the pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.policy import PolicyHost

PACK = Path(__file__).resolve().parents[2] / "policies"


@pytest.fixture(scope="session")
def running() -> Iterator[PolicyHost]:
    with PolicyHost(PACK, "shop", "prod") as host:
        yield host


class Configured:
    """The running pack, configured again only when the configuration changes."""

    def __init__(self, host: PolicyHost) -> None:
        self._host = host
        self._config: Mapping[str, Any] = {}
        self._of_stack: Mapping[str, str] = {}
        self.analyze, self.analyze_stack = host.analyze, host.analyze_stack
        self.remediate, self.rules = host.remediate, host.rules

    def configure(self, config: Mapping[str, Any]) -> None:
        if config != self._config:
            self._host.configure(config)
            self._config = config

    def configure_stack(self, config: Mapping[str, str]) -> None:
        if config != self._of_stack:
            self._host.configure_stack(config)
            self._of_stack = config


@pytest.fixture(scope="session")
def configured(running: PolicyHost) -> Configured:
    return Configured(running)


@pytest.fixture
def pack(configured: Configured) -> Configured:
    """The pack with its default configuration."""
    configured.configure({})
    configured.configure_stack({})
    return configured
