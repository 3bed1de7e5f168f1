"""Whether a plan leaves a stack as it is, so that an update would only run the program once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.runtime import rpc

from sandbox.engines.model import HIDDEN, Resource
from sandbox.engines.pulumi_cli.events import reveal
from sandbox.protocol import SIGNATURE

_IDLE = ("same", "read")
_FILES = (rpc._special_asset_sig, rpc._special_archive_sig)  # noqa: SLF001 - the SDK has no other name for them
_COMPUTED = ("id", "outputs", "created", "modified", "sourcePosition", "stackTrace")
"""What a plan's JSON has not of resources that stay the same, and what tells no difference."""


def settled(
    steps: Iterable[Mapping[str, Any]], seen: Mapping[str, Resource], state: Iterable[Mapping[str, Any]]
) -> bool:
    """Whether an update would change neither AWS nor the state.

    `steps` are the plan's own, `seen` what its event log tells of each resource, with outputs, `state` what is kept. A secret output
    of a component or of the stack can't be compared: such a plan is not settled.
    """
    kept = {found["urn"]: found for found in state}
    planned = {step["urn"]: step for step in steps}
    if any(step["op"] not in _IDLE for step in planned.values()):
        return False
    gone = kept.keys() - planned.keys()
    return all(":providers:" in urn for urn in gone) and all(
        urn in kept
        and _declared(step["newState"]) == _declared(kept[urn])
        and urn in seen
        and _same_outputs(seen[urn], _plain(kept[urn].get("outputs") or {}))
        for urn, step in planned.items()
    )


def _plain(value: Any) -> Any:
    """A value without secrets, and files by their hashes: the event log leaves out what is in them."""
    return _by_hash(reveal(value))


def _by_hash(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) in _FILES and value.get("hash"):
            return {SIGNATURE: value[SIGNATURE], "hash": value["hash"]}
        return {key: _by_hash(found) for key, found in value.items()}
    return [_by_hash(found) for found in value] if isinstance(value, list) else value


def _declared(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the program decides of a resource. The order of dependencies is chance."""
    found = {key: _plain(value) for key, value in state.items() if key not in _COMPUTED}
    found["dependencies"] = sorted(state.get("dependencies") or ())
    found["propertyDependencies"] = {
        name: sorted(urns or ()) for name, urns in (state.get("propertyDependencies") or {}).items()
    }
    return found


def _same_outputs(seen: Resource, kept: Mapping[str, Any]) -> bool:
    hidden = not seen.custom and HIDDEN in str(kept)
    return not hidden and _plain(seen.outputs) == dict(kept)
