from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

POOL = "aws:cognito/userPool:UserPool"
IDENTITIES = "aws:cognito/identityPool:IdentityPool"

CASES = [
    Case(
        rule="cognito-user-pool-deletion-protection",
        bad=[R(POOL)],
        good=[R(POOL, props={"deletionProtection": "ACTIVE"})],
        unsure=[R(POOL, props={"deletionProtection": NOT_KNOWN})],
    ),
    Case(
        rule="cognito-user-pool-deletion-protection",
        note="said to be off",
        bad=[R(POOL, props={"deletionProtection": "INACTIVE"})],
        good=[R(POOL, props={"deletionProtection": "ACTIVE", "mfaConfiguration": NOT_KNOWN})],
        unsure=[R(POOL, props={"deletionProtection": NOT_KNOWN})],
    ),
    Case(
        rule="cognito-user-pool-mfa",
        bad=[R(POOL)],
        good=[R(POOL, props={"mfaConfiguration": "OPTIONAL"})],
        unsure=[R(POOL, props={"mfaConfiguration": NOT_KNOWN})],
    ),
    Case(
        rule="cognito-identity-pool-authenticated",
        bad=[R(IDENTITIES, props={"allowUnauthenticatedIdentities": True})],
        good=[R(IDENTITIES, props={"allowUnauthenticatedIdentities": False})],
        unsure=[R(IDENTITIES, props={"allowUnauthenticatedIdentities": NOT_KNOWN})],
    ),
    Case(
        rule="cognito-identity-pool-authenticated",
        note="classic flow",
        bad=[R(IDENTITIES, props={"allowClassicFlow": True})],
        good=[R(IDENTITIES)],
        unsure=[R(IDENTITIES, props={"allowClassicFlow": NOT_KNOWN})],
    ),
]
