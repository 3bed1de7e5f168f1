"""What serves a system on Kubernetes in one region: groups, load balancer, cluster, add-ons, nodes, identities, alarms."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.kubernetes import arguments, names
from architectures.kubernetes.manifest import account, bootstrap
from architectures.kubernetes.sections import NodeGroup
from architectures.kubernetes.settings import KubernetesSettings
from architectures.parts.site import Site
from architectures.system import Place
from components.compute import ArgoCd, EksAddons, EksCluster, EksNodes
from components.compute.eks_access import entry, workload
from components.compute.eks_addons import ordered
from components.facts import Fact
from components.network import SecurityGroupChain
from components.operations import RegionHealth, RegionHealthArgs
from components.outputs import once


class Serving:
    """The parts of a region that serve, as children of the system."""

    def __init__(
        self, name: str, settings: KubernetesSettings, place: Place, site: Site, parent: pulumi.Resource
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._share = settings.posture(place.stack).share or 0
        self._parent, self._child = parent, pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.balancer = site.balancer(
            self.groups.load_balancer_id, arguments.target(settings.node_port, settings.health_path)
        )
        self.cluster = self._cluster()
        before, after = ordered(
            arguments.versions(settings.addons, settings.workloads.values()), nodes=bool(self._share)
        )
        basics = self._addons("basics", before, self.cluster.name)
        self.nodes = {
            each: self._nodes(each, given, basics.ready) for each, given in settings.node_groups.items()
        }
        if after:
            stand = once(self.cluster.name, *(made.group.id for made in self.nodes.values()))
            self._addons("addons", after, stand)
        self._identities()
        self.argo = self._argo()
        self.alarms = self._alarms()

    @property
    def answering(self) -> list[str]:
        """The units behind the load balancer."""
        return [made.recovery_fact["name"] for made in self.nodes.values()]

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front = {**self.balancer.recovery_fact, "needs": sorted(self.answering)}
        return [front, *(made.recovery_fact for made in self.nodes.values())]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "cluster": self.cluster.name,
            "nodeGroups": {each: made.name for each, made in self.nodes.items()},
            "loadBalancer": self.balancer.dns_name,
            "alarm": self.alarms.name,
        }

    @property
    def bootstrap(self) -> pulumi.Output[str]:
        """What is applied to the cluster once, as JSON."""
        settings = self._settings
        found = self.cluster.arn.apply(
            lambda arn: bootstrap(
                self._name,
                self._stack.region,
                arn,
                workloads=settings.workloads,
                front=settings.front,
                node_port=settings.node_port,
                gitops=settings.gitops,
            )
        )
        return pulumi.Output.json_dumps(found, indent=1)

    def _groups(self) -> SecurityGroupChain:
        args = arguments.groups(
            self._settings.node_port,
            vpc_id=self._ground.network.vpc_id,
            ingress_cidrs=[self._site.clients],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _cluster(self) -> EksCluster:
        args = arguments.cluster(
            self._settings.cluster,
            self._name,
            self._stack,
            subnet_ids=self._ground.network.private_subnet_ids,
            key_arn=self._ground.key_arn,
            tags=self._tags,
        )
        return EksCluster(f"{self._name}-eks", args, self._child)

    def _addons(self, what: str, versions: dict[str, str], cluster_name: pulumi.Output[str]) -> EksAddons:
        args = arguments.addons(
            versions,
            cluster_name=cluster_name,
            cluster_arn=self.cluster.arn,
            key_arn=self._ground.key_arn,
            tags=self._tags,
        )
        return EksAddons(f"{self._name}-{what}", args, self._child)

    def _nodes(self, each: str, given: NodeGroup, cluster_name: pulumi.Output[str]) -> EksNodes:
        args = arguments.nodes(
            given,
            tags=self._tags,
            running=arguments.running(given, self._stack, self._share),
            cluster_name=cluster_name,
            version=self.cluster.version,
            subnet_ids=self._ground.network.private_subnet_ids,
            security_group_ids=[self.cluster.security_group_id, self.groups.tier_ids[names.NODES]],
            key_arn=self._ground.key_arn,
            target_group_arn=self.balancer.target_group_arn,
            check=self.balancer.target_check,
        )
        return EksNodes(names.nodes(self._name, each), args, self._child)

    def _identities(self) -> None:
        cluster, arn = self.cluster.name, self.cluster.arn
        for each, given in self._settings.access.items():
            name = f"{self._name}-access-{each}"
            entry(name, cluster, arguments.access(given), tags=self._tags, parent=self._parent)
        for each, made in self._settings.workloads.items():
            workload(
                f"{self._name}-{each}",
                cluster,
                arn,
                namespace=made.namespace,
                service_account=account(each, made),
                secrets=list(made.secrets.values()),
                secret_keys=made.secret_keys,
                policy_arns=made.policies,
                tags=self._tags,
                parent=self._parent,
            )

    def _argo(self) -> ArgoCd | None:
        given, settings = self._settings.gitops, self._settings
        if given.identity_center is None:
            return None
        args = arguments.argo_cd(
            given,
            given.identity_center,
            settings.namespaces,
            cluster_name=self.cluster.name,
            tags=self._tags,
        )
        return ArgoCd(f"{self._name}-argocd", args, self._child)

    def _alarms(self) -> RegionHealth:
        first = next(iter(self.nodes.values()))
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=self.balancer.arn_suffix,
            target_group_arn_suffix=self.balancer.target_group_arn_suffix,
            actions=[self._ground.topic.arn],
            # EKS has its Auto Scaling groups tell their sizes.
            idle_group=None if self._share else first.scaling_name,
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)
