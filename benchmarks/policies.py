"""The policy pack over its real protocol: how fast it starts, judges resources, and judges a stack of 1,000."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.policy import PolicyHost, PolicyInput

PACK = Path(__file__).parent.parent / "policies"
COUNT = 1_000
AT_ONCE = 4
MOST_SECONDS, MOST_START = 1.5, 0.5
TAGS = {
    "environment": "production",
    "system": "bench",
    "owner": "bench",
    "cost-center": "1",
    "dr-tier": "1",
    "rto-hours": "4",
    "rpo-minutes": "15",
    "backup": "required",
}
KINDS = {
    "aws:rds/instance:Instance": {
        "multiAz": True,
        "storageEncrypted": True,
        "deletionProtection": True,
        "tags": TAGS,
    },
    "aws:ec2/vpc:Vpc": {"cidrBlock": "10.0.0.0/16", "tags": TAGS},
    "aws:s3/bucket:Bucket": {"tags": TAGS},
    "aws:lb/loadBalancer:LoadBalancer": {
        "subnets": ["a", "b", "c"],
        "enableDeletionProtection": True,
        "tags": TAGS,
    },
    "aws:dynamodb/table:Table": {"pointInTimeRecovery": {"enabled": True}, "tags": TAGS},
}


def resources(count: int) -> list[PolicyInput]:
    """A stack of so many resources, five kinds in turn, each depending on the one before."""
    kinds, found = list(KINDS.items()), list[PolicyInput]()
    for i in range(count):
        kind, props = kinds[i % len(kinds)]
        urn = f"urn:pulumi:bench::bench::{kind}::r{i}"
        before = (found[-1].urn,) if found else ()
        found.append(PolicyInput(type=kind, urn=urn, name=f"r{i}", props=props, dependencies=before))
    return found


def start() -> float:
    """Seconds until the pack answers."""
    begun = time.perf_counter()
    with PolicyHost(PACK, "bench", "bench"):
        return time.perf_counter() - begun


def rows() -> list[tuple[str, str, str, bool]]:
    """Measure the pack."""
    stack = resources(COUNT)
    started = statistics.median(start() for _ in range(5))
    with PolicyHost(PACK, "bench", "bench") as pack:
        begun = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:  # as an engine does
            list(threads.map(pack.analyze, stack))
        each = time.perf_counter() - begun
        begun = time.perf_counter()
        pack.analyze_stack(stack)
        whole = time.perf_counter() - begun
        rules = len(pack.rules())
    total = each + whole
    rates = f"{COUNT / each:,.0f} resources a second, {COUNT * rules / total:,.0f} evaluations a second"
    shown = f"{total:.2f} s ({rates}; stack rules {whole:.2f} s)"
    return [
        (
            f"start of the policy pack, {rules} policies",
            f"{started:.2f} s",
            f"at most {MOST_START} s",
            started <= MOST_START,
        ),
        (f"whole pack over {COUNT:,} resources", shown, f"at most {MOST_SECONDS} s", total <= MOST_SECONDS),
    ]
