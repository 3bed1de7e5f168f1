"""What the properties file of a Kafka broker says."""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*([^=:\s#!][^=:\s]*)\s*[=:\s]\s*(.*?)\s*")


def server_properties(text: str) -> dict[str, str]:
    """By name: the values of a properties file as Java reads it, of which the last one counts."""
    return {found[1]: found[2] for line in text.splitlines() if (found := _LINE.fullmatch(line))}
