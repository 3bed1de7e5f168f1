"""What the components of users' identities are given. The settings' checks look at the same."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.content.sections import Identities
from architectures.faults import PLACEHOLDER
from architectures.parts import tables
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, files, package
from architectures.stack import Stack
from architectures.strategies import Posture
from components.compute import FunctionArgs
from components.data import GlobalTableArgs
from components.identity import Mail, SignInPages, Trigger, UserDirectoryArgs
from components.permissions import allow
from components.tags import Tags

HASH = "pk"
CODE = PROGRAM / "functions" / "identities"
SECONDS = 5
"""As long as Cognito waits: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html"""
TABLE, SYSTEM = "TABLE", "SYSTEM"
"""The variables that the function is told by."""
KEYS = {
    "mfa": "identities.mfa",
    "plan": "identities.plan",
    "refresh_days": "identities.refreshDays",
    "pages.domain": "identities.pages.domain",
    "pages.callbacks": "identities.pages.callbacks",
    "pages.logouts": "identities.pages.logouts",
    "mail.identity": "identities.mail.identity",
    "mail.sender": "identities.mail.sender",
}
"""Argument of the user pool that a setting decides -> key within the system."""
_NOBODY = Trigger(function_name=PLACEHOLDER, alias=PLACEHOLDER, alias_arn=PLACEHOLDER)


def accounts(recovery_days: int, stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table of accounts; `ground` as in `parts.tables.table`."""
    return tables.table({HASH: "S"}, stack, stands, recovery_days=recovery_days, **ground)


def function(
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    table_name: pulumi.Input[str],
    table_arn: pulumi.Input[str],
    system: str,
) -> FunctionArgs:
    """The arguments of the function that the user pool asks."""
    return FunctionArgs(
        tags=tags,
        code=files(package(CODE), PROGRAM),
        handler="functions.identities.triggers.handler",
        about="Says what a user is called in both regions, and who has an account",
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=SECONDS,
        variables={TABLE: table_name, SYSTEM: system},
        statements=[allow(["dynamodb:GetItem", "dynamodb:PutItem"], table_arn)],
    )


def directory(
    given: Identities, stack: Stack, name: str, *, tags: Tags = PLACEHOLDER_TAGS, trigger: Trigger = _NOBODY
) -> UserDirectoryArgs:
    """The arguments of the user pool; without tags and trigger for their checks."""
    pages, mail = given.pages, given.mail
    return UserDirectoryArgs(
        tags=tags,
        prefix=stack.named(name),
        trigger=trigger,
        mfa=given.mfa,
        self_sign_up=given.self_sign_up,
        plan=given.plan,
        refresh_days=given.refresh_days,
        pages=None
        if pages is None
        else SignInPages(domain=pages.domain, callbacks=pages.callbacks, logouts=pages.logouts),
        mail=None if mail is None else Mail(identity=mail.identity, sender=mail.sender),
        protect=stack.protect,
    )
