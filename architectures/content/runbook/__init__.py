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
TAKE, RESTORE = "take", "restore"
IDENTITIES, MAIL, VIDEO = "identities", "mail", "video"
"""Parts: of one that takes over, of one that is built again; what the first says besides, as the settings have it."""


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, its parts' names with spaces between, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{part}.md" for part in kind.split()], values)


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
    further = _further(name, place, serving)
    for each in further.values():
        own |= each
    return {stack.region: told(text, " ".join((TAKE, *further)), own)}


def _further(name: str, place: Place, serving: Serving) -> dict[str, dict[str, pulumi.Input[str]]]:
    """The names of each further part that the system has."""
    found: dict[str, dict[str, pulumi.Input[str]]] = {}
    if serving.users is not None:
        found[IDENTITIES] = {
            "ACCOUNTS": serving.users.accounts.made.table_name,
            "USER_POOL": serving.users.directory.pool_id,
            "IDENTITY_POOL": serving.users.credentials.identity_pool_id,
            "SYSTEM_NAME": place.stack.named(name),
        }
    if serving.mail is not None:
        waiting = serving.mail.queue
        found[MAIL] = {
            "MAIL": waiting.url,
            "MAIL_LETTERS": waiting.dead_letter_url,
            "MAIL_REDRIVE": waiting.dead_letter_arn,
        }
    if serving.videos is not None:
        found[VIDEO] = {"VIDEO": serving.videos.queue.url, "TABLE": serving.table.made.table_name}
    return found
