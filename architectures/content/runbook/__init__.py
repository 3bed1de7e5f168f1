"""The runbook of users' files: what to look at and what to call when a region is lost, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.content import names
from architectures.content.serving import Serving
from architectures.content.settings import ContentSettings
from architectures.parts.runbook import filled, told
from architectures.system import Place

HERE = Path(__file__).parent
TAKE, SIGNED_IN, RESTORE = "take", "take-signed-in", "restore"
PARTS = {TAKE: (TAKE,), SIGNED_IN: (TAKE, "identities"), RESTORE: (RESTORE,)}


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{part}.md" for part in PARTS[kind]], values)


def written(
    name: str, settings: ContentSettings, place: Place, serving: Serving | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name}
        return {stack.region: told(text, RESTORE, own)}
    own |= {
        "BUCKET": serving.blobs.bucket,
        "COMPARE": serving.functions[names.COMPARE].function_name,
        "RECONCILE": serving.functions[names.RECONCILE].function_name,
        "ALIAS": serving.functions[names.COMPARE].alias,
        "LETTERS": serving.queue.dead_letter_url,
        "REDRIVE": serving.queue.dead_letter_arn,
        "EVENTS": serving.queue.url,
    }
    if serving.users is None:
        return {stack.region: told(text, TAKE, own)}
    users = serving.users
    own |= {
        "ACCOUNTS": users.accounts.made.table_name,
        "USER_POOL": users.directory.pool_id,
        "IDENTITY_POOL": users.credentials.identity_pool_id,
        "SYSTEM_NAME": stack.named(name),
    }
    return {stack.region: told(text, SIGNED_IN, own)}
