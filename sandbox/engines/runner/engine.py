"""The runner: plans and deploys stacks by running their program in a process of its own, once a stack and phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.aws import server
from sandbox.engines import ownership
from sandbox.engines import project as projects
from sandbox.engines.configuration import policy_config, stack_config
from sandbox.engines.model import EngineError, Event, Listener, StackChoice, StackResult
from sandbox.engines.runner.job import Job
from sandbox.engines.runner.result import result_of
from sandbox.engines.runner.state import Deployed, Kept, label
from sandbox.engines.runner.task import Task
from sandbox.engines.runner.worker import Worker

_AFRESH = "the runner starts from an empty AWS: deployed again as well"


class RunnerEngine:
    """Previews and creates. It cannot update: an `up` of what is deployed starts from an empty AWS."""

    name = "runner"

    def __init__(self, root: Path, state: Path = server.STATE) -> None:
        """`root` is the directory of `Pulumi.yaml`, `state` that of the sandbox's own files."""
        self.state = state
        self.project = projects.load(root)
        self.deployed = Deployed(state)

    def describe(self) -> str:
        """Say in one line what does the work."""
        return "runner (no Pulumi CLI needed): the program on the Pulumi SDK; it creates, and never updates"

    def left(self) -> list[str]:
        """Names of the stacks that are deployed."""
        return [
            label(self.project.name, kept.project, kept.stack)
            for kept in self.deployed.stacks()
            if kept.complete
        ]

    def outputs(self, stack: str) -> Mapping[str, Any]:
        """What a deployed stack put out, without what is secret."""
        for kept in self.deployed.stacks():
            if label(self.project.name, kept.project, kept.stack) == stack:
                return {name: value for name, value in kept.outputs.items() if name not in kept.secrets}
        return {}

    def preview(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan every stack; later ones see the planned outputs of earlier ones."""
        tasks = [self._task(choice) for choice in stacks]
        with _workers(tasks) as workers:
            return self._all(tasks, workers, server.start(self.state), listen, preview=True)

    def up(self, stacks: list[StackChoice], listen: Listener, *, plan: bool = True) -> list[StackResult]:
        """Plan all stacks, then create them. What was deployed before stays as it is while any plan fails.

        Without `plan` they are created at once: in an AWS that holds nothing to lose.
        """
        earlier, found = self.deployed.stacks(), server.running(self.state)
        mine = ownership.owns(self.state, self.name, found)
        asked = {choice.name: choice for choice in stacks}
        again = [kept for kept in earlier if kept.project == self.project.name and kept.stack in asked]
        afresh = not mine or bool(again) or not all(kept.complete for kept in earlier)
        tasks = self._tasks(stacks, [kept for kept in earlier if kept.complete] if afresh else [], listen)
        with _workers(tasks) as workers:
            aws = found or server.start(self.state)
            plans = self._all(tasks, workers, aws, listen, preview=True) if plan else []
            if not all(plan.ok for plan in plans):
                return plans
            if afresh:
                self._empty(aws, listen, other=found is not None and not mine)
            results = self._all(tasks, workers, aws, listen, preview=False)
        for task, result in zip(tasks, results, strict=False):
            self.deployed.keep(task.project, task.choice, result)
        if afresh and earlier and not all(result.ok for result in results):
            results[-1].errors.append(
                "What was deployed before is gone: the runner started from an empty AWS."
            )
        return results

    def _empty(self, aws: server.Server, listen: Listener, *, other: bool) -> None:
        if other and ownership.read(self.state) is not None:
            listen(Event("", "log", message="What another engine left in the sandbox's AWS is removed."))
        aws.reset()
        self.deployed.clear()
        ownership.write(self.state, self.name, aws)

    def _tasks(self, stacks: list[StackChoice], earlier: list[Kept], listen: Listener) -> list[Task]:
        """What to deploy: first what an empty AWS would lose, in the order of its deployment, then what is new."""
        asked = {choice.name: choice for choice in stacks}
        tasks = []
        for kept in earlier:
            mine = kept.project == self.project.name
            if mine and kept.stack in asked:
                tasks.append(self._task(asked.pop(kept.stack)))
                continue
            listen(Event(label(self.project.name, kept.project, kept.stack), "log", message=_AFRESH))
            project = self.project if mine else projects.load(Path(kept.root))
            tasks.append(_task(project, kept.choice))
        return [*tasks, *map(self._task, asked.values())]

    def _task(self, choice: StackChoice) -> Task:
        return _task(self.project, choice)

    def _all(
        self, tasks: list[Task], workers: list[Worker], aws: server.Server, listen: Listener, *, preview: bool
    ) -> list[StackResult]:
        """One phase of every stack, until one fails."""
        known = {_full(kept.project, kept.stack): kept for kept in self.deployed.stacks() if kept.complete}
        outputs = {name: kept.outputs for name, kept in known.items()}
        secrets = {name: kept.secrets for name, kept in known.items()}
        results: list[StackResult] = []
        for task, worker in zip(tasks, workers, strict=True):
            job = Job(
                **task.facts(),
                preview=preview,
                endpoint=aws.endpoint,
                outputs=dict(outputs),
                secret_outputs=dict(secrets),
            )
            listen(Event(job.stack, "preview" if preview else "up"))
            result = result_of(job, worker.run(job, listen))
            result.name = label(self.project.name, task.project.name, task.choice.name)
            results.append(result)
            if not result.ok:
                break
            name = _full(task.project.name, task.choice.name)
            outputs[name], secrets[name] = result.outputs, sorted(result.secrets)
        return results

    def refresh(self, _stacks: list[StackChoice], _listen: Listener) -> list[StackResult]:
        """Refuse: there is no state that AWS could differ from. Raises EngineError."""
        raise EngineError(
            "the runner keeps no state that could be compared with AWS: it deploys whole stacks; "
            "refresh needs the Pulumi CLI on PATH"
        )

    def down(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Empty the AWS by stopping it: there is no state to destroy resource by resource."""
        chosen = {choice.name for choice in stacks}
        left = [
            label(self.project.name, kept.project, kept.stack)
            for kept in self.deployed.stacks()
            if kept.complete and (kept.project != self.project.name or kept.stack not in chosen)
        ]
        if left:
            raise EngineError(
                f"the runner takes down all stacks or none, and {', '.join(left)} would be left; "
                "run: python -m sandbox down"
            )
        for choice in stacks:
            listen(Event(choice.name, "down"))
        self.deployed.clear()
        return [StackResult(choice.name) for choice in stacks]


def again(
    project: projects.Project,
    choice: StackChoice,
    before: StackResult,
    others: Sequence[StackResult],
    aws: server.Server,
) -> StackResult:
    """Run the program of a stack that is deployed, on an AWS with a simulated clock: what is there stays, what is new is made.

    `before` is what its last run came to, `others` what the stacks came to that it reads. Raises EngineError when the run has no result.
    """
    task = _task(replace(project, guarded=False), choice)
    deployed = {_full(project.name, each.name): each for each in (before, *others)}
    job = Job(
        **task.facts(),
        preview=False,
        endpoint=aws.endpoint,
        outputs={name: each.outputs for name, each in deployed.items()},
        secret_outputs={name: sorted(each.secrets) for name, each in deployed.items()},
        known=[
            {"urn": r.urn, "type": r.type, "id": r.id, "inputs": dict(r.inputs), "outputs": dict(r.outputs)}
            for r in before.resources
        ],
        simulated=True,
    )
    with _workers([task]) as [worker]:
        result = result_of(job, worker.run(job, lambda _event: None))
    known = {each.urn for each in before.resources}
    result.steps = {urn: step for urn, step in result.steps.items() if urn not in known}
    return result


def _full(project: str, stack: str) -> str:
    return f"organization/{project}/{stack}"


def _task(project: projects.Project, choice: StackChoice) -> Task:
    """Read a stack's configuration: a bad one must stop the command before anything runs."""
    return Task(project, choice, stack_config(project, choice), policy_config(project, choice))


@contextmanager
def _workers(tasks: list[Task]) -> Iterator[list[Worker]]:
    """A process for each stack, all started at once: they load the program's libraries while the AWS starts."""
    workers: list[Worker] = []
    try:
        workers.extend(Worker(str(task.project.root), str(task.project.directory)) for task in tasks)
        yield workers
    except BaseException:
        for worker in workers:
            worker.abort()
        raise
    finally:
        for worker in workers:
            worker.close()
