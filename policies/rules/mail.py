"""Mail that is sent through Amazon SES: over TLS, and with somebody who hears what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource, sure

from .kernel.rule import Context, Finding, Scope, rule

_SETS: Final = ("aws:sesv2/configurationSet:ConfigurationSet", "aws:ses/configurationSet:ConfigurationSet")
_TOLD: Final = (
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
    "aws:ses/eventDestination:EventDestination",
)


@rule("ses-configuration-set-tls", *_SETS)
def ses_configuration_set_tls(resource: Resource, _context: Context) -> Iterator[Finding]:
    """SES's default sends in the clear to who offers no TLS. SES's older API writes Require, the newer one REQUIRE."""
    if resource.known.text("deliveryOptions.tlsPolicy", "OPTIONAL").upper() != "REQUIRE":
        yield Finding("deliveryOptions.tlsPolicy is not REQUIRE.")


@rule("ses-configuration-set-events", *_SETS, scope=Scope.GRAPH)
def ses_configuration_set_events(resource: Resource, context: Context) -> Iterator[Finding]:
    """A destination that is not enabled is told of nothing: AWS's default."""
    found = context.graph.users(resource, "configurationSetName", *_TOLD)
    if not any(sure(_enabled(each)) for each in found):
        yield Finding("it has no event destination that is enabled.")


def _enabled(told: Resource) -> bool:
    path = "enabled" if told.type == _TOLD[1] else "eventDestination.enabled"
    return told.known.flag(path)
