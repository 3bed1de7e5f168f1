"""A user pool of Cognito with one public client."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.facts import Fact, fact
from components.identity.directory_args import MFA, PLUS, UserDirectoryArgs
from components.options import handed_down

PASSWORD_LENGTH, PASSWORDS_REMEMBERED = 12, 5
INVITATION_DAYS = 7
"""How long the password of an invitation is good."""
TOKEN_MINUTES = 60
"""How long a token is good, of access and of identity: 5 minutes to a day.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"""


class UserDirectory(pulumi.ComponentResource):
    """Accounts of one region, by mail address, whose tokens a function adds a claim to.

    Creates: user pool, a client without a secret, the permission to ask the function; sign-in pages where asked for.
    An address is proved before anything else, is given once and can't be changed: by it the account is known in the other region.
    Survives: instance and zone (AWS runs it in several). Not the region: Cognito has no copy of a pool that this provider could ask for,
    so that passwords and authenticators are lost with it. Costs: by users that sign in in a month; the plan `plus` more.
    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/disaster-recovery-resiliency.html
    """

    pool_id: pulumi.Output[str]
    """Known once the pool may ask its function."""
    pool_arn: pulumi.Output[str]
    client_id: pulumi.Output[str]
    provider_name: pulumi.Output[str]
    """`cognito-idp.REGION.amazonaws.com/POOL`, as identity pools call it; with https:// before it, tokens' issuer."""
    pages: pulumi.Output[str] | None
    """DNS name of the sign-in pages."""
    recovery_fact: Fact

    def __init__(
        self, name: str, args: UserDirectoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:identity:UserDirectory", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        pool = self._pool()
        asked = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=args.trigger.function_name,
            qualifier=args.trigger.alias,
            principal="cognito-idp.amazonaws.com",
            source_arn=pool.arn,
            opts=self._child,
        )
        client = self._client(pool)
        self.pool_id, self.pool_arn = outputs.once(pool.id, asked.id), pool.arn
        self.client_id, self.provider_name = client.id, pool.endpoint
        self.pages = self._pages(pool)
        self.recovery_fact = fact("cognito", f"{name}-pool", args.tags.unsaved(""), migrates=True)
        outputs.register(self, "pool_id", "pool_arn", "client_id", "provider_name")

    def _pool(self) -> aws.cognito.UserPool:
        args, name = self._args, f"{self._name}-pool"
        return aws.cognito.UserPool(
            name,
            name=args.prefix,
            user_pool_tier=args.plan.upper(),
            user_pool_add_ons={"advanced_security_mode": "ENFORCED"} if args.plan == PLUS else None,
            deletion_protection="ACTIVE" if args.protect else "INACTIVE",
            username_attributes=["email"],
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"],
            schemas=[
                {
                    "name": "email",
                    "attribute_data_type": "String",
                    "required": True,
                    "mutable": False,
                    "string_attribute_constraints": {"min_length": "3", "max_length": "254"},
                }
            ],
            account_recovery_setting={"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]},
            admin_create_user_config={"allow_admin_create_user_only": not args.self_sign_up},
            mfa_configuration=MFA[args.mfa],
            software_token_mfa_configuration={"enabled": True},
            password_policy={
                "minimum_length": PASSWORD_LENGTH,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "password_history_size": PASSWORDS_REMEMBERED,
                "temporary_password_validity_days": INVITATION_DAYS,
            },
            email_configuration=self._mail(),
            lambda_config={
                "pre_token_generation": args.trigger.alias_arn,
                "user_migration": args.trigger.alias_arn,
            },
            tags=args.tags.unsaved(name),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )

    def _mail(self) -> aws.cognito.UserPoolEmailConfigurationArgs | None:
        mail = self._args.mail
        if mail is None:
            return None
        return aws.cognito.UserPoolEmailConfigurationArgs(
            email_sending_account="DEVELOPER", source_arn=mail.identity, from_email_address=mail.sender
        )

    def _client(self, pool: aws.cognito.UserPool) -> aws.cognito.UserPoolClient:
        args = self._args
        codes: dict[str, Any] = {}
        if args.pages is not None:
            codes = {
                "allowed_oauth_flows_user_pool_client": True,
                "allowed_oauth_flows": ["code"],  # with PKCE, as whoever has no secret must
                "allowed_oauth_scopes": ["openid", "email"],
                "callback_urls": list(args.pages.callbacks),
                "logout_urls": list(args.pages.logouts) or None,
            }
        return aws.cognito.UserPoolClient(
            f"{self._name}-client",
            name=args.prefix,
            user_pool_id=pool.id,
            generate_secret=False,
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            supported_identity_providers=["COGNITO"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            read_attributes=["email", "email_verified"],
            write_attributes=["email"],  # once, when the account is made
            access_token_validity=TOKEN_MINUTES,
            id_token_validity=TOKEN_MINUTES,
            refresh_token_validity=args.refresh_days,
            token_validity_units={"access_token": "minutes", "id_token": "minutes", "refresh_token": "days"},
            **codes,
            opts=self._child,
        )

    def _pages(self, pool: aws.cognito.UserPool) -> pulumi.Output[str] | None:
        pages = self._args.pages
        if pages is None:
            return None
        made = aws.cognito.UserPoolDomain(
            f"{self._name}-pages", domain=pages.domain, user_pool_id=pool.id, opts=self._child
        )
        region = pool.arn.apply(lambda arn: arn.split(":")[3])
        return pulumi.Output.concat(made.domain, ".auth.", region, ".amazoncognito.com")
