"""The runbook of a system on Kubernetes: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.kubernetes import arguments
from architectures.kubernetes.serving import Serving
from architectures.kubernetes.settings import KubernetesSettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import moving, told
from architectures.system import Place

HERE = Path(__file__).parent
ARGO = "https://raw.githubusercontent.com/argoproj/argo-cd"
"""Where Argo CD's own manifests are: https://argo-cd.readthedocs.io/en/stable/operator-manual/installation/"""


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or `restore`; in Markdown. Raises KeyError for a name it lacks."""
    return moving(HERE, kind, values)


def written(
    name: str,
    settings: KubernetesSettings,
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,
    *,
    applied: pulumi.Output[str] | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region; `applied` is where lies what the cluster is told once."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or applied is None:
        return {stack.region: told(text, "restore", own)}
    own |= {
        "ALARM": serving.alarms.name,
        "TARGETS": serving.balancer.target_group_arn,
        "BALANCER": serving.balancer.arn,
        "CLUSTER": serving.cluster.name,
        "CLUSTER_ARN": serving.cluster.arn,
        "GROUPS": pulumi.Output.all(*(made.scaling_name for made in serving.nodes.values())).apply(" ".join),
        "BOOTSTRAP": applied,
        "INSTALL": _install(settings.gitops.version),
    }
    if way_over is None:
        return {stack.region: told(text, "none", {**own, "START": _start(settings, place, serving)})}
    machines = {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {stack.region: told(text, "data-plane", {**own, **machines})}


def _install(version: str | None) -> str:
    """Argo CD itself, where it is no capability of EKS."""
    if version is None:
        return ""
    return (
        "    kubectl create namespace argocd --dry-run=client --output yaml | kubectl apply --filename -\n"
        f"    kubectl apply --namespace argocd --server-side --filename {ARGO}/{version}/manifests/ha/install.yaml\n"
    )


def _start(settings: KubernetesSettings, place: Place, serving: Serving) -> pulumi.Output[str]:
    line = (
        "    aws eks update-nodegroup-config --region {0} --cluster-name {1} --nodegroup-name {2} "
        "--scaling-config minSize={3},desiredSize={3}\n"
    )
    return pulumi.Output.concat(
        *(
            pulumi.Output.format(
                line,
                place.stack.region,
                serving.cluster.name,
                made.name,
                str(arguments.running(settings.node_groups[each], place.stack, 1)),
            )
            for each, made in serving.nodes.items()
        )
    )
