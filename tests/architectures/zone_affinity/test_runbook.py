"""What the runbooks say, with the real names."""

from __future__ import annotations

import pytest

from architectures.parts.aurora.restores import TEXTS
from architectures.zone_affinity.runbook import HERE, text
from tests.architectures.conftest import outputs
from tests.architectures.runbooks import all_is_filled_in
from tests.architectures.zone_affinity.conftest import Stacks, both
from tests.pulumi_mocks import Deployment

KINDS = ("data-plane", "none", *TEXTS)


def content(stack: Deployment) -> str:
    return next(r.inputs["content"] for r in stack.all("BucketObjectv2") if "-runbook-" in r.name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, (*HERE.glob("*.md"), *(path for kind in TEXTS.values() for path in kind)))


def test_it_names_both_tiers_and_their_sizes(stacks: Stacks) -> None:
    found, parts = content(stacks["dr"]), outputs(stacks["dr"])["systems"]["shop"]["parts"]
    assert "start 6 web and 6 application servers" in found
    assert f"--auto-scaling-group-names {parts['group']} {parts['applicationGroup']}\n" in found
    assert f"--target-group-arn {parts['applicationTargets']}\n" in found
    run = stacks["dr"]
    front = next(run.made[each.urn]["arn"] for each in run.all("LoadBalancer") if each.name == "shop-lb-alb")
    assert f"start-zonal-shift --region us-west-2 --resource-identifier {front} --away-from" in found


def test_without_a_machine_it_has_the_calls(stacks: Stacks) -> None:
    found = both(switch={"by": "none"}, web={"requiredInstances": 2})
    parts = outputs(found["dr"])["systems"]["shop"]["parts"]
    written = content(found["dr"])
    for group, size in (("group", 3), ("applicationGroup", 6)):
        assert (
            f"--auto-scaling-group-name {parts[group]} --min-size {size} --desired-capacity {size}\n"
            in written
        )
    assert f"--target-db-cluster-identifier {parts['clusterArn']} --allow-data-loss" in written
    assert "takeover" not in outputs(found["dr"])["systems"]["shop"]
