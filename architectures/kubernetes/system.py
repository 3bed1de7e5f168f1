"""A Kubernetes cluster in each of two regions, behind one name, kept by a repository."""

from __future__ import annotations

import pulumi

from architectures.kubernetes import arguments
from architectures.kubernetes.runbook import written
from architectures.kubernetes.serving import Serving
from architectures.kubernetes.settings import KubernetesSettings
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.moved import MovedSystem
from architectures.parts.shelf import Shelf
from architectures.parts.site import served
from architectures.system import Place
from components.edge import Served, SiteRecords
from components.facts import Fact
from components.outputs import once
from components.switch import NodeGroup


class Kubernetes(MovedSystem):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, cluster with its log, add-ons, node groups in all zones, access entries, a role
    for each workload's pods, Argo CD as EKS's capability where people sign in by Identity Center, alarms, a switch to the other region,
    zonal autoshift, runbooks and what is applied to the cluster once; with a site also health checks and records, and in the founding
    stack the static content and the page of last resort.
    Survives: a node (replaced), a zone (what runs stays enough), region (health checks move a site's traffic in about 100 s; the other
    region's cluster has been kept alike by the same repository, and its nodes are started by whoever takes over, or ran all along).
    What pods keep on volumes is their zone's, and no backup of this program has it. Costs: cluster, nodes, load balancer.
    Source: https://docs.aws.amazon.com/eks/latest/best-practices/reliability.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or no region stands ready."""

    def __init__(
        self,
        name: str,
        settings: KubernetesSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Kubernetes", name, {}, opts)
        self._begin(name, settings, place)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self)
            self.health = self.site.health(
                self.serving.balancer, shallow=settings.health_path, deep=settings.deep_health_path
            )
        self.way_over = self._way_over(settings)
        if self.serving:
            self._shift_zones(settings, self.serving.balancer.arn, self.serving.alarms.symptom_arns)
        shelf = Shelf(name, place, self)
        applied = {"bootstrap": shelf.hand_over("bootstrap", self.serving.bootstrap)} if self.serving else {}
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=written(
                name, settings, place, self.serving, self.way_over, applied=applied.get("bootstrap")
            ),
            outputs=self._told(settings.kind, self.serving, **applied),
            shelf=shelf,
        )

    def _way_over(self, settings: KubernetesSettings) -> DataPlane | None:
        stack, serving = self._place.stack, self.serving
        if serving is None or not settings.switched(stack):
            return None
        nodes = [
            NodeGroup(
                label=each,
                cluster_name=serving.cluster.name,
                name=made.name,
                arn=made.arn,
                scaling_name=made.scaling_name,
                nodes=arguments.running(settings.node_groups[each], stack, 1),
            )
            for each, made in serving.nodes.items()
        ]
        return DataPlane(self._name, self._place, Moving(nodes=nodes), health=self.health, parent=self)

    def _served(self) -> Served | None:
        if self.serving is None:
            return None
        behind = once("", *(made.serving for made in self.serving.nodes.values()))
        return served(self.serving.balancer, behind, self.health, self._check_id)

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving = self.serving
        return self._named(
            records,
            front=serving.balancer.recovery_fact["name"] if serving else None,
            servers=serving.answering if serving else [],
        )
