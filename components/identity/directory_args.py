"""What a user pool and its client need, and Cognito's limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, each_once, need, one_of
from components.tags import Tags

MFA = {"required": "ON", "optional": "OPTIONAL"}
"""How it is said -> Cognito's word."""
PLUS = "plus"
PLANS = ("essentials", PLUS)
"""Feature plans: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html"""
REFRESH_DAYS = (1, 3650)
"""https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html, in whole days."""
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_RESERVED = ("aws", "amazon", "cognito")
"""https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"""
_SAFE = re.compile(
    r"https://[^/\s]+(/\S*)?|http://localhost(:\d+)?(/\S*)?|(?!https?:)[a-z][a-z0-9.+-]+://\S+"
)
"""Where codes may be sent to, an app by a scheme of its own as `com.example.files://signed-in`.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"""
_IDENTITY = re.compile(r"arn:aws[a-z-]*:ses:[a-z0-9-]+:\d{12}:identity/\S+")


@dataclass(frozen=True, kw_only=True)
class SignInPages:
    """Cognito's own pages to sign in at, for clients that have none."""

    domain: str
    """Prefix of their DNS name, which no other pool of the region has: 1 to 63 lower-case letters, digits, hyphens."""
    callbacks: Sequence[str]
    """Where codes are sent to: HTTPS, this machine, or an app's own scheme; at least one."""
    logouts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Who sends the pool's mail: a verified identity of SES of the region, out of its sandbox."""

    identity: str
    """ARN."""
    sender: str
    """`files@holdfast.example`, an address of the identity."""


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A function that the pool asks, by its alias."""

    function_name: pulumi.Input[str]
    alias: pulumi.Input[str]
    alias_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class UserDirectoryArgs:
    """What a user pool and its client need."""

    tags: Tags
    prefix: str
    """Name of pool and client."""
    trigger: Trigger
    """Asked before tokens are given, and when somebody unknown has forgotten a password."""
    mfa: str = "required"
    """`required` or `optional`: codes of an authenticator app."""
    self_sign_up: bool = False
    """Whether anybody may make an account. False: who operates the pool makes them."""
    plan: str = "essentials"
    """`essentials`, or `plus`: threat protection, which blocks risky sign-ins and stolen passwords."""
    refresh_days: int = 30
    """Days after which everybody signs in again, 1 to 3,650."""
    pages: SignInPages | None = None
    """None: clients ask the API with SRP, and no password is sent."""
    mail: Mail | None = None
    """None: Cognito sends them itself, 50 a day: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html"""
    protect: bool = True
    """AWS and Pulumi refuse to delete the pool."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that Cognito would refuse or that opens what is closed."""
        one_of("mfa", self.mfa, MFA)
        one_of("plan", self.plan, PLANS)
        between("refresh_days", self.refresh_days, *REFRESH_DAYS, "days")
        if self.pages is not None:
            _check_pages(self.pages)
        if self.mail is not None:
            whose = "the ARN of an identity of SES"
            fits = bool(_IDENTITY.fullmatch(self.mail.identity))
            need(fits, "mail.identity", repr(self.mail.identity), whose)
            address = self.mail.sender
            need(address.isprintable() and address.find("@") > 0, "mail.sender", repr(address), "an address")


def _check_pages(pages: SignInPages) -> None:
    free = not any(word in pages.domain for word in _RESERVED)
    words = (
        f"1 to 63 lower-case letters, digits and hyphens within, and none of the words {', '.join(_RESERVED)}"
    )
    need(bool(_DOMAIN.fullmatch(pages.domain)) and free, "pages.domain", repr(pages.domain), words)
    at_least("pages.callbacks", pages.callbacks, 1, "who has signed in goes back to one")
    for what, urls in (("callbacks", pages.callbacks), ("logouts", pages.logouts)):
        each_once(f"pages.{what}", list(urls))
        for url in urls:
            safe = bool(_SAFE.fullmatch(url)) and "#" not in url
            allowed = (
                "https://, http://localhost or an app's own scheme, without a fragment: codes are secrets"
            )
            need(safe, f"pages.{what}", repr(url), allowed)
