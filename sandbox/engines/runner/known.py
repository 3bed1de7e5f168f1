"""What a stack consists of already, for a run that adds to it: resources are kept or changed, and none is replaced or removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sandbox.engines.runner.registration import DeploymentError, Registration
from sandbox.provider.context import ProviderError
from sandbox.provider.verbs import Keeper, Maker

_PATH = re.compile(r"[.\[]")


@dataclass(frozen=True)
class Known:
    """One resource as the run before left it."""

    type: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


def known(resources: Iterable[Mapping[str, Any]]) -> dict[str, Known]:
    """Those that a provider made, by URN."""
    return {
        str(each["urn"]): Known(each["type"], each["id"], each["inputs"], each["outputs"])
        for each in resources
        if each["id"]
    }


def brought(provider: Maker, found: Registration, kept: Known) -> tuple[str, dict[str, Any]]:
    """Change what is there to what is declared now; its id and outputs.

    Raises DeploymentError when AWS refuses, or can't without replacing it.
    """
    resource, keeper = found.resource, cast("Keeper", provider)
    if not hasattr(provider, "diff"):  # what no API keeps: the value made at first stays
        return kept.id, dict(kept.outputs)
    ignored = {_PATH.split(path)[0] for path in found.ignore_changes}
    news = {name: value for name, value in resource.inputs.items() if name not in ignored}
    news |= {name: kept.inputs[name] for name in ignored if name in kept.inputs}
    change = keeper.diff(resource.type, kept.inputs, news)
    if change.replaces:
        raise DeploymentError(
            f"{resource.urn}: the runner replaces nothing that is there, and {', '.join(change.replaces)} would replace it"
        )
    if not change.diffs:
        return kept.id, dict(kept.outputs)
    try:
        return kept.id, keeper.update(resource.type, kept.id, kept.inputs, kept.outputs, news)
    except ProviderError as error:
        raise DeploymentError(f"{resource.name} ({resource.urn}): {error}") from error


def gone(kept: Mapping[str, Known], declared: Iterable[str]) -> None:
    """Raise DeploymentError when something that is there isn't declared any more."""
    left = sorted(set(kept) - set(declared))
    if left:
        raise DeploymentError(
            f"the runner removes nothing that is there, and {left[0]} is not declared any more"
        )
