"""What the engine starts: assembles the pack from its rules and serves it until the engine closes it."""

from __future__ import annotations

from rules import RULES  # type: ignore[import-not-found]  # the engine puts this folder on the path
from rules.kernel.server import serve  # type: ignore[import-not-found]

serve(name="holdfast", rules=RULES)
