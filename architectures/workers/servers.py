"""Workers of a region that are instances: an Auto Scaling group for each."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.parts.tier import full_size
from architectures.workers import arguments, names
from architectures.workers.floor import Done, Floor
from architectures.workers.sections import Servers
from components.compute import AutoScaledTier, AutoScaledTierArgs
from components.data import WorkQueue


def server_groups(
    floor: Floor, done: Done, queues: Mapping[str, WorkQueue], group_id: pulumi.Input[str]
) -> dict[str, AutoScaledTier]:
    """The groups by worker, whose instances are in the security group of that id."""
    found = {}
    for each, given in floor.settings.workers.items():
        if given.servers is not None:
            args = _args(given.servers, floor, done, queues[each], group_id)
            found[each] = AutoScaledTier(names.worker(floor.name, each), args, floor.child)
    return found


def _args(
    given: Servers, floor: Floor, done: Done, queue: WorkQueue, group_id: pulumi.Input[str]
) -> AutoScaledTierArgs:
    told = pulumi.Output.all(
        **done.told,
        **{
            names.QUEUE: queue.url,
            names.WORK: str(given.work_seconds),
            names.HOOK: names.LEAVING,
            names.REGION: floor.stack.region,
        },
    )
    return arguments.servers(
        given,
        arguments.servers_size(given, floor.stack, floor.stands.share or 0),
        full_size(given, floor.stack),
        tags=floor.tags,
        subnet_ids=floor.ground.network.private_subnet_ids,
        security_group_id=group_id,
        key_arn=floor.ground.key_arn,
        topic_arn=floor.ground.topic.arn,
        queue_name=queue.name,
        user_data=told.apply(lambda known: arguments.user_data(given, known)),
        statements=[*queue.receiving(), *done.statements],
    )
