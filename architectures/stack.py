"""What is known of a stack before anything of it is registered: where it stands, what it is called, what is served there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from architectures.strategies import Strategy
from components.outputs import in_region


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Facts of the stack that systems are placed in, all from its settings."""

    system: str
    """What the whole is called."""
    environment: str
    region: str
    peer_region: str
    active: bool
    """Whether this region serves; exactly one of the two stacks says so."""
    founder: bool
    """Whether this stack declares what both regions share; the other one joins."""
    zones: Sequence[str]
    """Zone ids, at least two."""
    domain: str
    """The hosted zone's."""
    strategy: Strategy
    """Of each system that says no other."""
    rto_hours: float
    """Recovery time objective of each system that has no other."""
    rpo_minutes: float
    """The same of data that may be lost."""
    unlisted: Sequence[str] = ()
    """Names that AWS takes although the lists of `architectures.known` lack them."""
    networks: tuple[str, str]
    """This region's IPv4 network and the other one's."""
    protect: bool
    """Whether what keeps data is protected against deletion."""

    def named(self, *parts: str) -> str:
        """A physical name that no other environment or system of the account has."""
        return "-".join((self.system, self.environment, *parts))

    def of_peer(self, arn: pulumi.Output[str]) -> pulumi.Output[str]:
        """The ARN of what has the same name in the other region."""
        return in_region(arn, self.peer_region)
