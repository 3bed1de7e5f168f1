"""One stack for the time of a command: its configuration, the providers that serve it, the CLI at work on it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sandbox.aws.server import Server
from sandbox.engines.configuration import StackConfig, region_of
from sandbox.engines.kinds import with_kind
from sandbox.engines.model import Event, Listener, Resource, StackChoice, StackResult
from sandbox.engines.pulumi_cli.events import Log, plan, planned, resource
from sandbox.engines.pulumi_cli.process import Cli
from sandbox.engines.pulumi_cli.providers import served
from sandbox.engines.pulumi_cli.settled import settled
from sandbox.engines.pulumi_cli.work import Work

_STACK = "pulumi:pulumi:Stack"
_LAST_WORDS = 4000
_INTERNAL = ("pulumi:providers:", "pulumi:pulumi:StackReference")
_STEPS = {"preview": ("--json", "--show-sames"), "up": ("--yes", "--skip-preview")}
"""What the CLI is told besides. An update is planned by a step of its own, so that each has its own event log."""


class StackWork:
    """Plans and updates one stack. A plan may be begun before it is its turn, beside those of other stacks."""

    def __init__(
        self, cli: Cli, choice: StackChoice, config: StackConfig, aws: Server, listen: Listener
    ) -> None:
        self.name, self._cli, self._config, self._aws, self._listen = choice.name, cli, config, aws, listen
        self._policy_config = choice.policy_config
        self._warnings = _Warnings(choice.name, listen)
        self._begun: Work | None = None
        self._environment: dict[str, str] = {}

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Serve the stack's providers for the time of a `with` block, at whose end a plan that was begun ends as well."""
        region, directory = region_of(self._config.values), self._cli.project.directory
        with served(self._aws.endpoint, region, directory, self._warnings) as ports:
            self._environment = self._cli.attached(self._aws.endpoint, ports, region)
            try:
                yield
            finally:
                self.forget()

    def begin(self) -> None:
        """Begin to plan, if it isn't begun."""
        if self._begun is None:
            self._begun = self._start("preview")

    def forget(self) -> None:
        """Give up a plan that was begun."""
        if self._begun is not None:
            self._begun.end()
            self._begun = None

    def plan(self) -> tuple[StackResult, bool]:
        """Plan, and say whether that leaves the stack as it is.

        An update of such a stack would run the program, the policies and every comparison a second time: half of what a second
        `up` takes.
        """
        work, self._begun = self._begun or self._start("preview"), None
        self._listen(Event(self.name, "preview", since=work.began))
        self._warnings.speak()
        log = self._log()
        with work:
            status, printed = work.follow(log.take)
        idle = False
        if not status:
            steps = plan(printed)
            idle = settled(steps, log.planned, self._cli.state_of(self.name))
            log.planned = planned(steps, log.planned)
        return self._result(log, status, printed, preview=True), idle

    def update(self) -> StackResult:
        """Deploy."""
        self._listen(Event(self.name, "up"))
        log = self._log()
        with self._start("up") as work:
            status, printed = work.follow(log.take)
        result = self._result(log, status, printed, preview=False)
        if status and log.changed:
            done = f"{len(log.changed)} resources were changed before the error; the next `up` goes on from there:"
            result.errors.append("\n".join([done, *log.changed]))
        return result

    def _start(self, step: str) -> Work:
        arguments = [step, "--stack", self.name, "--suppress-outputs", *_STEPS[step]]
        arguments += ["--config-file", str(self._cli.config_file(self.name, self._config))]
        pack = self._cli.project.policy_pack
        arguments += ["--policy-pack", str(pack)] if pack else []
        arguments += (
            ["--policy-pack-config", str(self._policy_config)] if pack and self._policy_config else []
        )
        return self._cli.begin(f"{self.name}-{step}", arguments, self._environment)

    def _log(self) -> Log:
        return Log(self._cli.project.name, self.name, self._listen)

    def _result(self, log: Log, status: int, printed: str, *, preview: bool) -> StackResult:
        kept = () if preview else self._cli.state_of(self.name)
        found = log.planned.values() if preview else map(resource, kept)
        result = result_of(log, found, status, printed)
        result.preview = preview
        result.policy_checked = self._cli.project.policy_pack is not None and not status
        return result


class _Warnings:
    """What a provider says, each once, told when it is its stack's turn. Called from the providers' threads."""

    def __init__(self, stack: str, listen: Listener) -> None:
        self._stack, self._listen = stack, listen
        self._lock, self._silent = threading.Lock(), True
        self._messages: dict[str, None] = {}

    def __call__(self, message: str) -> None:
        with self._lock:
            new = message not in self._messages
            self._messages[message] = None
            if new and not self._silent:
                self._tell(message)

    def speak(self) -> None:
        """Tell what has come, and from now on what comes."""
        with self._lock:
            if self._silent:
                self._silent = False
                for message in self._messages:
                    self._tell(message)

    def _tell(self, message: str) -> None:
        self._listen(Event(self._stack, "log", message=f"warning: {message}"))


def result_of(log: Log, found: Iterable[Resource], status: int, printed: str) -> StackResult:
    """What a command came to: its log, the resources that it ended with, the CLI's exit status and what it printed."""
    resources = [with_kind(each) for each in found if not each.type.startswith(_INTERNAL)]
    root = next((each for each in resources if each.type == _STACK), None)
    stops = any(violation.stops for violation in log.violations)
    return StackResult(
        name=log.stack,
        resources=resources,
        outputs=dict(root.outputs) if root else {},
        secrets=root.secrets if root else frozenset(),
        violations=list(log.violations),
        errors=(log.errors or ([] if stops else [said(printed)])) if status else [],
        changes=log.changes,
        steps=log.steps,
    )


def said(printed: str) -> str:
    """The end of what the CLI printed, without the JSON document that begins a plan."""
    text = printed.strip()
    if text.startswith("{"):
        with contextlib.suppress(ValueError):
            text = text[json.JSONDecoder().raw_decode(text)[1] :].strip()
    return text[-_LAST_WORDS:] or "the Pulumi CLI failed and said nothing"
