"""Functions run in this process against the sandbox's AWS, as Lambda would run them: by environment variables alone."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import aws_endpoint, aws_server, boto  # noqa: F401


@pytest.fixture
def in_lambda(aws_endpoint, monkeypatch):  # noqa: F811
    for name, value in {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch.setenv
