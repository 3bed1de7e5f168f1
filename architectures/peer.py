"""What a joining stack reads of the stack that founded the systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from architectures.agreement import Agreement
from architectures.faults import Fault, fault

AGREEMENT = "agreement"
"""Output of the foundation and of each system: what both stacks must say alike."""


OWN_BACKEND = "organization"
"""What the organization of every stack is called where Pulumi Cloud doesn't keep the state:
https://www.pulumi.com/docs/iac/concepts/stacks/"""


def organization_faults(peer_stack: str | None) -> Iterator[Fault]:
    """Whether the backend that keeps this stack can have one of that full name: it has organizations, or it has none."""
    ours = pulumi.get_organization()
    theirs, _, rest = (peer_stack or ours).partition("/")
    if (theirs == OWN_BACKEND) != (ours == OWN_BACKEND):
        yield fault("recovery.peerStack", repr(peer_stack), f"'{ours}/{rest}' where this stack is kept")


class Outputs:
    """A part of another stack's outputs, each demanded by name."""

    def __init__(self, stack: str, path: str, values: pulumi.Output[Mapping[str, Any]]) -> None:
        """`path` says where among the outputs of `stack` the values stand."""
        self.stack, self._path, self._values = stack, path, values

    def text(self, name: str) -> pulumi.Output[str]:
        """An output that is a string."""
        return self.value(name).apply(str)

    def value(self, name: str) -> pulumi.Output[Any]:
        """An output of any form."""
        return self._values.apply(lambda values: self._one(values, name))

    def part(self, name: str) -> Outputs:
        """An output that is a group of outputs."""
        return Outputs(self.stack, f"{self._path}{name}.", self.value(name))

    def _one(self, values: Mapping[str, Any], name: str) -> Any:
        return demanded(self.stack, self._path, values, name)


def demanded(stack: str, path: str, values: Mapping[str, Any], name: str) -> Any:
    """One of the values that stand at `path` among a stack's outputs. Ends the program when it isn't there."""
    if name not in values:
        had = ", ".join(sorted(values)) or "none: it was never deployed"
        raise pulumi.RunError(
            f"holdfast:recovery.peerStack: got {stack!r}, which has no output {path + name!r} (it has {had}); "
            "allowed is a stack of this program that is deployed: deploy it first"
        )
    return values[name]


class Peer(Outputs):
    """Another stack of this program.

    A stack that was never deployed, or an output that it lacks, ends the program with one message. Only the joining stack reads:
    the graph of stacks has no cycle.
    """

    def __init__(self, stack: str) -> None:
        """`stack` is the full name, organization/project/stack."""
        super().__init__(stack, "", pulumi.StackReference(stack).outputs)
        self.foundation = self.part("foundation")

    def system(self, name: str) -> Outputs:
        """The outputs of one system."""
        return self.part("systems").part(name)

    async def agreement(self) -> Agreement:
        """What the stack says, as of its last deployment: all of it settings, known also at a preview."""
        found = await self._values.future(with_unknowns=True) or {}
        systems = demanded(self.stack, "", found, "systems")
        return Agreement(
            stack=demanded(
                self.stack, "foundation.", demanded(self.stack, "", found, "foundation"), AGREEMENT
            ),
            systems={
                name: demanded(self.stack, f"systems.{name}.", values, AGREEMENT)
                for name, values in systems.items()
            },
        )


async def earlier() -> Mapping[str, Any]:
    """This stack's own outputs as of its last deployment; none before the first one."""
    own = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return await pulumi.StackReference(own).outputs.future(with_unknowns=True) or {}
