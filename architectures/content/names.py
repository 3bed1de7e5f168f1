"""How the parts of a system of users' files are called."""

from __future__ import annotations

RECORD, RECONCILE, COMPARE = "record", "reconcile", "compare"
"""Functions: what follows events, what looks for what they didn't tell, what says what another region had."""
IDENTIFY = "identify"
"""The one that the user pool asks."""
SEND, CONVERT = "send", "convert"
"""What sends mail that waits, and what has videos converted."""
BUCKET, TABLE, KEPT = "BUCKET", "TABLE", "KEPT_SECONDS"
GRACE, NAMESPACE, SYSTEM = "GRACE_MINUTES", "NAMESPACE", "SYSTEM"
QUEUE, SENDER, RULES = "QUEUE_URL", "SENDER", "CONFIGURATION_SET"
VIDEOS, UPLOADS, RESULTS, WIDTHS = "VIDEO_QUEUE", "UPLOADS", "RESULTS", "WIDTHS"
ROLE, CONVERTER, KEY = "ROLE", "CONVERTER", "KEY_ARN"
"""The variables that functions are told by."""
METRICS = "Holdfast/Content"
"""The namespace of what a round has found."""


def function(name: str, what: str) -> str:
    """A function's component."""
    return f"{name}-{what}"
