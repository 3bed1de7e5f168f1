"""How the parts of a data platform are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from architectures.stack import Stack
from components.batch.args import NAME_LENGTH as APPLICATION_LENGTH
from components.ingestion.args import NAME_LENGTH as STREAM_LENGTH
from components.search.args import NAME_LENGTH
from components.warehouse.args import NAME_LENGTH as IDENTIFIER_LENGTH

ORIGINAL = "original"
"""What the warehouse that no restore made is called in the outputs."""


def search(name: str) -> str:
    """The search domain's component."""
    return f"{name}-search"


def domain(name: str, stack: Stack) -> str:
    """The search domain itself: shortened, and still one of its own."""
    return shortened(stack.named(name), NAME_LENGTH)


def snapshots(name: str) -> str:
    """The component of the bucket of the domain's snapshots."""
    return f"{name}-snapshots"


def keeper(name: str) -> str:
    """The component of the function that takes and restores them."""
    return f"{name}-keeper"


def warehouse(name: str, called: str = ORIGINAL) -> str:
    """The component of the warehouse, or of one that a restore made."""
    return f"{name}-warehouse" if called == ORIGINAL else f"{name}-warehouse-{called}"


def cluster(name: str, stack: Stack, called: str) -> str:
    """The Redshift cluster itself: shortened, and still one of its own."""
    return shortened(stack.named(warehouse(name, called)), IDENTIFIER_LENGTH)


def copies(name: str) -> str:
    """The component of what lets snapshots be copied to the other region, and the grant there."""
    return f"{name}-warehouse-copies"


def grant(name: str, stack: Stack) -> str:
    """The grant itself."""
    return shortened(stack.named(copies(name)), IDENTIFIER_LENGTH)


def ingestion(name: str) -> str:
    """The component of what takes from devices."""
    return f"{name}-ingestion"


def stream(name: str, stack: Stack) -> str:
    """The Firehose stream, and the rule that feeds it."""
    return shortened(stack.named(ingestion(name)), STREAM_LENGTH)


def records(name: str) -> str:
    """The component of the bucket of what devices sent."""
    return f"{name}-records"


def batch(name: str) -> str:
    """The component of batch jobs, and what that of their bucket begins with."""
    return f"{name}-batch"


def application(name: str, stack: Stack) -> str:
    """The application of EMR Serverless itself, and the group of its schedules."""
    return shortened(stack.named(batch(name)), APPLICATION_LENGTH)
