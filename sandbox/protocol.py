"""Marks of the engine's protocol: how it writes what is not known yet, what is secret, what stands for a resource."""

from __future__ import annotations

from typing import Final

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for an unknown string; any unknown value may be sent so."""
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks a map as a special value."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the protocol's mark of a secret, not one
"""Signature of a secret; its plain value is under `value`."""
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""Signature of a resource given as a value: its `urn`, and its `id` unless it is a component."""
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""Signature of an output: its `value` if it is known, whether it is `secret`, and its `dependencies`."""
