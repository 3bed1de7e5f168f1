"""People, trails and keys of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .documents import Statement, conditions, statements, texts
from .kernel.rule import Context, Finding, rule
from .tokens import KEY, REPLICA_KEY

_GITHUB: Final = "oidc-provider/token.actions.githubusercontent.com"


@rule(
    "iam-no-users",
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userLoginProfile:UserLoginProfile",
)
def iam_no_users(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Users, their keys and their passwords; a key that is off is none."""
    if resource.known.text("status") != "Inactive":
        yield Finding(f"it is a {resource.type.rpartition(':')[2]}.")


@rule("cloudtrail-trail-whole", "aws:cloudtrail/trail:Trail")
def cloudtrail_trail_whole(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Regions, validation, and that it runs at all."""
    if not resource.known.flag("enableLogging", default=True):
        yield Finding("enableLogging is false.")
    for name in ("isMultiRegionTrail", "enableLogFileValidation"):
        if not resource.known.flag(name):
            yield Finding(f"{name} is not true.")


@rule("iam-role-oidc-subject", "aws:iam/role:Role")
def iam_role_oidc_subject(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Statements that trust GitHub's tokens: the subject must be named, without a wildcard."""
    for statement in statements(resource.known.text("assumeRolePolicy")):
        if statement.get("Effect") != "Allow" or not _trusts_github(statement):
            continue
        subjects = [values for _, key, values in conditions(statement) if key.endswith(":sub")]
        if not subjects:
            yield Finding("its trust names no subject (sub).")
        for value in (value for values in subjects for value in values):
            if "*" in value or "?" in value:
                yield Finding(f"its trust takes {value}: repository and branch are not named.")


def _trusts_github(statement: Statement) -> bool:
    principal = statement.get("Principal")
    federated = texts(principal.get("Federated")) if isinstance(principal, dict) else []
    return any(each.endswith(_GITHUB) for each in federated)


@rule(
    "kms-key-lockout-check",
    KEY,
    REPLICA_KEY,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/keyPolicy:KeyPolicy",
)
def kms_key_lockout_check(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The check that AWS makes when a policy is set."""
    if resource.known.flag("bypassPolicyLockoutSafetyCheck"):
        yield Finding("bypassPolicyLockoutSafetyCheck is true.")
