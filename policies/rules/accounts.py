"""People, trails and keys of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .documents import Statement, conditions, statements, texts
from .kernel.rule import ALL, Context, Finding, Severity, rule
from .tokens import KEY, REPLICA_KEY

_IDENTITY: Final = "SEC02-BP04 Rely on a centralized identity provider"
_GITHUB: Final = "oidc-provider/token.actions.githubusercontent.com"


@rule(
    "iam-no-users",
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userLoginProfile:UserLoginProfile",
    severity=Severity.HIGH,
    tiers=ALL,
    why="A user's key works until somebody finds and deletes it, from wherever it was copied to.",
    remedy="Use roles: IAM Identity Center for people, OIDC for pipelines, instance and task roles for programs.",
    page="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    pillar=_IDENTITY,
    control="IAM.3, IAM.22",
    principles=("R42",),
)
def iam_no_users(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Users, their keys and their passwords; a key that is off is none."""
    if resource.known.text("status") != "Inactive":
        yield Finding(f"it is a {resource.type.rpartition(':')[2]}.")


@rule(
    "cloudtrail-trail-whole",
    "aws:cloudtrail/trail:Trail",
    severity=Severity.HIGH,
    tiers=ALL,
    why="A trail of one region misses what is done in the others, and one that isn't validated can be changed unseen.",
    remedy="Set is_multi_region_trail=True and enable_log_file_validation=True.",
    page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    pillar="SEC04-BP01 Configure service and application logging",
    control="CloudTrail.1, CloudTrail.4",
    principles=("R44",),
)
def cloudtrail_trail_whole(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Regions, validation, and that it runs at all."""
    if not resource.known.flag("enableLogging", default=True):
        yield Finding("enableLogging is false.")
    for name in ("isMultiRegionTrail", "enableLogFileValidation"):
        if not resource.known.flag(name):
            yield Finding(f"{name} is not true.")


@rule(
    "iam-role-oidc-subject",
    "aws:iam/role:Role",
    severity=Severity.CRITICAL,
    tiers=ALL,
    why="A role that trusts GitHub without naming repository and branch is anybody's who can push anywhere there.",
    remedy='Require "token.actions.githubusercontent.com:sub" to equal "repo:ORG/REPO:ref:refs/heads/BRANCH".',
    page="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    pillar=_IDENTITY,
    principles=("R47",),
)
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
    severity=Severity.HIGH,
    tiers=ALL,
    why="A key whose policy shuts everybody out can't be managed again, nor what is under it read, without AWS's support.",
    remedy="Remove bypass_policy_lockout_safety_check.",
    page="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    pillar="SEC08-BP01 Implement secure key management",
)
def kms_key_lockout_check(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The check that AWS makes when a policy is set."""
    if resource.known.flag("bypassPolicyLockoutSafetyCheck"):
        yield Finding("bypassPolicyLockoutSafetyCheck is true.")
