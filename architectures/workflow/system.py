"""A workflow that two regions have: the table of its orders in both, its state machine and queues in each."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.arguments import queue
from architectures.parts.shelf import Shelf
from architectures.parts.tables import SystemTable
from architectures.strategies import Posture
from architectures.system import Place, System
from architectures.workflow import arguments, names
from architectures.workflow.runbook import written
from architectures.workflow.settings import WorkflowSettings
from components.data import GlobalTable, JoinedTable, WorkQueue
from components.facts import Fact
from components.operations import Topic
from components.workflow import Queue, Workflow


class OrderWorkflow(System):
    """One region's part of a workflow.

    Creates: the table of orders (the founding stack's, with a replica in the other region), a queue with dead letters for each step that
    a service owns, a topic of approvals where somebody is asked, the state machine with what accepts orders and takes them up again,
    runbooks.
    Survives: an instance and a zone, at once; a region: what was accepted is in the other one within a second, and is taken up there when
    somebody says so. With backup-and-restore orders in flight are in recovery points alone. Costs: executions, writes in both regions,
    alarms; nothing of it is paid for by the hour.
    Source: https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/saga-orchestration.html
    """

    table: GlobalTable | JoinedTable | None
    """None where the strategy leaves the region empty."""
    workflow: Workflow | None
    """The same."""

    def __init__(
        self, name: str, settings: WorkflowSettings, place: Place, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:architectures:OrderWorkflow", name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self._child = pulumi.ResourceOptions(parent=self)
        self.table = self.workflow = None
        self.recovery, told = [], dict[str, Any]()
        self._queues: dict[str, WorkQueue] = {}
        stands = settings.posture(place.stack)
        if stands.data:
            table = self._table(stands)
            self.table = table.made
            self._queues = {
                each.name: self._queue(each.name) for each in settings.steps if each.queue is not None
            }
            self.workflow, told = self._workflow(table)
        shelf = Shelf(name, place, self)
        runbooks = written(name, settings, place, self.workflow, self.table)
        self.recovery += shelf.recovery
        self.outputs = {"kind": settings.kind, **told, **shelf.outputs, "runbook": shelf.put(runbooks)}
        self.register_outputs(dict(self.outputs))

    def _table(self, stands: Posture) -> SystemTable:
        stack, ground = self._place.stack, self._place.ground
        args = arguments.table(
            stack,
            stands,
            tags=self._place.tags,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
        )
        made = SystemTable(
            f"{self._name}-orders", args, self._place, replicated=stands.replicated, opts=self._child
        )
        self.recovery += [self._fact(each) for each in made.stores]
        return made

    def _fact(self, table: Fact) -> Fact:
        """What the table is to recovery; where no replica crosses, backups do."""
        if table.get("replicas"):
            return table
        return {**table, "backups": self._place.ground.backups.recovery_backups}

    def _queue(self, step: str) -> WorkQueue:
        given = next(each.queue for each in self._settings.steps if each.name == step)
        assert given is not None  # noqa: S101  asked for those that have one
        ground = self._place.ground
        args = queue(
            given,
            tags=self._place.tags,
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            protect=self._place.stack.protect,
        )
        return WorkQueue(names.queue(self._name, step), args, self._child)

    def _workflow(self, table: SystemTable) -> tuple[Workflow, dict[str, Any]]:
        """It, and what is told of it."""
        settings, ground, tags = self._settings, self._place.ground, self._place.tags
        topic = None
        if settings.approval is not None:
            asked = arguments.topic(settings.approval, tags=tags, key_arn=ground.key_arn)
            topic = Topic(f"{self._name}-approvals", asked, self._child)
        args = arguments.workflow(
            settings.type,
            settings.steps,
            settings.approval,
            self._name,
            self._place.stack,
            queues={name: Queue(url=made.url, arn=made.arn) for name, made in self._queues.items()},
            topic_arn=topic.arn if topic else None,
            table_name=table.made.table_name,
            table_arn=table.made.table_arn,
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            tags=tags,
        )
        made = Workflow(f"{self._name}-flow", args, self._child)
        needed = [each["name"] for each in self.recovery]
        self.recovery += [{**each, "needs": needed} for each in made.recovery_facts]
        told: dict[str, Any] = {
            "accept": made.accept_arn,
            "machine": made.machine_arn,
            "resume": made.resume_arn,
            "recovery": made.recovery_arn,
            "letters": made.letters_url,
            "alarm": made.failed_alarm,
            "queues": {name: queue.url for name, queue in self._queues.items()},
            "table": table.told,
            **({"approvals": topic.arn} if topic else {}),
        }
        return made, told
