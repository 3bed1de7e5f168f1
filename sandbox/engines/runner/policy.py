"""The policy pack beside a run: it sees each resource after its check, and the whole stack at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.engines.model import Violation
from sandbox.engines.runner.job import Job
from sandbox.engines.runner.registration import DeploymentError, Registration
from sandbox.policy import PolicyConfigError, PolicyHost, PolicyInput, ProviderInput
from sandbox.policy import Violation as Found


class Gate:
    """A pack's process for one run; without a pack it lets everything pass."""

    def __init__(
        self,
        job: Job,
        provider: Mapping[str, str],
        declared: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """`provider` has the settings of the stack's default provider, `declared` those of the program's own by URN.

        The pack starts beside the program.
        """
        self._host = _host(job, Path(job.policy_pack)) if job.policy_pack else None
        self._provider = ProviderInput(
            urn=f"urn:pulumi:{job.stack}::{job.project}::pulumi:providers:aws::default", props=dict(provider)
        )
        self._declared = declared
        self._threads = ThreadPoolExecutor(1)
        self._started = self._threads.submit(self._host.start) if self._host else None

    @property
    def active(self) -> bool:
        """Whether there is a pack."""
        return self._host is not None

    def analyze(self, found: Registration) -> list[Violation]:
        """Check one resource by its inputs. Raises RuntimeError when the pack can't start."""
        host = self._ready()
        return [] if host is None else _ours(host.analyze(self._input(found, found.resource.inputs)))

    def analyze_stack(self, found: Iterable[Registration]) -> list[Violation]:
        """Check the whole stack by its outputs, as the engine does."""
        host = self._ready()
        return (
            []
            if host is None
            else _ours(host.analyze_stack(self._input(each, each.resource.outputs) for each in found))
        )

    def stop(self) -> None:
        """End the pack's process."""
        self._threads.shutdown(wait=True)
        if self._host is not None:
            self._host.stop()

    def _ready(self) -> PolicyHost | None:
        """The pack once it runs. Raises DeploymentError when it refuses its configuration."""
        if self._started is not None:
            try:
                self._started.result()
            except PolicyConfigError as error:
                raise DeploymentError(str(error)) from None
        return self._host

    def _input(self, found: Registration, props: Mapping[str, object]) -> PolicyInput:
        resource = found.resource
        return PolicyInput(
            type=resource.type,
            urn=resource.urn,
            name=resource.name,
            props=props,
            protect=resource.protect,
            ignore_changes=found.ignore_changes,
            parent=resource.parent,
            dependencies=resource.dependencies,
            property_dependencies=resource.property_dependencies,
            provider=self._of(found) if resource.type.startswith("aws:") else None,
        )

    def _of(self, found: Registration) -> ProviderInput:
        """The settings of a resource's provider."""
        urn = found.provider.rpartition("::")[0]
        if not urn:
            return self._provider
        return ProviderInput(urn=urn, name=urn.rsplit("::", 1)[-1], props=self._declared.get(urn, {}))


def _host(job: Job, pack: Path) -> PolicyHost:
    return PolicyHost(
        pack, job.project, job.stack, job.policy_config, stack_config=job.config, dry_run=job.preview
    )


def _ours(found: Iterable[Found]) -> list[Violation]:
    return [Violation(each.rule, each.urn, each.message, each.level) for each in found]
