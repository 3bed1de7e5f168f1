"""The providers of one run: a default one for each package, and those that the program makes itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.engines.runner.registration import DeploymentError, refuse
from sandbox.provider.context import ProviderError
from sandbox.provider.values import has_unknown
from sandbox.provider.verbs import Failures, Maker

PREFIX = "pulumi:providers:"
"""What the types of providers begin with."""
_DYNAMIC = "pulumi-python"
Configure = Callable[[Mapping[str, Any]], Maker]
"""Makes a provider from its settings."""


class Unconfigured:
    """A provider in a plan whose settings are not all known: as with the engine, nothing that it would answer is known either."""

    def check(
        self, _token: str, _urn: str, _olds: Mapping[str, Any], news: Mapping[str, Any], _seed: bytes = b""
    ) -> tuple[dict[str, Any], Failures]:
        """Take everything as it is."""
        return dict(news), []

    def create(
        self, _token: str, _inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Answer nothing."""
        if not preview:
            raise ProviderError("a provider's settings are unknown in a deployment")
        return None, {}

    def read(self, token: str, id_: str, _inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """Refuse."""
        raise ProviderError(f"{token} {id_!r} can't be read: its provider's settings are not known yet")

    def invoke(self, token: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse."""
        raise ProviderError(f"{token} can't be called: its provider's settings are not known yet")


class Providers:
    """Answers for each registration which provider it has. Called from several threads."""

    def __init__(self, packages: Mapping[str, Configure], defaults: Mapping[str, Mapping[str, Any]]) -> None:
        """`packages` are those that the sandbox has, `defaults` the settings of their default providers."""
        self._packages, self._defaults = packages, defaults
        self._made: dict[str, Maker] = {}
        self._lock = threading.Lock()
        self.declared: dict[str, Mapping[str, Any]] = {}
        """Settings of the providers that the program makes, by URN."""

    def declare(self, urn: str, type_: str, inputs: Mapping[str, Any]) -> None:
        """Take a provider that the program makes. Raises DeploymentError naming it when the sandbox has no such package."""
        package = type_.removeprefix(PREFIX)
        configure = self._packages.get(package) or _absent(package, urn)
        try:
            made = Unconfigured() if has_unknown(inputs) else configure(inputs)
        except ProviderError as error:
            raise DeploymentError(f"{urn}: {error}") from error
        with self._lock:
            self._made[urn] = made
            self.declared[urn] = dict(inputs)

    def of(self, token: str, reference: str) -> Maker:
        """The provider of a resource or function: the one referred to (`urn::id`), or its package's default one."""
        urn = reference.rpartition("::")[0]
        package = token.split(":", 1)[0]
        with self._lock:
            if urn:
                if urn not in self._made:
                    raise DeploymentError(f"{token}: unknown provider {reference!r}")
                return self._made[urn]
            if package not in self._made:
                configure = self._packages.get(package) or _absent(package, token)
                try:
                    self._made[package] = configure(self._defaults.get(package, {}))
                except ProviderError as error:
                    raise DeploymentError(f"{token}: {error}") from error
            return self._made[package]


def _absent(package: str, what: str) -> Any:
    if package == _DYNAMIC:
        return refuse(f"dynamic providers ({what})")
    return refuse(f"resources of the package {package!r} ({what}), only those of aws, awsx and random")
