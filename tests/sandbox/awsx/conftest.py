from __future__ import annotations

import pytest

from sandbox.awsx import server


@pytest.fixture(scope="session")
def awsx_port():
    """The port of the sandbox's awsx."""
    port, stop = server.serve()
    yield port
    stop()
