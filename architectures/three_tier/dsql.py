"""A region's part of an Aurora DSQL database, which both regions write."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.aurora.arguments import component
from architectures.parts.aurora.clusters import ORIGINAL
from architectures.parts.sample_app.script import iam_facts
from architectures.peer import Outputs
from architectures.system import Place
from architectures.three_tier import dsql_arguments
from architectures.three_tier.database import Database
from architectures.three_tier.settings import ThreeTierSettings
from components.data import DsqlAccess, DsqlAccessArgs, DsqlCluster, connecting_statements
from components.facts import Fact

_Found = dict[str, pulumi.Output[str]]


def dsql(
    name: str,
    settings: ThreeTierSettings,
    place: Place,
    group_id: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> Database:
    """Make both regions' clusters in the stack that founds the system, and in either stack its region's way to its own.

    `group_id` is the security group before the database.
    """
    stack, ground = place.stack, place.ground
    units: list[Fact] = []
    if place.peer is None:
        args = dsql_arguments.cluster(
            settings.database,
            stack,
            tags=place.tags,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
        )
        made = DsqlCluster(component(name, None), args, child)
        units = made.recovery_facts
        mine, theirs = (_of(made, region) for region in (stack.region, stack.peer_region))
        shared = {f"peer{key[0].upper()}{key[1:]}": value for key, value in theirs.items()}
    else:
        mine, shared = _founded(place.peer.part("databases").part(ORIGINAL)), {}
    way = DsqlAccess(
        f"{component(name, None)}-access",
        DsqlAccessArgs(
            tags=place.tags,
            region=stack.region,
            cluster_identifier=mine["identifier"],
            service_name=mine["service"],
            vpc_id=ground.network.vpc_id,
            subnet_ids=ground.network.data_subnet_ids,
            security_group_ids=[group_id],
            topic_arn=ground.topic.arn,
        ),
        child,
    )
    given = settings.database
    outputs: dict[str, Any] = {"databaseEndpoint": way.host, "databases": {ORIGINAL: {**mine, **shared}}}
    return Database(
        endpoint=way.host,
        told=way.host.apply(
            lambda host: iam_facts(given.engine, host, settings.port, stack.region, given.role)
        ),
        statements=connecting_statements(mine["arn"]),
        recovery=units,
        used=units,
        limits=None,
        moves=None,
        parts={
            "cluster": mine["identifier"],
            "clusterArn": mine["arn"],
            # What a restore needs: where the region's recovery points are, who restores, and the key.
            "vault": ground.backups.vault_name,
            "backupRole": ground.backups.role_arn,
            "key": ground.key_arn,
        },
        outputs=outputs,
    )


def _of(made: DsqlCluster, region: str) -> _Found:
    """What a region's servers, and its stack, need to know of its cluster."""
    return {
        "identifier": made.identifiers[region],
        "arn": made.arns[region],
        "service": made.endpoint_services[region],
    }


def _founded(peer: Outputs) -> _Found:
    """The same of the cluster that the founding stack made for this region."""
    return {
        "identifier": peer.text("peerIdentifier"),
        "arn": peer.text("peerArn"),
        "service": peer.text("peerService"),
    }
