"""What is put together of cluster, nodes and identities: each property comes from the output that the table names, and no other one does.

What every system with a site has is in the table of three tiers, and holds here alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.kubernetes.conftest import EXAMPLE, Stacks
from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import named, table
from tests.test_examples import config

SHARED = re.compile(
    r"^\w+ web-(?:check|content|firewall|health|lb|runbooks?|site|switch|takeover|tls|zonal)-"
)
"""What edges of the other table hold here too."""
NOT_OURS = re.compile(
    r" web-(?:app|db|facts|sg-app)|web-health-(?:cpu|connections|lag)\.|web-runbook-\S+\.content <- Listener"
    r"|peer\.systems\.web\.(?:databases|parts|takeover)"
)
OURS = re.compile(r"^\w+ shop-|^stack outputs\.systems\.")


def kubernetes_places(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What stands for the places of the table, besides those of every table."""
    agents = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent"]
    basics = [f"basics-{each}" for each in [*agents, "aws-secrets-store-csi-driver-provider"]]
    return {
        **places(said),
        "database alarm": [],
        "basic": basics,
        "addon": [*basics, "addons-coredns", "addons-metrics-server"],
        "needing": ["addons-coredns", "addons-metrics-server"],
        "right": ["reads", "deploys"],
        "node policy": [
            *("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"),
            "AmazonSSMManagedInstanceCore",
        ],
    }


def shared(which: str, said: Mapping[str, Any]) -> set[str]:
    every = table("three_tier", which, kubernetes_places(said))
    return named((edge for edge in every if SHARED.match(edge) and not NOT_OURS.search(edge)), "web", "shop")


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_every_edge_is_in_the_table(which: str, stacks: Stacks) -> None:
    stack, peer = ("prod", {}) if which == "founder" else ("dr", read(stacks["prod"]))
    said = config(EXAMPLE, stack)
    wanted = table("kubernetes", which, kubernetes_places(said)) | shared(which, said)
    check(ours(stacks[stack], peer, OURS), wanted)


def test_much_is_shared_and_all_of_it_holds() -> None:
    assert len(shared("founder", config(EXAMPLE, "prod"))) > 150
