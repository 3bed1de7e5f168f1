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
HOST, READER, PORT = "DATABASE_HOST", "DATABASE_READER_HOST", "DATABASE_PORT"
DATABASE, USER = "DATABASE_NAME", "DATABASE_USER"
"""Those in which functions find the database: its proxy, where it reads, by which port, and as whom they sign in to what."""
OF_DATABASE = frozenset({HOST, READER, PORT, DATABASE, USER})
