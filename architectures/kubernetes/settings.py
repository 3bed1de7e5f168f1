"""The keys of a system on Kubernetes, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.faults import PLACEHOLDER, Fault, fault, held, refusals
from architectures.keys import Slug
from architectures.known import EXTENDED, INSTANCE_TYPE, KUBERNETES, table
from architectures.kubernetes import arguments, names
from architectures.kubernetes.sections import Cluster, Entry, GitOps, NodeGroup, Workload
from architectures.parts.arguments import PLACEHOLDER_TAGS, autoshift_faults
from architectures.parts.sections import Move
from architectures.parts.settings import PlainSettings, SiteSettings
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.compute.eks_addons import ADDONS
from components.edge import checks
from components.network.cidr import MINIMUM_ZONES

UrlPath = Annotated[str, held(partial(checks.path, ""))]
NodePort = Annotated[int, Field(ge=arguments.PORTS[0], le=arguments.PORTS[1])]
LARGEST_PORT = 65535
ZONES = 3
"""In which nodes stand at least. EKS runs its control plane in three.
https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html"""


class KubernetesSettings(PlainSettings, SiteSettings):
    """One system on Kubernetes."""

    kind: Literal["kubernetes"]
    switch: Move = Move()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    health_path: UrlPath = "/health"
    """What load balancer and Route 53 ask: light."""
    deep_health_path: UrlPath = "/health/deep"
    """The same, of what works only if what is behind does."""
    cluster: Cluster = Cluster()
    node_groups: Annotated[dict[Slug, NodeGroup], Field(min_length=1)] = Field(
        default_factory=lambda: {"general": NodeGroup()}
    )
    addons: dict[str, str] = Field(default_factory=dict)
    """Add-on -> version, or `default`."""
    access: dict[Slug, Entry] = Field(default_factory=dict)
    """Who may do what in the cluster."""
    workloads: dict[Slug, Workload] = Field(default_factory=dict)
    front: Slug | None = None
    """The workload that answers what comes from outside."""
    node_port: NodePort = 30080
    """Port on every node by which the load balancer reaches the front."""
    gitops: GitOps

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        if self.rebuild and (stack.founder or self.followed(stack) is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        if len(stack.zones) < ZONES:
            allowed = f"at least {ZONES} zones in network.zones: nodes stand in all of them, as the control plane does"
            yield fault("kind", f"'{self.kind}' in {len(stack.zones)} zones", allowed)
            return
        if self.health_path == self.deep_health_path:
            yield fault("deepHealthPath", repr(self.deep_health_path), "another than healthPath")
        yield from autoshift_faults(self.autoshift)
        yield from self._cluster_faults(name, stack)
        for each, group in self.node_groups.items():
            for key, said in self._node_faults(group, stack):
                yield f"nodeGroups.{each}.{key}", said
        yield from self._workload_faults(stack)
        yield from self._gitops_faults(stack)

    def _cluster_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        args = arguments.cluster(
            self.cluster,
            name,
            stack,
            subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
            key_arn=PLACEHOLDER,
            tags=PLACEHOLDER_TAGS,
        )
        found = list(refusals(args.check, arguments.CLUSTER_KEYS))
        yield from found
        if not found:
            version = [self.cluster.version]
            yield from table(KUBERNETES).faults("cluster.version", version, stack.unlisted)
            old = table(EXTENDED)
            if self.cluster.version in old.names and not self.cluster.extended_support:
                # https://docs.aws.amazon.com/eks/latest/userguide/disable-extended-support.html
                allowed = f"true with {self.cluster.version}, whose standard support has ended ({old.source})"
                yield fault("cluster.extendedSupport", "false", allowed)
        for each, given in self.access.items():
            keys = {key: f"access.{each}.{key}" for key in ("policy", "namespaces")}
            yield from refusals(arguments.access(given).check, keys)
        roles: set[str] = set()
        for each, given in self.access.items():
            if given.role in roles:
                allowed = "each role once: a cluster has one entry of it"
                yield fault(f"access.{each}.role", repr(given.role), allowed)
            roles.add(given.role)
        for addon, said in self.addons.items():
            if addon not in ADDONS:
                yield fault("addons", repr(addon), f"one of {', '.join(ADDONS)}")
                continue
            made = partial(
                arguments.addons,
                cluster_name=PLACEHOLDER,
                cluster_arn=PLACEHOLDER,
                key_arn=PLACEHOLDER,
                tags=PLACEHOLDER_TAGS,
            )
            yield from refusals(made({addon: said}).check, {f"versions.{addon}": f"addons.{addon}"})

    def _node_faults(self, group: NodeGroup, stack: Stack) -> Iterator[Fault]:
        keys = {"required": "requiredNodes"}
        if found := list(refusals(lambda: arguments.full_size(group, stack), keys)):
            yield from found
            return
        full = arguments.full_size(group, stack)
        if group.maximum_nodes < full.total:
            allowed = f"at least {full.total}: requiredNodes in {full.zones} zones with one of them gone"
            yield fault("maximumNodes", group.maximum_nodes, allowed)
            return
        types = group.instance_types
        yield from list(table(INSTANCE_TYPE).faults("instanceTypes", types, stack.unlisted)) or refusals(
            lambda: arguments.placeholder_nodes(group, stack).validate(), arguments.NODE_KEYS
        )

    def _workload_faults(self, stack: Stack) -> Iterator[Fault]:
        front = self.workloads.get(self.front) if self.front is not None else None
        if self.front is None and self.site is not None:
            yield fault("front", "nothing", "the name of a workload beside a site: it answers there")
        if self.front is not None and (front is None or front.port is None):
            yield fault("front", repr(self.front), "the name of a workload that has a port")
        taken: dict[tuple[str, str], str] = {}
        for each, given in self.workloads.items():
            if given.port is not None and not 1 <= given.port <= LARGEST_PORT:
                yield fault(f"workloads.{each}.port", given.port, f"1 to {LARGEST_PORT}")
            for file, arn in given.secrets.items():
                if arn.split(":")[3] != stack.region:
                    yield fault(
                        f"workloads.{each}.secrets.{file}",
                        repr(arn),
                        f"a secret of {stack.region}: the other region may be lost when pods start",
                    )
            account = (given.namespace, given.service_account or each)
            if account in taken:
                allowed = f"each account once, and {taken[account]} has it: a role belongs to one"
                yield fault(f"workloads.{each}.serviceAccount", repr(account[1]), allowed)
            taken.setdefault(account, each)

    def _gitops_faults(self, stack: Stack) -> Iterator[Fault]:
        given = self.gitops
        if given.identity_center is None:
            for key, said in (("people", given.people), ("credentials", given.credentials)):
                if said:
                    allowed = "nothing without identityCenter: only the capability takes it"
                    yield fault(f"gitops.{key}", repr(said) if key == "credentials" else "groups", allowed)
            if given.version is None:
                allowed = "a release of Argo CD such as v3.2.0 without identityCenter"
                yield fault("gitops.version", "nothing", allowed)
            return
        if given.version is not None:
            yield fault(
                "gitops.version", repr(given.version), "nothing with identityCenter: AWS keeps it up to date"
            )
        if not given.everywhere and not self.workloads:
            yield fault(
                "gitops.everywhere", "false", "true without workloads: there is no namespace to deploy to"
            )
        if given.credentials is not None and given.credentials.split(":")[3] != stack.region:
            yield fault("gitops.credentials", repr(given.credentials), f"a secret of {stack.region}")
        args = arguments.argo_cd(
            given, given.identity_center, self.namespaces, cluster_name=PLACEHOLDER, tags=PLACEHOLDER_TAGS
        )
        roles = {f"people.{role.upper()}": f"gitops.people.{role}" for role in given.people}
        yield from refusals(args.check, {"people": "gitops.people", **roles})

    @property
    def namespaces(self) -> list[str]:
        """Where workloads are."""
        return sorted({given.namespace for given in self.workloads.values()})

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.nodes(name, each) for each in self.node_groups]

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed: none keeps data that a backup has."""
        return set()

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            **super().agreement(stack),
            "cluster.version": self.cluster.version,
            "front": self.front,
            "workloads": sorted(self.workloads),
            "gitops.repository": self.gitops.repository,
        }
