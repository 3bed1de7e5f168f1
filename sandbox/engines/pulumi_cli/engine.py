"""Stacks on the real engine. Its state lives under `.sandbox/`, so a second `up` changes only what differs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sandbox.aws import server
from sandbox.engines import libraries, ownership
from sandbox.engines import project as projects
from sandbox.engines.configuration import DEFAULT_REGION, policy_config, stack_config
from sandbox.engines.model import EngineError, Event, Listener, StackChoice, StackResult
from sandbox.engines.pulumi_cli.events import Log, resource
from sandbox.engines.pulumi_cli.home import unlock
from sandbox.engines.pulumi_cli.process import Cli
from sandbox.engines.pulumi_cli.providers import served
from sandbox.engines.pulumi_cli.stack import StackWork, result_of, said


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

    def outputs(self, stack: str) -> Mapping[str, Any]:
        """What a deployed stack put out, without what is secret."""
        found: Mapping[str, Any] = json.loads(
            self.cli.run(["stack", "output", "--json", "--stack", stack], {})
        )
        return found

    def preview(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan every stack against its state."""
        return self._each("preview", stacks, listen)

    def up(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan and deploy one stack after the other: each is planned with what those before it really answered."""
        return self._each("up", stacks, listen)

    def _each(self, command: str, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        configs = [stack_config(self.project, choice) for choice in stacks]
        for choice in stacks:
            policy_config(self.project, choice)  # a file that can't be read is told before anything runs
        self._load()
        aws = self._aws(listen)
        results: list[StackResult] = []
        with ExitStack() as hands:
            left = [
                StackWork(self.cli, choice, config, aws, listen)
                for choice, config in zip(stacks, configs, strict=True)
            ]
            for stack in left:
                hands.enter_context(stack.at_hand())
            while left and all(result.ok for result in results):
                self._ahead(left)
                stack = left.pop(0)
                result, changed = self._one(command, stack, aws, listen)
                results.append(result)
                if changed:
                    for later in left:
                        later.forget()
        return results

    def _ahead(self, stacks: list[StackWork]) -> None:
        """Begin the next plans, as many as there are processors.

        What a plan is made from are the program, the configuration, the stack's own state, outputs in the state of stacks before it, and
        AWS. A plan changes none of them, so that one begun beside another is the one that would be made after it. An update does: after
        it what was begun is planned anew. Nor is anything planned ahead beside a new stack, which gets its state only at its turn.
        """
        known = self.cli.stacks()
        if all(stack.name in known for stack in stacks):
            for stack in stacks[: os.cpu_count()]:
                stack.begin()

    def _load(self) -> None:
        """Load the program's libraries while the CLI lists its stacks."""
        with ThreadPoolExecutor(1) as beside:
            listed = beside.submit(self.cli.stacks)
            libraries.load(self.project.directory)
            listed.result()

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
        self, command: str, stack: StackWork, aws: server.Server, listen: Listener
    ) -> tuple[StackResult, bool]:
        """Plan one stack and, for `up`, deploy it where the plan changes anything; whether it was deployed."""
        new = stack.name not in self.cli.stacks()
        if new:
            self.cli.init(stack.name)
        result, idle = stack.plan()
        deploys = command == "up" and result.ok and not idle
        if deploys:
            self._own(aws, listen)
            result = stack.update()
        elif command == "up" and result.ok:
            result.preview = False
        elif command == "preview" and new:
            # An empty stack would answer references to it with nothing instead of an error that names it.
            self.cli.remove(stack.name)
        return result, deploys

    def refresh(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Take what AWS says of each resource as the stack's state. Raises EngineError where nothing is deployed."""
        aws = self._deployed(stacks)
        libraries.load(self.project.directory)
        results: list[StackResult] = []
        for choice in stacks:
            listen(Event(choice.name, "refresh"))
            log, status, printed = self._at_once("refresh", choice, aws, listen)
            result = result_of(log, map(resource, self.cli.state_of(choice.name)), status, printed)
            result.drift = log.drift
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
        if self.cli.state_of(choice.name):
            self.cli.run(["state", "unprotect", "--all", "--yes", "--stack", choice.name], {})
        log, status, printed = self._at_once("destroy", choice, aws, listen, force_delete=True)
        errors = (log.errors or [said(printed)]) if status else []
        if not status:
            self.cli.remove(choice.name)
        return StackResult(choice.name, errors=errors, changes=log.changes, steps=log.steps)

    def _at_once(
        self,
        command: str,
        choice: StackChoice,
        aws: server.Server,
        listen: Listener,
        *,
        force_delete: bool = False,
    ) -> tuple[Log, int, str]:
        """Run a command on a deployed stack without a plan before it: its events, its exit status, what it printed."""
        log = Log(self.project.name, choice.name, listen)
        config = ["--config-file", str(self.cli.kept_config(choice.name))]
        with served(
            aws.endpoint, DEFAULT_REGION, self.project.directory, lambda _: None, force_delete=force_delete
        ) as ports:
            more = self.cli.attached(aws.endpoint, ports, DEFAULT_REGION)
            arguments = [command, "--yes", "--skip-preview", "--stack", choice.name, *config]
            with self.cli.begin(f"{choice.name}-{command}", arguments, more) as work:
                status, printed = work.follow(log.take)
        return log, status, printed
