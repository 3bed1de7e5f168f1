"""A domain whose mail is sent, and what converts videos: what their components refuse."""

from __future__ import annotations

from typing import Any

import pytest

from components.checks import ArgumentError
from components.mail import MailDomainArgs
from components.mail.args import DKIM_DOMAINS
from components.video import ConverterArgs
from tests.components.test_compute_containers import TAGS, TOPIC

DOMAIN: dict[str, Any] = {
    "tags": TAGS, "domain": "mail.holdfast.example", "zone_id": "Z1", "region": "us-east-1", "name": "example-files-mail",
    "policy": True, "actions": [TOPIC],
}  # fmt: skip
CONVERTER: dict[str, Any] = {
    "tags": TAGS, "name": "example-files-video", "region": "us-east-1", "bucket_arn": "arn:aws:s3:::files", "key_arn": "arn:key",
    "reads": "*/videos/*", "writes": "*/converted/*",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"domain": "Mail.example"}, "domain: got 'Mail.example', allowed is a lower-case domain name"),
        ({"domain": "x." * 117 + "example"}, "domain: got 'bounce-us-east-1."),
        ({"region": "eu-south-2"}, "region: got 'eu-south-2', allowed is one of ap-northeast-1"),
        ({"name": "a.b"}, "name: got 'a.b', allowed is 1 to 64 letters, digits, - and _"),
        ({"name": "a" * 65}, f"name: got '{'a' * 65}', allowed is 1 to 64 letters"),
        ({"actions": []}, "actions: got [], allowed is 1 or more: AWS stops who doesn't hear that mail comes back"),
    ],
)  # fmt: skip
def test_what_can_not_be_of_a_domain_is_told(more: dict[str, Any], message: str) -> None:
    MailDomainArgs(**DOMAIN).check()
    with pytest.raises(ArgumentError) as told:
        MailDomainArgs(**{**DOMAIN, **more}).check()
    assert str(told.value).startswith(message)


def test_regions_that_came_later_have_keys_of_their_own_domain() -> None:
    assert DKIM_DOMAINS["us-east-1"] == "dkim.amazonses.com"
    assert DKIM_DOMAINS["eu-south-1"] == "dkim.eu-south-1.amazonses.com"


def test_results_that_would_be_originals_are_refused() -> None:
    ConverterArgs(**CONVERTER).check()
    with pytest.raises(ArgumentError, match=r"writes: got '\*/videos/\*', allowed is another than reads"):
        ConverterArgs(**{**CONVERTER, "writes": "*/videos/*"}).check()
