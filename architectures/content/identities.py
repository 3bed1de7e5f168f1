"""Who signs in to one region, and has credentials there for the objects that are theirs in both."""

from __future__ import annotations

import pulumi

from architectures.content import identity_arguments as arguments
from architectures.content import names
from architectures.content.blobs import Blobs
from architectures.content.sections import Identities
from architectures.content.settings import ContentSettings
from architectures.parts.tables import SystemTable
from architectures.system import Place
from components.compute import ServingFunction
from components.facts import Fact
from components.identity import (
    TAG,
    Trigger,
    UserCredentials,
    UserCredentialsArgs,
    UserDirectory,
    own_objects,
)
from functions.identities.triggers import CLAIM


class Users:
    """User pool, identity pool and the table of accounts, as children of the system."""

    def __init__(
        self,
        name: str,
        settings: ContentSettings,
        given: Identities,
        place: Place,
        *,
        blobs: Blobs,
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._name, self._settings, self._place, self._child = name, settings, place, opts
        self.accounts = self._accounts()
        self.function = self._function()
        trigger = Trigger(
            function_name=self.function.function_name,
            alias=self.function.alias,
            alias_arn=self.function.alias_arn,
        )
        args = arguments.directory(given, place.stack, name, tags=place.tags, trigger=trigger)
        self.directory = UserDirectory(f"{name}-users", args, opts)
        self.credentials = UserCredentials(
            f"{name}-access",
            UserCredentialsArgs(
                tags=place.tags,
                prefix=place.stack.named(name),
                provider_name=self.directory.provider_name,
                client_id=self.directory.client_id,
                claim=CLAIM,
                statements=own_objects(blobs.arn, place.ground.key_arn, place.stack.region, TAG),
            ),
            opts,
        )

    @property
    def recovery(self) -> list[Fact]:
        """Who signs in asks the pool, the pool its function, the function the table."""
        table, function = self.accounts.stores, self.function.recovery_fact
        kept = [each["name"] for each in table]
        pool = {**self.directory.recovery_fact, "needs": [function["name"]]}
        return [*table, {**function, "needs": kept}, pool]

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """What clients are told."""
        made = self.directory
        told = {
            "userPool": made.pool_id,
            "client": made.client_id,
            "issuer": pulumi.Output.concat("https://", made.provider_name),
            "identityPool": self.credentials.identity_pool_id,
        }
        return told if made.pages is None else {**told, "pages": made.pages}

    def _accounts(self) -> SystemTable:
        place, stands = self._place, self._settings.posture(self._place.stack)
        args = arguments.accounts(
            self._settings.table.recovery_days,
            place.stack,
            stands,
            tags=place.tags,
            key_arn=place.ground.key_arn,
            peer_key_arn=place.ground.peer_key_arn,
            topic_arn=place.ground.topic.arn,
        )
        return SystemTable(
            f"{self._name}-accounts",
            args,
            place,
            replicated=stands.replicated,
            opts=self._child,
            part="accounts",
        )

    def _function(self) -> ServingFunction:
        ground, place = self._place.ground, self._place
        args = arguments.function(
            tags=place.tags,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            table_name=self.accounts.made.table_name,
            table_arn=self.accounts.made.table_arn,
            system=place.stack.named(self._name),
        )
        return ServingFunction(names.function(self._name, names.IDENTIFY), args, self._child)
