"""What keeps users' files in one region: bucket, table, and the functions that keep the table true to the bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from architectures.content import arguments, names
from architectures.content.blobs import Blobs
from architectures.content.converting import Converting
from architectures.content.identities import Users
from architectures.content.mailing import Mailing
from architectures.content.settings import ContentSettings
from architectures.content.watched import declare_alarms
from architectures.parts.tables import SystemTable
from architectures.system import Place
from components.compute import ServingFunction, Source
from components.data import WorkQueue, bucket_sender, declare_events, item_statements
from components.facts import Fact
from components.permissions import Statement
from components.schedules import declare_schedule


class Serving:
    """The parts of a region that serve, as children of the system."""

    def __init__(
        self, name: str, settings: ContentSettings, place: Place, *, parent: pulumi.Resource
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._ground, self._tags = place.ground, place.tags
        self._child = pulumi.ResourceOptions(parent=parent)
        self.table = self._table()
        self.blobs = Blobs(f"{name}-blobs", settings, place, self._child)
        self.queue = self._queue(parent)
        self.videos = self._videos()
        self.functions = {
            names.RECORD: self._record(),
            names.RECONCILE: self._function(
                names.RECONCILE, [*self._gone_through, arguments.measuring(), *self._submitting]
            ),
            names.COMPARE: self._function(names.COMPARE, self._gone_through),
        }
        if self.videos is not None:
            self.functions[names.CONVERT] = self.videos.declare(name, self._child)
        # What is written before anybody follows its events is found by the first round.
        declare_events(f"{name}-blobs", self.blobs.bucket, self.queue.sent_to, self._child)
        self._rounds()
        given = settings.identities
        self.users = (
            None if given is None else Users(name, settings, given, place, blobs=self.blobs, opts=self._child)
        )
        outgoing = settings.mail
        self.mail = (
            None if outgoing is None else Mailing(name, outgoing, place, table=self.table, opts=self._child)
        )

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back: who reads and writes asks the bucket, whatever becomes of the functions."""
        table, blobs = self.table.stores, self.blobs.stores
        own = [each["name"] for each in [*table, *blobs]]
        functions = [{**made.recovery_fact, "needs": sorted(own)} for made in self.functions.values()]
        users = self.users.recovery if self.users else []
        mail = self.mail.recovery([each["name"] for each in table]) if self.mail else []
        return [*(self._fact(each) for each in [*blobs, *table]), *functions, *users, *mail]

    def _fact(self, store: Fact) -> Fact:
        """What the table is to recovery where no replica crosses: backups do."""
        if store["kind"] != "dynamodb" or store.get("replicas"):
            return store
        return {**store, "backups": self._ground.backups.recovery_backups}

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "blobs": self.blobs.told,
            "table": self.table.told,
            "events": self.queue.url,
            "deadLetters": self.queue.dead_letter_arn,
            "functions": {each: made.function_name for each, made in self.functions.items()},
            **(
                {"accounts": self.users.accounts.told, "identities": self.users.outputs} if self.users else {}
            ),
            **({"mail": self.mail.outputs} if self.mail else {}),
            **({"video": self.videos.outputs} if self.videos else {}),
        }

    def _table(self) -> SystemTable:
        stands = self._settings.posture(self._place.stack)
        args = arguments.table(
            self._settings.table.recovery_days,
            self._place.stack,
            stands,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            peer_key_arn=self._ground.peer_key_arn,
            topic_arn=self._ground.topic.arn,
        )
        return SystemTable(
            f"{self._name}-metadata", args, self._place, replicated=stands.replicated, opts=self._child
        )

    def _queue(self, parent: pulumi.Resource) -> WorkQueue:
        args = arguments.queue(
            self._settings.queue,
            bucket_sender(self.blobs.arn, parent),
            tags=self._tags,
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            protect=self._place.stack.protect,
        )
        return WorkQueue(f"{self._name}-events", args, self._child)

    @property
    def _gone_through(self) -> list[Statement]:
        """What a function needs that goes through the table."""
        return [arguments.scanning(self.table.made.table_arn)]

    def _record(self) -> ServingFunction:
        source = Source(
            arn=self.queue.arn,
            statements=self.queue.receiving(),
            visibility_seconds=self._settings.queue.visibility_seconds,
        )
        return self._function(names.RECORD, self._submitting, source)

    def _videos(self) -> Converting | None:
        given = self._settings.video
        if given is None:
            return None
        return Converting(
            self._name, given, self._place, blobs=self.blobs, table=self.table, opts=self._child
        )

    @property
    def _submitting(self) -> list[Statement]:
        """What a function needs that says which objects are to be converted."""
        return self.videos.sending if self.videos is not None else []

    def _function(
        self, what: str, more: Sequence[Statement], source: Source | None = None
    ) -> ServingFunction:
        args = arguments.function(
            what,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            variables={
                names.BUCKET: self.blobs.bucket,
                names.TABLE: self.table.made.table_name,
                names.KEPT: str(arguments.KEPT_SECONDS),
                names.GRACE: str(self._settings.reconcile.grace_minutes),
                names.NAMESPACE: names.METRICS,
                names.SYSTEM: self._place.stack.named(self._name),
                **(self.videos.variables if self.videos is not None and what != names.COMPARE else {}),
            },
            statements=[
                *item_statements(self.table.made.table_arn),
                *arguments.looking(self.blobs.arn, self._ground.key_arn),
                *more,
            ],
            source=source,
        )
        return ServingFunction(names.function(self._name, what), args, self._child)

    def _rounds(self) -> None:
        """What begins them, and who is told of what they find."""
        declare_schedule(
            names.function(self._name, names.RECONCILE),
            about=f"{self._name}: compares bucket and table",
            every=f"rate({self._settings.reconcile.every_minutes} minutes)",
            target_arn=self.functions[names.RECONCILE].alias_arn,
            letters_arn=None,
            age_seconds=60,
            tags=self._tags,
            opts=self._child,
        )
        declare_alarms(
            self._name,
            self._place.stack.named(self._name),
            tags=self._tags,
            actions=[self._ground.topic.arn],
            opts=self._child,
        )
