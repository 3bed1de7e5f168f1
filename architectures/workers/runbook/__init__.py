"""The runbook of a system of workers: what to look at and what to call, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts.runbook import filled, told
from architectures.system import Place
from architectures.workers.serving import Serving
from architectures.workers.settings import WorkersSettings

HERE = Path(__file__).parent
PARTS = {
    "take": ("take", "letters", "end"),
    "replay": ("take", "replay", "letters", "end"),
    "restore": ("restore",),
}
"""Kinds of runbook, and the texts that each is made of."""


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{part}.md" for part in PARTS[kind]], values)


def written(
    name: str, settings: WorkersSettings, place: Place, serving: Serving | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name}
        return {stack.region: told(text, "restore", own)}
    own |= {
        "LOOK": _lines(
            f"aws sqs get-queue-attributes --region {stack.region} --attribute-names All --queue-url ",
            {each: made.url for each, made in serving.queues.items()},
        ),
        "LETTERS": _lines(
            f"aws sqs receive-message --region {stack.region} --visibility-timeout 0 --queue-url ",
            {each: made.dead_letter_url for each, made in serving.queues.items()},
        ),
        "REDRIVE": _lines(
            f"aws sqs start-message-move-task --region {stack.region} --max-number-of-messages-per-second 50 --source-arn ",
            {each: made.dead_letter_arn for each, made in serving.queues.items()},
        ),
        "SERVICES": _services(stack.region, serving),
    }
    if serving.eventing.bus is None:
        return {stack.region: told(text, "take", own)}
    own |= {"BUS": serving.eventing.bus.arn, "ARCHIVE": serving.eventing.bus.archive_arn}
    return {stack.region: told(text, "replay", own)}


def _lines(command: str, values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[str]:
    """That command for each value, a line each."""
    return pulumi.Output.all(*values.values()).apply(
        lambda known: "\n".join(f"    {command}{each}" for each in known)
    )


def _services(region: str, serving: Serving) -> pulumi.Output[str]:
    """What looks at the tasks."""
    if serving.containers.cluster is None:
        return pulumi.Output.from_input("There are no tasks: Lambda calls the functions.")
    names = [made.service_name for made in serving.containers.services.values()]
    return pulumi.Output.all(serving.containers.cluster.name, *names).apply(
        lambda known: (
            f"    aws ecs describe-services --region {region} --cluster {known[0]} --services {' '.join(known[1:])}"
        )
    )
