"""What is put together: each property of each resource comes from the output that the table names, and no other one does.

What every system with a site has is in the table of three tiers, and holds here alike.
"""

from __future__ import annotations

import re
from typing import Any

from tests.architectures.elastic_beanstalk.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import named, table

SHARED = re.compile(
    r"^(?:\w+ web-(?:check|content|firewall|health|runbooks?|site|switch|takeover|tls)-"
    r"|stack outputs\.systems\.web\.(?:peerRunbooks|regionSite|runbooks|sorry\w+|takeover) )"
)
"""What edges of the other table hold here too."""
NOT_OURS = re.compile(
    r" web-(?:app|db|facts|lb|sg)-|web-health-(?:cpu|connections|lag|hosts)\.|peer\.systems\.web\.(?:databases|parts|takeover)"
)


def shared(stack: str, found: dict[str, list[str]]) -> set[str]:
    every = table("three_tier", stack, found)
    return named((edge for edge in every if SHARED.match(edge) and not NOT_OURS.search(edge)), "web", "greet")


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    found["endpoint"] = [name.replace(".", "-") for name in found["endpoint"]]
    found |= {"traffic alarm": ["errors", "latency"], "bundles": ["bundles", "bundles-copy"]}
    found["service policy"] = [
        f"AWSElasticBeanstalk{each}" for each in ("EnhancedHealth", "ManagedUpdatesCustomerRolePolicy")
    ]
    found["instance policy"] = ["AWSElasticBeanstalkWebTier", "AmazonSSMManagedInstanceCore"]
    ground = table("foundation", stack, found)
    return ground | shared(stack, found) | table("elastic_beanstalk", stack, found)


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)


def test_much_is_shared_and_all_of_it_holds() -> None:
    assert len(shared("founder", places(configured("prod")))) > 150
