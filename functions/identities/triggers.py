"""What a user pool asks before it gives tokens, and when somebody whom it doesn't know has forgotten a password.

Tokens: the ID token gets the claim `user`, by the verified address. No client can write it, since no attribute of a user has it.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html

Forgotten passwords: who has an account by the table, from the other region, gets a user in this pool too, and Cognito sends a code to the
address; with it a new password is set. Nothing keeps passwords, so that nobody signs in here with the other region's.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html

Environment: TABLE, SYSTEM (its name, the same in both regions).
"""

from __future__ import annotations

import logging
import os
from typing import Any

from .accounts import Accounts
from .aws import table

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
CLAIM = "user"
TOKENS, FORGOTTEN, SIGN_IN = (
    "TokenGeneration_",
    "UserMigration_ForgotPassword",
    "UserMigration_Authentication",
)
"""Beginning of the triggers that tokens come with, and the two for users whom the pool doesn't know."""


class RefusedError(Exception):
    """No tokens for this user; the pool tells its client why."""


def accounts() -> Accounts:
    """The table as the environment names it."""
    return Accounts(table=table(), system=os.environ["SYSTEM"])


def claimed(event: Any) -> Any:
    """The event with the claim of the user whom it is about. RefusedError for an address that isn't proved and a closed account."""
    attributes = event["request"]["userAttributes"]
    if attributes.get("email_verified") != "true":
        raise RefusedError("the mail address isn't verified")
    account = accounts().opened(attributes["email"])
    if account.closed:
        raise RefusedError("the account is closed")
    event["response"] = {"claimsOverrideDetails": {"claimsToAddOrOverride": {CLAIM: account.user}}}
    return event


def moved(event: Any) -> Any:
    """The event with the attributes of a user of the other region; as it came, which makes no user, for somebody without an account.

    Only the table says that an address was verified; it has none that wasn't.
    """
    address = event["userName"]
    try:
        account = accounts().known(address)
    except ValueError:
        account = None
    if account is None or account.closed:
        log.info("asked for a new password without an open account")
        return event
    event["response"] = {
        "userAttributes": {"email": address, "email_verified": "true"},
        "messageAction": "SUPPRESS",  # no invitation: the code comes
    }
    return event


def handler(event: Any, _context: Any) -> Any:
    """Answer a user pool. ValueError for a trigger that this isn't made for."""
    asked = event["triggerSource"]
    if asked.startswith(TOKENS):
        return claimed(event)
    if asked == FORGOTTEN:
        return moved(event)
    if asked == SIGN_IN:
        return event  # nobody: there is no password to compare
    raise ValueError(f"{asked}: allowed are {TOKENS}*, {FORGOTTEN}, {SIGN_IN}")
