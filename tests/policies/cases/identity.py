from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

RULE = "iam-policy-no-wildcard-admin"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ADMIN, READER = "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"


def document(**statement: object) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Resource": "*", **statement}})


CASES = [
    *(
        Case(
            rule=RULE,
            note=token,
            bad=[R(token, props={name: [READER, ADMIN]})],
            good=[R(token, props={name: [READER]})],
            unsure=[R(token, props={name: [READER, NOT_KNOWN]})],
        )
        for token, name in (
            (ROLE, "managedPolicyArns"),
            ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns"),
            ("aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "policyArns"),
        )
    ),
    Case(
        rule=RULE,
        note="permission-set",
        bad=[
            R(
                "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
                props={"managedPolicyArn": ADMIN},
            )
        ],
        good=[
            R(
                "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
                props={"managedPolicyArn": READER},
            )
        ],
        unsure=[
            R(
                "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
                props={"inlinePolicy": NOT_KNOWN},
            )
        ],
    ),
    Case(
        rule=RULE,
        note="inline-in-a-role",
        bad=[R(ROLE, props={"inlinePolicies": [{"name": "all", "policy": document(Action="*")}]})],
        good=[R(ROLE, props={"inlinePolicies": [{"name": "s3", "policy": document(Action="s3:*")}]})],
        unsure=[R(ROLE, props={"inlinePolicies": [{"name": "all", "policy": NOT_KNOWN}]})],
    ),
    Case(
        rule=RULE,
        note="surely-in-spite-of-the-unknown",
        bad=[R(ROLE, props={"managedPolicyArns": [ADMIN]})],
        good=[R(ROLE)],
        unsure=[R(ROLE, props={"managedPolicyArns": [NOT_KNOWN, ADMIN], "inlinePolicies": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule=RULE,
        note="everything-but-some",
        bad=[R(POLICY, props={"policy": document(NotAction="iam:*")})],
        good=[R(POLICY, props={"policy": document(NotAction="iam:*", Resource="arn:aws:s3:::b/*")})],
        unsure=[R(POLICY, props={"policy": NOT_KNOWN})],
    ),
    Case(
        rule=RULE,
        note="patterns-of-everything",
        bad=[R(POLICY, props={"policy": document(Action=["*:*"], Resource=["arn:aws:*"])})],
        good=[R(POLICY, props={"policy": document(Effect="Deny", NotAction="iam:*")})],
        unsure=[R(POLICY, props={"policy": NOT_KNOWN})],
    ),
]
