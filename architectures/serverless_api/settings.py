"""The keys of a serverless API, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.faults import PLACEHOLDER, Fault, fault, held, refusals
from architectures.keys import Slug
from architectures.parts import switching
from architectures.parts.api.sections import Authorizer
from architectures.parts.api.settings import ApiSettings
from architectures.parts.arguments import queue_faults
from architectures.parts.aurora.settings import AuroraSettings
from architectures.parts.code import code_faults
from architectures.parts.switched import SwitchedSettings
from architectures.parts.switching import Planned
from architectures.serverless_api import arguments, names, relational, rest, routing
from architectures.serverless_api.sections import Api, Function, Relational, Route, WriterSwitch
from architectures.stack import Stack
from components.compute.function_args import ENVIRONMENT_BYTES
from components.data import GlobalTableArgs
from components.edge import checks
from components.edge.api_args import API_SECONDS, ROUTES
from components.network.cidr import MINIMUM_ZONES
from components.switch import GlobalDatabase

UrlPath = Annotated[str, held(partial(checks.path, ""))]


class ServerlessApiSettings(SwitchedSettings, ApiSettings, AuroraSettings):
    """One API with its functions, their table, and a database where it has one."""

    kind: Literal["serverless-api"]
    switch: WriterSwitch = WriterSwitch()
    """What moves it to the other region. Without a database nothing has to be started there."""
    api: Api | None = None
    """Of which type the API is. None: an HTTP API."""
    database: Relational | None = None
    """A relational database behind RDS Proxy, for the functions that say so. None: none."""
    health_path: UrlPath = "/health"
    """What Route 53 asks the API: light. A route without authorizer."""
    deep_health_path: UrlPath = "/health/deep"
    """The same, of what works only if the table does."""
    functions: Annotated[dict[Slug, Function], Field(min_length=1)]
    routes: Annotated[dict[Slug, Route], Field(min_length=1, max_length=ROUTES)]

    @property
    def in_subnets(self) -> bool:
        """Where a route leads to a load balancer inside, or functions to a database."""
        return self.database is not None or any(route.listener for route in self.routes.values())

    @property
    def aurora(self) -> Relational:
        """What the database is to be. Of a system that has one."""
        assert self.database is not None  # noqa: S101  asked for where there is one
        return self.database

    def database_zones(self, stack: Stack) -> Sequence[str]:
        """The zones that have an instance of the database."""
        return stack.zones[:2] if self.aurora.multi_az else stack.zones[:1]

    def planned(self, stack: Stack) -> Planned:
        """What its plan moves, where nothing exists yet."""
        each = switching.regions_of(stack)
        writes = GlobalDatabase(identifier=PLACEHOLDER, cluster_arns=each)
        return Planned(groups={}, database=writes if self.database else None, health=each)

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return super().restored_types | ({"Aurora"} if self.database else set())

    @property
    def routed(self) -> frozenset[str]:
        """The functions that a route leads to."""
        return frozenset(route.function for route in self.routes.values() if route.function)

    @property
    def rest(self) -> bool:
        """Whether it is a REST API."""
        return rest.is_rest(self.api)

    @property
    def open_paths(self) -> list[str]:
        """What Route 53 asks of a site, from everywhere."""
        return [self.health_path, self.deep_health_path] if self.site else []

    @property
    def waited_seconds(self) -> int:
        """How long the API waits for a function."""
        return self.api.timeout_seconds if self.api else API_SECONDS

    def logs_rest_api(self, stack: Stack) -> bool:
        """Whether this stack has a REST API, whose logs the account's region must let API Gateway write."""
        return self.rest and self.posture(stack).data

    def authorizer_faults(self, given: Authorizer) -> Iterator[Fault]:
        """What can't be of who issues tokens."""
        return rest.authorizer_faults(given) if self.rest else super().authorizer_faults(given)

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.api_faults(name, stack)
        yield from rest.faults(self.api, self.routes, self.throttling, self.open_paths)
        for each, given in self.functions.items():
            for key, said in self._function_faults(each, given, stack):
                yield f"functions.{each}.{key}", said
        for each, route in self.routes.items():
            where = routing.route_faults(route, self.functions, stack)
            for key, said in (*where, *self.auth_faults(route.auth, route.scopes)):
                yield f"routes.{each}.{key}", said
        asks = {"healthPath": self.health_path, "deepHealthPath": self.deep_health_path}
        yield from routing.path_faults(self.routes, asks, site=self.site is not None)
        yield from relational.switch_faults(self.switch, self.database)
        if (
            self.database is not None and len(set(stack.zones)) >= MINIMUM_ZONES
        ):  # else the network's own fault
            yield from self.switch_faults(name, stack)
            yield from relational.database_faults(
                self.followed(stack),
                stack,
                self.functions.values(),
                restores=bool(self.aurora.restores),
                rebuild=self.rebuild,
            )
            yield from self.aurora_faults(name, stack)

    def table_args(self, stack: Stack, **ground: Any) -> GlobalTableArgs:
        """The arguments of the table, in the stack that makes it."""
        return arguments.table(self.table, stack, self.posture(stack), **ground)

    def _function_faults(self, each: str, given: Function, stack: Stack) -> Iterator[Fault]:
        yield from refusals(
            lambda: arguments.placeholder_function(each, given).check(), arguments.FUNCTION_KEYS
        )
        if each in self.routed:
            if given.queue is not None:
                yield fault(
                    "queue", "one", "none of a function that routes lead to: it answers, or works off a queue"
                )
            if given.timeout_seconds > self.waited_seconds:
                allowed = (
                    f"at most {self.waited_seconds} beside a route, as API Gateway waits: "
                    "longer work is accepted, 202, and done from a queue"
                )
                yield fault("timeoutSeconds", given.timeout_seconds, allowed)
        elif given.queue is None:
            yield fault(
                "queue", "nothing", "a queue, or a route that leads to the function: nobody would call it"
            )
        if given.queue is not None:
            yield from queue_faults(given.queue, stack)
        elif given.at_once is not None:
            yield fault("atOnce", given.at_once, "nothing without a queue: reserved is for routes")
        for other in given.sends:
            there = self.functions.get(other)
            if there is None or there.queue is None:
                yield fault("sends", repr(other), "names of functions that have a queue")
        if given.database and self.database is None:
            yield fault("database", "true", "false without a database of the system")
        yield from self._variable_faults(given)
        yield from code_faults(given.code)

    @staticmethod
    def _variable_faults(given: Function) -> Iterator[Fault]:
        own = {names.TABLE, *map(names.variable, given.sends), *(names.OF_DATABASE if given.database else ())}
        for variable in sorted(own & given.environment.keys()):
            yield fault("environment", repr(variable), "any other variable: the program sets that one")
        size = sum(len(name) + len(value.encode()) for name, value in given.environment.items())
        if size > ENVIRONMENT_BYTES:
            yield fault("environment", f"{size} bytes", f"at most {ENVIRONMENT_BYTES} bytes together")

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.function(name, each) for each in self.functions]

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key. An issuer may be of one region, and so differ."""
        found = {
            **super().agreement(stack),
            "functions": sorted(self.functions),
            "authorizers": sorted(self.authorizers),
            "routes": sorted(self.routes),
        }
        for each, route in sorted(self.routes.items()):
            found[f"routes.{each}.routeKey"] = route.route_key
            found[f"routes.{each}.auth"] = route.auth
        if self.rest:
            found["api.type"] = rest.TYPE
        if self.database is not None:
            found["database.engine"] = self.database.engine
            found["database.engineVersion"] = self.database.engine_version
            found |= self.restored() if self.posture(stack).replicated else {}
        return found
