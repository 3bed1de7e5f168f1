"""Runs a program in a process of its own: `python -m sandbox.engines.runner.child DIRECTORY`, Jobs as JSON lines on standard input.

It answers with JSON lines on its standard output: events while it works, and a `result` at the end of each job. What the program
itself prints goes to standard error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import pulumi
from pulumi.runtime import mocks, settings
from pulumi.runtime.stack import run_in_stack

from sandbox.aws import server
from sandbox.aws.client import environment
from sandbox.engines import libraries
from sandbox.engines.configuration import region_of
from sandbox.engines.model import UNKNOWN, Resource, Violation
from sandbox.engines.runner import known
from sandbox.engines.runner.builtin import Builtin
from sandbox.engines.runner.faults import explain
from sandbox.engines.runner.job import Job
from sandbox.engines.runner.monitor import FEATURES, Monitor
from sandbox.engines.runner.policy import Gate
from sandbox.engines.runner.providers import Configure, Providers
from sandbox.engines.runner.reads import References
from sandbox.engines.runner.registration import STACK, DeploymentError, Registration
from sandbox.engines.runner.settle import settle
from sandbox.engines.runner.spared import spare
from sandbox.garbage import collect_rarely
from sandbox.provider import clock
from sandbox.provider.core import Provider
from sandbox.provider.settings import configured
from sandbox.provider.values import is_unknown
from sandbox.random.provider import RandomProvider

_THREADS = 8
"""AWS calls at the same time. The sandbox's AWS is one Python process: more would only wait for each other."""
_INSTALLED: set[str] = set()
"""Modules of installed packages, which no run forgets."""


class Report:
    """Writes JSON lines to the parent. Safe for several threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._lock = stream, threading.Lock()
        self._warned: set[str] = set()

    def warn(self, message: str) -> None:
        """Warn of something once, though a plan and a deployment both meet it."""
        if message not in self._warned:
            self._warned.add(message)
            self.send("log", level="warning", message=message)

    def send(self, event: str, **facts: Any) -> None:
        """Send one line."""
        line = json.dumps({"event": event, **facts}, default=str)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()


class _Log(logging.Handler):
    """`pulumi.log` of the program, as events."""

    def __init__(self, report: Report) -> None:
        super().__init__(logging.INFO)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        self._report.send("log", level=record.levelname.lower(), message=record.getMessage())


def plain(value: Any) -> Any:
    """Make a value JSON: an unknown becomes the protocol's mark."""
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _resource(found: Resource) -> dict[str, Any]:
    return {**plain(vars(found)), "secrets": sorted(found.secrets)}


class Run:
    """The program, the monitor it talks to, and what came of it."""

    def __init__(self, job: Job, report: Report) -> None:
        self.job, self.report = job, report
        self.violations: list[Violation] = []
        self.made: list[str] = []
        defaults = {
            name.removeprefix("aws:"): value for name, value in job.config.items() if name.startswith("aws:")
        }
        packages: dict[str, Configure] = {
            "aws": self._aws,
            "random": lambda _: RandomProvider(),
            "pulumi": lambda _: Builtin(),
        }
        providers = Providers(packages, {"aws": defaults})
        own = f"organization/{job.project}/{job.stack}"
        self.gate = Gate(job, defaults, providers.declared)
        self.monitor = Monitor(
            project=job.project,
            stack=job.stack,
            preview=job.preview,
            providers=providers,
            # A deployment that begins with nothing finds of itself what it would find before its first one.
            references=References(
                {**job.outputs, own: job.outputs.get(own, {}) if job.known else {}}, job.secret_outputs
            ),
            analyze=self._analyze,
            made=self._made,
            config=job.config,
            secret_keys=job.secret_keys,
            known=known.known(job.known),
        )

    def _aws(self, args: Mapping[str, Any]) -> Provider:
        made = configured(self.job.endpoint, args, region_of(self.job.config), self.report.warn)
        if self.job.simulated and made.api.clock is None:
            made.api.clock = clock.Clock(made.api.advance)
        return made

    def _analyze(self, found: Registration) -> None:
        violations = self.gate.analyze(found)
        self.violations += violations
        stopping = [violation for violation in violations if violation.stops]
        if stopping and not self.job.preview:
            raise DeploymentError(f"{found.resource.urn} is not created: it violates {stopping[0].rule}")

    def _made(self, resource: Resource) -> None:
        if resource.custom and resource.type.startswith("aws:"):
            self.made.append(resource.urn)
            self.report.send("resource", type=resource.type, name=resource.name)

    def deploy(self) -> None:
        """Run the program to its end and show the whole stack to the policy pack. Raises what the program raised."""
        job = self.job
        logger = logging.getLogger("pulumi.program")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.handlers[:] = [_Log(self.report)]
        logging.getLogger("asyncio").setLevel(
            logging.CRITICAL
        )  # abandoned futures of a failed run are no news
        spare()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        threads = ThreadPoolExecutor(_THREADS)
        loop.set_default_executor(threads)
        settings.configure(
            mocks.MockSettings(  # type: ignore[no-untyped-call]
                monitor=self.monitor,
                monitor_features=set(FEATURES),
                engine=mocks.MockEngine(logger),
                project=job.project,
                stack=job.stack,
                dry_run=job.preview,
                organization="organization",
                root_directory=job.root,
                callbacks=None,
            )
        )
        pulumi.runtime.set_all_config(job.config, job.secret_keys)
        os.chdir(job.directory)
        try:
            loop.run_until_complete(run_in_stack(self._program))
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
            self.monitor.transforms.close()
            self.monitor.remote.stop()
        known.gone(self.monitor.known, self.monitor.registrations)
        self.violations += self.gate.analyze_stack(list(self.monitor.registrations.values()))

    async def _program(self) -> None:
        runpy.run_path(self.job.program, run_name="__main__")
        await settle()

    def errors(self, error: BaseException | None) -> list[str]:
        """Say why the run failed; empty when it didn't."""
        cause = self.monitor.failure or error
        found = list(self.monitor.check_failures)
        if cause is not None:
            found.append(explain(cause, Path(self.job.directory)))
        return found

    def result(self, error: BaseException | None) -> dict[str, Any]:
        """Everything the parent wants to know."""
        registrations = list(self.monitor.registrations.values())
        stack = next((found for found in registrations if found.resource.type == STACK), None)
        urn = stack.resource.urn if stack else ""
        return {
            "resources": [_resource(found.resource) for found in registrations],
            "outputs": plain(stack.resource.outputs) if stack else {},
            "secrets": sorted(self.monitor.secret_outputs.get(urn, ())),
            "violations": [asdict(violation) for violation in self.violations],
            "errors": self.errors(error),
            "made": self.made,
            "policy_checked": self.gate.active and error is None,
        }


def forget(program: Path) -> None:
    """Take a run's traces out of the SDK, and the program's own modules out of memory: each run starts afresh."""
    settings.set_root_resource(None)  # type: ignore[arg-type]
    settings.SETTINGS.rpc_manager.clear()
    settings.SETTINGS.outputs.clear()
    inside = f"{program}{os.sep}"  # text, not a path: there are thousands of modules
    for name in [each for each in sys.modules if each not in _INSTALLED]:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if "site-packages" in file:
            _INSTALLED.add(name)
        elif file.startswith(inside) and name != "__main__" and not name.startswith("sandbox"):
            del sys.modules[name]


def perform(job: Job, report: Report) -> dict[str, Any]:
    """Run one job to its result, whatever the program raises."""
    forget(Path(job.directory))
    run = Run(job, report)
    failed: BaseException | None = None
    try:
        run.deploy()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the program raises is the result
        failed = error
    finally:
        run.gate.stop()
    return run.result(failed)


def _search_as_a_program() -> None:
    """The program finds its own modules and those installed, not the sandbox's or what lies where the command was given."""
    ours = {server.REPOSITORY, Path.cwd()}
    sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() not in ours]


def main(directory: Path) -> int:
    """Run the jobs on standard input. Status 0 means that results were sent, not that the deployments went well."""
    with os.fdopen(os.dup(1), "w") as stream:
        os.dup2(2, 1)
        report = Report(stream)
        libraries.load(directory)
        collect_rarely()
        _search_as_a_program()
        for line in sys.stdin:
            job = Job(**json.loads(line))
            # Code of the program that calls boto3 itself must reach the sandbox, never a real account.
            os.environ.update(environment(job.endpoint, region_of(job.config)))
            report.send("result", **perform(job, report))
    return 0


if __name__ == "__main__":
    # The program's own threads must not keep a finished worker alive.
    status = main(Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(status)
