"""The keys of a system on Elastic Beanstalk, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from architectures.elastic_beanstalk import arguments
from architectures.elastic_beanstalk.sections import Application
from architectures.faults import Fault, fault, refusals
from architectures.known import INSTANCE_TYPE, table
from architectures.parts.sections import Move
from architectures.parts.settings import PlainSettings
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.network.cidr import MINIMUM_ZONES


class ElasticBeanstalkSettings(PlainSettings, Application):
    """One system on Elastic Beanstalk."""

    kind: Literal["elastic-beanstalk"]
    switch: Move = Move()
    """What moves its clients to the other region. Nothing with backup-and-restore: there is nothing to move to."""

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        strategy = self.followed(stack)
        if strategy is Strategy.PILOT_LIGHT:
            # https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html (aws:autoscaling:asg)
            allowed = (
                "any other: an environment of Elastic Beanstalk has one instance at least, MinSize is never 0"
            )
            yield fault("strategy", f"'{strategy}'", allowed)
        if self.rebuild and (stack.founder or strategy is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        if self.health_path == self.deep_health_path:
            yield fault("deepHealthPath", repr(self.deep_health_path), "another than healthPath")
        yield from self._bundle_faults(name, stack)
        yield from self._environment_faults(name, stack)

    def _bundle_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        if not arguments.bundle(self.bundle).there:
            yield fault("bundle", repr(self.bundle), "a folder or a zip of the program's folder")
            return
        check = arguments.placeholder_application(self, name, stack).check
        yield from refusals(check, arguments.APPLICATION_KEYS)

    def _environment_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        given, section = self.instances, "instances"
        keys = {"required": f"{section}.requiredInstances"}
        if found := list(refusals(lambda: arguments.full_size(self, stack), keys)):
            yield from found
            return
        full = arguments.full_size(self, stack)
        if given.maximum_instances < full.total:
            allowed = f"at least {full.total}: requiredInstances in {full.zones} zones with one of them gone"
            yield fault(f"{section}.maximumInstances", given.maximum_instances, allowed)
            return
        types = table(INSTANCE_TYPE)
        yield from types.faults(f"{section}.instanceType", [given.instance_type], stack.unlisted)
        variables = {f"variables.{each}": f"variables.{each}" for each in self.variables}
        check = arguments.placeholder_environment(self, name, stack, internal=self.site is None).validate
        yield from refusals(check, {**arguments.ENVIRONMENT_KEYS, **variables})

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed: it keeps no data."""
        return set()

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {**super().agreement(stack), "runtime": self.runtime}
