"""Ingestion: what its component refuses."""

from __future__ import annotations

from typing import Any

import pytest

from components.checks import ArgumentError
from components.ingestion import IngestionArgs
from tests.components.test_compute_containers import TAGS, TOPIC

NAME = "1 to 64 letters, digits, _, . and -"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: records that are refused unheard are lost"),
        ({"identifier": "shop/data"}, f"identifier: got 'shop/data', allowed is {NAME}"),
        ({"identifier": "s" * 65}, f"identifier: got '{'s' * 65}', allowed is {NAME}"),
        ({"root": "+"}, "root: got '+', allowed is 1 to 64 letters, digits, _ and -: one part of a topic"),
        ({"buffer_seconds": -1}, "buffer_seconds: got -1, allowed is 0 to 900 s"),
        ({"buffer_mib": 129}, "buffer_mib: got 129, allowed is 1 to 128 MiB"),
        ({"log_days": 2}, "log_days: got 2, allowed is one of 1, 3, 5"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_told(more: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "tags": TAGS, "identifier": "shop-data", "region": "us-east-1", "root": "shop", "bucket_arn": "arn:aws:s3:::kept",
        "key_arn": "arn:key", "actions": [TOPIC],
    }  # fmt: skip
    IngestionArgs(**given).check()
    with pytest.raises(ArgumentError) as told:
        IngestionArgs(**{**given, **more}).check()
    assert str(told.value).startswith(message)
