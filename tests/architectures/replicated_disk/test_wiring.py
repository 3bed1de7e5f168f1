"""What is put together of a mirrored disk: what a pair and a site have, as their tables say, and what its own table names."""

from __future__ import annotations

import re

from tests.architectures.active_standby.test_wiring import NOT_OURS, SITE, pair_places
from tests.architectures.replicated_disk.conftest import EXAMPLE, Stacks
from tests.architectures.test_wiring import check, ours, places
from tests.architectures.wiring import named, table
from tests.test_examples import config

OURS = re.compile(r"^\w+ ledger-|^stack outputs\.systems\.ledger\.")
WITHOUT = re.compile(
    # Nothing is switched, since no data crosses.
    r"takeover|ledger-switch-"
    # The other pair of that table is reached from inside the VPC alone, and has one type of instance.
    r"|Record ledger-tls-ledger\.|ledger-tls-ledger\.us|launchTemplate <-|LoadBalancer ledger-lb-alb\.subnets <- Subnet base-net-private"
    r"|load-balancer-https?-from-10|aliases <- Zone"
    # The runbook is another one, and the script is packed.
    r"|runbook-us-east-1.content <- (Vault|Table ledger-lease-table \(order\))|userData <- Volume \S+\.id"
)


def test_every_edge_is_in_a_table(stacks: Stacks) -> None:
    said = config(EXAMPLE, "prod")
    where = {**pair_places("founder", said), "pair": ["ledger"]}
    every = table("three_tier", "founder", places(said))
    site = named((edge for edge in every if SITE.match(edge) and not NOT_OURS.search(edge)), "web", "ledger")
    pair = named(table("active_standby", "founder", where), "desk", "ledger")
    wanted = {edge for edge in site | pair if OURS.match(edge) and not WITHOUT.search(edge)}
    prod = stacks["prod"]
    assert len(wanted) > 300
    check(ours(prod, {}, OURS), wanted | table("replicated_disk", "founder", where))
