"""The keys of a system that a state machine or a Region switch plan moves, and what is allowed in them."""

from __future__ import annotations

import abc
from collections.abc import Iterator

from architectures.faults import Fault, fault, refusals
from architectures.parts import switching
from architectures.parts.arguments import placeholder_tags
from architectures.parts.sections import Switch
from architectures.parts.settings import NamedSettings
from architectures.parts.switching import Planned
from architectures.stack import Stack


class SwitchedSettings(NamedSettings):
    """One of which a plan can be made."""

    switch: Switch = Switch()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""

    @abc.abstractmethod
    def planned(self, stack: Stack) -> Planned:
        """What its plan moves, where nothing exists yet."""

    def watches(self, stack: Stack) -> bool:
        """Whether that stack's region watches the other one, to take over by itself."""
        return self.switch.automatic and self.switched(stack) and not stack.active

    def switch_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be of the switch."""
        given, by_plan = self.switch, self.switch.by == "region-switch"
        for key, value in (
            ("switch.approvalRole", given.approval_role),
            ("switch.startedBy", given.started_by),
        ):
            if value and not by_plan:
                yield fault(key, repr(value), "nothing without a plan: switch.by is region-switch")
        if given.started_by and (stack.founder or stack.active):
            allowed = "nothing but in the joining stack while it stands by: from there the other region's loss is seen"
            yield fault("switch.startedBy", repr(given.started_by), allowed)
        if given.minutes.stores is not None and self.planned(stack).stores is None:
            yield fault("switch.minutes.stores", given.minutes.stores, "nothing without a cache or files")
        yield from self._automatic_faults(stack)
        for arn in given.started_by:
            if arn.split(":")[3] != stack.region:
                yield fault(
                    "switch.startedBy",
                    repr(arn),
                    f"alarms of {stack.region}, which is there when the other is lost",
                )
        if by_plan and self.switched(stack):
            hours = self.objectives.rto_hours if self.objectives else stack.rto_hours
            sent, tags = self.posture(stack).traffic, placeholder_tags(rto_hours=hours)
            moved = self.planned(stack)
            plan = switching.placeholder(given, name, stack, sent, site=self.site, planned=moved, tags=tags)
            yield from refusals(plan.check, switching.KEYS)

    def _automatic_faults(self, stack: Stack) -> Iterator[Fault]:
        if not self.switch.automatic:
            return
        why = ""
        if self.switch.by != "region-switch":
            why = "without a plan that an alarm can start: switch.by is region-switch"
        elif not self.switched(stack):
            why = f"with {self.followed(stack)}: there is nothing to move to"
        elif self.site is None:
            why = "without a site: the other region is watched by its public name"
        elif stack.founder and not stack.active:
            why = "while the founding stack stands by: a plan's trigger takes the load to the joining stack's region alone"
        if why:
            yield fault("switch.automatic", "true", f"false {why}")
