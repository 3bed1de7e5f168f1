"""An AWS in this process: the sandbox's own application with all extensions, emptied before each test that uses it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.aws.app import configure_moto

configure_moto()


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Any]:
    """The running server object; `aws_server.app` is the WSGI application."""
    from sandbox.aws.serve import make_server

    server = make_server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    """The address of an empty AWS."""
    aws_server.app.reset()
    return f"http://127.0.0.1:{aws_server.port}"


@pytest.fixture
def boto(aws_endpoint: str) -> Callable[..., Any]:
    """`boto(service, region="us-east-1")` is a boto3 client of the empty AWS."""
    from sandbox.aws.client import client

    return lambda service, region="us-east-1": client(aws_endpoint, service, region)


@pytest.fixture
def provider(aws_endpoint: str) -> Any:
    """The sandbox's provider in us-east-1, without default tags."""
    from sandbox.provider import Provider

    return Provider(endpoint=aws_endpoint, region="us-east-1", default_tags=None)
