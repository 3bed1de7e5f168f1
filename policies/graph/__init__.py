"""What rules and estimator both read: resources, their references, regions, zones and tags, and what of it is not known."""

from .graph import Graph
from .resource import AUTO_SCALING_GROUP, LARGEST, STACK, TIERS, Resource, arn_region
from .tags import Tags
from .unknown import (
    SECRET,
    SIGNATURE,
    UNKNOWN,
    NotKnownError,
    Unknown,
    both,
    either,
    named,
    plain,
    strings,
    sure,
)
from .values import as_number
from .view import View

__all__ = [
    "AUTO_SCALING_GROUP",
    "LARGEST",
    "SECRET",
    "SIGNATURE",
    "STACK",
    "TIERS",
    "UNKNOWN",
    "Graph",
    "NotKnownError",
    "Resource",
    "Tags",
    "Unknown",
    "View",
    "arn_region",
    "as_number",
    "both",
    "either",
    "named",
    "plain",
    "strings",
    "sure",
]
