"""Permissions and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .documents import listed, statements
from .kernel.rule import ALL, NONE, UPPER, Context, Finding, Scope, Severity, rule
from .tokens import SECRET

_POLICIES: Final = (
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
_ATTACHMENTS: Final = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)


@rule(
    "iam-policy-no-wildcard-admin",
    *_POLICIES,
    *_ATTACHMENTS,
    severity=Severity.HIGH,
    tiers=ALL,
    why="Who may do everything everywhere can delete every backup in every region.",
    remedy="Name the actions and the resources.",
    page="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    pillar="SEC03-BP02 Grant least privilege access",
    control="IAM.1",
)
def iam_policy_no_wildcard_admin(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Documents that allow `*` on `*`, and AWS's own policy that does."""
    if resource.type in _ATTACHMENTS:
        if resource.known.text("policyArn").endswith(":policy/AdministratorAccess"):
            yield Finding("it attaches AdministratorAccess.")
        return
    for statement in statements(resource.known.text("policy")):
        everything = {"*", "*:*"} & set(map(str, listed(statement.get("Action"))))
        everywhere = "*" in listed(statement.get("Resource"))
        if statement.get("Effect") == "Allow" and everything and everywhere:
            yield Finding("it allows every action on every resource.")


@rule(
    "secretsmanager-secret-replicated",
    SECRET,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="An application that starts in the other region can't read a secret that is only in the lost one.",
    remedy="Add the other region to replicas.",
    page="https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
    pillar="REL13-BP02 Use defined recovery strategies to meet the recovery objectives",
    finding="Cross-region session state lost",
)
def secretsmanager_secret_replicated(resource: Resource, _context: Context) -> Iterator[Finding]:
    """One replica or more."""
    if not resource.known.has("replicas"):
        yield Finding("it has no replica in another region.")


@rule(
    "secretsmanager-secret-rotated",
    SECRET,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="A secret that never changes is known to everybody who ever had it.",
    remedy="Add a SecretRotation.",
    page="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
    pillar="SEC02-BP05 Audit and rotate credentials periodically",
    control="SecretsManager.1",
)
def secretsmanager_secret_rotated(resource: Resource, context: Context) -> Iterator[Finding]:
    """Rotation is a resource of its own."""
    rotation = "aws:secretsmanager/secretRotation:SecretRotation"
    found = context.graph.users(resource, "secretId", rotation)
    if not any(each.flag("rotationEnabled", default=True) is not False for each in found):
        yield Finding("it is not rotated.")
