"""The keys of a system of users' files: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.content.conftest import configured
from tests.test_settings import load, refusals

MAIL = "arn:aws:ses:us-east-1:123456789012:identity/holdfast.example"

MAILED = {"domain": "mail.holdfast.example"}


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"files"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"noncurrentDays": 0}, "noncurrentDays: got 0, allowed is 1 day or more"),
        ({"table": {"recoveryDays": 36}}, "table.recoveryDays: got 36, allowed is 1 to 35 days"),
        ({"queue": {"visibilitySeconds": 59}}, "queue.visibilitySeconds: got 59, allowed is 60 s or more: 6 times the function's 10 s"),
        ({"queue": {"receives": 0}}, "queue.receives: got 0, allowed is 1 to 1000 times"),
        ({"queue": {"ageSeconds": 345600}}, "queue.ageSeconds: got 345600, allowed is 1 to 345599 s, less than messages are kept"),
        ({"reconcile": {"everyMinutes": 14}}, "reconcile.everyMinutes: got 14, allowed is 15 to 720 minutes"),
        ({"reconcile": {"everyMinutes": 721}}, "reconcile.everyMinutes: got 721, allowed is 15 to 720 minutes"),
        ({"reconcile": {"graceMinutes": 4}}, "reconcile.graceMinutes: got 4, allowed is 5 to 1440 minutes"),
        ({"rebuild": True}, "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands"),
        (
            {"strategy": "backup-and-restore"},
            "identities: got a user pool, allowed is none with backup-and-restore: a lost region's accounts are known by a table that both regions have",
        ),
        ({"identities": {"mfa": "off"}}, "identities.mfa: got 'off', allowed is one of required, optional"),
        ({"identities": {"plan": "lite"}}, "identities.plan: got 'lite', allowed is one of essentials, plus"),
        ({"identities": {"refreshDays": 0}}, "identities.refreshDays: got 0, allowed is 1 to 3650 days"),
        (
            {"identities": {"pages": {"domain": "my-cognito", "callbacks": ["https://a.example"]}}},
            "identities.pages.domain: got 'my-cognito', allowed is 1 to 63 lower-case letters, digits and hyphens within, and none of the words aws, amazon, cognito",
        ),
        (
            {"identities": {"pages": {"domain": "files", "callbacks": []}}},
            "identities.pages.callbacks: got [], allowed is 1 or more: who has signed in goes back to one",
        ),
        *(
            (
                {"identities": {"pages": {"domain": "files", what: [url], **({} if what == "callbacks" else {"callbacks": ["https://a.example"]})}}},
                f"identities.pages.{what}: got {url!r}, allowed is https://, http://localhost or an app's own scheme, without a fragment: codes are secrets",
            )
            for what, url in [
                ("callbacks", "http://a.example/"),
                ("callbacks", "http://localhost.example/"),
                ("callbacks", "https://a.example/#token"),
                ("callbacks", "HTTP://a.example/"),
                ("logouts", "a.example"),
            ]
        ),
        (
            {"identities": {"mail": {"identity": "holdfast.example", "sender": "a@holdfast.example"}}},
            "identities.mail.identity: got 'holdfast.example', allowed is the ARN of an identity of SES",
        ),
        (
            {"identities": {"mail": {"identity": MAIL, "sender": "holdfast"}}},
            "identities.mail.sender: got 'holdfast', allowed is an address",
        ),
        (
            {"identities": {"mail": {"identity": MAIL.replace("east", "west"), "sender": "a@holdfast.example"}}},
            f"identities.mail.identity: got {MAIL.replace('east', 'west')!r}, allowed is an identity of us-east-1: the other region's mail goes with it",
        ),
        (
            {"objectives": {"drTier": 1, "rtoHours": 1, "rpoMinutes": 14}},
            "objectives.rpoMinutes: got 14, allowed is 15 or more: so long may an object take to the other region, as S3 agrees to",
        ),
        *(
            ({"mail": {"domain": domain}}, f"mail.domain: got {domain!r}, allowed is a domain below holdfast.example: what receivers are told of it, they are told of all its mail")
            for domain in ("holdfast.example", "mail.example", "mailholdfast.example")
        ),
        ({"mail": {"domain": "Mail.holdfast.example"}}, "mail.domain: got 'Mail.holdfast.example', allowed is a lower-case domain name, such as shop.example.com"),
        ({"mail": {**MAILED, "sender": "a@b"}}, "mail.sender: got 'a@b', allowed is 1 to 64 letters, digits and ._+-, such as no-reply"),
        ({"mail": {**MAILED, "atOnce": 1}}, "mail.atOnce: got 1, allowed is 2 to 1000 invocations"),
        ({"mail": {**MAILED, "queue": {"receives": 0, "visibilitySeconds": 180}}}, "mail.queue.receives: got 0, allowed is 1 to 1000 times"),
        ({"mail": {**MAILED, "queue": {}}}, "mail.queue.visibilitySeconds: got 60, allowed is 180 s or more: 6 times the function's 30 s"),
        ({"video": {"uploads": "videos"}}, "video.uploads: got 'videos', allowed is 1 to 32 letters, digits, - and _, and a slash, such as videos/"),
        ({"video": {"results": "a/b/"}}, "video.results: got 'a/b/', allowed is 1 to 32 letters, digits, - and _, and a slash, such as videos/"),
        ({"video": {"results": "videos/"}}, "video.results: got 'videos/', allowed is another than uploads, 'videos/': what is made of an original would be one again"),
        ({"video": {"widths": []}}, "video.widths: got none, allowed is one or more of 640, 854, 960, 1280, 1920, 2560, 3840, each once"),
        ({"video": {"widths": [640, 720]}}, "video.widths: got 640, 720, allowed is one or more of 640, 854, 960, 1280, 1920, 2560, 3840, each once"),
        ({"video": {"widths": [640, 640]}}, "video.widths: got 640, 640, allowed is one or more of 640, 854, 960, 1280, 1920, 2560, 3840, each once"),
        ({"video": {"queue": {"visibilitySeconds": 179}}}, "video.queue.visibilitySeconds: got 179, allowed is 180 s or more: 6 times the function's 30 s"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"holdfast:systems.files.{line}"]


def test_a_bucket_that_nothing_leaves_may_promise_less() -> None:
    less = {"drTier": 1, "rtoHours": 1, "rpoMinutes": 14}
    assert load(configured("prod", strategy="backup-and-restore", identities=None, objectives=less)).systems


def test_two_systems_can_not_send_mail_of_one_domain() -> None:
    config = configured("prod")
    own = {"kind": "content", "mail": MAILED}
    config["holdfast:systems"] = {"files": own, "news": own}
    lines = refusals(config)
    assert len(lines) == 2
    assert "news: got 'mail.holdfast.example', allowed is each DNS name once, and files has it" in lines[0]
