"""Load balancers on the clock: how they find their targets healthy or not, and whom they send requests to.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import instances, scope, tasks
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE


@dataclass
class Seen:
    """What a load balancer has seen of a target."""

    state: str
    streak: int = 0
    """Checks in a row that disagree with the state."""


@dataclass
class Watch:
    """One target group under a load balancer's checks."""

    group: Any
    region: str
    seen: dict[str, Seen] = field(default_factory=dict)


_watches: dict[str, Watch] = {}


def backends() -> Iterator[tuple[str, Any]]:
    """Every region that is there, and its load balancers."""
    from moto.elbv2.models import elbv2_backends

    for region, backend in list(elbv2_backends[ACCOUNT].items()):
        if not TABLE.region_lost(region):
            yield region, backend


def start() -> None:
    """Begin to check; what is registered now is healthy."""
    from moto.elbv2.models import ELBv2Backend

    for region, backend in backends():
        for group in backend.target_groups.values():
            if not scope.plays(backend.tagging_service.get_tag_dict_for_resource(group.arn)):
                continue
            watch = _begin(group, region)
            for id_ in watch.seen:
                _show(group, id_, "healthy")
    ELBv2Backend.create_target_group = _watched(ELBv2Backend.create_target_group)


def _begin(group: Any, region: str) -> Watch:
    watch = Watch(group, region, {id_: Seen("healthy") for id_ in group.targets})
    _watches[group.arn] = watch
    CLOCK.every(float(group.health_check_interval_seconds), partial(_check, watch))
    return watch


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    """A target group that is made while the clock runs is watched, too."""

    @functools.wraps(original)
    def create_target_group(self: Any, *args: Any, **given: Any) -> Any:
        group = original(self, *args, **given)
        if group.arn not in _watches:
            _begin(group, self.region_name)
        return group

    return create_target_group


def _check(watch: Watch) -> None:
    if TABLE.region_lost(watch.region):
        return
    for gone in [id_ for id_ in watch.seen if id_ not in watch.group.targets]:
        del watch.seen[gone]
        TABLE.apply({"targets": {f"{gone}@{watch.group.arn}": None}})
    for id_ in list(watch.group.targets):
        if id_ not in watch.seen:
            watch.seen[id_] = Seen("initial")
            _show(watch.group, id_, "initial")
        state = instances.state_of(watch.region, id_)
        answers = state is not None and instances.application(state) is not None
        if (task := tasks.known(id_)) is not None:
            answers = task.alive
        _judge(watch, id_, state, answers=answers)


def _judge(watch: Watch, id_: str, state: Any, *, answers: bool) -> None:
    seen, group = watch.seen[id_], watch.group
    verdict = "healthy" if answers else "unhealthy"
    if seen.state == verdict:
        seen.streak = 0
        return
    if seen.state == "initial" and not answers and state is not None and instances.graceful(state):
        return  # an application that still boots
    seen.streak += 1
    # A new target is admitted by its first check.
    first = answers and seen.state == "initial"
    limit = 1 if first else group.healthy_threshold_count if answers else group.unhealthy_threshold_count
    if seen.streak < int(limit):
        return
    seen.state, seen.streak = verdict, 0
    wait = 0.0 if answers else float(group.health_check_timeout_seconds)
    CLOCK.after(wait, lambda: _turn(watch, id_, state, verdict))


def _turn(watch: Watch, id_: str, state: Any, verdict: str) -> None:
    if id_ not in watch.group.targets or TABLE.region_lost(watch.region):
        return
    CLOCK.note("load balancer", f"finds {id_} {verdict}", watch.region)
    _show(watch.group, id_, verdict)
    if verdict == "unhealthy" and state is not None:
        instances.unhealthy(state)
    elif verdict == "unhealthy":
        tasks.stop(id_, "unhealthy")


_REASONS = {"healthy": "", "unhealthy": "Target.Timeout", "initial": "Elb.InitialHealthChecking"}


def _show(group: Any, id_: str, state: str) -> None:
    TABLE.apply({"targets": {f"{id_}@{group.arn}": [state, _REASONS[state]]}})


def linger(region: str) -> None:
    """Route 53 learns of a lost region's load balancers, as targets of aliases, when their targets' checks would have failed."""
    from moto.elbv2.models import elbv2_backends

    backend = elbv2_backends[ACCOUNT][region]
    for group in backend.target_groups.values():
        late = int(group.unhealthy_threshold_count) * float(group.health_check_interval_seconds)
        late += float(group.health_check_timeout_seconds)
        for balancer in [b for b in backend.load_balancers.values() if b.arn in group.load_balancer_arns]:
            host = balancer.dns_name.lower()
            if TABLE.endpoint(host) is None:
                TABLE.apply({"endpoints": {host: True}})
                CLOCK.after(late, partial(_forget, host, region))


def _forget(host: str, region: str) -> None:
    TABLE.apply({"endpoints": {host: None}})
    if TABLE.region_lost(region):
        CLOCK.note("Route 53", f"finds the target of an alias, {host}, unhealthy")


def healthy(group: Any) -> list[str]:
    """Targets that the load balancer finds healthy."""
    return [id_ for id_ in group.targets if (TABLE.target(id_, group.arn) or ("initial",))[0] == "healthy"]
