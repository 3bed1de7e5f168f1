from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

RECORD = "aws:route53/record:Record"
CHECK = "aws:route53/healthCheck:HealthCheck"
CONTROL = "aws:route53recoverycontrol/routingControl:RoutingControl"
SAFETY = "aws:route53recoverycontrol/safetyRule:SafetyRule"
TARGETS = "aws:lb/targetGroup:TargetGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ZONE = "aws:route53/zone:Zone"
FIRST = [{"type": "PRIMARY"}]
LAST = [{"type": "SECONDARY"}]


def alias(health: object, zone: object = "Z35SXDOTRQ7X7K") -> list[dict[str, object]]:
    return [{"name": NOT_KNOWN, "zoneId": zone, "evaluateTargetHealth": health}]


def record(label: str = "it", /, **props: object) -> R:
    return R(RECORD, label, {"name": "www.example.com", "type": "A", **props})


def routed_alias(target: str) -> list[R]:
    """A routed alias to a target whose zone is unknown, and the target."""
    props = {"latencyRoutingPolicies": [{"region": "us-east-1"}], "aliases": alias(False, zone=NOT_KNOWN)}
    return [
        R(RECORD, "it", {"name": "www.example.com", "type": "A", **props}, {"aliases": ["target"]}),
        R(target, "target"),
    ]


def of_pair(*, checked: bool = True, kept: bool = True, alone: object = False) -> list[R]:
    """An alias to a load balancer behind which a function, if `kept`, keeps one of two servers; `alone`: whether it is evaluated."""
    props = {
        "failoverRoutingPolicies": FIRST,
        "aliases": alias(alone),
        "name": "www.example.com",
        "type": "A",
    }
    refs = {"aliases": ["balancer"]}
    told = {"environment": {"variables": {"TIMING": "{}", "SERVING": NOT_KNOWN, "MEMBERS": NOT_KNOWN}}}
    return [
        R(
            RECORD,
            "it",
            {**props, **({"healthCheckId": NOT_KNOWN} if checked else {})},
            {**refs, **({"healthCheckId": ["check"]} if checked else {})},
        ),
        check("check", resourcePath="/health"),
        R(BALANCER, "balancer", {"loadBalancerType": "application"}),
        R(
            "aws:lb/listener:Listener",
            "public",
            {},
            {"loadBalancerArn": ["balancer"], "defaultActions": ["serving"]},
        ),
        R(TARGETS, "serving"),
        R(TARGETS, "members"),
        R("aws:autoscaling/group:Group", "one", {}, {"targetGroupArns": ["members"]}),
        R("aws:autoscaling/group:Group", "two", {}, {"targetGroupArns": ["members"]}),
        *(
            [R("aws:lambda/function:Function", "watcher", told, {"environment": ["serving", "members"]})]
            if kept
            else []
        ),
    ]


def guarded(kind: object) -> list[R]:
    return [
        R(CONTROL),
        R(
            SAFETY,
            "rule",
            {"assertedControls": [NOT_KNOWN], "ruleConfig": {"type": kind, "threshold": 1}},
            {"assertedControls": ["it"]},
        ),
    ]


def check(name: str, **props: object) -> R:
    return R(CHECK, name, {"type": "HTTPS", "fqdn": "www.example.com", **props})


def checked(props: dict[str, object], *children: R) -> list[R]:
    """The primary of a pair with this health check."""
    return [
        R(
            RECORD,
            "it",
            {
                "name": "www.example.com",
                "type": "A",
                "failoverRoutingPolicies": FIRST,
                "healthCheckId": NOT_KNOWN,
            },
            {"healthCheckId": ["check"]},
        ),
        R(
            CHECK,
            "check",
            {**props, "childHealthchecks": [NOT_KNOWN for _ in children]},
            {"childHealthchecks": [each.name for each in children]},
        ),
        *children,
    ]


def unevaluated(*groups: str) -> list[R]:
    """An alias whose target isn't evaluated, of a load balancer with a rule that forwards to these target groups."""
    front = {"failoverRoutingPolicies": FIRST, "aliases": alias(False), "healthCheckId": "check"}
    return [
        R(RECORD, props=record(**front).props, refs={"aliases": ["alb"]}),
        R("aws:lb/loadBalancer:LoadBalancer", "alb"),
        R("aws:lb/listener:Listener", "https", {"loadBalancerArn": NOT_KNOWN}, {"loadBalancerArn": ["alb"]}),
        R(
            "aws:lb/listenerRule:ListenerRule",
            "path",
            {"listenerArn": NOT_KNOWN, "actions": [{"type": "forward"}]},
            {"listenerArn": ["https"], "actions": list(groups)},
        ),
        *(R("aws:lb/targetGroup:TargetGroup", group) for group in groups),
    ]


CASES = [
    Case(
        rule="route53-record-ttl",
        note="empty-aliases",
        bad=[record(failoverRoutingPolicies=FIRST, ttl=300, aliases=[])],
        good=[record(failoverRoutingPolicies=FIRST, aliases=alias(True), ttl=0)],
        unsure=[record(failoverRoutingPolicies=FIRST, ttl=NOT_KNOWN, aliases=[])],
    ),
    *(
        Case(
            rule=rule,
            note="cloudfront",
            bad=[routed_alias("aws:lb/loadBalancer:LoadBalancer")[0]],
            good=routed_alias("aws:cloudfront/distribution:Distribution"),
            unsure=[record(latencyRoutingPolicies=[{"region": "us-east-1"}], aliases=NOT_KNOWN)],
        )
        for rule in ("route53-record-health-check", "route53-alias-target-health")
    ),
    Case(
        rule="route53-record-ttl",
        bad=[record(failoverRoutingPolicies=FIRST, ttl=300)],
        good=[record(failoverRoutingPolicies=FIRST, ttl=60)],
        unsure=[record(failoverRoutingPolicies=FIRST, ttl=NOT_KNOWN)],
    ),
    Case(
        rule="route53-record-ttl",
        note="configured",
        bad=[record(weightedRoutingPolicies=[{"weight": 1}], ttl=60)],
        good=[record(ttl=3600)],
        unsure=[record(weightedRoutingPolicies=[{"weight": 1}], ttl=NOT_KNOWN)],
        config={"route53-record-ttl": {"maximumSeconds": 30}},
    ),
    Case(
        rule="route53-alias-target-health",
        bad=[record(failoverRoutingPolicies=FIRST, aliases=alias(False))],
        good=[record(failoverRoutingPolicies=FIRST, aliases=alias(False, zone="Z2FDTNDATAQYW2"))],
        unsure=[record(failoverRoutingPolicies=FIRST, aliases=alias(NOT_KNOWN))],
    ),
    Case(
        rule="route53-alias-target-health",
        note="last-resort",
        bad=[record(geolocationRoutingPolicies=[{"country": "*"}], aliases=alias(False))],
        good=[record(failoverRoutingPolicies=LAST, aliases=alias(False))],
        unsure=[record(failoverRoutingPolicies=FIRST, aliases=NOT_KNOWN)],
    ),
    Case(
        rule="route53-alias-target-health",
        note="blue-green",
        bad=unevaluated("blue"),
        good=unevaluated("blue", "green"),
        unsure=[record(failoverRoutingPolicies=FIRST, aliases=alias(NOT_KNOWN))],
    ),
    Case(
        rule="route53-alias-target-health",
        note="one-takes-over-from-another",
        bad=of_pair(kept=False),
        good=of_pair(),
        unsure=of_pair(checked=False, alone=NOT_KNOWN),
    ),
    Case(
        rule="route53-alias-target-health",
        note="one-takes-over-unchecked",
        bad=of_pair(checked=False),
        good=of_pair(checked=False, alone=True),
        unsure=of_pair(kept=False, alone=NOT_KNOWN),
    ),
    Case(
        rule="route53-health-check-by-name",
        bad=[R(CHECK, props={"type": "HTTPS", "ipAddress": "203.0.113.7"})],
        good=[check("it")],
        unsure=[R(CHECK, props={"type": "HTTPS", "ipAddress": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule="route53-health-check-deep-and-shallow",
        bad=[check("it", resourcePath="/")],
        good=[
            check("it", resourcePath="/health"),
            check("deep", resourcePath="/health/deep"),
            R(
                CHECK,
                "both",
                {"type": "CALCULATED", "childHealthchecks": [NOT_KNOWN]},
                {"childHealthchecks": ["it", "deep"]},
            ),
        ],
        unsure=[
            R(CHECK, n, {"type": "HTTPS", "fqdn": NOT_KNOWN, "resourcePath": p}, {"fqdn": ["alb"]})
            for n, p in (("it", "/"), ("deep", "/deep"))
        ]
        + [R(BALANCER, "alb")],
        then="good",
    ),
    Case(
        rule="route53-health-check-deep-and-shallow",
        note="static-site",
        bad=[check("it", resourcePath="/")],
        good=[
            R(CHECK, "it", {"type": "HTTPS", "fqdn": NOT_KNOWN}, {"fqdn": ["site"]}),
            R("aws:cloudfront/distribution:Distribution", "site"),
        ],
        unsure=[R(CHECK, "it", {"type": "HTTPS", "fqdn": "d1.cloudfront.net", "resourcePath": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="route53recoverycontrol-routing-control-safety-rule",
        bad=[R(CONTROL)],
        good=guarded("ATLEAST"),
        unsure=guarded(NOT_KNOWN),
    ),
    Case(
        rule="route53recoverycontrol-routing-control-safety-rule",
        note="other-kind",
        bad=guarded("OR"),
        good=guarded("ATLEAST"),
        unsure=guarded(NOT_KNOWN),
    ),
    Case(
        rule="lb-target-group-http-check",
        bad=[R(TARGETS, props={"protocol": "HTTP", "healthCheck": {"protocol": "TCP"}})],
        good=[R(TARGETS, props={"protocol": "HTTP", "healthCheck": {"matcher": "200-299"}})],
        unsure=[R(TARGETS, props={"protocol": "HTTP", "healthCheck": {"matcher": NOT_KNOWN}})],
    ),
    Case(
        rule="lb-target-group-http-check",
        note="matcher",
        bad=[R(TARGETS, props={"protocol": "HTTPS", "healthCheck": {"matcher": "200-499"}})],
        good=[R(TARGETS, props={"protocol": "TCP", "healthCheck": {"protocol": "TCP"}})],
        unsure=[R(TARGETS, props={"protocol": NOT_KNOWN})],
    ),
    Case(
        rule="lb-target-group-fail-open",
        bad=[R(TARGETS)],
        good=[
            R(
                TARGETS,
                props={"targetGroupHealth": {"dnsFailover": {"minimumHealthyTargetsPercentage": "50"}}},
            )
        ],
        unsure=[R(TARGETS, props={"targetGroupHealth": NOT_KNOWN})],
    ),
    Case(
        rule="lb-client-keep-alive",
        bad=[R(BALANCER)],
        good=[R(BALANCER, props={"clientKeepAlive": 180})],
        unsure=[R(BALANCER, props={"clientKeepAlive": NOT_KNOWN})],
    ),
    Case(
        rule="lb-client-keep-alive",
        note="network",
        bad=[R(BALANCER, props={"clientKeepAlive": 3600})],
        good=[R(BALANCER, props={"loadBalancerType": "network"})],
        unsure=[R(BALANCER, props={"loadBalancerType": NOT_KNOWN})],
    ),
    Case(
        rule="route53-zone-accelerated-recovery",
        bad=[R(ZONE)],
        good=[R(ZONE, props={"enableAcceleratedRecovery": True})],
        unsure=[R(ZONE, props={"enableAcceleratedRecovery": NOT_KNOWN})],
    ),
    Case(
        rule="lb-client-keep-alive",
        note="limit",
        bad=[R(BALANCER, props={"clientKeepAlive": 301})],
        good=[R(BALANCER, props={"clientKeepAlive": 300})],
        unsure=[R(BALANCER, props={"clientKeepAlive": NOT_KNOWN})],
    ),
    Case(
        rule="route53-health-check-deep-and-shallow",
        note="other-names",
        alone=True,
        bad=[
            check("it", resourcePath="/"),
            R(CHECK, "deep", {"type": "HTTPS", "fqdn": "other.example.com", "resourcePath": "/deep"}),
        ],
        good=[
            check("it", resourcePath="/"),
            check("tcp", type="TCP", resourcePath=None),
            check("deep", resourcePath="/deep"),
        ],
        unsure=[check("it", resourcePath=NOT_KNOWN)],
        then="bad",
    ),
]
