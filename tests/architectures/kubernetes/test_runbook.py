"""What the runbooks say, with the real names."""

from __future__ import annotations

import pytest

from architectures.kubernetes.runbook import HERE, text
from tests.architectures.conftest import outputs
from tests.architectures.kubernetes.conftest import Stacks, both
from tests.architectures.runbooks import all_is_filled_in
from tests.pulumi_mocks import Deployment

KINDS = ("data-plane", "none", "restore")


def content(stack: Deployment) -> str:
    return next(r.inputs["content"] for r in stack.all("BucketObjectv2") if "-runbook-" in r.name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, HERE.glob("*.md"))


def test_it_names_the_cluster_and_what_it_is_told(stacks: Stacks) -> None:
    found, told = content(stacks["dr"]), outputs(stacks["dr"])["systems"]["shop"]
    assert f"aws s3 cp {told['bootstrap']} - --region us-west-2 | kubectl apply --filename -\n" in found
    assert f"aws eks update-kubeconfig --region us-west-2 --name {told['cluster']}\n" in found
    assert f"--state-machine-arn {told['takeover']} --input" in found
    assert "install.yaml" not in found, "the capability is installed already"


def test_without_a_machine_and_without_the_capability_it_has_the_calls() -> None:
    none = dict.fromkeys(("identityCenter", "identityCenterRegion", "people"))
    found = both(switch={"by": "none"}, gitops={**none, "version": "v3.2.0"})
    told, written = outputs(found["dr"])["systems"]["shop"], content(found["dr"])
    assert (
        f"aws eks update-nodegroup-config --region us-west-2 --cluster-name {told['cluster']} "
        f"--nodegroup-name {told['nodeGroups']['general']} --scaling-config minSize=6,desiredSize=6\n"
    ) in written
    assert "/v3.2.0/manifests/ha/install.yaml\n" in written
    assert found["dr"].all("Capability") == []
    assert "takeover" not in told
