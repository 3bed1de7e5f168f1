"""Cluster, nodes, add-ons and Argo CD, each alone: what it makes, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.checks import ArgumentError
from components.compute import (
    Access,
    ArgoCdArgs,
    EksAddons,
    EksAddonsArgs,
    EksCluster,
    EksClusterArgs,
    EksNodes,
    EksNodesArgs,
)
from components.compute.eks_addons import ADDONS, ALWAYS, ordered
from components.switch import NodeGroup, Takeover, TakeoverArgs
from tests.components.test_compute_containers import TAGS, TOPIC
from tests.pulumi_mocks import Deployment, deploy

SUBNETS = {"use1-az1": "subnet-1", "use1-az2": "subnet-2", "use1-az4": "subnet-4"}
KEY = "arn:aws:kms:key"


def cluster(**more: Any) -> EksClusterArgs:
    given = {"cluster_name": "apps", "version": "1.35", "subnet_ids": SUBNETS, "key_arn": KEY}
    return EksClusterArgs(tags=TAGS, **{**given, **more})


def nodes(**more: Any) -> EksNodesArgs:
    given = {
        "cluster_name": "apps",
        "version": "1.35",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "key_arn": KEY,
        "instance_types": ["m7g.large"],
        "required": 4,
        "running": 6,
        "most": 9,
    }
    return EksNodesArgs(tags=TAGS, **{**given, **more})


def argo(**more: Any) -> ArgoCdArgs:
    return ArgoCdArgs(tags=TAGS, cluster_name="apps", identity_center_arn="arn:center", **more)


def addons(**versions: str) -> EksAddonsArgs:
    said = {name.replace("_", "-"): version for name, version in versions.items()}
    return EksAddonsArgs(tags=TAGS, cluster_name="apps", cluster_arn="arn:apps", key_arn=KEY, versions=said)


WRONG: list[tuple[Callable[[], object], str]] = [
    (
        lambda: cluster(cluster_name="my apps").check(),
        "cluster_name: got 'my apps', allowed is 1 to 100 letters",
    ),
    (
        lambda: cluster(version="1.35.1").check(),
        "version: got '1.35.1', allowed is a minor version such as 1.35",
    ),
    (
        lambda: cluster(subnet_ids={"a": "s"}).check(),
        r"subnet_ids: got \['a'\], allowed is 2 or more: EKS wants",
    ),
    (
        lambda: cluster(public_cidrs=["198.51.100.0/24"] * 2).check(),
        "public_cidrs: got 198.51.100.0/24 more than once",
    ),
    (
        lambda: cluster(public_cidrs=["172.20.0.0/16"]).check(),
        "public_cidrs: got '172.20.0.0/16', allowed is a public",
    ),
    (lambda: cluster(log_retention_days=2).check(), "log_retention_days: got 2, allowed is one of 1, 3"),
    (
        lambda: nodes(subnet_ids={"a": "s"}).validate(),
        r"subnet_ids: got \['a'\], allowed is 2 or more: nodes of one",
    ),
    (
        lambda: nodes(instance_types=["m7g.large"] * 2).validate(),
        "instance_types: got .*, allowed is each type once",
    ),
    (lambda: nodes(running=2).validate(), "running: got 2, allowed is at least one a zone, 3 or more; or 0"),
    (lambda: nodes(running=12).validate(), r"most: got 9, allowed is running \(12\) or more"),
    (lambda: nodes(most=0).validate(), "most: got 0, allowed is 1 to 450 nodes"),
    (lambda: addons(argo_cd="default").check(), "versions: got 'argo-cd', allowed is one of vpc-cni"),
    (
        lambda: addons(coredns="1.12").check(),
        "versions.coredns: got '1.12', allowed is default, or a version",
    ),
    (
        lambda: argo(people={"OWNER": ["g"]}).check(),
        "people: got 'OWNER', allowed is one of ADMIN, EDITOR, VIEWER",
    ),
    (lambda: argo(people={"ADMIN": []}).check(), "people.ADMIN: got nobody, allowed is ids of groups"),
    (
        lambda: Access(principal_arn="arn", policy="root").check(),
        "policy: got 'root', allowed is one of cluster-admin",
    ),
    (
        lambda: Access(principal_arn="arn", policy="admin-view", namespaces=["shop"]).check(),
        "namespaces: got shop, allowed is none with admin-view, which holds for the whole cluster",
    ),
]


@pytest.mark.parametrize(("check", "said"), WRONG, ids=[said[:40] for _, said in WRONG])
def test_what_is_refused(check: Callable[[], object], said: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{said}"):
        check()


def test_nothing_is_registered_of_what_is_refused() -> None:
    for program in (
        lambda: EksCluster("apps", cluster(version="35")) and None,
        lambda: EksNodes("web", nodes(running=2)) and None,
        lambda: EksAddons("more", addons(coredns="latest")) and None,
    ):
        with pytest.raises(ArgumentError):
            deploy(program)


def test_nodes_alone_have_no_target() -> None:
    found = deploy(lambda: EksNodes("web", nodes(running=0)) and None)
    assert found.all("Attachment") == []
    group = found.one("NodeGroup").inputs
    assert group["scalingConfig"] == {"minSize": 0, "maxSize": 9, "desiredSize": 0}
    assert group["tags"]["dr:switched-off"] == "true"
    component = found.one("holdfast:compute:EksNodes")
    below = {each.type.rsplit(":", 1)[-1] for each in found.resources if each.parent == component.urn}
    assert below == {"Role", "RolePolicyAttachment", "LaunchTemplate", "NodeGroup", "Tag"}


def test_what_nodes_need_comes_first_and_what_needs_nodes_only_with_them() -> None:
    said = dict.fromkeys(ADDONS, "default")
    before, after = ordered(said, nodes=True)
    assert before | after == said
    assert {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"} <= set(before)
    assert {"coredns", "aws-ebs-csi-driver"} <= set(after)
    assert ordered(said, nodes=False) == (before, {})
    assert set(ALWAYS) <= set(ADDONS)


def takeover(**more: Any) -> TakeoverArgs:
    group = {
        "label": "general",
        "cluster_name": "apps",
        "name": "web",
        "arn": "arn:web",
        "scaling_name": "eks-web",
    }
    machine = {"machine_name": "m", "region": "us-west-2", "peer_region": "us-east-1", "system": "shop"}
    one = NodeGroup(**{**group, "nodes": 6, **more})
    return TakeoverArgs(**machine, nodes=[one], key_arn=KEY, actions=[TOPIC], tags=TAGS)


def definition(found: Deployment) -> dict[str, Any]:
    return dict(json.loads(found.one("StateMachine").inputs["definition"]))


def test_a_takeover_asks_eks_for_nodes_until_they_serve() -> None:
    found = deploy(lambda: Takeover("shop-takeover", takeover()) and None)
    [branch] = definition(found)["States"]["Move"]["Branches"]
    states = branch["States"]
    assert branch["StartAt"] == "LookAtNodes-general"
    assert states["LookAtNodes-general"]["Parameters"] == {"AutoScalingGroupNames": ["eks-web"]}
    few, serve = states["EnoughNodes-general"]["Choices"]
    assert (few["NumericLessThan"], few["Next"]) == (6, "StartNodes-general")
    assert (serve["NumericGreaterThanEquals"], serve["Next"]) == (6, "NodesServe-general")
    assert states["StartNodes-general"]["Next"] == "AwaitNodes-general"
    assert states["AwaitNodes-general"]["Next"] == "LookAtNodes-general"
    [policy] = found.all("RolePolicy")
    allowed = json.loads(policy.inputs["policy"])["Statement"]
    assert {"Effect": "Allow", "Action": "eks:UpdateNodegroupConfig", "Resource": "arn:web"} in allowed
    assert {"Effect": "Allow", "Action": "autoscaling:DescribeAutoScalingGroups", "Resource": "*"} in allowed


def test_a_takeover_of_no_nodes_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"^nodes.nodes: got 0, allowed is 1 or more"):
        takeover(nodes=0).check()
