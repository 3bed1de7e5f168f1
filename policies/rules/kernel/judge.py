"""Applies rules to resources: who is judged by which rule, at which level, and who is exempt."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policies.graph import STACK, Graph, NotKnownError, Resource, View

from .config import Settings, check_names, settings
from .exemptions import Exemption, Exemptions, of_stack
from .rule import Context, Finding, Rule, Scope
from .schemas import ConfigError

_AWS: Final = "aws:"
_NO_GRAPH: Final = Graph(())


class Level(enum.StrEnum):
    """What a violation does: the levels of the policy protocol."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"
    REMEDIATE = "remediate"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's word on one resource."""

    rule: Rule
    urn: str
    message: str
    level: Level


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def default_level(rule: Rule) -> Level:
    """A rule's level before any configuration: advisory when no tier makes it mandatory."""
    return Level.MANDATORY if rule.tiers else Level.ADVISORY


class Judge:
    """The rules of a pack with their configuration. `home` is the region of providers that name none."""

    def __init__(self, rules: Sequence[Rule], home: str = "") -> None:
        self.rules = tuple(rules)
        self.home = home
        self._by_type: dict[Scope, defaultdict[str, list[Rule]]] = {
            scope: defaultdict(list) for scope in Scope
        }
        for rule in self.rules:
            for token in rule.types or (STACK,):
                self._by_type[rule.scope][token].append(rule)
        self._exempt: dict[str, Exemptions] = {}
        self._of_stack: Mapping[str, tuple[Exemption, ...]] = {}
        self.configure({})

    def configure(
        self, given: Mapping[str, tuple[Level, Mapping[str, Any]]], today: dt.date | None = None
    ) -> None:
        """Take the configuration of each rule: level and settings. Raises `ConfigError`, and then changes nothing."""
        check_names(self.rules, given)
        day = today or _today()
        checked = {rule.name: settings(rule, given.get(rule.name, (None, {}))[1], day) for rule in self.rules}
        self._settings: dict[str, Settings] = checked
        self.levels = {rule.name: given.get(rule.name, (default_level(rule), {}))[0] for rule in self.rules}
        self._exempting()

    def configure_stack(self, config: Mapping[str, str], today: dt.date | None = None) -> None:
        """Take the exemptions in the stack's configuration. Raises `ConfigError`, and then changes nothing."""
        self._of_stack = of_stack(config, self.rules, today or _today())
        self._exempting()

    def _exempting(self) -> None:
        self._exempt = {
            name: Exemptions((*own.exemptions, *self._of_stack.get(name, ())))
            for name, own in self._settings.items()
        }

    def exempts(self, rule: Rule, urn: str) -> bool:
        """Whether an exemption keeps the rule from a resource as a whole."""
        return any(each.covers(urn, {}) and not each.ended for each in self._exempt[rule.name].given)

    def options(self, rule: Rule) -> View:
        """A rule's settings."""
        return self._settings[rule.name].options

    def resource(self, resource: Resource) -> Iterator[Judgement]:
        """What the rules on single resources say about this one. Anything that isn't AWS's is passed over."""
        if not resource.type.startswith(_AWS) or not resource.declared:
            return
        index = self._by_type[Scope.RESOURCE]
        for rule in (*index.get(resource.type, ()), *index.get(_AWS, ())):
            yield from self._judge(rule, resource, _NO_GRAPH)

    def stack(self, resources: Iterable[Resource]) -> Iterator[Judgement]:
        """What the rules on the graph say about a stack."""
        graph = Graph(resources, home=self.home)
        root = next(iter(graph.of(STACK)), None) or Resource(type=STACK, urn="", name="stack", props={})
        for rule in self.rules:
            if rule.scope is Scope.STACK:
                yield from self._judge(rule, root, graph)
            elif rule.scope is Scope.GRAPH:
                judged = graph.of(*rule.types) if rule.types != (_AWS,) else graph.resources
                for resource in (r for r in judged if r.type.startswith(_AWS) and r.declared):
                    yield from self._judge(rule, resource, graph)
        yield from self._idle(root, graph)

    def _idle(self, root: Resource, graph: Graph) -> Iterator[Judgement]:
        """Exemptions that nothing needed. Single resources were judged before their stack."""
        for rule in self.rules:
            exempt = self._exempt[rule.name]
            if not exempt.given or self.levels[rule.name] is Level.DISABLED:
                continue
            judged = graph.of(*rule.types) if rule.types not in ((), (_AWS,)) else graph.resources
            for told in exempt.idle([resource.urn for resource in judged]):
                yield Judgement(rule, root.urn, told, Level.ADVISORY)

    def _judge(self, rule: Rule, resource: Resource, graph: Graph) -> Iterator[Judgement]:
        level = self.levels[rule.name]
        if level is Level.DISABLED:
            return
        own = self._settings[rule.name]
        try:
            for finding in rule.check(resource, Context(graph, own.options)):
                yield self._found(rule, finding, resource, graph)
        except NotKnownError as unknown:
            self._exempt[rule.name].undecided(resource.urn)
            note = (
                f"{resource.name}: {unknown.path} is not known before the deployment, so this rule can't judge this "
                "resource yet; it is judged again when the value is known."
            )
            yield Judgement(rule, resource.urn, note, Level.ADVISORY)

    def _found(self, rule: Rule, finding: Finding, judged: Resource, graph: Graph) -> Judgement:
        level, own = self.levels[rule.name], self._settings[rule.name]
        urn = finding.urn or judged.urn
        resource = graph.by_urn.get(urn, judged)
        exemption, ended = self._exempt[rule.name].of(urn, finding.marks), ""
        if exemption is not None and not exemption.ended:
            note = f"{resource.name}: exempt until {exemption.until}: {exemption.reason}. Let go: {finding.message}"
            return Judgement(rule, urn, note, Level.ADVISORY)
        if exemption is not None:
            ended = f" Its exemption ended on {exemption.until} ({exemption.reason})."
        remedy = rule.remedy if finding.remedy is None else finding.remedy
        said = " ".join(filter(None, (f"{finding.message}{ended}", remedy, f"See {rule.page}")))
        message = f"{resource.name}: {said}"
        return Judgement(rule, urn, message, self._level(own, level, finding, graph.tier(resource)))

    @staticmethod
    def _level(own: Settings, level: Level, finding: Finding, tier: int | None) -> Level:
        if finding.advice or level is Level.ADVISORY:
            return Level.ADVISORY
        if (
            not own.tiers
        ):  # advisory by its metadata: made mandatory by configuration, it is so for every tier
            return Level.MANDATORY
        return Level.MANDATORY if tier is None or tier in own.tiers else Level.ADVISORY


__all__ = ["ConfigError", "Judge", "Judgement", "Level", "default_level"]
