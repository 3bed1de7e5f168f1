"""Steps that the network's tests share."""

from __future__ import annotations

from typing import Any

from sandbox.provider import Provider

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
Made = tuple[str, dict[str, Any], dict[str, Any]]
"""Id, checked inputs, outputs."""


def urn(token: str) -> str:
    return f"urn:pulumi:prod::holdfast::{token}::net"


def change(provider: Provider, token: str, made: Made, **news: Any) -> Made:
    """Update with some inputs changed (None takes one away), after asserting that this replaces nothing."""
    id_, olds, outputs = made
    inputs = {k: v for k, v in {**olds, **news}.items() if v is not None and k != "tagsAll"}
    checked, failures = provider.check(token, urn(token), olds, inputs)
    assert failures == []
    found = provider.diff(token, olds, checked)
    assert found.changes
    assert found.replaces == []
    after = provider.update(token, id_, olds, outputs, checked)
    assert provider.read(token, id_, checked) == after
    return id_, checked, after


def replaces(provider: Provider, token: str, made: Made, **news: Any) -> list[str]:
    """Which of the changed inputs replace the resource."""
    return provider.diff(token, made[1], {**made[1], **news}).replaces


def refused(provider: Provider, token: str, **inputs: Any) -> list[str]:
    """Why the check fails."""
    return [reason for _, reason in provider.check(token, urn(token), {}, inputs)[1]]


def tags(found: dict[str, Any]) -> dict[str, str]:
    """The tags that boto3 shows, as a map."""
    return {t["Key"]: t["Value"] for t in found.get("Tags", [])}
