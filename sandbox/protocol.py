"""Marks of the engine's protocol: how it writes what is not known yet, and what is secret."""

from __future__ import annotations

from typing import Final

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for an unknown string; any unknown value may be sent so."""
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks a map as a special value."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the protocol's mark of a secret, not one
"""Signature of a secret; its plain value is under `value`."""
