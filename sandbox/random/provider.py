"""The provider of the `random` package. What it made stays: only other inputs make something new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.context import ProviderError
from sandbox.provider.values import has_unknown
from sandbox.provider.verbs import Failures
from sandbox.random.kinds import KINDS, Kind

VERSION = "4.21.4"
"""The pulumi_random release whose types these are."""


@dataclass(frozen=True)
class Replaced:
    """A change of inputs: any makes something new."""

    diffs: list[str] = field(default_factory=list)
    delete_before_replace: bool = False

    @property
    def replaces(self) -> list[str]:
        """The properties that replace the resource."""
        return self.diffs


class RandomProvider:
    """Answers for every type in `KINDS`; another one is a ProviderError that names it."""

    def _kind(self, token: str) -> Kind:
        try:
            return KINDS[token]
        except KeyError:
            known = ", ".join(sorted(found.rpartition(":")[2] for found in KINDS))
            raise ProviderError(f"{token}: the sandbox has no such random type, only {known}") from None

    def check(
        self, token: str, _urn: str, _olds: Mapping[str, Any], news: Mapping[str, Any], _seed: bytes = b""
    ) -> tuple[dict[str, Any], Failures]:
        """Fill in defaults; refuse what is missing, unknown to the type or out of range."""
        kind = self._kind(token)
        inputs = {**kind.defaults, **{name: value for name, value in news.items() if value is not None}}
        if "number" in inputs:  # the older name of `numeric`
            inputs["numeric"] = inputs["number"]
        known = kind.required | kind.optional
        failures: Failures = [
            (name, f"{token}: no such property, allowed are {', '.join(sorted(known))}")
            for name in sorted(set(inputs) - known)
        ]
        failures += [(name, f"{token}: it must be given") for name in sorted(kind.required - set(inputs))]
        if not failures and not has_unknown(inputs) and (reason := kind.refuse(inputs)):
            failures.append(("", f"{token}: {reason}"))
        return inputs, failures

    def diff(self, _token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Replaced:
        """Compare inputs."""
        return Replaced([name for name in sorted({*olds, *news}) if olds.get(name) != news.get(name)])

    def create(
        self, token: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Draw something. A plan draws nothing."""
        if preview:
            return None, dict(inputs)
        id_, made = self._kind(token).make(inputs)
        return id_, {**inputs, **made}

    def read(self, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a resource is, stands in the engine's state alone; one that isn't there can't be found."""
        if not inputs:
            raise ProviderError(f"{token}: {id_!r} can't be read from outside")
        return dict(inputs)

    def refresh(
        self, _token: str, _id: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was drawn stays."""
        return dict(inputs), dict(outputs)

    def update(
        self,
        token: str,
        _id: str,
        _olds: Mapping[str, Any],
        _old_outputs: Mapping[str, Any],
        _news: Mapping[str, Any],
        *,
        preview: bool = False,  # noqa: ARG002 - part of the protocol
    ) -> dict[str, Any]:
        """Refuse: every change makes something new."""
        raise ProviderError(f"{token}: it can't be changed in place")

    def delete(self, _token: str, _id: str, _inputs: Mapping[str, Any], _outputs: Mapping[str, Any]) -> None:
        """Nothing is left behind."""

    def invoke(self, token: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse: the package has no functions."""
        raise ProviderError(f"{token}: the package random has no functions")
