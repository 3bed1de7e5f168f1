from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R, subnets
from tests.policies.cases.multi_az_compute import GROUP, SERVICE, THREE

POLICY = "aws:autoscaling/policy:Policy"
FUNCTION = "aws:lambda/function:Function"


def tracked(target: object, *zones: str) -> list[R]:
    nets = subnets(*zones)
    tracking = {
        "targetValue": target,
        "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
    }
    return [
        R(
            POLICY,
            props={"autoscalingGroupName": NOT_KNOWN, "targetTrackingConfiguration": tracking},
            refs={"autoscalingGroupName": ["group"]},
        ),
        R(
            GROUP,
            "group",
            {"vpcZoneIdentifiers": [NOT_KNOWN for _ in nets]},
            {"vpcZoneIdentifiers": [n.name for n in nets]},
        ),
        *nets,
    ]


def followed(target: object, *zones: str) -> list[R]:
    """A service's policy, the range that it moves in, and the service."""
    nets = subnets(*zones)
    tracking = {
        "targetValue": target,
        "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
    }
    return [
        R(
            "aws:appautoscaling/policy:Policy",
            props={"resourceId": NOT_KNOWN, "targetTrackingScalingPolicyConfiguration": tracking},
            refs={"resourceId": ["range"]},
        ),
        R("aws:appautoscaling/target:Target", "range", {"resourceId": NOT_KNOWN}, {"resourceId": ["web"]}),
        R(
            SERVICE,
            "web",
            {"networkConfiguration": {"subnets": [NOT_KNOWN for _ in nets]}},
            {"networkConfiguration": [n.name for n in nets]},
        ),
        *nets,
    ]


def mixed(*types: str, **spread: object) -> R:
    overrides = [{"instanceType": each} for each in types]
    return R(
        GROUP,
        props={
            "mixedInstancesPolicy": {
                "instancesDistribution": spread,
                "launchTemplate": {"overrides": overrides},
            }
        },
    )


def fargate(**base: object) -> R:
    return R(
        SERVICE,
        props={
            "capacityProviderStrategies": [
                {"capacityProvider": name, "weight": 1, **({"base": count} if count else {})}
                for name, count in base.items()
            ]
        },
    )


def connected(*targets: R, **props: object) -> list[R]:
    environment = {"variables": {"HOST": NOT_KNOWN}}
    return [
        R(
            FUNCTION,
            props={"environment": environment, **props},
            refs={"environment": [t.name for t in targets]},
        ),
        *targets,
    ]


def rotation() -> R:
    refs = {"rotationLambdaArn": ["it"]}
    return R("aws:secretsmanager/secretRotation:SecretRotation", "r", {"rotationLambdaArn": NOT_KNOWN}, refs)


def permission(principal: object) -> R:
    props = {"principal": principal, "function": NOT_KNOWN, "sourceAccount": "123456789012"}
    return R("aws:lambda/permission:Permission", "p", props, {"function": ["it"]})


CLUSTER = R("aws:rds/cluster:Cluster", "orders")
PROXY = R("aws:rds/proxy:Proxy", "proxy")

CASES = [
    Case(
        rule="autoscaling-policy-zone-loss-headroom",
        bad=tracked(70, *THREE),
        good=tracked(66, *THREE),
        unsure=tracked(NOT_KNOWN, *THREE),
    ),
    Case(
        rule="autoscaling-policy-zone-loss-headroom",
        note="two-zones",
        bad=tracked(60, "use1-az1", "use1-az2"),
        good=tracked(50, "use1-az1", "use1-az2"),
        unsure=tracked(60, NOT_KNOWN, "use1-az2", "use1-az4"),
    ),
    Case(
        rule="autoscaling-policy-zone-loss-headroom",
        note="limit",
        bad=tracked(60, *THREE),
        good=tracked(50, *THREE),
        unsure=tracked(NOT_KNOWN, *THREE),
        config={"autoscaling-policy-zone-loss-headroom": {"limitPercent": 80}},
    ),
    Case(
        rule="autoscaling-policy-zone-loss-headroom",
        note="service",
        bad=followed(70, *THREE),
        good=followed(66, *THREE),
        unsure=followed(NOT_KNOWN, *THREE),
    ),
    Case(
        rule="autoscaling-group-on-demand-base",
        bad=[mixed("m7g.large", "m6g.large", "m5.large", onDemandPercentageAboveBaseCapacity=0)],
        good=[
            mixed(
                "m7g.large",
                "m6g.large",
                "m5.large",
                onDemandBaseCapacity=3,
                onDemandPercentageAboveBaseCapacity=0,
            )
        ],
        unsure=[
            mixed(
                "m7g.large",
                "m6g.large",
                "m5.large",
                onDemandBaseCapacity=NOT_KNOWN,
                onDemandPercentageAboveBaseCapacity=0,
            )
        ],
    ),
    Case(
        rule="autoscaling-group-on-demand-base",
        note="types",
        bad=[mixed("m7g.large", onDemandBaseCapacity=3, onDemandPercentageAboveBaseCapacity=0)],
        good=[R(GROUP)],
        unsure=[R(GROUP, props={"mixedInstancesPolicy": NOT_KNOWN})],
        level="advisory",
    ),
    Case(
        rule="ecs-service-on-demand-base",
        bad=[fargate(FARGATE_SPOT=0)],
        good=[fargate(FARGATE_SPOT=0, FARGATE=2)],
        unsure=[fargate(FARGATE_SPOT=0, FARGATE=NOT_KNOWN)],
    ),
    Case(
        rule="lambda-function-database-concurrency",
        bad=connected(CLUSTER, reservedConcurrentExecutions=NOT_KNOWN),
        good=connected(CLUSTER, reservedConcurrentExecutions=50),
        unsure=[*connected(CLUSTER), R("aws:ssm/parameter:Parameter", "limit")],
        then="bad",
    ),
    Case(
        rule="lambda-function-database-concurrency",
        note="proxy",
        bad=connected(CLUSTER, reservedConcurrentExecutions=-1),
        good=connected(PROXY),
        unsure=[R(FUNCTION, props={"environment": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="lambda-function-database-concurrency",
        note="rotation",
        bad=[*connected(CLUSTER), rotation(), permission("apigateway.amazonaws.com")],
        good=[*connected(CLUSTER), rotation(), permission("secretsmanager.amazonaws.com")],
        unsure=[*connected(CLUSTER), rotation(), permission(NOT_KNOWN)],
        then="bad",
    ),
    Case(
        rule="autoscaling-group-elb-health-check",
        bad=[
            R(
                GROUP,
                props={"targetGroupArns": [NOT_KNOWN], "healthCheckType": "EC2"},
                refs={"targetGroupArns": ["tg"]},
            ),
            R("aws:lb/targetGroup:TargetGroup", "tg"),
        ],
        good=[R(GROUP, props={"targetGroupArns": ["arn"], "healthCheckType": "ELB"})],
        unsure=[
            R(
                GROUP,
                props={"targetGroupArns": ["arn"], "healthCheckType": NOT_KNOWN},
                refs={"healthCheckType": ["tg"]},
            ),
            R("aws:lb/targetGroup:TargetGroup", "tg"),
        ],
    ),
    Case(
        rule="autoscaling-group-elb-health-check",
        note="attachment",
        bad=[
            R(GROUP),
            R(
                "aws:autoscaling/attachment:Attachment",
                "a",
                {"autoscalingGroupName": NOT_KNOWN},
                {"autoscalingGroupName": ["it"]},
            ),
        ],
        good=[R(GROUP, props={"targetGroupArns": NOT_KNOWN})],
        unsure=[R(GROUP, props={"healthCheckType": NOT_KNOWN, "targetGroupArns": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="autoscaling-group-on-demand-base",
        note="one-type",
        bad=[mixed("m7g.large", "m6g.large", onDemandBaseCapacity=1, onDemandPercentageAboveBaseCapacity=50)],
        good=[
            R(
                GROUP,
                props={
                    "mixedInstancesPolicy": {
                        "instancesDistribution": {
                            "onDemandBaseCapacity": 1,
                            "onDemandPercentageAboveBaseCapacity": 50,
                        },
                        "launchTemplate": {
                            "overrides": [{"instanceRequirements": {"memoryMib": {"min": 4096}}}]
                        },
                    }
                },
            ),
        ],
        unsure=[mixed("m7g.large", onDemandPercentageAboveBaseCapacity=NOT_KNOWN)],
        level="advisory",
    ),
    Case(
        rule="autoscaling-group-on-demand-base",
        note="on-demand",
        bad=[mixed("m7g.large", "m6g.large", "m5.large", onDemandPercentageAboveBaseCapacity=99)],
        good=[mixed("m7g.large")],
        unsure=[mixed("m7g.large", onDemandPercentageAboveBaseCapacity=NOT_KNOWN)],
    ),
]
