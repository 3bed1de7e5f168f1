"""What is broken in a drill: each loss takes with it what it takes on AWS, and nothing that reacts to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.clockwork import callers, databases, instances, releases, rows, targets, tasks
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

GONE = [503, "ServiceUnavailable"]
CONTROL_REGION = "us-east-1"
"""Home of the control planes of Route 53, IAM and CloudFront.
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html"""
_CONTROLLED = ("route53", "cloudfront", "iam", "organizations")
_RESOLVER = "TestDNSAnswer"
"""Stands for a resolver here, which asks Route 53's data plane."""
_KINDS = ("region", "zone", "instance", "database", "rows", "version", "release")


def lose(given: Mapping[str, Any]) -> None:
    """Break one thing. Raises ValueError for what can't be broken, KeyError for what is missing."""
    kind = next((each for each in _KINDS if each in given), None)
    if kind is None:
        raise ValueError(f"break got {sorted(given)}, allowed is one of {', '.join(_KINDS)}")
    name = str(given[kind])
    if kind == "region":
        _region(name, GONE, controls=bool(given.get("controls", True)))
        rows.lose(name)
    elif kind == "zone":
        TABLE.apply({"zones": {name: True}})
        _settle()
        tasks.lose(name)
    elif kind == "instance":
        if not tasks.fail(name):
            instances.fail(name)
    elif kind == "database":
        databases.fail(name, str(given["in"]))
    elif kind == "version":
        callers.FAILING.add((str(given["of"]), name))
        CLOCK.note("drill", f"every call of version {name} of {given['of']} fails")
        return
    elif kind == "release":
        _fails(name, str(given["how"]))
        return
    else:
        cluster = databases.by_arn(name)
        if cluster is None:
            raise ValueError(f"rows is {name!r}, allowed is the ARN of a cluster")
        CLOCK.note("drill", f"{rows.spoil(cluster)} rows are corrupted", cluster.region)
        return
    CLOCK.note("drill", f"{kind} {name} is lost", name if kind == "region" else str(given.get("in", "")))


def _fails(release: str, how: str) -> None:
    if how not in (releases.CHECKS, releases.REQUESTS):
        raise ValueError(f"how is {how!r}, allowed is {releases.CHECKS} or {releases.REQUESTS}")
    releases.FAILING[release] = how
    what = "passes no health check" if how == releases.CHECKS else "fails what clients ask"
    CLOCK.note("drill", f"{release.rpartition('/')[2]} {what}", release.split(":")[3])


def mend(given: Mapping[str, Any]) -> None:
    """Bring a region or a zone back. Raises ValueError for anything else."""
    kind = next((each for each in ("region", "zone") if each in given), None)
    if kind is None:
        raise ValueError(f"mend got {sorted(given)}, allowed is region or zone")
    name = str(given[kind])
    if kind == "region":
        _region(name, None)
        rows.lose(name)
    else:
        TABLE.apply({"zones": {name: None}})
        _settle()
    CLOCK.note("drill", f"{kind} {name} is back", name if kind == "region" else "")


def _region(name: str, fault: list[Any] | None, *, controls: bool = True) -> None:
    controlled = dict.fromkeys(_controlled(), fault) if name == CONTROL_REGION and controls else {}
    TABLE.apply({"regions": {name: fault}, "actions": controlled})
    if fault is not None:
        targets.linger(name)


def _controlled() -> Iterator[str]:
    """Every call of a control plane that has one home."""
    from moto.core.utils import get_service_model

    for service in _CONTROLLED:
        for operation in get_service_model(service).operation_names:
            if operation != _RESOLVER:
                yield f"{service}:{operation}"


def _settle() -> None:
    from moto.rds.models import rds_backends

    from sandbox.aws.client import ACCOUNT

    for region in list(rds_backends[ACCOUNT]):
        databases.settle(region)
