"""How the parts of a serverless API are called."""

from __future__ import annotations


def function(name: str, each: str) -> str:
    """A function's component."""
    return f"{name}-{each}"


def variable(each: str) -> str:
    """The variable in which those that send to a function's queue find its URL."""
    return f"{each.replace('-', '_').upper()}_QUEUE_URL"


TABLE = "TABLE"
"""The variable in which functions find the table."""
