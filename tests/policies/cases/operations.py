"""Region switch plans, experiments, retired services, recovery objectives."""

from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

PLAN = "aws:arcregionswitch/plan:Plan"
TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"


def step(name: str, minutes: object) -> dict[str, object]:
    return {
        "name": name,
        "executionBlockType": "AuroraGlobalDatabase",
        "globalAuroraConfigs": [{"timeoutMinutes": minutes}],
    }


def parallel(*steps: dict[str, object]) -> dict[str, object]:
    return {"name": "both", "executionBlockType": "Parallel", "parallelConfigs": [{"steps": list(steps)}]}


PLANNED_ALONE = {
    "name": "follow",
    "executionBlockType": "CustomActionLambda",
    "customActionLambdaConfigs": [{"timeoutMinutes": 60, "ungracefuls": [{"behavior": "skip"}]}],
}
"""Left out when a region is lost."""


def plan(*steps: object, hours: object = "0.5", **props: object) -> list[R]:
    return [R(PLAN, props={"workflows": [{"steps": list(steps)}], "tags": {"rto-hours": hours}, **props})]


def alarms(*kinds: tuple[str, object], waits: str = "") -> list[R]:
    listed = [
        {"mapBlockKey": f"a{i}", "alarmType": kind, "resourceIdentifier": arn}
        for i, (kind, arn) in enumerate(kinds)
    ]
    triggers = (
        [{"action": "activate", "conditions": [{"associatedAlarmName": waits, "condition": "red"}]}]
        if waits
        else []
    )
    return [R(PLAN, props={"associatedAlarms": listed, "triggers": triggers})]


def experiment(**props: object) -> list[R]:
    return [R(TEMPLATE, props=props)]


def promised(hours: str, **props: object) -> list[R]:
    tags = {"rto-hours": hours, "rpo-minutes": "60"}
    return [R("aws:rds/instance:Instance", props={"tags": tags, "engine": "postgres", **props})]


CASES = [
    Case(  # the estimator's own tests go through each store and each failure
        rule="recovery-objectives",
        remedy="What to change: ",
        bad=promised("0.01", multiAz=True, backupRetentionPeriod=7),
        good=[R("aws:sns/topic:Topic")],
        unsure=promised("0.01", multiAz=NOT_KNOWN, backupRetentionPeriod=NOT_KNOWN),
        then="bad",
    ),
    Case(
        rule="arcregionswitch-plan-within-objective",
        bad=plan(step("scale", 15), step("database", 20), step("records", 5)),
        good=plan(parallel(step("scale", 15), step("database", 20)), PLANNED_ALONE, step("records", 5)),
        unsure=plan(step("scale", NOT_KNOWN)),
    ),
    Case(
        rule="arcregionswitch-plan-within-objective",
        note="one-step",
        bad=plan(step("database", 31)),
        good=plan(step("database", 30)),
        unsure=plan(step("database", 30), hours=NOT_KNOWN),
    ),
    Case(
        rule="arcregionswitch-plan-within-objective",
        note="own-objective",
        bad=plan(step("database", 20), hours="1", recoveryTimeObjectiveMinutes=10),
        good=[R(PLAN, props={"workflows": [{"steps": [step("database", 600)]}]})],
        unsure=plan(step("database", 20), recoveryTimeObjectiveMinutes=NOT_KNOWN),
    ),
    Case(
        rule="arcregionswitch-plan-alarms-separate",
        bad=alarms(("trigger", "arn:1"), ("applicationHealth", "arn:1")),
        good=alarms(("trigger", "arn:1"), ("applicationHealth", "arn:2"), waits="a0"),
        unsure=alarms((NOT_KNOWN, "arn:1")),
    ),
    Case(
        rule="arcregionswitch-plan-alarms-separate",
        note="trigger",
        bad=alarms(("trigger", "arn:1"), ("applicationHealth", "arn:2"), waits="a1"),
        good=alarms(("trigger", NOT_KNOWN), ("applicationHealth", NOT_KNOWN), waits="a0"),
        unsure=[R(PLAN, props={"triggers": NOT_KNOWN})],
    ),
    Case(
        rule="fis-experiment-template-stop-condition",
        bad=experiment(stopConditions=[{"source": "none"}]),
        good=experiment(stopConditions=[{"source": "aws:cloudwatch:alarm", "value": NOT_KNOWN}]),
        unsure=experiment(stopConditions=[{"source": NOT_KNOWN}]),
    ),
    Case(
        rule="fis-experiment-template-tag-filter",
        bad=experiment(targets=[{"name": "all", "resourceType": "aws:ec2:instance", "selectionMode": "ALL"}]),
        good=experiment(targets=[{"name": "some", "resourceTags": [{"key": "experiment", "value": "yes"}]}]),
        unsure=experiment(targets=[NOT_KNOWN]),
    ),
    Case(
        rule="fis-experiment-template-tag-filter",
        note="by-arn",
        bad=experiment(targets=[{"name": "one", "resourceArns": [NOT_KNOWN]}]),
        good=experiment(targets=[]),
        unsure=experiment(targets=NOT_KNOWN),
        level="advisory",
    ),
    Case(
        rule="fis-experiment-template-log",
        bad=experiment(),
        good=experiment(logConfiguration={"cloudwatchLogsConfiguration": {"logGroupArn": NOT_KNOWN}}),
        unsure=experiment(logConfiguration=NOT_KNOWN),
    ),
    *(
        Case(
            rule="aws-retired-service",
            note=old.split("/")[0][4:] + "-" + old.split(":")[-1],
            bad=[R(old)],
            good=[R("aws:lb/loadBalancer:LoadBalancer")],
            unsure=[R(old, props={known_later: NOT_KNOWN})],
            then="bad",
        )
        for old, known_later in (
            ("aws:appmesh/mesh:Mesh", "name"),
            ("aws:ec2/launchConfiguration:LaunchConfiguration", "name"),
            ("aws:cloudfront/originAccessIdentity:OriginAccessIdentity", "comment"),
            ("aws:route53recoveryreadiness/readinessCheck:ReadinessCheck", "readinessCheckName"),
            ("aws:elb/loadBalancer:LoadBalancer", "name"),
            ("aws:cloudsearch/domain:Domain", "name"),
            ("aws:elastictranscoder/pipeline:Pipeline", "name"),
            ("aws:elasticsearch/domain:Domain", "domainName"),
            ("aws:dynamodb/globalTable:GlobalTable", "name"),
            ("aws:s3/bucketObject:BucketObject", "key"),
        )
    ),
]
