"""What serves a serverless API in one region: table, queues, functions, API."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.arguments import queue
from architectures.parts.site import Site
from architectures.parts.tables import SystemTable
from architectures.serverless_api import arguments, names
from architectures.serverless_api.sections import Function
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place
from components.compute import ServingFunction
from components.data import WorkQueue, item_statements
from components.edge import FunctionTarget, HttpApi, HttpApiArgs, VpcReach, region_name
from components.edge.api_args import Target
from components.facts import Fact
from components.permissions import Statement


class Serving:
    """The parts of a region that serve, as children of the system."""

    table_name: pulumi.Input[str]
    """Of the table that the functions use."""
    stores: list[Fact]
    """What this stack declares of the table."""
    used: list[str]
    """Names of those that the functions use."""
    told: dict[str, pulumi.Input[str]]
    """What the other stack reads of it."""
    lag_alarm: pulumi.Output[str]
    """Names of the alarms on what is written here and reaches the other region late, with blanks between."""

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
        self.stores, self.used, self.told = [], [], {}
        self._statements = self._table()
        self.queues = {
            each: self._queue(each, given) for each, given in settings.functions.items() if given.queue
        }
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
        functions = [{**made.recovery_fact, "needs": self.used} for made in self.functions.values()]
        return [front, *functions, *self.stores]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "api": self.api.dns_name,
            "functions": {each: made.function_name for each, made in self.functions.items()},
            "table": self.told,
            **({"queues": {each: made.url for each, made in self.queues.items()}} if self.queues else {}),
        }

    def _table(self) -> list[Statement]:
        """The table, or this region's replica of it. Returns what the functions may do with the one that they use."""
        args = arguments.table(
            self._settings.table,
            self._stack,
            self._stands,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            peer_key_arn=self._ground.peer_key_arn,
            topic_arn=self._ground.topic.arn,
        )
        own = SystemTable(
            f"{self._name}-data",
            args,
            self._place,
            replicated=self._stands.replicated,
            opts=self._child,
        )
        self.stores, self.used = own.stores, [each["name"] for each in own.stores]
        self.told = dict(own.told)
        self.lag_alarm = pulumi.Output.all(*own.made.lag_alarms).apply(" ".join)
        restored = self._settings.table.restored
        if restored is not None:
            self.table_name, self.used = restored.rpartition("/")[2], []
            self.told["restored"] = restored
            return item_statements(restored)
        self.table_name = own.made.table_name
        return item_statements(own.made.table_arn)

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
        own = self.queues.get(each)
        sent = [statement for other in given.sends for statement in self.queues[other].sending()]
        args = arguments.function(
            each,
            given,
            self._stands.share or 0,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            variables={
                names.TABLE: self.table_name,
                **{names.variable(other): self.queues[other].url for other in given.sends},
            },
            statements=[*self._statements, *sent],
            queue=(own.arn, own.receiving()) if own else None,
        )
        return ServingFunction(names.function(self._name, each), args, self._child)

    def _api(self) -> HttpApi:
        settings, site = self._settings, self._settings.site
        functions: dict[str, Target] = {
            each: FunctionTarget(invoke_arn=made.invoke_arn, name=made.function_name, alias=made.alias)
            for each, made in self.functions.items()
            if each in settings.routed
        }
        args = HttpApiArgs(
            tags=self._tags,
            prefix=self._stack.named(self._name),
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            routes=arguments.routes(settings.routes),
            targets={**functions, **arguments.elsewhere(settings.routes)},
            authorizers=arguments.authorizers(settings.authorizers),
            vpc=self._reach(),
            hosts=[site, region_name(self._stack.region, site)] if site else [],
            certificate_arn=self._site.certificate.arn if site else None,
            rate=settings.throttling.rate,
            burst=settings.throttling.burst,
        )
        return HttpApi(f"{self._name}-http", args, self._child)

    def _reach(self) -> VpcReach | None:
        """From where load balancers of the VPC are reached, where a route leads to one."""
        if not any(route.listener for route in self._settings.routes.values()):
            return None
        network = self._ground.network
        return VpcReach(vpc_id=network.vpc_id, cidr=network.cidr, subnet_ids=network.private_subnet_ids)
