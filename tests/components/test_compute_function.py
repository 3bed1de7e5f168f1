"""What a function refuses that no setting reaches; all else is tested with the kind that has functions."""

from __future__ import annotations

import dataclasses
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.compute import FunctionArgs, Source
from components.tags import Tags

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
SOURCE = Source(arn="queue", statements=(), visibility_seconds=60)
ARGS = FunctionArgs(
    tags=TAGS,
    code=pulumi.AssetArchive({"a.py": pulumi.StringAsset("")}),
    handler="a.handler",
    about="works",
    key_arn="key",
    actions=["topic"],
)


@pytest.mark.parametrize(
    "changes",
    [{}, {"source": SOURCE}, {"subnet_ids": ["a", "b"], "security_group_ids": ["g"]}, {"snap_start": True}],
)
def test_what_can_be(changes: dict[str, Any]) -> None:
    dataclasses.replace(ARGS, **changes).check()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: errors that nobody hears of are none"),
        ({"architecture": "arm"}, "architecture: got 'arm', allowed is one of arm64, x86_64"),
        (
            {"subnet_ids": ["a", "b"]},
            "subnet_ids: got 2, allowed is subnets with security groups, or neither",
        ),
        (
            {"subnet_ids": ["a"], "security_group_ids": ["g"]},
            "subnet_ids: got 1, allowed is none, or two or more: one a zone",
        ),
        ({"log_days": 4}, "log_days: got 4, allowed is one of 1, 3, 5"),
        (
            {"source": dataclasses.replace(SOURCE, batch=11)},
            "source.batch: got 11, allowed is 1 to 10 messages",
        ),
    ],
)
def test_what_can_not_be_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as told:
        dataclasses.replace(ARGS, **changes).check()
    assert str(told.value).startswith(said)
