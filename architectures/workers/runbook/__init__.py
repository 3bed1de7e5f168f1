"""The runbook of a system of workers: what to look at and what to call, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pulumi

from architectures.parts.runbook import filled, told
from architectures.parts.tier import full_size
from architectures.stack import Stack
from architectures.system import Place
from architectures.workers.arguments import group
from architectures.workers.runbook.schedules import of_schedules
from architectures.workers.serving import Serving
from architectures.workers.settings import WorkersSettings
from components.kafka.replicators import replicator_name

HERE = Path(__file__).parent
OPTIONAL = ("servers", "replay", "kafka", "schedules")
PARTS = {
    **{
        "-".join(("take", *some)): ("take", *some, "letters", "end")
        for count in range(len(OPTIONAL) + 1)
        for some in combinations(OPTIONAL, count)
    },
    "restore": ("restore",),
    "restore-schedules": ("restore", "restore-schedules"),
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
        return {stack.region: told(text, "restore-schedules" if settings.schedules else "restore", own)}
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
    kind = ["take"]
    if serving.servers:
        kind.append("servers")
        own |= {"START": _started(settings, stack, serving)}
    if serving.eventing.bus is not None:
        kind.append("replay")
        own |= {"BUS": serving.eventing.bus.arn, "ARCHIVE": serving.eventing.bus.archive_arn}
    if settings.kafka is not None:
        kind.append("kafka")
        own |= _of_kafka(name, stack, serving)
    eventing = serving.eventing
    if eventing.schedules is not None and eventing.letters is not None:
        kind.append("schedules")
        own |= of_schedules(eventing.schedules, stack.region, eventing.letters.name)
    return {stack.region: told(text, "-".join(kind), own)}


def _of_kafka(name: str, stack: Stack, serving: Serving) -> dict[str, pulumi.Input[str]]:
    """What is called of the functions that work topics off, and looked at of what copies them."""
    readers = serving.brokering.readers
    mapped = {each: made.mapping_id for each, made in readers.items() if made.mapping_id is not None}
    lambdas, cluster = "aws lambda {} --region " + stack.region + " {}--uuid ", stack.named(name, "kafka")
    update = "update-event-source-mapping"
    hour = "--period 300 --start-time $(date -u -d '-1 hour' +%FT%TZ) --end-time $(date -u +%FT%TZ)"
    behind = [
        f"    aws cloudwatch get-metric-statistics --region {stack.region} --namespace AWS/Kafka --metric-name EstimatedMaxTimeLag "
        f"--dimensions 'Name=Cluster Name,Value={cluster}' 'Name=Consumer Group,Value={group(name, each, stack)}' Name=Topic,Value={each} "
        f"--statistics Maximum {hour}"
        for each in readers
    ]
    return {
        "MAPPED": _lines(lambdas.format("get-event-source-mapping", ""), mapped),
        "BEGIN": _lines(lambdas.format(update, "--enabled "), mapped),
        "CEASE": _lines(lambdas.format(update, "--no-enabled "), mapped),
        "BEHIND": "\n".join(behind),
        "COPIES_HERE": replicator_name(stack.named(name), stack.region),
        "COPIES_BACK": replicator_name(stack.named(name), stack.peer_region),
    }


def _lines(command: str, values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[str]:
    """That command for each value, a line each."""
    return pulumi.Output.all(*values.values()).apply(
        lambda known: "\n".join(f"    {command}{each}" for each in known)
    )


def _services(region: str, serving: Serving) -> pulumi.Output[str]:
    """What looks at tasks and servers."""
    if serving.servers and serving.containers.cluster is None:
        return _groups(region, serving)
    if serving.containers.cluster is None:
        return pulumi.Output.from_input("There are no tasks: Lambda calls the functions.")
    names = [made.service_name for made in serving.containers.services.values()]
    tasks = pulumi.Output.all(serving.containers.cluster.name, *names).apply(
        lambda known: (
            f"    aws ecs describe-services --region {region} --cluster {known[0]} --services {' '.join(known[1:])}"
        )
    )
    return pulumi.Output.concat(tasks, "\n", _groups(region, serving)) if serving.servers else tasks


def _groups(region: str, serving: Serving) -> pulumi.Output[str]:
    """What looks at servers."""
    return pulumi.Output.all(*(made.group_name for made in serving.servers.values())).apply(
        lambda known: (
            f"    aws autoscaling describe-auto-scaling-groups --region {region} --auto-scaling-group-names {' '.join(known)}"
        )
    )


def _started(settings: WorkersSettings, stack: Stack, serving: Serving) -> pulumi.Output[str]:
    """What starts as many servers as carry the whole load."""
    command = f"    aws autoscaling set-desired-capacity --region {stack.region} --desired-capacity "
    full = {
        each: full_size(given.servers, stack).total
        for each, given in settings.workers.items()
        if given.servers is not None
    }
    return pulumi.Output.all(*(serving.servers[each].group_name for each in full)).apply(
        lambda known: "\n".join(
            f"{command}{count} --auto-scaling-group-name {group}"
            for group, count in zip(known, full.values(), strict=True)
        )
    )
