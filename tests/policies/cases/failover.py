from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R
from tests.policies.cases.routing import CHECK, FIRST, LAST, RECORD, ZONE, alias, checked, record

CASES = [
    Case(
        rule="route53-record-health-check",
        bad=[record(failoverRoutingPolicies=FIRST)],
        good=[record(failoverRoutingPolicies=FIRST, healthCheckId=NOT_KNOWN)],
        unsure=[record(failoverRoutingPolicies=NOT_KNOWN)],
    ),
    Case(
        rule="route53-record-health-check",
        note="latency",
        bad=[record(latencyRoutingPolicies=[{"region": "us-east-1"}], aliases=alias(False))],
        good=[record(latencyRoutingPolicies=[{"region": "us-east-1"}], aliases=alias(True))],
        unsure=[record(latencyRoutingPolicies=[{"region": "us-east-1"}], aliases=alias(NOT_KNOWN))],
    ),
    Case(
        rule="route53-record-health-check",
        note="alias-primary",
        bad=[record(failoverRoutingPolicies=FIRST, aliases=alias(False), healthCheckId="")],
        good=[record(failoverRoutingPolicies=FIRST, aliases=alias(True))],
        unsure=[record(failoverRoutingPolicies=[{"type": NOT_KNOWN}])],
    ),
    Case(
        rule="route53-record-health-check",
        note="cloudfront-primary",
        bad=[record(failoverRoutingPolicies=FIRST, aliases=alias(False, zone="Z2FDTNDATAQYW2"))],
        good=[record(weightedRoutingPolicies=[{"weight": 1}], aliases=alias(False, zone="Z2FDTNDATAQYW2"))],
        unsure=[record(failoverRoutingPolicies=FIRST, aliases=NOT_KNOWN)],
    ),
    *(
        Case(
            rule="route53-record-health-check",
            note=note,
            remedy="Set disabled=False on the check and on its children, and child_health_threshold=1 or more",
            bad=checked(never, *children),
            good=checked(does, *children),
            unsure=checked(maybe, *children),
        )
        for note, never, does, maybe, children in (
            (
                "disabled",
                {"type": "HTTPS", "disabled": True},
                {"type": "HTTPS", "disabled": False},
                {"type": "HTTPS", "disabled": NOT_KNOWN},
                [],
            ),
            (
                "threshold",
                {"type": "CALCULATED", "childHealthThreshold": 0},
                {"type": "CALCULATED", "childHealthThreshold": 1},
                {"type": "CALCULATED", "childHealthThreshold": NOT_KNOWN},
                [R(CHECK, "child", {"type": "TCP"})],
            ),
            (
                "disabled-child",
                {"type": "CALCULATED", "childHealthThreshold": 1},
                {"type": "CALCULATED", "childHealthThreshold": 2},
                {"type": "CALCULATED", "childHealthThreshold": 2, "disabled": NOT_KNOWN},
                [R(CHECK, "child", {"type": "TCP"}), R(CHECK, "off", {"type": "TCP", "disabled": True})],
            ),
        )
    ),
    Case(
        rule="route53-failover-record-pair",
        note="zones",
        bad=[
            record(failoverRoutingPolicies=FIRST, zoneId="Z1"),
            record("other", failoverRoutingPolicies=LAST, zoneId="Z2"),
        ],
        good=[
            record(failoverRoutingPolicies=FIRST, zoneId="Z1"),
            record("other", failoverRoutingPolicies=LAST, zoneId="Z1"),
        ],
        unsure=[
            R(
                RECORD,
                props={"name": NOT_KNOWN, "type": "A", "failoverRoutingPolicies": FIRST, "zoneId": "Z1"},
            )
        ],
    ),
    Case(
        rule="route53-failover-record-pair",
        note="one-name-in-two-spellings",
        bad=[
            record(failoverRoutingPolicies=FIRST),
            record("other", failoverRoutingPolicies=LAST, name="www"),
        ],
        good=[
            R(ZONE, "zone", {"name": "example.com"}),
            R(
                RECORD,
                "it",
                {"name": "www", "type": "A", "failoverRoutingPolicies": FIRST, "zoneId": NOT_KNOWN},
                {"zoneId": ["zone"]},
            ),
            R(
                RECORD,
                "other",
                {
                    "name": "WWW.example.com.",
                    "type": "A",
                    "failoverRoutingPolicies": LAST,
                    "zoneId": NOT_KNOWN,
                },
                {"zoneId": ["zone"]},
            ),
            record("third", failoverRoutingPolicies=FIRST, name="api"),
            record("fourth", failoverRoutingPolicies=LAST, name="api", fqdn="api"),
        ],
        unsure=[record(failoverRoutingPolicies=FIRST, name=NOT_KNOWN)],
    ),
    Case(
        rule="route53-failover-record-pair",
        bad=[record(failoverRoutingPolicies=FIRST)],
        good=[record(failoverRoutingPolicies=FIRST), record("other", failoverRoutingPolicies=LAST)],
        unsure=[R(RECORD, props={"name": NOT_KNOWN, "type": "A", "failoverRoutingPolicies": FIRST})],
    ),
    Case(
        rule="route53-failover-record-pair",
        note="other-type",
        alone=True,
        bad=[
            record(failoverRoutingPolicies=LAST),
            R(RECORD, "other", {"name": "www.example.com", "type": "AAAA", "failoverRoutingPolicies": FIRST}),
        ],
        good=[record(ttl=60)],
        unsure=[record(failoverRoutingPolicies=NOT_KNOWN)],
    ),
]
