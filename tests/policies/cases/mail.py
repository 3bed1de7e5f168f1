from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

SET, TOLD = (
    "aws:sesv2/configurationSet:ConfigurationSet",
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
)
OLD_SET, OLD_TOLD = "aws:ses/configurationSet:ConfigurationSet", "aws:ses/eventDestination:EventDestination"
OF_IT = {"configurationSetName": ["it"]}


def told(enabled: object) -> R:
    return R(TOLD, "told", {"eventDestination": {"enabled": enabled}}, OF_IT)


CASES = [
    Case(
        rule="ses-configuration-set-tls",
        bad=[R(SET)],
        good=[R(SET, props={"deliveryOptions": {"tlsPolicy": "REQUIRE"}})],
        unsure=[R(SET, props={"deliveryOptions": {"tlsPolicy": NOT_KNOWN}})],
    ),
    Case(
        rule="ses-configuration-set-tls",
        note="the older API, and said to be optional",
        bad=[R(OLD_SET, props={"deliveryOptions": {"tlsPolicy": "Optional"}})],
        good=[R(OLD_SET, props={"deliveryOptions": {"tlsPolicy": "Require"}})],
        unsure=[R(OLD_SET, props={"deliveryOptions": NOT_KNOWN})],
    ),
    Case(
        rule="ses-configuration-set-events",
        bad=[R(SET)],
        good=[R(SET), told(True)],
        unsure=[R(SET), told(NOT_KNOWN)],
    ),
    Case(
        rule="ses-configuration-set-events",
        note="a destination that is off",
        bad=[R(SET), told(False)],
        good=[R(SET), told(True)],
        unsure=[R(SET), told(NOT_KNOWN)],
    ),
    Case(
        rule="ses-configuration-set-events",
        note="the older API",
        bad=[R(OLD_SET), R(OLD_TOLD, "told", {}, OF_IT)],
        good=[R(OLD_SET), R(OLD_TOLD, "told", {"enabled": True}, OF_IT)],
        unsure=[R(OLD_SET), R(OLD_TOLD, "told", {"enabled": NOT_KNOWN}, OF_IT)],
    ),
]
