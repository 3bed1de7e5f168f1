"""What the clock's paths tell of what is there, also of what no API of a lost region would tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import apis, databases, instances, requests, scaling, stores, targets, tasks
from sandbox.aws.clockwork import rows as kept
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions.elbv2 import groups_of

Document = dict[str, Any]


def _database(host: str) -> tuple[Any, Any]:
    """What the application behind a load balancer is told, and its database; None where there is no such thing."""
    told = requests.told(host)
    return told, databases.told(told[0], told[1]["hosts"][0]) if told and told[1] else None


def rows(given: Document) -> Document:
    """Numbers of the rows that the application behind a load balancer sees, and of those that are corrupted."""
    host = str(given["host"]).lower()
    (told, cluster), api = _database(host), apis.of(host)
    if told is None or cluster is None:
        held = apis.content(api) if api else {}
        return {"cluster": "", "there": [], "spoilt": [], "writer": False, "stores": held, "refuses": ""}
    found = databases.content(cluster)
    return {
        "cluster": cluster.db_cluster_identifier,
        "there": sorted({row.number for row in found}),
        "spoilt": sorted({row.number for row in found if row.spoilt <= CLOCK.now}),
        "writer": databases.writing(cluster) is cluster,
        "stores": {
            kind: sorted({row.number for row in held})
            for kind, held in stores.content(told[1], told[0]).items()
        },
        "refuses": stores.refuses(told[1], told[0]),
    }


def spoilt(given: Document) -> Document:
    """Whether the application behind a load balancer sees any corrupted row."""
    _, cluster = _database(str(given["host"]).lower())
    found = databases.content(cluster) if cluster else ()
    return {"any": any(row.spoilt <= CLOCK.now for row in found)}


def before(given: Document) -> Document:
    """Let the database behind a load balancer have rows from before. Raises ValueError when there is none."""
    told, cluster = _database(str(given["host"]).lower())
    if told is None or cluster is None:
        raise ValueError(f"host is {given['host']!r}, allowed is one with a database behind it")
    found = [kept.Row(int(number), float(at)) for number, at in given["rows"]]
    kept.remember(cluster, found)
    stores.write(told[1], told[0], found)
    return {}


def capacity(given: Document) -> Document:
    """Instances behind a load balancer, and which of them clients are sent to. Raises ValueError for another host.

    `inner` has the same of the tier behind that one, by the name of the load balancer between them; None where none is named.
    """
    host, inner = str(given["host"]).lower(), given.get("inner")
    found, api = requests.balancer_of(host), apis.of(host)
    if api is not None:
        return {**apis.capacity(api), "inner": None}
    if found is None:
        raise ValueError(f"host is {host!r}, allowed is the name of a load balancer or an API")
    return {**_behind(*found), "inner": capacity({"host": inner}) if inner else None}


def _behind(region: str, backend: Any, balancer: Any) -> Document:
    registered = [
        t for arn in groups_of(backend, balancer, clients=True) for t in backend.target_groups[arn].targets
    ]
    serves = requests.serving(backend, balancer)
    behind = [g for g in instances.groups_in(region) if balancer in scaling.balancers(g)]
    groups = [g.autoscaling_backend.elbv2_backend.target_groups for g in behind]
    healthy = sum(
        len(targets.healthy(known[arn]))
        for g, known in zip(behind, groups, strict=True)
        for arn in g.target_group_arns
    )
    served = [_of_service(each) for each in tasks.services() if each.region_name == region]
    if served and not behind:
        return {
            "region": region,
            "registered": len(registered),
            "serves": serves,
            "serving": sum(each["healthy"] for each in served),
            # A task too many of one service makes up for none of another.
            "healthy": sum(min(each["healthy"], each["required"]) for each in served),
            "desired": sum(each["desired"] for each in served),
            "most": sum(each["most"] for each in served),
            "required": sum(each["required"] for each in served),
            "services": served,
        }
    # Where no group says how many carry the load, one does.
    required = sum(scaling.required(g) or 0 for g in behind)
    return {
        "region": region,
        "registered": len(registered),
        "serves": serves,
        "serving": sum(map(scaling.serving, behind)),
        "healthy": healthy if required else len(serves),
        "desired": sum(int(g.desired_capacity) for g in behind),
        "most": sum(int(g.max_size) for g in behind),
        "required": required or min(1, len(behind)),
    }


def _of_service(service: Any) -> Document:
    """How many tasks of a service are needed, and how many of them work: run, and are healthy where a load balancer looks."""
    watched = [targets.healthy(group) for group in tasks.groups(service)]
    good = [
        task
        for task in tasks.of(service)
        if task.alive and all(task.address in healthy for healthy in watched)
    ]
    return {
        "name": service.name,
        "healthy": len(good),
        "desired": int(service.desired_count),
        # Without target tracking nothing but a person changes it.
        "most": max(int(service.desired_count), scaling.most(service) or 0),
        "required": tasks.required(service) or 1,
        "zones": {task.address: task.zone for task in good},
        "spread": max(1, tasks.spread(service)),
    }


def resolved(given: Document) -> str:
    """What a resolver in a region answers a client that asks for a name: a host, empty where there is none."""
    from moto.route53.models import route53_backends

    from sandbox.aws.extensions._route53_answers import resolve

    backend = route53_backends[ACCOUNT]["aws"]
    zone = backend.zones[str(given["zone"])]
    return next(iter(resolve(backend, zone, str(given["name"]), "A", str(given["region"])) or []), "")


def records(given: Document) -> Document:
    """The records of a name: what each follows, and which of the health checks behind it are disabled."""
    from moto.route53.models import route53_backends

    backend = route53_backends[ACCOUNT]["aws"]
    zone, name = backend.zones[str(given["zone"])], str(given["name"])
    return {
        "records": [
            {
                "set": record.set_identifier or "",
                "check": record.health_check_id or "",
                "evaluates": str((record.alias_target or {}).get("EvaluateTargetHealth")).lower() == "true",
                "disabled": sorted(_disabled(backend, record.health_check_id)),
            }
            for record in zone.rrsets
            if record.name.rstrip(".") == name
        ]
    }


def _disabled(backend: Any, check_id: str | None) -> Iterator[str]:
    check = backend.health_checks.get(check_id or "")
    if check is None:
        return
    if check.disabled:
        yield str(check.id)
    for child in check.children or []:
        yield from _disabled(backend, child)
