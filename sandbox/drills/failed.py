"""Why a drill can't be carried out."""

from __future__ import annotations

from sandbox.engines.model import EngineError


class DrillError(EngineError):
    """A drill can't begin or go on; the message is for the user."""
