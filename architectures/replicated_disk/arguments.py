"""What the components that only a mirrored disk has are given. The settings' checks look at the same arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from architectures.active_standby.arguments import target
from architectures.active_standby.sections import Watch
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.replicated_disk.bootstrap import AGENT_PORT, DRBD_PORT, Half, Machines, sample, script
from architectures.replicated_disk.sections import Machine, MirroredDisk
from components.compute import MirrorArgs
from components.edge import TargetArgs
from components.network import MirrorLinkArgs
from components.tags import Tags

LINK_KEYS = {"address": "address", "port": "server.port"}
"""Argument of the link that a setting decides -> key within the system."""
_LONGEST = Half(volume="vol-" + 17 * "0", interface="eni-" + 17 * "0", address="255.255.255.255")
"""Stands for a half that doesn't exist yet where the script's length is checked."""
_NAME = 60 * "x"


def probe(server: Machine, watch: Watch) -> TargetArgs:
    """How each machine is watched: by its agent, since what serves runs where the disk is primary alone."""
    asked = server.model_copy(update={"port": AGENT_PORT, "health_path": "/"})
    return target(asked, watch)


def link(
    server: Machine,
    address: str,
    *,
    vpc_id: pulumi.Input[str],
    cidrs: tuple[str, str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    route_table_ids: Mapping[str, pulumi.Input[str]],
    load_balancer_id: pulumi.Input[str],
    machine_id: pulumi.Input[str],
    tags: Tags,
) -> MirrorLinkArgs:
    """The interfaces and the moving address; `cidrs` are this VPC's network and the other region's."""
    return MirrorLinkArgs(
        vpc_id=vpc_id,
        cidr=cidrs[0],
        peer_cidr=cidrs[1],
        subnet_ids=subnet_ids,
        route_table_ids=route_table_ids,
        address=address,
        port=server.port,
        mirror_port=DRBD_PORT,
        probe_port=AGENT_PORT,
        load_balancer_id=load_balancer_id,
        machine_id=machine_id,
        tags=tags,
    )


def check_link(server: Machine, address: str, zones: Sequence[str], cidrs: tuple[str, str]) -> None:
    """Raise ArgumentError for what the link would refuse; what doesn't exist yet is replaced."""
    link(
        server,
        address,
        vpc_id=PLACEHOLDER,
        cidrs=cidrs,
        subnet_ids=dict.fromkeys(zones, PLACEHOLDER),
        route_table_ids={},
        load_balancer_id=PLACEHOLDER,
        machine_id=PLACEHOLDER,
        tags=PLACEHOLDER_TAGS,
    ).check()


def mirror(
    server: Machine,
    disk: MirroredDisk,
    address: str,
    *,
    interface_ids: Sequence[pulumi.Input[str]],
    route_table_ids: Sequence[pulumi.Input[str]],
) -> MirrorArgs:
    """What the watcher is told of the disk."""
    return MirrorArgs(
        interface_ids=interface_ids,
        route_table_ids=route_table_ids,
        address=address,
        protocol=disk.protocol,
        starts=server.ready_seconds,
    )


def start(server: Machine) -> str:
    """The script that installs what serves."""
    return sample(server.port) if server.user_data is None else server.user_data


def longest_script(
    server: Machine, disk: MirroredDisk, address: str, zones: Sequence[str], region: str
) -> str:
    """The script of the first start, with what doesn't exist yet as long as it can be."""
    told = Machines(
        name=_NAME,
        protocol=disk.protocol,
        halves=dict.fromkeys(zones, _LONGEST),
        address=address,
        region=region,
        table=_NAME,
        pair=_NAME,
    )
    return script(told, start(server))
