"""Requests to a host of the simulated AWS: through a load balancer and the application behind it to the database."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sandbox.aws.clockwork import (
    apis,
    databases,
    db_instances,
    instances,
    releases,
    stores,
    targets,
    tasks,
    tiers,
)
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.clockwork.rows import Row
from sandbox.aws.faults import TABLE

OK, REFUSED = 200, 0
_PROBLEMS = 500
_turns = itertools.count()
_inner: set[str] = set()
"""Names of load balancers between tiers: what they are asked was asked of another one before."""
_asked: dict[str, deque[tuple[float, int]]] = {}
"""When each load balancer was asked, and the status that it answered, by its name; so of each target group, by its ARN. What is older
than `KEPT` is gone."""
_balancers: dict[str, tuple[str, Any, Any]] = {}
"""Where each load balancer was found last, by its name, which stays its own; asked whether it is still there."""
KEPT = 300.0
"""Seconds for which requests are remembered: longer than any alarm or scaling policy looks back."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    """HTTP status; 0 when nobody answered at all."""
    said: str = ""
    region: str = ""
    zones: tuple[str, ...] = ()
    """Zones that it was in, from tier to tier, down to the instance that was read from; none where a tier has no next one."""

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def balancer_of(host: str) -> tuple[str, Any, Any] | None:
    """Region, backend and load balancer of a host name, also of a region that is lost."""
    from moto.elbv2.models import elbv2_backends

    from sandbox.aws.client import ACCOUNT

    known = _balancers.get(host)
    if known is not None and known[1].load_balancers.get(known[2].arn) is known[2]:
        return known
    for region, backend in list(elbv2_backends[ACCOUNT].items()):
        for balancer in backend.load_balancers.values():
            if balancer.dns_name.lower() == host:
                _balancers[host] = region, backend, balancer
                return _balancers[host]
    return None


def request(host: str, path: str = "/", number: int | None = None, *, client: bool = False) -> Answer:
    """Ask `host`, as any client on the internet. With `number` the application is asked to write that row."""
    host = host.rstrip(".").lower()
    found = balancer_of(host)
    if found is None:
        return _elsewhere(host, path, number)
    region, backend, balancer = found
    if TABLE.region_lost(region):
        return Answer(REFUSED, f"{host} does not answer", region)
    answer = _balanced(region, backend, balancer, path, number, client=client)
    if client:
        _remember(balancer.name, answer)
    return answer


def _remember(name: str, answer: Answer) -> None:
    kept = _asked.setdefault(name, deque())
    kept.append((CLOCK.now, answer.status))
    while kept and kept[0][0] < CLOCK.now - KEPT:
        kept.popleft()


def _elsewhere(host: str, path: str, number: int | None) -> Answer:
    from sandbox.aws.client import ACCOUNT
    from sandbox.aws.extensions._route53_hosts import answers, has

    if (api := apis.of(host)) is not None:
        return Answer(*apis.answer(api, path, number), api.region)
    if host.endswith(".cloudfront.net") and answers(ACCOUNT, host):
        return Answer(OK if has(host, path) else 503, "a static page")
    return Answer(REFUSED, f"{host} does not answer")


def told(host: str) -> tuple[str, Mapping[str, Any]] | None:
    """Region of a load balancer, and what an application behind it, or behind the tier there, was told when it started; None: none runs."""
    found = balancer_of(host)
    if found is None or TABLE.region_lost(found[0]):
        return None
    region = found[0]
    for id_ in serving(found[1], found[2]):
        state = instances.state_of(region, id_)
        facts = instances.application(state) if state is not None else None
        if facts is not None:
            following = tiers.next_host(facts)
            return told(following) if following else (region, facts)
    return None


def serving(backend: Any, balancer: Any, path: str = "/") -> list[str]:
    """Healthy targets that a load balancer sends its clients to, of a path."""
    from sandbox.aws.extensions.elbv2 import groups_of

    return [
        id_
        for arn in sorted(groups_of(backend, balancer, clients=True, path=path))
        for id_ in targets.healthy(backend.target_groups[arn])
    ]


def _balanced(
    region: str, backend: Any, balancer: Any, path: str, number: int | None, *, client: bool
) -> Answer:
    found = serving(backend, balancer, path)
    if not found:
        return Answer(503, "the load balancer has no healthy target", region)
    chosen = found[next(_turns) % len(found)]
    state = instances.state_of(region, chosen)
    told = instances.application(state) if state is not None else None
    if (task := tasks.known(chosen)) is not None and task.alive:
        answer = _of_task(region, task, path, number)
        for group in task.into if client else ():
            _remember(group.arn, answer)
        return answer
    if told is None:
        return Answer(504, f"{chosen} does not answer", region)
    if tiers.next_host(told) and path != "/health":
        return _handed_on(region, state, told, path, number, client=client)
    return _application(region, state, told, path, number)


def _of_task(region: str, task: tasks.Task, path: str, number: int | None) -> Answer:
    """What a task answers: to a light check whatever becomes of what it needs, to any check whatever its release does to clients."""
    if number is None and path in tasks.light(task.service):
        return Answer(OK, "", region)
    if number is not None and releases.fails(task.release):
        return Answer(_PROBLEMS, f"{task.address} fails: {task.release.rpartition('/')[2]}", region)
    refused = db_instances.refuses(task.service)
    return Answer(503 if refused else OK, refused, region)


def _handed_on(
    region: str, asks: Any, told: Mapping[str, Any], path: str, number: int | None, *, client: bool
) -> Answer:
    """What a tier's server answers, which asks the next tier."""
    found, here = balancer_of(tiers.next_host(told)), tiers.zone_of(asks)
    state = tiers.behind(region, found[2], found[1], asks) if found else None
    facts = instances.application(state) if state is not None else None
    if facts is None:
        answer = Answer(502, f"no application answers the tier before it in {here}", region)
    else:
        answer = _application(region, state, facts, path, number)
    if client and found:
        _inner.add(found[2].name)
        _remember(found[2].name, answer)
    return replace(answer, zones=(here, *answer.zones))


def _application(region: str, state: Any, told: Mapping[str, Any], path: str, number: int | None) -> Answer:
    """What the application answers. Its light check asks nothing of others, its deep one any of its databases.

    It signs in with the password that its secret holds, in its own region, or by IAM. One without a database keeps in memory what it is
    told. One that reads in its zone reads before it writes a row.
    """
    if not told or tiers.next_host(told):
        return Answer(OK, "", region)
    secret = told.get("secret")
    if (number is not None or path == "/health/deep") and secret and not _readable(region, str(secret)):
        return Answer(503, f"the secret {secret} can't be read in {region}", region)
    if number is not None:
        zones = tiers.read(told, region, tiers.zone_of(state)) if "readers" in told else ()
        if zones is None:
            return Answer(503, "nobody can read", region)
        refused = stores.refuses(told, region) or databases.write(told["hosts"][0], region, number)
        if not refused:
            stores.write(told, region, [Row(number, CLOCK.now)])
        return Answer(503 if refused else OK, refused, region, zones)
    if path == "/health/deep" and not any(databases.reads(host, region) for host in told["hosts"]):
        return Answer(503, databases.silence(told["hosts"], region), region)
    return Answer(OK, "", region)


def _readable(region: str, secret: str) -> bool:
    """Whether a secret is there, of its own or as the replica of another region's."""
    from moto.secretsmanager.models import secretsmanager_backends

    from sandbox.aws.client import ACCOUNT

    found = secretsmanager_backends[ACCOUNT][region].secrets.get(secret)
    return found is not None and getattr(found, "deleted_date", None) is None


def count(balancer: Any, seconds: float, *, failed: bool = False) -> int:
    """Clients' requests of the last seconds to a load balancer; with `failed` those that it answered 5xx."""
    return count_of(balancer.name, seconds, failed=failed)


def count_of(name: str, seconds: float, *, failed: bool = False) -> int:
    """The same of what is remembered by a name, or by the ARN of a target group whose targets answered."""
    since = CLOCK.now - seconds
    return sum(at > since and (status >= _PROBLEMS or not failed) for at, status in _asked.get(name, ()))


def everything(seconds: float) -> int:
    """Clients' requests of the last seconds to any load balancer that answered."""
    since = CLOCK.now - seconds
    fronts = (asked for name, asked in _asked.items() if name not in _inner and ":" not in name)
    return sum(at > since for asked in fronts for at, _status in asked)
