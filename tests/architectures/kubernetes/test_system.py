"""What a cluster is, who may do what in it, what its nodes are, and how clients reach them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.kubernetes.conftest import REGIONS, Stacks, both, named, said
from tests.pulumi_mocks import Deployment

NODES, TEMPLATE = "aws:eks/nodeGroup:NodeGroup", "aws:ec2/launchTemplate:LaunchTemplate"
ACCOUNT = "123456789012"


NETWORKS = ["203.0.113.0/24", "198.51.100.0/24"]
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mine"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/orders"
CREDENTIALS = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:argocd/repository-AbCdEf"
PLATFORM = f"arn:aws:iam::{ACCOUNT}:role/platform"
BOTTLES = {
    "instanceTypes": ["m7i.large"],
    "image": "bottlerocket",
    "diskGib": 100,
    "release": "1.42.0-abc",
    "labels": {"tier": "web"},
}


@pytest.fixture(scope="module")
def other() -> Deployment:
    """The founding stack with another value of each key."""
    web = {"namespace": "shop", "port": 8080, "secretKeys": [KEY], "policies": [POLICY]}
    given = said(
        "prod",
        cluster={"publicCidrs": NETWORKS, "extendedSupport": True, "logRetentionDays": 365},
        nodeGroups={"general": BOTTLES, "batch": {"requiredNodes": 2}},
        addons={"coredns": "v1.12.4-eksbuild.1", "aws-ebs-csi-driver": "default"},
        access={"platform": {"role": PLATFORM, "policy": "edit", "namespaces": ["shop"]}},
        workloads={"web": web, "idle": {"namespace": "shop"}},
        gitops={"everywhere": True, "credentials": CREDENTIALS},
    )
    given["holdfast:protect"] = False
    return deployed("prod", given, {})


def trust(stack: Deployment, role: str) -> dict[str, Any]:
    [found] = json.loads(named(stack, "Role", role).inputs["assumeRolePolicy"])["Statement"]
    return dict(found)


def policy(stack: Deployment, name: str) -> list[dict[str, Any]]:
    return list(json.loads(named(stack, "RolePolicy", name).inputs["policy"])["Statement"])


@pytest.mark.parametrize("name", REGIONS)
def test_the_control_plane(name: str, stacks: Stacks) -> None:
    stack = stacks[name]
    found = stack.one("aws:eks/cluster:Cluster").inputs
    assert found["vpcConfig"]["endpointPrivateAccess"] is True
    assert found["vpcConfig"]["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in found["vpcConfig"]
    assert len(found["vpcConfig"]["subnetIds"]) == 3
    assert found["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    assert found["encryptionConfig"]["resources"] == ["secrets"]
    assert found["enabledClusterLogTypes"] == [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ]
    assert found["zonalShiftConfig"] == {"enabled": True}
    assert found["upgradePolicy"] == {"supportType": "STANDARD"}
    assert (found["version"], found["deletionProtection"]) == ("1.35", True)
    logs = named(stack, "LogGroup", "shop-eks-logs").inputs
    assert logs["name"] == f"/aws/eks/{found['name']}/cluster"
    assert (logs["retentionInDays"], bool(logs["kmsKeyId"])) == (90, True)


def test_a_public_endpoint_is_open_to_the_networks_that_are_named(other: Deployment) -> None:
    found = other.one("aws:eks/cluster:Cluster").inputs
    assert found["vpcConfig"]["endpointPrivateAccess"] is True
    assert found["vpcConfig"]["endpointPublicAccess"] is True
    assert found["vpcConfig"]["publicAccessCidrs"] == sorted(NETWORKS)
    assert found["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert found["deletionProtection"] is False
    assert named(other, "LogGroup", "shop-eks-logs").inputs["retentionInDays"] == 365


@pytest.mark.parametrize("name", REGIONS)
def test_nodes(name: str, stacks: Stacks) -> None:
    stack = stacks[name]
    found, running = stack.one(NODES), {"prod": 6, "dr": 3}[name]
    assert found.inputs["scalingConfig"] == {"minSize": running, "maxSize": 24, "desiredSize": running}
    assert found.ignore_changes == ("scalingConfig.desiredSize",)
    assert (found.inputs["amiType"], found.inputs["capacityType"]) == ("AL2023_ARM_64_STANDARD", "ON_DEMAND")
    assert found.inputs["nodeRepairConfig"] == {"enabled": True}
    assert found.inputs["updateConfig"] == {"maxUnavailablePercentage": 33}
    assert len(found.inputs["subnetIds"]) == 3
    assert found.inputs["tags"]["dr:required-capacity"] == "4"
    assert "nodeGroupName" not in found.inputs, "a new group may stand beside the old one"
    template = named(stack, TEMPLATE, "shop-general-template").inputs
    assert template["metadataOptions"]["httpTokens"] == "required"
    assert template["metadataOptions"]["httpPutResponseHopLimit"] == 1
    [disk] = template["blockDeviceMappings"]
    assert (disk["deviceName"], disk["ebs"]["encrypted"], disk["ebs"]["volumeSize"]) == (
        "/dev/xvda",
        "true",
        50,
    )
    # What EKS fills in itself, and would refuse to be told.
    assert not {"imageId", "instanceType", "iamInstanceProfile", "userData", "keyName"} & set(template)


def test_other_nodes(other: Deployment) -> None:
    [batch, general] = sorted(other.all(NODES), key=lambda each: each.name)
    assert (general.inputs["amiType"], general.inputs["labels"]) == ("BOTTLEROCKET_x86_64", {"tier": "web"})
    disks = named(other, TEMPLATE, "shop-general-template").inputs["blockDeviceMappings"]
    assert [(each["deviceName"], each["ebs"]["volumeSize"]) for each in disks] == [
        ("/dev/xvda", 2),
        ("/dev/xvdb", 100),
    ]
    assert (general.inputs["version"], general.inputs["releaseVersion"]) == ("1.35", "1.42.0-abc")
    assert batch.inputs["scalingConfig"]["minSize"] == 3
    assert len(other.all("aws:autoscaling/attachment:Attachment")) == 2
    machine = json.loads(named(other, "StateMachine", "shop-takeover-machine").inputs["definition"])
    assert len(machine["States"]["Move"]["Branches"]) == 2


@pytest.mark.parametrize("name", REGIONS)
def test_the_load_balancer_reaches_nodes_on_one_port(name: str, stacks: Stacks) -> None:
    stack = stacks[name]
    group = stack.one("aws:lb/targetGroup:TargetGroup").inputs
    assert (group["port"], group["targetType"], group["healthCheck"]["path"]) == (
        30080,
        "instance",
        "/health",
    )
    scaling = stack.one("aws:autoscaling/attachment:Attachment").inputs["autoscalingGroupName"]
    tag = stack.one("aws:autoscaling/tag:Tag").inputs
    assert tag["autoscalingGroupName"] == scaling == "eks-of-shop-general-nodes"
    assert tag["tag"] == {"key": "dr:required-capacity", "value": "4", "propagateAtLaunch": False}
    rule = named(stack, "SecurityGroupIngressRule", "shop-sg-nodes-from-load-balancer").inputs
    assert (rule["fromPort"], rule["toPort"]) == (30080, 30080)


def test_add_ons_have_roles_of_their_own(stacks: Stacks) -> None:
    stack = stacks["prod"]
    found = {each.inputs["addonName"]: each.inputs for each in stack.all("aws:eks/addon:Addon")}
    assert sorted(found) == [
        *("aws-secrets-store-csi-driver-provider", "coredns", "eks-node-monitoring-agent"),
        *("eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"),
    ]
    assert all("addonVersion" not in each for each in found.values())
    assert {each["resolveConflictsOnCreate"] for each in found.values()} == {"OVERWRITE"}
    [identity] = found["vpc-cni"]["podIdentityAssociations"]
    assert identity["serviceAccount"] == "aws-node"
    attached = [each.inputs["policyArn"].rpartition("/")[2] for each in stack.all("RolePolicyAttachment")]
    assert attached.count("AmazonEKS_CNI_Policy") == 1
    nodes = named(stack, "RolePolicyAttachment", "shop-general-role-AmazonEKSWorkerNodePolicy")
    assert nodes.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"


def test_versions_are_pinned_and_more_are_added(other: Deployment) -> None:
    assert named(other, "Addon", "shop-addons-coredns").inputs["addonVersion"] == "v1.12.4-eksbuild.1"
    driver = named(other, "Addon", "shop-addons-aws-ebs-csi-driver").inputs
    assert driver["podIdentityAssociations"][0]["serviceAccount"] == "ebs-csi-controller-sa"
    uses, grants = policy(other, "shop-addons-ebs-csi-controller-sa")
    assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert (
        uses["Resource"] == grants["Resource"] == named(other, "LogGroup", "shop-eks-logs").inputs["kmsKeyId"]
    )


def test_pods_take_a_role_that_nobody_else_does(stacks: Stacks) -> None:
    stack = stacks["prod"]
    found = trust(stack, "shop-web-pods")
    arn = stack.made[stack.one("aws:eks/cluster:Cluster").urn]["arn"]
    assert found["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert found["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert found["Condition"] == {
        "StringEquals": {
            "aws:RequestTag/eks-cluster-arn": arn,
            "aws:RequestTag/kubernetes-namespace": "shop",
            "aws:RequestTag/kubernetes-service-account": "web",
        }
    }
    secret = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:shop/database-AbCdEf"
    [reads] = policy(stack, "shop-web-pods")
    assert reads["Resource"] == [secret]
    assert reads["Action"] == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    identity = stack.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert (identity["namespace"], identity["serviceAccount"]) == ("shop", "web")


def test_what_else_pods_may_do(other: Deployment) -> None:
    assert {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [KEY]} in policy(other, "shop-web-pods")
    attached = named(other, "RolePolicyAttachment", "shop-web-pods-orders").inputs
    assert attached["policyArn"] == POLICY
    # A workload that reads nothing has a role that may do nothing.
    assert [each.name for each in other.all("RolePolicy") if "idle" in each.name] == []
    assert (
        trust(other, "shop-idle-pods")["Condition"]["StringEquals"][
            "aws:RequestTag/kubernetes-service-account"
        ]
        == "idle"
    )


def test_access_is_by_entries_alone(stacks: Stacks, other: Deployment) -> None:
    stack = stacks["prod"]
    assert stack.one("aws:eks/accessEntry:AccessEntry").inputs["principalArn"] == PLATFORM
    found = named(stack, "AccessPolicyAssociation", "shop-access-platform-policy").inputs
    assert found["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert found["accessScope"] == {"type": "cluster"}
    found = named(other, "AccessPolicyAssociation", "shop-access-platform-policy").inputs
    assert found["accessScope"] == {"type": "namespace", "namespaces": ["shop"]}


def test_argo_cd_runs_at_aws_and_writes_where_it_may(stacks: Stacks) -> None:
    stack = stacks["dr"]
    found = stack.one("aws:eks/capability:Capability").inputs
    assert (found["type"], found["deletePropagationPolicy"]) == ("ARGOCD", "RETAIN")
    argo = found["configuration"]["argoCd"]
    assert argo["awsIdc"] == {
        "idcInstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "idcRegion": "us-east-1",
    }
    [mapping] = argo["rbacRoleMappings"]
    assert (mapping["role"], mapping["identities"][0]["type"]) == ("ADMIN", "SSO_GROUP")
    assert trust(stack, "shop-argocd-role")["Principal"] == {"Service": "capabilities.eks.amazonaws.com"}
    scopes = {
        each.name: (each.inputs["policyArn"].rpartition("/")[2], each.inputs["accessScope"])
        for each in stack.all("AccessPolicyAssociation")
        if "argocd" in each.name
    }
    assert scopes == {
        "shop-argocd-reads": ("AmazonEKSAdminViewPolicy", {"type": "cluster"}),
        "shop-argocd-deploys": ("AmazonEKSEditPolicy", {"type": "namespace", "namespaces": ["shop"]}),
    }


def test_argo_cd_everywhere_with_credentials(other: Deployment) -> None:
    [reads] = policy(other, "shop-argocd-repository")
    assert reads["Resource"] == CREDENTIALS
    [right] = [each for each in other.all("AccessPolicyAssociation") if "argocd" in each.name]
    assert right.inputs["policyArn"].endswith("AmazonEKSClusterAdminPolicy")


def test_the_takeover_starts_nodes_and_asks_eks_for_them(stacks: Stacks) -> None:
    machine = json.loads(named(stacks["dr"], "StateMachine", "shop-takeover-machine").inputs["definition"])
    [branch] = machine["States"]["Move"]["Branches"]
    start = branch["States"]["StartNodes-general"]
    assert start["Resource"] == "arn:aws:states:::aws-sdk:eks:updateNodegroupConfig"
    assert start["Parameters"]["ScalingConfig"] == {"MinSize": 6, "DesiredSize": 6}
    allowed = policy(stacks["dr"], "shop-takeover-role-policy")
    group = stacks["dr"].made[stacks["dr"].one(NODES).urn]["arn"]
    assert {"Effect": "Allow", "Action": "eks:UpdateNodegroupConfig", "Resource": group} in allowed


def test_both_stacks_say_the_same() -> None:
    prod = both()["prod"]
    with pytest.raises(Exception, match=r"systems\.shop\.cluster\.version: got '1.34', allowed is '1.35'"):
        deployed("dr", said("dr", cluster={"version": "1.34"}), {PEER: outputs(prod)})


def test_every_resource_that_takes_tags_says_what_it_promises(stacks: Stacks) -> None:
    for each in (
        stacks["prod"].all("NodeGroup") + stacks["prod"].all("Addon") + stacks["prod"].all("Capability")
    ):
        assert {"dr-tier", "rto-hours", "workload"} <= set(each.inputs["tags"]), each.name
