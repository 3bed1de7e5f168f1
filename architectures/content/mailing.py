"""Mail of one region: the domain's identity there, a queue of mail that waits, and the function that sends it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from architectures.content import arguments as common
from architectures.content import mail_arguments as arguments
from architectures.content import names
from architectures.content.sections import Outgoing
from architectures.parts.tables import SystemTable
from architectures.parts.told import told_to_queue
from architectures.system import Place
from components.compute import ServingFunction
from components.data import item_statements
from components.facts import Fact
from components.mail import MailDomain


class Mailing:
    """What sends mail, as children of the system. Either region sends what is put into its own queue; what was sent, both know."""

    def __init__(
        self, name: str, given: Outgoing, place: Place, *, table: SystemTable, opts: pulumi.ResourceOptions
    ) -> None:
        self._name, ground = name, place.ground
        args = arguments.domain(
            given, name, place.stack, tags=place.tags, zone_id=ground.zone_id, topic_arn=ground.topic.arn
        )
        self.domain = MailDomain(f"{name}-mail", args, opts)
        told = {
            "source": ["aws.ses"],
            "detail": {"mail": {"tags": {"ses:configuration-set": [arguments.rules(name, place.stack)]}}},
        }
        self.queue = told_to_queue(
            f"{name}-outgoing",
            given.queue,
            place,
            about="what becomes of mail",
            pattern=told,
            promises=True,  # mail that waits is in no other region
            opts=opts,
        )
        made = arguments.function(
            given,
            tags=place.tags,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            queue_arn=self.queue.arn,
            receiving=self.queue.receiving(),
            variables={
                names.TABLE: table.made.table_name,
                names.KEPT: str(common.KEPT_SECONDS),
                names.QUEUE: self.queue.url,
                names.SENDER: f"{given.sender}@{given.domain}",
                names.RULES: self.domain.configuration_set,
            },
            statements=[*item_statements(table.made.table_arn), *self.domain.sending()],
        )
        self.function = ServingFunction(names.function(name, names.SEND), made, opts)

    def recovery(self, stores: Sequence[str]) -> list[Fact]:
        """The function asks the table of what was sent, which is of `stores` where this stack has it, its queue and SES."""
        queue, identity = self.queue.recovery_fact, self.domain.recovery_fact
        asked = [*stores, queue["name"], identity["name"]]
        return [queue, {**self.function.recovery_fact, "needs": sorted(asked)}, identity]

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """What senders of mail are told."""
        return {
            "queue": self.queue.url,
            "deadLetters": self.queue.dead_letter_arn,
            "function": self.function.function_name,
        }
