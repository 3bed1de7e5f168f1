"""How the parts of a system of workers are called."""

from __future__ import annotations


def worker(name: str, each: str) -> str:
    """A worker's component, and its queue's."""
    return f"{name}-{each}"


def topic(name: str, each: str) -> str:
    """A topic's component."""
    return f"{name}-{each}-topic"


def bus(name: str) -> str:
    """The bus's component."""
    return f"{name}-events"


def kafka(name: str) -> str:
    """The component of a cluster of Kafka."""
    return f"{name}-kafka"


def replicators(name: str) -> str:
    """The component of what copies its topics."""
    return f"{name}-copies"


def clock(name: str) -> str:
    """The component of the schedules."""
    return f"{name}-clock"


LETTERS = "LETTERS_URL"
"""The variable in which the function of a topic of Kafka finds the queue of what nobody could handle."""
TABLE, KEPT = "TABLE", "KEPT_SECONDS"
"""The variables in which workers find the table of what is done, and how long it is known there."""
QUEUE, WORK = "QUEUE_URL", "WORK_SECONDS"
"""The variables in which a container or an instance finds its queue, and how long a batch may take."""
HOOK, REGION = "HOOK", "AWS_DEFAULT_REGION"
"""The variables in which an instance finds the lifecycle hook that holds it until its work is done, and its region."""
LEAVING = "leaving"
"""What that hook is called."""
