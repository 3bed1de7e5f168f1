"""The keys of a system of users' files, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from architectures.content import arguments, identity_arguments, mail_arguments, video_arguments
from architectures.content.sections import Identities, Outgoing, Reconcile, Table, Video
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.keys import SystemSettings
from architectures.parts.arguments import PLACEHOLDER_TAGS, queue_faults
from architectures.parts.sections import Queue
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from components.data.bucket_replication import REPLICATION_MINUTES

EVERY_MINUTES, GRACE_MINUTES = (15, 720), (5, 1440)
"""A round goes on for 15 minutes before the next invocation, and two end within a day: an alarm waits for one. Events may come after a
minute or more: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html"""


class ContentSettings(SystemSettings):
    """Users' files."""

    kind: Literal["content"]
    rebuild: bool = False
    """With backup-and-restore, in the joining stack: build bucket and table there, the other region being lost."""
    noncurrent_days: int = 90
    """Days that overwritten and deleted objects can be brought back."""
    queue: Queue = Queue()
    """Of the bucket's events."""
    table: Table = Table()
    reconcile: Reconcile = Reconcile()
    identities: Identities | None = None
    """Users who sign in. None: whoever runs with a role of AWS reads and writes."""
    mail: Outgoing | None = None
    """Mail that it sends. None: it sends none."""
    video: Video | None = None
    """Videos that it converts. None: an object is an object."""

    @property
    def in_subnets(self) -> bool:
        """Nothing of it stands in the network."""
        return False

    def posture(self, stack: Stack) -> Posture:
        """How it stands in that stack's region: functions run when they are called, so there is no share of them."""
        return posture(
            self.followed(stack),
            active=stack.active,
            share=1,
            rebuilt=self.rebuild and not stack.founder,
            kept=stack.founder,
        )

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        stands = self.posture(stack)
        if self.rebuild and (stack.founder or stands.replicated):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        yield from self._loss_faults(stack, stands)
        bucket = arguments.placeholder_bucket(self.noncurrent_days, stack, stands)
        yield from refusals(bucket.check, arguments.BUCKET_KEYS)
        table = arguments.table(
            self.table.recovery_days,
            stack,
            stands,
            tags=PLACEHOLDER_TAGS,
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
        )
        yield from refusals(table.check, arguments.TABLE_KEYS)
        yield from queue_faults(self.queue, stack)
        yield from refusals(arguments.placeholder_record(self.queue).check, arguments.RECORD_KEYS)
        yield from self._identity_faults(name, stack, stands)
        if self.mail is not None:
            yield from mail_arguments.faults(self.mail, name, stack)
        if self.video is not None:
            yield from video_arguments.faults(self.video, stack)
        for key, minutes, (low, high) in (
            ("everyMinutes", self.reconcile.every_minutes, EVERY_MINUTES),
            ("graceMinutes", self.reconcile.grace_minutes, GRACE_MINUTES),
        ):
            if not low <= minutes <= high:
                yield fault(f"reconcile.{key}", minutes, f"{low} to {high} minutes")

    def _loss_faults(self, stack: Stack, stands: Posture) -> Iterator[Fault]:
        promised = self.objectives.rpo_minutes if self.objectives else stack.rpo_minutes
        if stands.replicated and promised < REPLICATION_MINUTES:
            allowed = f"{REPLICATION_MINUTES} or more: so long may an object take to the other region, as S3 agrees to"
            yield fault("objectives.rpoMinutes", f"{promised:g}", allowed)

    def _identity_faults(self, name: str, stack: Stack, stands: Posture) -> Iterator[Fault]:
        if self.identities is None:
            return
        if not stands.replicated:
            allowed = f"none with {Strategy.BACKUP_AND_RESTORE}: a lost region's accounts are known by a table that both regions have"
            yield fault("identities", "a user pool", allowed)
        given = identity_arguments.directory(self.identities, stack, name)
        yield from refusals(given.check, identity_arguments.KEYS)
        mail = self.identities.mail
        if mail is not None and mail.identity.split(":")[3:4] not in ([], [stack.region]):
            allowed = f"an identity of {stack.region}: the other region's mail goes with it"
            yield fault("identities.mail.identity", repr(mail.identity), allowed)

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"DynamoDB", "S3"}

    def hosts(self, _name: str, stack: Stack) -> list[str]:
        """DNS names that it takes: those of its mail, since who uses it asks AWS for its bucket."""
        return [] if self.mail is None else mail_arguments.hosts(self.mail, stack)

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        signs_in = None if self.identities is None else True
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "identities": signs_in,
            "mail.domain": self.mail.domain if self.mail else None,
            "video": None if self.video is None else True,
        }
