"""boto3 clients of the sandbox's AWS, and what a shell or another program needs to reach it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

ACCOUNT = "123456789012"
"""moto's account."""


def environment(endpoint: str, region: str = "us-east-1") -> dict[str, str]:
    """Environment variables with which boto3 and the AWS CLI talk to `endpoint`, whatever the user's own AWS settings are."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


_USERS_OWN = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_CA_BUNDLE",
)
_LOOPBACK = "127.0.0.1,localhost"


def shield(variables: MutableMapping[str, str]) -> None:
    """Keep the user's own AWS settings and proxies away from a sandbox, which is on the loopback and knows no profile."""
    for name in _USERS_OWN:
        variables.pop(name, None)
    for name in ("NO_PROXY", "no_proxy"):
        kept = variables.get(name)
        if _LOOPBACK not in (kept or ""):
            variables[name] = f"{kept},{_LOOPBACK}" if kept else _LOOPBACK


_made: dict[str, dict[tuple[str, str, str], Any]] = {}
"""Clients by the AWS that they ask."""


def client(endpoint: str, service: str, region: str, by: str = "") -> Any:
    """A boto3 client of one service in one region. It doesn't retry: the sandbox's errors are meant. `by` says who calls.

    The same one each time, which any number of threads may use: to make one takes longer than a call. Who ends an AWS forgets them.
    """
    known, asked = _made.setdefault(endpoint, {}), (service, region, by)
    if asked not in known:
        known[asked] = _client(endpoint, service, region, by)
    return known[asked]


def forget(endpoint: str) -> None:
    """Close the connections to an AWS that has ended."""
    for each in _made.pop(endpoint, {}).values():
        each.close()


def _client(endpoint: str, service: str, region: str, by: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",  # noqa: S106 - the sandbox checks no signature
        config=Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            inject_host_prefix=False,
            user_agent_extra=f"by/{by}" if by else None,
            s3={"addressing_style": "path"},
        ),
    )
