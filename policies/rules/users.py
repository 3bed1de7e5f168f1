"""Those who sign in to an application, and their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, rule

_POOL: Final = "aws:cognito/userPool:UserPool"
_IDENTITIES: Final = "aws:cognito/identityPool:IdentityPool"


@rule("cognito-user-pool-deletion-protection", _POOL)
def cognito_user_pool_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """A deleted pool's passwords are nowhere else."""
    if resource.known.text("deletionProtection") != "ACTIVE":
        yield Finding("deletionProtection is not ACTIVE.")


@rule("cognito-user-pool-mfa", _POOL)
def cognito_user_pool_mfa(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Cognito's default is none. OPTIONAL leaves it to each user."""
    if resource.known.text("mfaConfiguration", "OFF") == "OFF":
        yield Finding("mfaConfiguration is OFF.")


@rule("cognito-identity-pool-authenticated", _IDENTITIES)
def cognito_identity_pool_authenticated(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The classic flow lets a client choose among the roles that trust the pool."""
    if resource.known.flag("allowUnauthenticatedIdentities"):
        yield Finding("allowUnauthenticatedIdentities is true.")
    if resource.known.flag("allowClassicFlow"):
        yield Finding("allowClassicFlow is true.")
