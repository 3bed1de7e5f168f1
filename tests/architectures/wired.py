"""What holds of the edge table of every kind whose example has a table for both of its stacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from tests.architectures.test_wiring import check, read
from tests.architectures.wiring import exported, label, seen
from tests.pulumi_mocks import Deployment

VOLUMES = "EncryptionByDefault base-defaults-volumes"
"""What no edge begins or ends in, in any stack."""
IMAGES = "ReplicationConfiguration base-images-replication"
"""The same, where a registry's images follow to the other region."""
Edges = tuple[str, Deployment, set[str]]


class EdgeTable:
    """Both stacks of a kind's example against its table. A kind's test class says what it is held against."""

    configured: Callable[[str], Mapping[str, Any]]
    """The example's configuration of a stack."""
    wanted: Callable[[str, Any], set[str]]
    """The edges that the founding or the joining stack has with a configuration, as the tables say."""
    alone: ClassVar[set[str]] = {VOLUMES}
    """Resources that no edge of the table begins or ends in."""

    @pytest.fixture(params=["founder", "joiner"])
    def edges(self, request: pytest.FixtureRequest, example: dict[str, Deployment]) -> Edges:
        """Which stack, its run, and the edges that this has."""
        if request.param == "founder":
            stack, peer = example["prod"], {}
        else:
            stack, peer = example["dr"], read(example["prod"])
        return request.param, stack, seen(stack, peer) | exported(stack, read(stack))

    def test_every_edge_is_in_the_table(self, edges: Edges) -> None:
        which, _, found = edges
        check(found, self.wanted(which, self.configured("prod" if which == "founder" else "dr")))

    def test_what_no_edge_joins_is_there_too(self, edges: Edges) -> None:
        _, stack, found = edges
        labels = {label(r) for r in stack.resources if r.type.startswith("aws:")}
        joined = {name for name in labels if any(f"{name}." in each or f"{name} " in each for each in found)}
        assert labels - joined == self.alone, sorted((labels - joined) ^ self.alone)
