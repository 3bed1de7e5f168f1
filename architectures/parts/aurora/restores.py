"""The runbooks of a system whose database crosses the regions by recovery points alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from architectures.system import Place

HERE = Path(__file__).parent
UNBUILT, BUILT, HOME = "restore", "restored", "home"
TEXTS = {
    kind: [HERE / f"{part}.md" for part in parts]
    for kind, parts in {UNBUILT: ("restore", "unbuilt"), BUILT: ("restore", "back"), HOME: ("home",)}.items()
}
"""By kind: of a region that can be built, of one that was, and of the founding stack's, where the former database stands."""


def restored(
    place: Place, parts: Mapping[str, pulumi.Output[str]] | None, groups: Sequence[str]
) -> tuple[str, dict[str, pulumi.Input[str]]]:
    """The kind of a region's runbook, and the values that it names beside the regions.

    `parts` is the output of that name, None where nothing serves; `groups` are those of its keys that name Auto Scaling groups.
    """
    stack, backups = place.stack, place.ground.backups
    told: dict[str, pulumi.Input[str]] = {"VAULT": backups.vault_name}
    if parts is None:
        return UNBUILT, told
    told["STOP"] = _stopped(stack.region, [parts[each] for each in groups])
    if place.peer is None:
        return HOME, told
    theirs = place.peer.part("parts")
    return BUILT, {
        **told,
        "STOP_PEER": _stopped(stack.peer_region, [theirs.text(each) for each in groups]),
        "CLUSTER_ARN": parts["clusterArn"],
        "ROLE": backups.role_arn,
        "PEER_VAULT": backups.peer_vault_name,
        "PEER_VAULT_ARN": backups.peer_vault_arn,
    }


def _stopped(region: str, groups: Sequence[pulumi.Output[str]]) -> pulumi.Output[str]:
    """The calls after which none of the groups' servers runs."""
    line = (
        "    aws autoscaling update-auto-scaling-group --region {0} --auto-scaling-group-name {1} "
        "--min-size 0 --desired-capacity 0"
    )
    return pulumi.Output.all(*groups).apply(
        lambda names: "\n".join(line.format(region, name) for name in names)
    )
