from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

TRAIL = "aws:cloudtrail/trail:Trail"
ROLE = "aws:iam/role:Role"
ISSUER = "token.actions.githubusercontent.com"


def trust(condition: object, provider: str = ISSUER) -> list[R]:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::1:oidc-provider/{provider}"},
        "Condition": condition,
    }
    return [R(ROLE, props={"assumeRolePolicy": json.dumps({"Statement": [statement]})})]


CASES = [
    *(
        Case(
            rule="iam-no-users",
            note=token,
            bad=[R(token)],
            good=[R("aws:iam/accessKey:AccessKey", props={"status": "Inactive"})],
            unsure=[R("aws:iam/accessKey:AccessKey", props={"status": NOT_KNOWN})],
        )
        for token in (
            "aws:iam/user:User",
            "aws:iam/accessKey:AccessKey",
            "aws:iam/userLoginProfile:UserLoginProfile",
        )
    ),
    Case(
        rule="cloudtrail-trail-whole",
        bad=[R(TRAIL, props={"isMultiRegionTrail": False, "enableLogFileValidation": True})],
        good=[R(TRAIL, props={"isMultiRegionTrail": True, "enableLogFileValidation": True})],
        unsure=[R(TRAIL, props={"isMultiRegionTrail": NOT_KNOWN, "enableLogFileValidation": True})],
    ),
    Case(
        rule="cloudtrail-trail-whole",
        note="off",
        bad=[
            R(
                TRAIL,
                props={"isMultiRegionTrail": True, "enableLogFileValidation": True, "enableLogging": False},
            )
        ],
        good=[
            R(
                TRAIL,
                props={"isMultiRegionTrail": True, "enableLogFileValidation": True, "enableLogging": True},
            )
        ],
        unsure=[R(TRAIL, props={"enableLogging": NOT_KNOWN})],
    ),
    Case(
        rule="iam-role-oidc-subject",
        bad=trust({"StringLike": {f"{ISSUER}:sub": "repo:shop/*"}}),
        good=trust({"StringEquals": {f"{ISSUER}:sub": "repo:shop/web:ref:refs/heads/main"}}),
        unsure=[R(ROLE, props={"assumeRolePolicy": NOT_KNOWN})],
    ),
    Case(
        rule="iam-role-oidc-subject",
        note="none",
        bad=trust({"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}),
        good=trust({}, provider="oidc.eks.us-east-1.amazonaws.com/id/1"),
        unsure=[R(ROLE, props={"assumeRolePolicy": NOT_KNOWN})],
    ),
    Case(
        rule="kms-key-lockout-check",
        bad=[R("aws:kms/key:Key", props={"bypassPolicyLockoutSafetyCheck": True})],
        good=[R("aws:kms/keyPolicy:KeyPolicy", props={"bypassPolicyLockoutSafetyCheck": False})],
        unsure=[R("aws:kms/key:Key", props={"bypassPolicyLockoutSafetyCheck": NOT_KNOWN})],
    ),
]
