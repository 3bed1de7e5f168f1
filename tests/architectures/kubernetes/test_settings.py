"""Bad settings of a system on Kubernetes: one clear line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.architectures.conftest import deployed
from tests.architectures.kubernetes.conftest import said
from tests.test_settings import load

WEST = "arn:aws:secretsmanager:us-west-2:123456789012:secret:shop/database-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/platform"


def group(**keys: Any) -> dict[str, Any]:
    return {"nodeGroups": {"general": keys}}


def web(**keys: Any) -> dict[str, Any]:
    return {"workloads": {"web": {"namespace": "shop", "port": 8080, **keys}}}


def access(**keys: Any) -> dict[str, Any]:
    return {"access": {"platform": {"role": ROLE, "policy": "view", **keys}}}


def argo(**keys: Any) -> dict[str, Any]:
    """The capability's keys changed."""
    return {"gitops": keys}


def own_argo(**keys: Any) -> dict[str, Any]:
    """The same of an Argo CD that a person installs."""
    none = dict.fromkeys(("identityCenter", "identityCenterRegion", "people"))
    return {"gitops": {**none, "version": "v3.2.0", **keys}}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"cluster": {"version": "1.19"}}, r"cluster.version: got '1.19', allowed is a version of Kubernetes on EKS .*AWS's release calendar"),
    ({"cluster": {"version": "1.33"}}, r"cluster.extendedSupport: got false, allowed is true with 1.33, whose standard support has ended"),
    ({"cluster": {"version": "2.0"}}, r"cluster.version: got '2.0', allowed is a minor version such as 1.35"),
    ({"cluster": {"publicCidrs": ["0.0.0.0/0"]}}, r"cluster.publicCidrs: got '0.0.0.0/0', allowed is a public IPv4 network narrower than /0"),
    ({"cluster": {"publicCidrs": ["10.0.0.0/8"]}}, r"cluster.publicCidrs: got '10.0.0.0/8', allowed is a public IPv4 network"),
    ({"cluster": {"publicCidrs": ["office"]}}, r"cluster.publicCidrs: got 'office', allowed is a public IPv4 network"),
    ({"cluster": {"publicCidrs": [f"198.51.{n}.0/24" for n in range(41)]}}, r"cluster.publicCidrs: got 41 networks, allowed is at most 40"),
    ({"cluster": {"publicAccess": True}}, r"cluster.publicAccess: unknown key; allowed are .*publicCidrs"),
    ({"cluster": {"logRetentionDays": 91}}, r"cluster.logRetentionDays: got 91, allowed is one of 1, 3, "),
    (group(requiredNodes=0), r"nodeGroups.general.requiredNodes: got 0, allowed is 1 or more instances"),
    (group(requiredNodes=4, maximumNodes=5), r"nodeGroups.general.maximumNodes: got 5, allowed is at least 6: requiredNodes in 3 zones"),
    (group(maximumNodes=451), r"nodeGroups.general.maximumNodes: got 451, allowed is 1 to 450 nodes"),
    (group(instanceTypes=["m7g.gigantic"]), r"nodeGroups.general.instanceTypes: got 'm7g.gigantic', allowed is an instance type "),
    (group(instanceTypes=["m7g.large", "m7i.large"]), r"nodeGroups.general.instanceTypes: got m7i.large \(x86_64\), allowed is types of arm64"),
    (group(instanceTypes=[]), r"nodeGroups.general.instanceTypes: got none, allowed is one or more"),
    (group(image="windows"), r"nodeGroups.general.image: got 'windows', allowed is 'al2023' or 'bottlerocket'"),
    (group(release="newest one"), r"nodeGroups.general.release: got 'newest one', allowed is the release of an image of EKS"),
    (group(diskGib=8), r"nodeGroups.general.diskGib: got 8, allowed is 20 to 16384 GiB"),
    ({"nodeGroups": {"general": None}}, r"nodeGroups: got \{\}, allowed is 1 or more"),
    ({"addons": {"argo": "default"}}, r"addons: got 'argo', allowed is one of vpc-cni, kube-proxy, "),
    ({"addons": {"coredns": "latest"}}, r"addons.coredns: got 'latest', allowed is default, or a version such as v1.12.4-eksbuild.1"),
    (access(policy="root"), r"access.platform.policy: got 'root', allowed is 'cluster-admin', 'admin', "),
    (access(role="platform"), r"access.platform.role: got 'platform', allowed is the ARN of an IAM role"),
    (access(policy="cluster-admin", namespaces=["shop"]), r"access.platform.namespaces: got shop, allowed is none with cluster-admin"),
    ({"access": {"other": {"role": ROLE, "policy": "view"}}}, r"access.other.role: got '.*', allowed is each role once"),
    (web(secrets={"database": "hunter2"}), r"workloads.web.secrets.database: got 'hunter2', allowed is the ARN of a secret of Secrets Manager: its value"),
    (web(secrets={"database": WEST}), r"workloads.web.secrets.database: got '.*', allowed is a secret of us-east-1"),
    (web(secretKeys=["mine"]), r"workloads.web.secretKeys\[0\]: got 'mine', allowed is the ARN of a KMS key"),
    (web(policies=["AdministratorAccess"]), r"workloads.web.policies\[0\]: got 'AdministratorAccess', allowed is the ARN of an IAM policy"),
    (web(namespace="Shop"), r"workloads.web.namespace: got 'Shop', allowed is 1 to 63 lower-case letters"),
    (web(port=70000), r"workloads.web.port: got 70000, allowed is 1 to 65535"),
    ({"workloads": {"web": {"namespace": "shop"}}}, r"front: got 'web', allowed is the name of a workload that has a port"),
    ({"front": "api"}, r"front: got 'api', allowed is the name of a workload that has a port"),
    ({"front": None}, r"front: got nothing, allowed is the name of a workload beside a site"),
    ({"workloads": {"two": {"namespace": "shop", "serviceAccount": "web"}}}, r"workloads.two.serviceAccount: got 'web', allowed is each account once, and web has it"),
    ({"nodePort": 80}, r"nodePort: got 80, allowed is 30000 or more"),
    ({"nodePort": 40000}, r"nodePort: got 40000, allowed is 32767 or less"),
    (argo(repository="https://me:ghp_token@github.com/example/shop"), r"gitops.repository: got '.*', allowed is an https:// address without user, password or token"),
    (argo(repository="git@github.com:example/shop.git"), r"gitops.repository: got '.*', allowed is an https:// address"),
    (argo(repository=None), r"gitops.repository: is not set"),
    (argo(identityCenter="mine"), r"gitops.identityCenter: got 'mine', allowed is the ARN of an instance of IAM Identity Center"),
    (argo(credentials="ghp_token"), r"gitops.credentials: got 'ghp_token', allowed is the ARN of a secret of Secrets Manager"),
    (argo(credentials=WEST), r"gitops.credentials: got '.*', allowed is a secret of us-east-1"),
    (argo(version="v3.2.0"), r"gitops.version: got 'v3.2.0', allowed is nothing with identityCenter"),
    (argo(people={"owner": ["g"]}), r"gitops.people.owner: got 'owner', allowed is 'admin', 'editor' or 'viewer'"),
    (argo(people={"admin": []}), r"gitops.people.admin: got nobody, allowed is ids of groups"),
    (argo(people={"admin": ["g"], "viewer": ["g"]}), r"gitops.people: got g more than once, allowed is each once"),
    (own_argo(version=None), r"gitops.version: got nothing, allowed is a release of Argo CD such as v3.2.0 without identityCenter"),
    (own_argo(version="stable"), r"gitops.version: got 'stable', allowed is a release of Argo CD"),
    (own_argo(people={"admin": ["g"]}), r"gitops.people: got groups, allowed is nothing without identityCenter"),
    (own_argo(credentials=WEST.replace("us-west-2", "us-east-1")), r"gitops.credentials: got '.*', allowed is nothing without identityCenter"),
    ({"workloads": {"web": None}, "front": None, "site": None}, r"gitops.everywhere: got false, allowed is true without workloads"),
    ({"healthPath": "/health/deep"}, r"deepHealthPath: got '/health/deep', allowed is another than healthPath"),
    ({"rebuild": True}, r"rebuild: got true, allowed is false but in the joining stack with backup-and-restore"),
    ({"standbyFraction": 2}, r"standbyFraction: got 2.0, allowed is above 0 and at most 1"),
    ({"standbyFraction": 0.5, "strategy": "pilot-light"}, r"standbyFraction: got 0.5, allowed is nothing with pilot-light"),
    ({"switch": {"by": "region-switch"}}, r"switch.by: got 'region-switch', allowed is 'data-plane' or 'none'"),
    ({"autoshift": {"blockedDates": ["soon"]}}, r"autoshift.blockedDates: got 'soon', allowed is "),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_what_can_not_be_is_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=rf"^holdfast:systems\.shop\.{message}") as raised:
        load(said("prod", **changes))
    assert "\n" not in str(raised.value)


def test_what_the_lists_lack_goes_into_unlisted() -> None:
    newer = said("prod", cluster={"version": "1.37"})
    with pytest.raises(Exception, match=r"cluster.version: got '1.37'.*holdfast:unlisted"):
        load(newer)
    load({**newer, "holdfast:unlisted": ["1.37"]})


def test_a_version_in_extended_support_is_taken_where_it_is_paid_for() -> None:
    load(said("prod", cluster={"version": "1.33", "extendedSupport": True}))


def test_each_way_of_argo_is_taken() -> None:
    load(said("prod", **own_argo()))
    load(said("prod", **argo(everywhere=True, credentials=WEST.replace("us-west-2", "us-east-1"))))


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        (["use1-az1"], r"network.zones: got "),
        (
            ["use1-az1", "use1-az2"],
            r"systems\.shop\.kind: got 'kubernetes' in 2 zones, allowed is at least 3 zones in network.zones",
        ),
    ],
)
def test_nodes_stand_in_three_zones(zones: list[str], message: str) -> None:
    """A network of one zone is the network's own fault, and nothing is said of nodes."""
    found = said("prod")
    found["holdfast:network"] |= {"zones": zones}
    with pytest.raises(Exception, match=rf"^holdfast:{message}[^\n]*$"):
        load(found)


def test_nothing_is_registered_before() -> None:
    with pytest.raises(pulumi.RunError, match=r"^holdfast:systems\.shop\.cluster\.version: got "):
        deployed("prod", said("prod", cluster={"version": "1.19"}), {})
