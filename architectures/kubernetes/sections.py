"""The groups of keys that a system on Kubernetes has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.sections import Key, Role

_SECRET = r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+"  # noqa: S105
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_URL = r"https://[a-z0-9.-]+(/[\w.~-]+)+"

Secret = Annotated[
    str, shaped(_SECRET, "the ARN of a secret of Secrets Manager: its value stands nowhere in the settings")
]
Label = Annotated[
    str, shaped(_LABEL, "1 to 63 lower-case letters, digits and hyphens, as names of Kubernetes are")
]
Repository = Annotated[
    str, shaped(_URL, "an https:// address without user, password or token: those belong into credentials")
]
Policy = Annotated[
    str, shaped(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+", "the ARN of an IAM policy")
]
_IDENTITY_CENTER = r"arn:aws[a-z-]*:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}"


class Cluster(Section):
    """The control plane."""

    version: str = "1.35"
    """Of Kubernetes, up one at a time."""
    extended_support: bool = False
    """Whether it stays at its version when standard support ends."""
    public_cidrs: tuple[str, ...] = ()
    """Public networks that may reach the API server from outside the VPC. None: it is private."""
    log_retention_days: int = 90
    """Days that all its logs are kept."""


class NodeGroup(Section):
    """A managed node group in all zones."""

    instance_types: tuple[str, ...] = ("m7g.large", "m6g.large", "c7g.large")
    required_nodes: int = 4
    """Nodes that carry the load: so many more run that these are left with a zone gone."""
    maximum_nodes: int = 24
    """The most that scaling may reach."""
    image: Literal["al2023", "bottlerocket"] = "al2023"
    release: (
        Annotated[str, shaped(r"[\w.-]{1,64}", "the release of an image of EKS, such as 1.35.0-20260812")]
        | None
    ) = None
    """Of the image. None: the newest when the group is made, or brought to another version."""
    disk_gib: int = 50
    labels: dict[str, str] = Field(default_factory=dict)


class Entry(Section):
    """What an IAM role may do in the cluster."""

    role: Role
    policy: Literal["cluster-admin", "admin", "edit", "view", "admin-view"]
    namespaces: tuple[Label, ...] = ()
    """None: all."""


class Workload(Section):
    """What runs in the cluster, as far as AWS is concerned: its identity, its secrets, its port."""

    namespace: Label
    service_account: Label | None = None
    """None: the workload's own name."""
    port: int | None = None
    """Where its pods listen, if it is the front."""
    secrets: dict[Label, Secret] = Field(default_factory=dict)
    """File in the pods -> secret of this stack's region."""
    secret_keys: tuple[Key, ...] = ()
    """Customer keys that those are encrypted with."""
    policies: tuple[Policy, ...] = ()
    """IAM policies of what else its pods may do."""


class GitOps(Section):
    """Where the cluster's content comes from."""

    repository: Repository
    path: str = "."
    """Folder of the repository."""
    revision: str = "main"
    """Branch, tag or commit."""
    identity_center: (
        Annotated[str, shaped(_IDENTITY_CENTER, "the ARN of an instance of IAM Identity Center")] | None
    ) = None
    """By which people sign in at the capability of EKS. None: Argo CD runs on the nodes, installed by a person."""
    identity_center_region: str | None = None
    """None: the stack's."""
    people: dict[Literal["admin", "editor", "viewer"], tuple[str, ...]] = Field(default_factory=dict)
    """By role: ids of groups of Identity Center."""
    everywhere: bool = False
    """Whether it may deploy anywhere in the cluster; else in the workloads' namespaces."""
    credentials: Secret | None = None
    """With which the capability reads the repository. None: it is public."""
    version: Annotated[str, shaped(r"v\d+\.\d+\.\d+", "a release of Argo CD such as v3.2.0")] | None = None
    """Of Argo CD without the capability."""


Workloads = dict[Slug, Workload]
