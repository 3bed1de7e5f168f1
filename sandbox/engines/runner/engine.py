"""The runner: plans and deploys stacks by running their program in a process of its own, once a stack and phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.aws import server
from sandbox.engines import ownership
from sandbox.engines import project as projects
from sandbox.engines.model import (
    UNKNOWN,
    EngineError,
    Event,
    Listener,
    Resource,
    StackChoice,
    StackResult,
    Violation,
)
from sandbox.engines.runner.job import Job
from sandbox.engines.runner.state import Deployed
from sandbox.engines.runner.worker import Worker


class RunnerEngine:
    """Previews and creates. It cannot update: every `up` starts from an empty AWS."""

    name = "runner"

    def __init__(self, root: Path, state: Path = server.STATE) -> None:
        """`root` is the directory of `Pulumi.yaml`, `state` that of the sandbox's own files."""
        self.root, self.state = root, state
        self.project = projects.load(root)
        self.deployed = Deployed(state)

    def describe(self) -> str:
        """Say in one line what does the work."""
        return "runner (no Pulumi CLI needed): the program on the Pulumi SDK, from an empty AWS"

    def left(self) -> list[str]:
        """Names of the stacks that are deployed."""
        return [choice.name for choice in self.deployed.choices(self.project.name)]

    def preview(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan every stack; later ones see the planned outputs of earlier ones."""
        jobs = self._jobs(stacks)
        with self._workers(jobs) as workers:
            aws = server.start(self.state)
            return self._all(jobs, workers, aws, listen, preview=True)

    def up(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan all stacks, then create them. Nothing is created while any plan fails."""
        whole = self._with_earlier(stacks, listen)
        jobs = self._jobs(whole)
        with self._workers(jobs) as workers:
            aws = server.start(self.state)
            aws.reset()
            self.deployed.clear()
            ownership.write(self.state, self.name, aws)
            plans = self._all(jobs, workers, aws, listen, preview=True)
            if not all(plan.ok for plan in plans):
                return plans
            results = self._all(jobs, workers, aws, listen, preview=False)
        for choice, result in zip(whole, results, strict=False):
            self.deployed.keep(self.project.name, choice, result)
        return results

    @contextmanager
    def _workers(self, jobs: list[dict[str, Any]]) -> Iterator[list[Worker]]:
        """A process for each stack, all started at once: they load the program's libraries while the AWS starts."""
        workers: list[Worker] = []
        try:
            workers.extend(Worker(job["root"], job["program"]) for job in jobs)
            yield workers
        finally:
            for worker in workers:
                worker.close()

    def _all(
        self,
        jobs: list[dict[str, Any]],
        workers: list[Worker],
        aws: server.Server,
        listen: Listener,
        *,
        preview: bool,
    ) -> list[StackResult]:
        """One phase of every stack, until one fails."""
        known = self.deployed.outputs(self.project.name)
        results: list[StackResult] = []
        for facts, worker in zip(jobs, workers, strict=True):
            job = Job(
                **facts,
                preview=preview,
                endpoint=aws.endpoint,
                outputs={name: outputs for name, (outputs, _) in known.items()},
                secret_outputs={name: secrets for name, (_, secrets) in known.items()},
            )
            listen(Event(job.stack, "preview" if preview else "up"))
            result = _result(job, worker.run(job, listen))
            results.append(result)
            if not result.ok:
                break
            full = f"organization/{self.project.name}/{result.name}"
            known = {**known, full: (result.outputs, sorted(result.secrets))}
        return results

    def down(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Empty the AWS by stopping it: there is no state to destroy resource by resource."""
        chosen = {choice.name for choice in stacks}
        left = [
            choice.name for choice in self.deployed.choices(self.project.name) if choice.name not in chosen
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

    def _with_earlier(self, stacks: list[StackChoice], listen: Listener) -> list[StackChoice]:
        """The stacks to deploy: those asked for, and before them the ones that the empty AWS would lose."""
        asked = {choice.name for choice in stacks}
        earlier = [choice for choice in self.deployed.choices(self.project.name) if choice.name not in asked]
        for choice in earlier:
            listen(
                Event(
                    choice.name, "log", message="the runner starts from an empty AWS: deployed again as well"
                )
            )
        return [*earlier, *stacks]

    def _jobs(self, stacks: list[StackChoice]) -> list[dict[str, Any]]:
        """Read all configurations first: a bad one must stop the command before anything runs."""
        jobs = []
        for choice in stacks:
            config = projects.stack_config(self.project, choice)
            jobs.append(
                {
                    "project": self.project.name,
                    "stack": choice.name,
                    "root": str(self.project.root),
                    "program": str(self.project.directory),
                    "config": config.values,
                    "secret_keys": list(config.secrets),
                    "policy_pack": str(self.project.policy_pack) if self.project.policy_pack else None,
                }
            )
        return jobs


def _result(job: Job, answer: Mapping[str, Any]) -> StackResult:
    result = StackResult(
        name=job.stack,
        resources=[
            Resource(**{**found, "secrets": frozenset(found["secrets"])}) for found in answer["resources"]
        ],
        outputs=answer["outputs"],
        secrets=frozenset(answer["secrets"]),
        violations=[Violation(**found) for found in answer["violations"]],
        errors=answer["errors"],
        changes={"create": len(answer["made"])},
        steps=dict.fromkeys(answer["made"], "create"),
        policy_checked=answer["policy_checked"],
        preview=job.preview,
    )
    if not job.preview and result.errors:
        made = set(answer["made"])
        result.resources = [found for found in result.resources if found.urn in made]
        result.errors.append(_made_so_far(answer["made"]))
    if (
        not job.preview
        and any(UNKNOWN in str(value) for value in result.outputs.values())
        and not result.errors
    ):
        result.errors.append("outputs are still unknown after the deployment: " + ", ".join(result.outputs))
    return result


def _made_so_far(urns: list[str]) -> str:
    if not urns:
        return "Nothing had been created."
    return "\n".join(
        [f"Created before the error ({len(urns)}), and still there until `python -m sandbox down`:", *urns]
    )
