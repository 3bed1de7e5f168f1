"""Workers that two regions have: queues and who works them off in each, and one table of what is done."""

from __future__ import annotations

import pulumi

from architectures.parts.images import Images
from architectures.parts.shelf import Shelf
from architectures.system import Place, System
from architectures.workers.runbook import written
from architectures.workers.serving import Serving
from architectures.workers.settings import WorkersSettings
from components.facts import Fact


class Workers(System):
    """One region's part of the system.

    Creates: repositories of workers in containers (the founding stack's, in both regions), the table of what is done (the same), topics
    with their subscriptions, a queue with dead letters for each worker, functions behind the alias `live`, tasks and Auto Scaling groups
    that follow the backlog, alarms, runbooks; where asked for streams, a bus, schedules, a cluster of Kafka, and (the joining stack) what
    copies its topics both ways.
    Survives: the loss of all workers (messages wait), a task, an instance, a zone; a region: producers send to the other one's queues,
    and its workers grow with the backlog. What waited in the lost region's queues waits there until it is back; of topics of Kafka all
    that was copied is here.
    Costs: by use; tasks and instances that run, alarms; brokers and replicators by the hour.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_prevent_interaction_failure_loosely_coupled_system.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""

    def __init__(
        self, name: str, settings: WorkersSettings, place: Place, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:architectures:Workers", name, {}, opts)
        self._place = place
        images = Images(name, settings.contained, place, self)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, images, parent=self)
        shelf = Shelf(name, place, self)
        runbooks = written(name, settings, place, self.serving)
        own = self.serving.recovery if self.serving else []
        self.recovery = [*(self._fact(each) for each in own), *shelf.recovery]
        self.outputs = {
            "kind": settings.kind,
            **(self.serving.outputs if self.serving else {}),
            **({"images": images.outputs} if settings.contained else {}),
            **shelf.outputs,
            "runbook": shelf.put(runbooks),
        }
        self.register_outputs(dict(self.outputs))

    def _fact(self, each: Fact) -> Fact:
        """What the table is to recovery where no replica crosses: backups do."""
        if each["kind"] != "dynamodb" or each.get("replicas"):
            return each
        return {**each, "backups": self._place.ground.backups.recovery_backups}
