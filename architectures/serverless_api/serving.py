"""What serves a serverless API in one region: table, queues, functions, API."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.api.front import http_api, rest_api, target
from architectures.parts.api.table import ServedTable
from architectures.parts.arguments import queue
from architectures.parts.site import Site
from architectures.serverless_api import arguments, names, rest
from architectures.serverless_api.database import Database
from architectures.serverless_api.sections import Function
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place
from components.compute import ServingFunction
from components.data import WorkQueue
from components.edge import HttpApi, RestApi, VpcReach
from components.edge.api_args import Target
from components.facts import Fact


class Serving:
    """The parts of a region that serve, as children of the system."""

    table: ServedTable

    def __init__(
        self,
        name: str,
        settings: ServerlessApiSettings,
        place: Place,
        site: Site,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._child = pulumi.ResourceOptions(parent=parent)
        self.table = ServedTable(f"{name}-data", settings, place, self._child)
        self.queues = {
            each: self._queue(each, given) for each, given in settings.functions.items() if given.queue
        }
        given = settings.database
        self.database = Database(name, given, settings, place, self._child) if given else None
        self.functions = {each: self._function(each, given) for each, given in settings.functions.items()}
        self.api = self._api()

    @property
    def answering(self) -> list[str]:
        """The units behind the API."""
        return [self.functions[each].recovery_fact["name"] for each in sorted(self._settings.routed)]

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front = {**self.api.recovery_fact, "needs": sorted(self.answering)}
        functions = [
            {**made.recovery_fact, "needs": self._used(each)} for each, made in self.functions.items()
        ]
        return [front, *functions, *self.table.stores, *(self.database.recovery if self.database else [])]

    def _used(self, each: str) -> list[str]:
        """The stores that a function can't work without."""
        database = self._database(self._settings.functions[each])
        return sorted([*self.table.used, *(database.used if database else [])])

    def _database(self, given: Function) -> Database | None:
        """The database, for a function that uses it."""
        return self.database if given.database else None

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts that move, and what shows how they are; none without a database."""
        if self.database is None:
            return {}
        return {
            **self.database.made.parts,
            "api": self.api.dns_name,
            "alarms": pulumi.Output.all(*self.api.alarms.values()).apply(" ".join),
            "alarmArn": self.api.alarm_arns["errors"],
            "proxy": self.database.proxy.proxy_name,
        }

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "api": self.api.dns_name,
            "functions": {each: made.function_name for each, made in self.functions.items()},
            "table": self.table.told,
            **({"parts": self.parts, **self.database.outputs} if self.database else {}),
            **({"queues": {each: made.url for each, made in self.queues.items()}} if self.queues else {}),
        }

    def _queue(self, each: str, given: Function) -> WorkQueue:
        assert given.queue is not None  # noqa: S101  asked for those that have one
        args = queue(
            given.queue,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            protect=self._stack.protect,
        )
        return WorkQueue(names.function(self._name, each), args, self._child)

    def _function(self, each: str, given: Function) -> ServingFunction:
        own, database = self.queues.get(each), self._database(given)
        sent = [statement for other in given.sends for statement in self.queues[other].sending()]
        args = arguments.function(
            each,
            given,
            self._stands.share or 0,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            variables={
                names.TABLE: self.table.name,
                **{names.variable(other): self.queues[other].url for other in given.sends},
                **(database.variables if database else {}),
            },
            statements=[*self.table.statements, *sent, *(database.statements if database else [])],
            queue=(own.arn, own.receiving()) if own else None,
            subnet_ids=database.subnet_ids if database else (),
            security_group_ids=database.security_group_ids if database else (),
        )
        return ServingFunction(names.function(self._name, each), args, self._child)

    def _api(self) -> HttpApi | RestApi:
        settings = self._settings
        functions: dict[str, Target] = {
            each: target(made) for each, made in self.functions.items() if each in settings.routed
        }
        where = (self._name, settings, self._place, self._site)
        targets = {**functions, **arguments.elsewhere(settings.routes)}
        if settings.api is None or not settings.rest:
            routes = arguments.routes(settings.routes)
            return http_api(*where, routes=routes, targets=targets, vpc=self._reach(), child=self._child)
        return rest_api(
            *where,
            routes=rest.routes(settings.routes),
            targets=targets,
            vpc=self._reach(),
            clients=rest.clients(settings.api),
            open_paths=settings.open_paths,
            seconds=settings.waited_seconds,
            child=self._child,
        )

    def _reach(self) -> VpcReach | None:
        """From where load balancers of the VPC are reached, where a route leads to one."""
        if not any(route.listener for route in self._settings.routes.values()):
            return None
        network = self._ground.network
        return VpcReach(vpc_id=network.vpc_id, cidr=network.cidr, subnet_ids=network.private_subnet_ids)
