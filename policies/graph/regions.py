"""The region of a stack whose provider doesn't name one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from .resource import STACK, Resource, arn_region

_PROVIDER: Final = "pulumi:providers:aws"


def home_of(resources: Iterable[Resource]) -> str:
    """A stack's own region: as its output says, as its default provider's setting, else where most of its ARNs are; empty when none."""
    found: Counter[str] = Counter()
    told = ""
    for r in resources:
        if r.type == STACK:
            said = r.get("recovery.region")
            if isinstance(said, str):
                return said
        if r.type.startswith(_PROVIDER) and r.name.startswith("default"):
            region = r.get("region")
            told = told or (region if isinstance(region, str) else "")
        elif r.type.startswith("aws:"):
            region = arn_region(r.props.get("arn"))
            if region and r.get("region") in (None, region):
                found[region] += 1
    return told or (found.most_common(1)[0][0] if found else "")
