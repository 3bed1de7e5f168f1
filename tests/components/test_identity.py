"""A user pool and an identity pool: what clients can't do, and what a user may touch."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.identity import (
    TAG,
    Mail,
    SignInPages,
    Trigger,
    UserCredentials,
    UserCredentialsArgs,
    UserDirectory,
    UserDirectoryArgs,
    own_objects,
)
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy

POOL, CLIENT = "aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"
IDENTITIES = "aws:cognito/identityPool:IdentityPool"
BUCKET, KEY = "arn:aws:s3:::files-blobs-1234", "arn:aws:kms:us-east-1:123456789012:key/mrk-1"
TRIGGER = Trigger(function_name="identify", alias="live", alias_arn="arn:alias")


def made(**more: Any) -> Deployment:
    def program() -> None:
        args = UserDirectoryArgs(tags=TAGS, prefix="example-files", trigger=TRIGGER, **more)
        users = UserDirectory("files-users", args)
        given = UserCredentialsArgs(
            tags=TAGS,
            prefix="example-files",
            provider_name=users.provider_name,
            client_id=users.client_id,
            claim="name-in-both",
            statements=own_objects(BUCKET, KEY, "us-east-1", TAG),
        )
        UserCredentials("files-access", given)
        pulumi.export("pages", users.pages)

    return deploy(program)


@pytest.fixture(scope="module")
def found() -> Deployment:
    return made()


def test_an_account_is_a_proved_address_that_nobody_can_change(found: Deployment) -> None:
    pool = found.one(POOL).inputs
    (email,) = pool["schemas"]
    assert (email["name"], email["required"], email["mutable"]) == ("email", True, False)
    assert pool["usernameAttributes"] == pool["autoVerifiedAttributes"] == ["email"]
    assert pool["usernameConfiguration"] == {"caseSensitive": False}
    (way,) = pool["accountRecoverySetting"]["recoveryMechanisms"]
    assert way == {"name": "verified_email", "priority": 1}


def test_the_pool_asks_its_function_and_nobody_else_s_pool_may(found: Deployment) -> None:
    pool, allowed = found.one(POOL), found.one("aws:lambda/permission:Permission").inputs
    assert pool.inputs["lambdaConfig"] == {"preTokenGeneration": "arn:alias", "userMigration": "arn:alias"}
    assert (allowed["principal"], allowed["sourceArn"]) == (
        "cognito-idp.amazonaws.com",
        found.made[pool.urn]["arn"],
    )
    assert (allowed["function"], allowed["qualifier"]) == ("identify", "live")


def test_it_is_protected_and_closed_until_it_is_said_otherwise(found: Deployment) -> None:
    pool = found.one(POOL)
    assert (pool.protect, pool.inputs["deletionProtection"]) == (True, "ACTIVE")
    assert pool.inputs["mfaConfiguration"] == "ON"
    assert pool.inputs["softwareTokenMfaConfiguration"] == {"enabled": True}
    assert pool.inputs["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert pool.inputs["userPoolTier"] == "ESSENTIALS"
    assert not {"userPoolAddOns", "emailConfiguration"} & set(pool.inputs)
    policy = pool.inputs["passwordPolicy"]
    assert all(policy[f"require{each}"] for each in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert policy["minimumLength"] >= 12
    assert pool.tags["rpo-minutes"]
    assert "backup" not in pool.tags, "AWS Backup has no user pools"


def test_what_is_said_otherwise() -> None:
    arn = "arn:aws:ses:us-east-1:123456789012:identity/holdfast.example"
    pool = made(
        protect=False,
        mfa="optional",
        self_sign_up=True,
        plan="plus",
        mail=Mail(identity=arn, sender="files@holdfast.example"),
    ).one(POOL)
    assert (pool.protect, pool.inputs["deletionProtection"]) == (False, "INACTIVE")
    assert pool.inputs["mfaConfiguration"] == "OPTIONAL"
    assert pool.inputs["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": False}
    assert (pool.inputs["userPoolTier"], pool.inputs["userPoolAddOns"]) == (
        "PLUS",
        {"advancedSecurityMode": "ENFORCED"},
    )
    assert pool.inputs["emailConfiguration"] == {
        "emailSendingAccount": "DEVELOPER",
        "sourceArn": arn,
        "fromEmailAddress": "files@holdfast.example",
    }


def test_a_client_has_no_secret_sends_no_password_and_writes_no_claim(found: Deployment) -> None:
    client = found.one(CLIENT).inputs
    assert client["generateSecret"] is False
    assert set(client["explicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert client["writeAttributes"] == ["email"]
    assert client["preventUserExistenceErrors"] == "ENABLED"
    assert client["enableTokenRevocation"] is True
    assert client["tokenValidityUnits"] == {
        "accessToken": "minutes",
        "idToken": "minutes",
        "refreshToken": "days",
    }
    assert [client[f"{each}TokenValidity"] for each in ("access", "id", "refresh")] == [60, 60, 30]
    assert not [each for each in client if each.startswith("allowedOauth")]
    assert found.all("aws:cognito/userPoolDomain:UserPoolDomain") == []


def test_pages_give_codes_alone() -> None:
    pages = SignInPages(domain="files", callbacks=["https://a.example/in"], logouts=["com.example.app://out"])
    run = made(pages=pages)
    client = run.one(CLIENT).inputs
    assert client["allowedOauthFlows"] == ["code"]
    assert client["allowedOauthFlowsUserPoolClient"] is True
    assert (client["callbackUrls"], client["logoutUrls"]) == (
        ["https://a.example/in"],
        ["com.example.app://out"],
    )
    assert run.one("aws:cognito/userPoolDomain:UserPoolDomain").inputs["domain"] == "files"
    assert next(iter(run.outputs.values()))  # the run ended
    assert any(each.get("pages") == "files.auth.us-east-1.amazoncognito.com" for each in run.outputs.values())


def test_credentials_are_for_who_has_signed_in_to_that_pool_and_has_a_tag(found: Deployment) -> None:
    pool, user_pool, client = (found.one(each) for each in (IDENTITIES, POOL, CLIENT))
    assert pool.inputs["allowUnauthenticatedIdentities"] is False
    assert pool.inputs["allowClassicFlow"] is False
    endpoint = found.made[user_pool.urn]["endpoint"]
    (provider,) = pool.inputs["cognitoIdentityProviders"]
    assert provider == {
        "providerName": endpoint,
        "clientId": found.made[client.urn]["id"],
        "serverSideTokenCheck": True,
    }
    made_id = found.made[pool.urn]["id"]
    role = found.one("aws:iam/role:Role", "files-access-user")
    (trusted,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Federated": "cognito-identity.amazonaws.com"}
    assert set(trusted["Action"]) == {"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}
    assert trusted["Condition"] == {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": made_id},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
    }
    roles = found.one("IdentityPoolRoleAttachment").inputs
    assert roles == {"identityPoolId": made_id, "roles": {"authenticated": found.made[role.urn]["arn"]}}
    tag = found.one("IdentityPoolProviderPrincipalTag").inputs
    assert tag == {
        "identityPoolId": made_id,
        "identityProviderName": endpoint,
        "useDefaults": False,
        "principalTags": {"user": "name-in-both"},
    }


class Session:
    """What a user's credentials may do, by the statements of the role's policy, as IAM evaluates what stands in them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: a variable without a value matches nothing.
    """

    def __init__(self, policy: str, user: str | None) -> None:
        self._statements = json.loads(policy)["Statement"]
        self._tags = {} if user is None else {TAG: user}

    def may(self, action: str, resource: str, **context: str) -> bool:
        return any(self._lets(each, action, resource, context) for each in self._statements)

    def _lets(
        self, statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
    ) -> bool:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if not any(fnmatch.fnmatchcase(action, each) for each in actions):
            return False
        if not self._fits(statement["Resource"], resource, wild=True):
            return False
        for operator, keys in statement.get("Condition", {}).items():
            assert operator in {"StringLike", "StringEquals"}
            for key, wanted in keys.items():
                asked = context.get(key.replace(":", "_"))
                if asked is None or not self._fits(wanted, asked, wild=operator == "StringLike"):
                    return False
        return True

    def _fits(self, pattern: str, value: str, *, wild: bool) -> bool:
        found = re.split(r"(\$\{aws:PrincipalTag/\w+\}|[*?])", pattern)
        regex = ""
        for part in found:
            if part.startswith("${"):
                name = part.removeprefix("${aws:PrincipalTag/").removesuffix("}")
                if name not in self._tags:
                    return False
                regex += re.escape(self._tags[name])
            else:
                regex += {"*": ".*", "?": "."}[part] if wild and part in {"*", "?"} else re.escape(part)
        return re.fullmatch(regex, value, re.DOTALL) is not None


@pytest.fixture(scope="module")
def policy(found: Deployment) -> str:
    return str(found.one("aws:iam/rolePolicy:RolePolicy", "files-access-user-policy").inputs["policy"])


NAMES = st.text("ab-", min_size=1, max_size=3)
"""As the function gives them: neither slashes nor wildcards."""
KEYS = st.text("ab-*?/$", max_size=8)


@given(user=NAMES, key=KEYS)
def test_a_user_may_read_write_and_list_what_begins_with_their_name_and_nothing_else(
    policy: str, user: str, key: str
) -> None:
    session = Session(policy, user)
    mine = key.startswith(f"{user}/")
    for action in ("s3:GetObject", "s3:PutObject"):
        assert session.may(action, f"{BUCKET}/{key}") is mine
    assert session.may("s3:ListBucket", BUCKET, s3_prefix=key) is mine
    assert not session.may("s3:ListBucket", BUCKET)


@given(key=KEYS)
def test_who_has_no_name_may_nothing(policy: str, key: str) -> None:
    session = Session(policy, None)
    assert not session.may("s3:GetObject", f"{BUCKET}/{key}")
    assert not session.may("s3:ListBucket", BUCKET, s3_prefix=key)


def test_the_key_is_for_s3_of_the_region_alone(policy: str) -> None:
    session = Session(policy, "a")
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert session.may(action, KEY, kms_ViaService="s3.us-east-1.amazonaws.com")
        assert not session.may(action, KEY, kms_ViaService="s3.us-west-2.amazonaws.com")
        assert not session.may(action, KEY)
    for action in ("s3:DeleteObject", "s3:GetObjectVersion", "s3:PutObjectAcl", "kms:Encrypt"):
        assert not session.may(action, f"{BUCKET}/a/x", kms_ViaService="s3.us-east-1.amazonaws.com")
