"""The keys of a system with an API before functions, and what is allowed in them."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.keys import Slug
from architectures.parts.api import arguments
from architectures.parts.api.sections import Authorizer, Table, Throttling
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.settings import PlainSettings
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.data import GlobalTableArgs
from components.edge import inner_name
from components.edge.api_args import AUDIENCES, AUTHORIZERS, IAM, NONE, SCOPES


class ApiSettings(PlainSettings):
    """One API with its functions and their table."""

    throttling: Throttling = Throttling()
    table: Table = Table()
    authorizers: Annotated[dict[Slug, Authorizer], Field(max_length=AUTHORIZERS)] = Field(
        default_factory=dict
    )
    """Issuers of tokens, by name."""

    @abc.abstractmethod
    def table_args(self, stack: Stack, **ground: Any) -> GlobalTableArgs:
        """The arguments of the table, in the stack that makes it; `ground` as in `parts.tables.table`."""

    def api_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be of the site, the strategy, the table, and of who may ask how much."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        if self.rebuild and (stack.founder or self.followed(stack) is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        yield from refusals(arguments.placeholder_api(self.throttling).check, arguments.API_KEYS)
        yield from self._table_faults(stack)
        for each, authorizer in self.authorizers.items():
            if each in (IAM, NONE):
                yield fault(f"authorizers.{each}", repr(each), f"a name that is neither {IAM} nor {NONE}")
            for key, said in self.authorizer_faults(authorizer):
                yield f"authorizers.{each}.{key}", said

    def _table_faults(self, stack: Stack) -> Iterator[Fault]:
        rpo = self.objectives.rpo_minutes if self.objectives else stack.rpo_minutes
        if not rpo:
            yield fault(
                "objectives.rpoMinutes",
                0,
                "above 0: what was written in the last second is lost with the region",
            )
        table = self.table_args(
            stack,
            tags=PLACEHOLDER_TAGS,
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
        )
        yield from refusals(table.check, arguments.TABLE_KEYS)
        restored = self.table.restored
        if restored is not None and restored.split(":")[3] != stack.region:
            yield fault("table.restored", repr(restored), f"a table of {stack.region}")

    def authorizer_faults(self, given: Authorizer) -> Iterator[Fault]:
        """What can't be of who issues tokens."""
        if not given.issuer.startswith("https://") or given.issuer.endswith("/"):
            yield fault("issuer", repr(given.issuer), "an https URL without a slash at its end")
        if not given.audience:
            yield fault("audience", "[]", "1 or more")
        elif len(given.audience) > AUDIENCES:
            yield fault("audience", len(given.audience), f"1 to {AUDIENCES}")

    def auth_faults(self, auth: str | None, scopes: Sequence[str]) -> Iterator[Fault]:
        """What can't be of who may use a route."""
        known = [*sorted(self.authorizers), IAM, NONE]
        if auth is None:
            yield fault("auth", "nothing", f"one of {', '.join(known)}: what everybody may use says {NONE}")
        elif auth not in known:
            yield fault("auth", repr(auth), f"one of {', '.join(known)}")
        elif scopes and auth not in self.authorizers:
            yield fault("scopes", repr(list(scopes)), "none but with an authorizer, whose tokens have them")
        if len(scopes) > SCOPES:
            yield fault("scopes", len(scopes), f"at most {SCOPES}")

    def hosts(self, name: str, stack: Stack) -> list[str]:
        """DNS names that the system takes in the hosted zone."""
        found = super().hosts(name, stack)
        if self.site is None:
            return found
        return [*found, *(inner_name(region, self.site) for region in (stack.region, stack.peer_region))]

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"DynamoDB"}
