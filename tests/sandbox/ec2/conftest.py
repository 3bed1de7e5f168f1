"""One AWS for all network tests: they make VPCs of their own, so they need no empty one each."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.aws.client import client
from sandbox.provider import Provider
from tests.sandbox.ec2.steps import Made, urn


@pytest.fixture(scope="package")
def aws_endpoint(aws_server: Any) -> str:
    """The address of an AWS that is empty once, before the first of them."""
    aws_server.app.reset()
    return f"http://127.0.0.1:{aws_server.port}"


@pytest.fixture(scope="package")
def boto(aws_endpoint: str) -> Callable[..., Any]:
    """`boto(service, region="us-east-1")` is a boto3 client."""
    return functools.cache(lambda service, region="us-east-1": client(aws_endpoint, service, region))


@pytest.fixture(scope="package")
def ec2(boto: Callable[..., Any]) -> Any:
    return boto("ec2")


@pytest.fixture(scope="package")
def provider(aws_endpoint: str) -> Provider:
    return Provider(endpoint=aws_endpoint, region="us-east-1", default_tags=None)


@pytest.fixture(scope="package")
def make(provider: Provider) -> Callable[..., Made]:
    """`make(token, **inputs)` checks and creates: id, checked inputs, outputs. Reading it back must show the same."""

    def made(token: str, **inputs: Any) -> Made:
        checked, failures = provider.check(token, urn(token), {}, inputs)
        assert failures == []
        id_, outputs = provider.create(token, checked)
        assert id_ is not None
        again, _ = provider.check(token, urn(token), checked, inputs)
        assert not provider.diff(token, checked, again).changes
        assert provider.read(token, id_, checked) == outputs
        return id_, checked, outputs

    return made
