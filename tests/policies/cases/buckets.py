from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R
from tests.policies.cases.exposure import ACCOUNT_BLOCK, BUCKET, FOUR, blocked

CASES = [
    Case(
        rule="s3-bucket-public-access-block",
        bad=[R(BUCKET)],
        good=blocked(**dict.fromkeys(FOUR, True)),
        unsure=blocked(**{**dict.fromkeys(FOUR, True), "blockPublicAcls": NOT_KNOWN}),
    ),
    Case(
        rule="s3-bucket-public-access-block",
        note="three",
        bad=blocked(**dict.fromkeys(FOUR[:3], True)),
        good=blocked(**dict.fromkeys(FOUR, True)),
        unsure=blocked(**dict.fromkeys(FOUR, NOT_KNOWN)),
    ),
    Case(
        rule="s3-bucket-public-access-block",
        note="of-the-account",
        bad=[R(BUCKET), R(ACCOUNT_BLOCK, "account", {"blockPublicAcls": True})],
        good=[R(BUCKET), R(ACCOUNT_BLOCK, "account", dict.fromkeys(FOUR, True))],
        unsure=[R(BUCKET), R(ACCOUNT_BLOCK, "account", dict.fromkeys(FOUR, NOT_KNOWN))],
        alone=True,
    ),
]
