"""What the provider writes for a property that was never set: an empty value of the property's type."""

from __future__ import annotations

import functools
import importlib.util
import re
from pathlib import Path
from typing import Any

_CLASS = re.compile(r'@pulumi\.type_token\("(aws:[^"]+)"\)\nclass (\w+)\(pulumi\.CustomResource')
_GETTER = re.compile(
    r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    (?:@[^\n]+\n    )?def (\w+)\(self\) -> pulumi\.Output\[([^\n]+)\]:'
)
_EMPTY = {"_builtins.str": "", "_builtins.bool": False, "_builtins.int": 0, "_builtins.float": 0.0}
MEANT = {
    # 0 is one of the counts one may want, or switches off what is on by default.
    "automatedSnapshotRetentionPeriod",
    "childHealthThreshold",
    "desiredCapacity",
    "desiredCount",
    "maxSize",
    "minSize",
    "reservedConcurrentExecutions",
    "fromPort",
    "toPort",
    # These are true unless they are set to false.
    "actionsEnabled",
    "enableLogging",
    "rotationEnabled",
}
"""Properties whose empty value is a value: the provider doesn't write it for what was never set."""


def empty(annotation: str) -> Any:
    """The empty value of a type, as pulumi_aws writes the type."""
    kind = annotation.removeprefix("Optional[").rstrip("]")
    if kind in _EMPTY:
        return _EMPTY[kind]
    return [] if kind.startswith("Sequence") else {}


@functools.cache
def unset() -> dict[str, dict[str, Any]]:
    """For every type of the installed pulumi_aws, its properties on the wire with their empty values."""
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    found = {}
    for source in Path(spec.origin).parent.rglob("*.py"):
        text = source.read_text("utf-8")
        made = _CLASS.search(text)
        if made:
            getters = _GETTER.findall(text[made.start() :])
            found[made[1]] = {wire or name: empty(kind) for wire, name, kind in getters}
    return found


def with_unset(token: str, props: dict[str, Any], given: set[str]) -> dict[str, Any]:
    """The properties with the empty value of every other property of the type that nothing gives."""
    return {k: v for k, v in unset()[token].items() if k not in MEANT | given} | props
