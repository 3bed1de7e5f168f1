"""How the parts of a system of containers are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from components.network import LONGEST_SERVICE

LABEL_LENGTH = 63
"""Of a name in DNS, between two dots."""
TARGET_LENGTH = 20
"""AWS takes 32 characters for a target group; 8 go to the automatic suffix, 4 to `-alt`."""


def service(name: str, each: str) -> str:
    """A service's component."""
    return f"{name}-{each}"


def target(name: str, each: str) -> str:
    """The component of a service's path: shortened, and still one of its own."""
    return shortened(service(name, each), TARGET_LENGTH)


def lattice_service(own: str) -> str:
    """A service's name on the service network, made of its physical one: shortened, and still one of its own."""
    return shortened(own, LONGEST_SERVICE)


def variable(each: str) -> str:
    """The variable in which those that send to a service's queue find its URL."""
    return f"{each.replace('-', '_').upper()}_QUEUE_URL"


def namespace(own: str, region: str) -> str:
    """The system's namespace in Cloud Map, made of its physical name: one that only the VPC's resolver answers, another in each region."""
    return f"{shortened(own, LABEL_LENGTH)}.{region}.internal"


NAMESPACE = "DISCOVERY_NAMESPACE"
"""The variable in which a service finds it."""
QUEUE = "QUEUE_URL"
"""The variable in which a service finds its own queue."""
