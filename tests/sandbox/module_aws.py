"""One AWS, one provider and one client a service for a whole module, for tests that use names of their own.

Emptying the AWS takes a second and so do new clients; a module imports these fixtures in place of those of `conftest`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.client import client
from sandbox.provider import Provider

__all__ = ["module_aws_endpoint", "module_boto", "module_provider"]


@pytest.fixture(scope="module", name="aws_endpoint")
def module_aws_endpoint(aws_server: Any) -> str:
    aws_server.app.reset()
    return f"http://127.0.0.1:{aws_server.port}"


@pytest.fixture(scope="module", name="boto")
def module_boto(aws_endpoint: str) -> Callable[..., Any]:
    return functools.cache(lambda service, region="us-east-1": client(aws_endpoint, service, region))


@pytest.fixture(scope="module", name="provider")
def module_provider(aws_endpoint: str) -> Provider:
    return Provider(endpoint=aws_endpoint, region="us-east-1", default_tags=None)
