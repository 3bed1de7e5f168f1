"""What a joining stack reads of the stack that founded the system."""

from __future__ import annotations

from typing import Any

import pulumi


class Peer:
    """The outputs of another stack of this program, each demanded by name.

    A stack that was never deployed, or an output that it lacks, ends the program with one message. Only the joining stack reads:
    the graph of stacks has no cycle.
    """

    def __init__(self, stack: str) -> None:
        """`stack` is the full name, organization/project/stack."""
        self.stack = stack
        self._outputs = pulumi.StackReference(stack).outputs

    def text(self, name: str) -> pulumi.Output[str]:
        """An output that is a string."""
        return self._outputs.apply(lambda outputs: str(self._one(outputs, name)))

    def facts(self, name: str) -> pulumi.Output[Any]:
        """An output that is an object."""
        return self._outputs.apply(lambda outputs: self._one(outputs, name))

    def _one(self, outputs: dict[str, Any], name: str) -> Any:
        if name not in outputs:
            had = ", ".join(sorted(outputs)) or "none: it was never deployed"
            raise pulumi.RunError(
                f"holdfast:recovery.peerStack: got {self.stack!r}, which has no output {name!r} (it has {had}); "
                "allowed is a stack of this program that is deployed: deploy it first"
            )
        return outputs[name]
