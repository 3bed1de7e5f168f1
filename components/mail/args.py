"""What sending mail of a domain needs, and what Amazon SES asks for in DNS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, need, one_of
from components.edge import checks
from components.tags import Tags

_COMMON = "dkim.amazonses.com"
_OWN = ("af-south-1", "ap-northeast-3", "ap-southeast-3", "eu-south-1")
DKIM_DOMAINS = {
    **dict.fromkeys(
        (
            "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
            "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
        ),
        _COMMON,
    ),
    **{region: f"dkim.{region}.amazonses.com" for region in _OWN},
}  # fmt: skip
"""By region: where the keys of Easy DKIM are published. https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains"""
BOUNCES, COMPLAINTS = 0.05, 0.001
"""Shares of mail from which AWS puts an account under review; it stops one from sending at 0.1 and 0.005.
https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html"""


@dataclass(frozen=True, kw_only=True)
class MailDomainArgs:
    """What one region needs to send mail of a domain."""

    tags: Tags
    domain: str
    """What addresses of senders end with. Nobody else sends mail of it: its DMARC record speaks for all."""
    zone_id: pulumi.Input[str]
    """The hosted zone that the domain is of, which receivers ask."""
    region: str
    name: str
    """Of the configuration set: no other of the account's region is called so; 1 to 64 letters, digits, `-` and `_`."""
    policy: bool
    """Whether this stack says what receivers do with mail that is forged: one of two does."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told when too much mail comes back or is complained of; at least one."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that SES or Route 53 would refuse."""
        checks.domain("domain", self.domain)
        checks.domain("domain", self.mail_from)
        one_of("region", self.region, DKIM_DOMAINS)
        fits = 0 < len(self.name) <= 64 and self.name.replace("-", "").replace("_", "").isalnum()  # noqa: PLR2004
        need(fits, "name", repr(self.name), "1 to 64 letters, digits, - and _")
        at_least("actions", self.actions, 1, "AWS stops who doesn't hear that mail comes back")

    @property
    def mail_from(self) -> str:
        """Where mail that can't be delivered comes back to: of this region alone, since such a name has one MX record.

        https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
        """
        return f"bounce-{self.region}.{self.domain}"
