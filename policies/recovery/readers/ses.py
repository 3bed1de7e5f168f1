"""Identities of Amazon SES that mail is sent from: in several zones by themselves, and in one region.

Each region's identity is verified, signs and has limits by itself; mail that waits is a queue's, not SES's.
https://docs.aws.amazon.com/ses/latest/dg/regions.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit

from .common import unit
from .elb import beyond

KIND = "mail"
IDENTITIES = ("aws:sesv2/emailIdentity:EmailIdentity", "aws:ses/domainIdentity:DomainIdentity")
_PARTS = {
    "emailIdentity": (
        "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes",
        "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
    ),
    "domain": ("aws:ses/mailFrom:MailFrom", "aws:ses/domainDkim:DomainDkim"),
}


def read(graph: Graph) -> list[Unit]:
    """One unit for each identity, with what is said of it."""
    return [_identity(graph, r) for r in graph.of(*IDENTITIES)]


def _identity(graph: Graph, r: Resource) -> Unit:
    parts = [each for key, types in _PARTS.items() for each in graph.users(r, key, *types)]
    return unit(graph, KIND, r, {}, owned=[each.urn for each in parts])


def options(u: Unit, world: Surroundings) -> list[Option]:
    """AWS runs it in several zones; the identity of another region; verified there again."""
    zones = Option(
        name="SES in several zones", survives=survive(I, Z), rpo=NOTHING, managed=True, manual=False
    )
    return [zones, *beyond(u, world, "identity", "an identity of the domain there", survive(I, Z, R))]
