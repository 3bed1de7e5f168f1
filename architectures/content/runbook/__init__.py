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
KINDS = ("take", "restore")


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{kind}.md"], values)


def written(
    name: str, settings: ContentSettings, place: Place, serving: Serving | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name}
        return {stack.region: told(text, "restore", own)}
    own |= {
        "BUCKET": serving.blobs.bucket,
        "COMPARE": serving.functions[names.COMPARE].function_name,
        "RECONCILE": serving.functions[names.RECONCILE].function_name,
        "ALIAS": serving.functions[names.COMPARE].alias,
        "LETTERS": serving.queue.dead_letter_url,
        "REDRIVE": serving.queue.dead_letter_arn,
        "EVENTS": serving.queue.url,
    }
    return {stack.region: told(text, "take", own)}
