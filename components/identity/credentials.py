"""Temporary credentials of AWS for the users of a user pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.options import handed_down
from components.permissions import Statement
from components.roles import role_with_policy
from components.tags import Tags

TAG = "user"
"""Tag of the principal that has the claim's value."""
_SERVICE = "cognito-identity.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class UserCredentialsArgs:
    """What an identity pool needs."""

    tags: Tags
    prefix: str
    """Name of the identity pool."""
    provider_name: pulumi.Input[str]
    """The user pool's."""
    client_id: pulumi.Input[str]
    claim: str
    """Of the ID token, which no client can write: what a user is called in every region."""
    statements: Sequence[Statement]
    """What a user may do; `${aws:PrincipalTag/user}` in them is the claim's value."""


class UserCredentials(pulumi.ComponentResource):
    """Who has an ID token of the user pool gets credentials of one role, tagged with a claim of the token.

    Creates: identity pool, role with its policy, which of the pool's users take it, which claim becomes a tag. Nobody gets any without
    a token, nor by the classic flow, where a client chooses the role; a token that was revoked, or whose user is disabled, gets none.
    Survives: instance and zone. Not the region: the other one's pool has other identities, and tags them alike. Costs: nothing.
    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/using-attributes-for-access-control-policy-example.html
    """

    identity_pool_id: pulumi.Output[str]
    """Known once its users get their role and tag."""
    role_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: UserCredentialsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:identity:UserCredentials", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        pool = aws.cognito.IdentityPool(
            f"{name}-identities",
            identity_pool_name=args.prefix,
            allow_unauthenticated_identities=False,
            allow_classic_flow=False,
            cognito_identity_providers=[
                {
                    "provider_name": args.provider_name,
                    "client_id": args.client_id,
                    "server_side_token_check": True,
                }
            ],
            tags=args.tags.resource(f"{name}-identities"),
            opts=child,
        )
        self.role_arn = role_with_policy(
            f"{name}-user",
            args.statements,
            policy=f"{name}-user-policy",
            about=f"A user of {name} who has signed in",
            trusted=trusted(pool.id),
            tags=args.tags,
            opts=child,
        )
        taken = aws.cognito.IdentityPoolRoleAttachment(
            f"{name}-roles", identity_pool_id=pool.id, roles={"authenticated": self.role_arn}, opts=child
        )
        tagged = aws.cognito.IdentityPoolProviderPrincipalTag(
            f"{name}-tag",
            identity_pool_id=pool.id,
            identity_provider_name=args.provider_name,
            use_defaults=False,
            principal_tags={TAG: args.claim},
            opts=child,
        )
        self.identity_pool_id = outputs.once(pool.id, taken.id, tagged.id)
        outputs.register(self, "identity_pool_id", "role_arn")


def trusted(pool_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Trust policy of a role that only this identity pool's users take who have signed in, and that lets their tag through."""
    condition = {
        "StringEquals": {f"{_SERVICE}:aud": pool_id},
        "ForAnyValue:StringLike": {f"{_SERVICE}:amr": "authenticated"},
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": _SERVICE},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": condition,
    }
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
