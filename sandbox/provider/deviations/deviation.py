"""How one type is read back where names alone don't tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.provider.table import Read


@dataclass(frozen=True)
class Deviation:
    """Further calls, expressions, and what AWS does not say.

    `reads`: further calls, made at a refresh only. `told`: property -> JMESPath over the answers; structures in Pulumi's names.
    `silent`: property -> why it is not read back.
    """

    reads: tuple[Read, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
