"""Which AWS service a module of pulumi_aws belongs to."""

from __future__ import annotations

from sandbox.provider import models
from sandbox.provider.derived.facts import FACTS


def service(module: str, name: str) -> str | None:
    """The service's name in botocore for a class of a module; None when botocore has none."""
    longest = sorted(FACTS.prefixes.get(module, {}).items(), key=lambda each: -len(each[0]))
    for prefix, chosen in longest:
        if name.startswith(prefix):
            return chosen
    return FACTS.services.get(module) or models.names().get(module)
