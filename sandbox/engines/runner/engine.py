"""The runner: plans and deploys stacks by running their program in a process of its own, once a stack and phase."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.aws import server
from sandbox.aws.client import environment
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
        aws = server.start(self.state)
        known = self.deployed.outputs(self.project.name)
        results = []
        for job in jobs:
            result = self._run({**job, "preview": True, "endpoint": aws.endpoint}, known, listen)
            results.append(result)
            if not result.ok:
                break
            known = {**known, self._full(result.name): (result.outputs, sorted(result.secrets))}
        return results

    def up(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan all stacks, then create them. Nothing is created while any plan fails."""
        whole = self._with_earlier(stacks, listen)
        jobs = self._jobs(whole)
        aws = server.start(self.state)
        aws.reset()
        self.deployed.clear()
        ownership.write(self.state, self.name, aws)
        plans = self.preview(whole, listen)
        if not all(plan.ok for plan in plans):
            return plans
        known = self.deployed.outputs(self.project.name)
        results = []
        for job, choice in zip(jobs, whole, strict=True):
            result = self._run({**job, "preview": False, "endpoint": aws.endpoint}, known, listen)
            results.append(result)
            self.deployed.keep(self.project.name, choice, result)
            if not result.ok:
                break
            known = {**known, self._full(result.name): (result.outputs, sorted(result.secrets))}
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

    def _full(self, stack: str) -> str:
        return f"organization/{self.project.name}/{stack}"

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

    def _run(
        self,
        facts: Mapping[str, Any],
        known: Mapping[str, tuple[dict[str, Any], list[str]]],
        listen: Listener,
    ) -> StackResult:
        job = Job(
            **facts,
            outputs={name: outputs for name, (outputs, _) in known.items()},
            secret_outputs={name: secrets for name, (_, secrets) in known.items()},
        )
        listen(Event(job.stack, "preview" if job.preview else "up"))
        with tempfile.TemporaryFile("w+") as printed:
            answer = _child(job, listen, printed)
            if answer is None:
                printed.seek(0)
                raise EngineError(
                    f"the run of stack {job.stack!r} ended without a result:\n{printed.read().strip()[-4000:]}"
                )
            printed.seek(0)
            for line in printed.read().splitlines():
                listen(Event(job.stack, "log", message=line))
        return _result(job, answer)


def _child(job: Job, listen: Listener, printed: Any) -> dict[str, Any] | None:
    """Run one job in a child process; its result, or None when it died without one."""
    path = os.pathsep.join(filter(None, (str(server.REPOSITORY), os.environ.get("PYTHONPATH"))))
    region = job.config.get("aws:region", "us-east-1")
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.engines.runner.child"],
        cwd=job.root,
        # Code of the program that calls boto3 itself must reach the sandbox, never a real account.
        env={**os.environ, **environment(job.endpoint, region), "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=printed,
        text=True,
    )
    answer = None
    with process:
        if process.stdin is None or process.stdout is None:
            raise EngineError("the child process has no pipes")
        process.stdin.write(json.dumps(asdict(job)))
        process.stdin.close()
        done = "planned" if job.preview else "created"
        for line in process.stdout:
            message = json.loads(line)
            if message["event"] == "result":
                answer = message
            elif message["event"] == "resource":
                listen(Event(job.stack, done, message["type"], message["name"]))
            else:
                listen(Event(job.stack, "log", message=f"{message['level']}: {message['message']}"))
    return answer


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
