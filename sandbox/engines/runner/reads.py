"""What a program reads: outputs of other stacks, and resources that exist already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.engines.messages import never_deployed
from sandbox.engines.runner.registration import DeploymentError
from sandbox.provider.context import ProviderError
from sandbox.provider.values import has_unknown
from sandbox.provider.verbs import Maker

REFERENCE = "pulumi:pulumi:StackReference"


@dataclass(frozen=True)
class References:
    """Outputs of other stacks by full name, and names of the secret ones."""

    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    secrets: Mapping[str, list[str]] = field(default_factory=dict)

    def read(self, asked: str, project: str) -> dict[str, Any]:
        """What a stack reference answers. A name is `stack`, `project/stack` or `organization/project/stack`.

        Raises DeploymentError when that stack is not deployed here.
        """
        *head, stack = asked.split("/")
        name = "/".join(("organization", head[-1] if head else project, stack))
        if name not in self.outputs:
            raise DeploymentError(never_deployed(asked, project))
        return {
            "name": asked,
            "outputs": self.outputs[name],
            "secretOutputNames": list(self.secrets.get(name, [])),
        }


def existing(provider: Maker, urn: str, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of a resource that exists. Raises DeploymentError with AWS's reason when there is none."""
    try:
        found = provider.read(token, id_, inputs)
    except ProviderError as error:
        raise DeploymentError(f"{urn}: {error}") from error
    if found is None:
        raise DeploymentError(f"{urn}: AWS has no {token} with id {id_!r}")
    return found


def adopted(provider: Maker, urn: str, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of a resource to import. Raises DeploymentError when it is none, or not as the program says."""
    found = existing(provider, urn, token, id_, {})
    other = [
        name
        for name, value in sorted(inputs.items())
        if not has_unknown(value) and found.get(name) is not None and found[name] != value
    ]
    if other:
        facts = ", ".join(f"{name} is {found[name]!r}, not {inputs[name]!r}" for name in other)
        raise DeploymentError(f"{urn}: the runner imports what exists as it is, and of {id_!r} {facts}")
    return {**inputs, **found}
