"""Stacks on the real engine. Its state lives under `.sandbox/`, so a second `up` changes only what differs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from sandbox.aws import server
from sandbox.engines import libraries, ownership
from sandbox.engines import project as projects
from sandbox.engines.configuration import DEFAULT_REGION, StackConfig, region_of, stack_config
from sandbox.engines.kinds import with_kind
from sandbox.engines.model import EngineError, Event, Listener, StackChoice, StackResult
from sandbox.engines.pulumi_cli.events import Log, plan, planned, resource
from sandbox.engines.pulumi_cli.home import unlock
from sandbox.engines.pulumi_cli.process import Cli
from sandbox.engines.pulumi_cli.providers import served
from sandbox.engines.pulumi_cli.settled import settled

_STACK = "pulumi:pulumi:Stack"
_LAST_WORDS = 4000
_INTERNAL = ("pulumi:providers:", "pulumi:pulumi:StackReference")


class PulumiEngine:
    """Plans, deploys, updates and destroys with the Pulumi CLI on PATH."""

    name = "pulumi"

    def __init__(self, root: Path, state: Path = server.STATE) -> None:
        """`root` is the directory of `Pulumi.yaml`, `state` that of the sandbox's own files."""
        self.root, self.state = root, state
        self.project = projects.load(root)
        self.cli = Cli(self.project, state)

    def describe(self) -> str:
        """Say in one line what does the work."""
        return f"Pulumi CLI {self.cli.version()} ({self.cli.path}), state in {self.cli.directory}"

    def left(self) -> list[str]:
        """Names of the stacks that are deployed."""
        return [stack for stack, resources in self.cli.listed().items() if resources]

    def preview(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan every stack against its state."""
        return self._each("preview", stacks, listen)

    def up(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan and deploy one stack after the other: each is planned with what those before it really answered."""
        return self._each("up", stacks, listen)

    def _each(self, command: str, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        configs = [stack_config(self.project, choice) for choice in stacks]
        aws = self._aws(listen)
        libraries.load(self.project.directory)
        results: list[StackResult] = []
        for choice, config in zip(stacks, configs, strict=True):
            result = self._one(command, choice, config, aws, listen)
            results.append(result)
            if not result.ok:
                break
        return results

    def _aws(self, listen: Listener) -> server.Server:
        """The AWS that the state describes. If that one is gone, so is all that the state speaks of: start anew."""
        found = server.running(self.state)
        if not ownership.owns(self.state, self.name, found) and self.cli.stacks():
            lost = ", ".join(self.left())
            if lost:
                what = (
                    "The AWS that the last `up` deployed to is gone or was emptied, and all resources with it"
                )
                listen(Event("", "log", message=f"{what}: the state of {lost} is forgotten."))
            self.cli.forget()
        for stack in unlock(self.cli.directory):
            listen(Event(stack, "log", message="An interrupted command had left its lock behind: removed."))
        return found or server.start(self.state)

    def _own(self, aws: server.Server, listen: Listener) -> None:
        """Empty the AWS of what another engine deployed, now that there is a plan for something else."""
        if ownership.owns(self.state, self.name, aws):
            return
        if ownership.read(self.state) is not None:
            listen(Event("", "log", message="What another engine left in the sandbox's AWS is removed."))
        aws.reset()
        ownership.write(self.state, self.name, aws)

    def _one(
        self, command: str, choice: StackChoice, found: StackConfig, aws: server.Server, listen: Listener
    ) -> StackResult:
        listen(Event(choice.name, "preview"))
        new = choice.name not in self.cli.stacks()
        if new:
            self.cli.init(choice.name)
        config = ["--config-file", str(self.cli.config_file(choice.name, found))]
        region, said = region_of(found.values), set[str]()

        def say(message: str) -> None:
            if message not in said:
                said.add(message)
                listen(Event(choice.name, "log", message=f"warning: {message}"))

        with served(aws.endpoint, region, self.project.directory, say) as ports:
            more = self.cli.attached(aws.endpoint, ports, region)
            result, idle = self._step("preview", choice.name, config, more, listen)
            if command == "up" and result.ok and idle:
                result.preview = False
            elif command == "up" and result.ok:
                self._own(aws, listen)
                listen(Event(choice.name, "up"))
                result, _ = self._step("up", choice.name, config, more, listen)
        if command == "preview" and new:
            # An empty stack would answer references to it with nothing instead of an error that names it.
            self.cli.remove(choice.name)
        return result

    def _step(
        self, step: str, stack: str, config: list[str], more: Mapping[str, str], listen: Listener
    ) -> tuple[StackResult, bool]:
        """Run one plan or update, and say whether it is a plan that leaves the stack as it is.

        `up` is planned first by a step of its own, so that each has its own event log. An update of a stack that stays as it is would
        run the program, the policies and every comparison a second time: half of what a second `up` takes.
        """
        log = Log(self.project.name, stack, listen)
        arguments = [step, "--stack", stack, "--suppress-outputs", *config]
        arguments += ["--yes", "--skip-preview"] if step == "up" else ["--json", "--show-sames"]
        pack = self.project.policy_pack
        arguments += ["--policy-pack", str(pack)] if pack else []
        status, printed = self.cli.watch(f"{stack}-{step}", arguments, more, log.take)
        idle = False
        if step == "preview" and not status:
            steps = plan(printed)
            idle = settled(steps, log.planned, self.cli.state_of(stack))
            log.planned = planned(steps, log.planned)
        result = self._result(stack, log, preview=step == "preview")
        result.policy_checked = pack is not None and not status
        if not status:
            return result, idle
        stops = any(violation.stops for violation in log.violations)
        result.errors = log.errors or ([] if stops else [_said(printed)])
        if step == "up" and log.changed:
            done = f"{len(log.changed)} resources were changed before the error; the next `up` goes on from there:"
            result.errors.append("\n".join([done, *log.changed]))
        return result, False

    def _result(self, stack: str, log: Log, *, preview: bool) -> StackResult:
        found = (
            list(log.planned.values()) if preview else [resource(state) for state in self.cli.state_of(stack)]
        )
        found = [with_kind(each) for each in found if not each.type.startswith(_INTERNAL)]
        root = next((each for each in found if each.type == _STACK), None)
        return StackResult(
            name=stack,
            resources=found,
            outputs=dict(root.outputs) if root else {},
            secrets=root.secrets if root else frozenset(),
            violations=list(log.violations),
            changes=log.changes,
            steps=log.steps,
            preview=preview,
        )

    def refresh(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Take what AWS says of each resource as the stack's state. Raises EngineError where nothing is deployed."""
        aws = self._deployed(stacks)
        libraries.load(self.project.directory)
        results: list[StackResult] = []
        for choice in stacks:
            listen(Event(choice.name, "refresh"))
            log = Log(self.project.name, choice.name, listen)
            config = ["--config-file", str(self.cli.kept_config(choice.name))]
            with served(aws.endpoint, DEFAULT_REGION, self.project.directory, lambda _: None) as ports:
                more = self.cli.attached(aws.endpoint, ports, DEFAULT_REGION)
                arguments = ["refresh", "--yes", "--skip-preview", "--stack", choice.name, *config]
                status, printed = self.cli.watch(f"{choice.name}-refresh", arguments, more, log.take)
            result = self._result(choice.name, log, preview=False)
            result.drift = log.drift
            result.errors = (log.errors or [_said(printed)]) if status else []
            results.append(result)
            if status:
                break
        return results

    def _deployed(self, stacks: list[StackChoice]) -> server.Server:
        """The AWS that all these stacks are deployed to."""
        aws, names = server.running(self.state), self.left()
        missing = [choice.name for choice in stacks if choice.name not in names]
        if aws is None or missing or not ownership.owns(self.state, self.name, aws):
            what = ", ".join(missing or names) or "nothing"
            raise EngineError(
                f"{what}: not deployed here by the Pulumi CLI; deploy first: python -m sandbox up"
            )
        return aws

    def down(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Destroy the stacks, the last one first, protected resources as well."""
        deployed = self.cli.stacks()
        aws = server.running(self.state)
        if aws is None or not ownership.owns(self.state, self.name, aws):
            if deployed:
                listen(Event("", "log", message="The AWS of the last `up` is gone; its state is forgotten."))
                self.cli.forget()
            return [StackResult(choice.name) for choice in stacks]
        libraries.load(self.project.directory)
        results = []
        for choice in reversed([choice for choice in stacks if choice.name in deployed]):
            result = self._destroy(choice, aws, listen)
            results.append(result)
            if not result.ok:
                break
        return results

    def _destroy(self, choice: StackChoice, aws: server.Server, listen: Listener) -> StackResult:
        listen(Event(choice.name, "down"))
        stack = ["--stack", choice.name]
        config = ["--config-file", str(self.cli.kept_config(choice.name))]
        log = Log(self.project.name, choice.name, listen)
        if self.cli.state_of(choice.name):
            self.cli.run(["state", "unprotect", "--all", "--yes", *stack], {})
        with served(
            aws.endpoint, DEFAULT_REGION, self.project.directory, lambda _: None, force_delete=True
        ) as ports:
            more = self.cli.attached(aws.endpoint, ports, DEFAULT_REGION)
            arguments = ["destroy", "--yes", "--skip-preview", *stack, *config]
            status, printed = self.cli.watch(f"{choice.name}-down", arguments, more, log.take)
        errors = (log.errors or [_said(printed)]) if status else []
        if not status:
            self.cli.remove(choice.name)
        return StackResult(choice.name, errors=errors, changes=log.changes, steps=log.steps)


def _said(printed: str) -> str:
    """The end of what the CLI printed, without the JSON document that begins a plan."""
    text = printed.strip()
    if text.startswith("{"):
        with contextlib.suppress(ValueError):
            text = text[json.JSONDecoder().raw_decode(text)[1] :].strip()
    return text[-_LAST_WORDS:] or "the Pulumi CLI failed and said nothing"
