"""What a drill knows of a system: what the stacks' outputs say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.drills import environments
from sandbox.drills.environments import Environment
from sandbox.drills.failed import DrillError

ACTIVE = "active"
SERVICES = ("apex", "containers")
"""Kinds whose requests tasks of ECS services answer."""
NODES = ("kubernetes", environments.KIND)
"""Kinds whose groups of instances a service of AWS keeps."""


@dataclass(frozen=True)
class Place:
    """One region of a system."""

    region: str
    load_balancer: str
    """Its name in DNS; an API's own, where one serves."""
    endpoint: str
    """Of the database, for writing; empty without one."""
    inner: str = ""
    """Name of the load balancer between two tiers of servers; empty where there is one tier."""

    @property
    def asked(self) -> dict[str, str]:
        """What the clock's verb `capacity` is asked of it."""
        return {"host": self.load_balancer, **({"inner": self.inner} if self.inner else {})}


@dataclass(frozen=True)
class System:
    """A system with a site that two stacks serve."""

    name: str
    site: str
    zone_id: str
    global_cluster: str
    """Empty where no database crosses regions, and where both regions write."""
    kept: bool
    """Whether a function keeps exactly one server behind the load balancer."""
    home: Place
    """Where clients are served, and where the database writes, before anything is lost."""
    other: Place | None
    """None where nothing serves: it would be rebuilt from recovery points."""
    refresh: Mapping[str, Any] = field(default_factory=dict)
    """How the group's stack rolls out a release: preferences of an instance refresh, as the API takes them."""
    cluster: str = ""
    """ARN of the home region's cluster of a database that both regions write; empty where one region's writes."""

    instance: str = ""
    """Identifier of the RDS instance in the home region that the tasks write to; empty where there is none."""
    tasks: bool = False
    """Whether tasks of ECS services serve, instead of instances."""
    nodes: bool = False
    """Whether nodes of a cluster serve, whose node groups EKS keeps, or an environment's instances, which Elastic Beanstalk does."""
    environments: Mapping[str, Environment] = field(default_factory=dict)
    """Of Elastic Beanstalk, in each region; nothing of other kinds."""
    api: bool = False
    """Whether functions behind an API serve, which nobody has to start."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Its file system in each region; nothing without files."""
    datastore: str = ""
    """The global datastore that joins the caches of both regions; empty where there is none."""
    caches: Mapping[str, str] = field(default_factory=dict)
    """Its group of caches in each region, where a datastore joins them."""

    @property
    def stores(self) -> bool:
        """Whether it has a database."""
        return bool(self.home.endpoint)

    @property
    def writer(self) -> bool:
        """Whether one server of that database writes, and no other."""
        return self.stores and not self.cluster

    @property
    def away(self) -> Place:
        """The other region's part. Raises DrillError where there is none."""
        if self.other is None:
            raise DrillError(f"system {self.name}: nothing of it stands in the other region that could serve")
        return self.other

    def place(self, region: str) -> Place | None:
        """The part of the system in a region."""
        return next((each for each in (self.home, self.other) if each and each.region == region), None)


def names(outputs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Names of the systems that any stack puts out."""
    return sorted({name for each in outputs for name in each.get("systems", {})})


def read(name: str, outputs: Sequence[Mapping[str, Any]], refresh: Mapping[str, Any] | None = None) -> System:
    """The system of that name. Raises DrillError when the stacks have none that can be drilled."""
    stacks = [each for each in outputs if name in each.get("systems", {})]
    if not stacks:
        known = ", ".join(names(outputs)) or "none"
        raise DrillError(f"--system {name}: no stack has such a system, allowed are {known}")
    if len(stacks) != 2:  # noqa: PLR2004 - a pair of regions
        raise DrillError(f"system {name}: a drill needs it in two stacks, it is in {len(stacks)}")
    said = {_role(stack): stack["systems"][name] for stack in stacks}
    if set(said) != {True, False}:
        raise DrillError(
            f"system {name}: exactly one of the two stacks must be active by its output recovery"
        )
    if "cells" in said[True]:
        raise DrillError(
            f"system {name}: a router writes no rows of its own; each of its cells is a system that can be drilled"
        )
    places = {_role(stack): place_of(stack, name) for stack in stacks}
    home, other = places[True], places[False]
    if home is None or "site" not in said[True]:
        raise DrillError(
            f"system {name}: a drill needs a site, and an API, or a load balancer with a database, a pair's watcher, services, nodes or "
            "an environment, where it is active"
        )
    joined = _stores(stacks, name, "cache", "datastore")
    return System(
        name=name,
        site=str(said[True]["site"]).removeprefix("https://"),
        zone_id=stacks[0]["foundation"]["zoneId"],
        global_cluster=_database(said.values())
        if other and home.endpoint and not _cluster(said[True])
        else "",
        tasks=_tasks(said[True]),
        instance=str(said[True].get("database", "")) if _tasks(said[True]) else "",
        nodes=_nodes(said[True]),
        environments=environments.read(name, stacks),
        api="api" in said[True],
        kept=_watched(said[True]),
        home=home,
        other=other,
        refresh=refresh or {},
        cluster=_cluster(said[True]),
        files=_stores(stacks, name, "files", "fileSystem"),
        datastore=next(iter(joined.values()), ""),
        caches=_stores(stacks, name, "cache", "group") if joined else {},
    )


def _stores(stacks: Iterable[Mapping[str, Any]], name: str, store: str, key: str) -> dict[str, str]:
    """By region: what a stack puts out of a store of the system, where it has one that says so."""
    return {
        stack["foundation"]["region"]: str(found)
        for stack in stacks
        if (found := stack["systems"][name].get("stores", {}).get(store, {}).get(key))
    }


def _cluster(said: Mapping[str, Any]) -> str:
    """ARN of the cluster of a database that both regions write; empty for any other."""
    return next((str(part["arn"]) for part in said.get("databases", {}).values() if "arn" in part), "")


def place_of(stack: Mapping[str, Any], name: str) -> Place | None:
    """What serves in a stack's region; None where a load balancer is missing, or database, watcher, services and nodes are."""
    said = stack["systems"][name]
    if "api" in said:
        return Place(stack["foundation"]["region"], said["api"], "")
    if "loadBalancer" not in said or not any(
        ("databaseEndpoint" in said, _watched(said), _tasks(said), _nodes(said))
    ):
        return None
    return Place(
        stack["foundation"]["region"],
        said["loadBalancer"],
        said.get("databaseEndpoint", ""),
        said.get("application", ""),
    )


def _tasks(said: Mapping[str, Any]) -> bool:
    return said.get("kind") in SERVICES


def _nodes(said: Mapping[str, Any]) -> bool:
    """Whether nodes of a cluster serve, which its pods are asked by."""
    return said.get("kind") in NODES


def _watched(said: Mapping[str, Any]) -> bool:
    return "watcher" in said.get("parts", {})


def _role(stack: Mapping[str, Any]) -> bool:
    return bool(stack.get("recovery", {}).get("role") == ACTIVE)


def _database(said: Iterable[Mapping[str, Any]]) -> str:
    """The global database that serves: the last one that the stacks name, as the system has it."""
    found = [part.get("globalClusterIdentifier") for each in said for part in each["databases"].values()]
    known = [str(each) for each in found if each]
    if not known:
        raise DrillError("a drill needs a global database: the stacks put out none")
    return known[-1]
