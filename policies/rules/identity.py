"""Permissions and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, Unknown

from .documents import everything, statements
from .kernel.rule import Context, Finding, Scope, rule
from .tokens import SECRET

_DOCUMENTS: Final = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
}
"""Where a type has its policy document."""
_ATTACHED: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/role:Role": "managedPolicyArns",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
}
"""Where a type names managed policies."""
_ROLE: Final = "aws:iam/role:Role"


@rule("iam-policy-no-wildcard-admin", *_DOCUMENTS, *_ATTACHED)
def iam_policy_no_wildcard_admin(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Documents that allow everything, or everything but some, on everything; and AWS's own policy that does."""
    documents, unknown = _documents(resource)
    for document in documents:
        for statement in statements(document):
            said = everything(statement)
            if said:
                yield Finding(f"it allows {said}.")
    arns = resource.items(_ATTACHED[resource.type]) if resource.type in _ATTACHED else []
    for arn in [arns] if isinstance(arns, Unknown) else arns:
        if isinstance(arn, Unknown):
            unknown = arn.path
        elif isinstance(arn, str) and arn.endswith(":policy/AdministratorAccess"):
            yield Finding("it attaches AdministratorAccess.")
    if unknown:
        raise NotKnownError(unknown)


def _documents(resource: Resource) -> tuple[list[str], str]:
    """A resource's policy documents, and the path of one that isn't known."""
    paths = [_DOCUMENTS[resource.type]] if resource.type in _DOCUMENTS else []
    if resource.type == _ROLE:
        rows = resource.items("inlinePolicies")
        if isinstance(rows, Unknown):
            return [], rows.path
        paths = [f"inlinePolicies.{i}.policy" for i, _ in enumerate(rows)]
    found = [resource.text(path) for path in paths]
    vague = [text.path for text in found if isinstance(text, Unknown)]
    return [text for text in found if isinstance(text, str)], vague[0] if vague else ""


@rule("secretsmanager-secret-replicated", SECRET)
def secretsmanager_secret_replicated(resource: Resource, _context: Context) -> Iterator[Finding]:
    """One replica or more."""
    if not resource.known.has("replicas"):
        yield Finding("it has no replica in another region.")


@rule("secretsmanager-secret-rotated", SECRET, scope=Scope.GRAPH)
def secretsmanager_secret_rotated(resource: Resource, context: Context) -> Iterator[Finding]:
    """Rotation is a resource of its own."""
    rotation = "aws:secretsmanager/secretRotation:SecretRotation"
    found = context.graph.users(resource, "secretId", rotation)
    if not any(each.flag("rotationEnabled", default=True) is not False for each in found):
        yield Finding("it is not rotated.")
