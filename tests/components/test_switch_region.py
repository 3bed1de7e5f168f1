from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.switch import (
    Approval,
    GlobalDatabase,
    Minutes,
    RegionSwitch,
    RegionSwitchArgs,
    Report,
    ServicePair,
    Traffic,
    Trigger,
)
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

EAST, WEST = "us-east-1", "us-west-2"
TAGS = Tags(
    environment="production",
    system="shop",
    owner="platform",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=0.25,
    rpo_minutes=1,
)
GROUPS = {region: f"arn:aws:autoscaling:{region}:123456789012:autoScalingGroup:x" for region in (EAST, WEST)}
CLUSTERS = {region: f"arn:aws:rds:{region}:123456789012:cluster:db" for region in (EAST, WEST)}
HEALTH = {region: f"arn:aws:cloudwatch:{region}:123456789012:alarm:unhealthy" for region in (EAST, WEST)}
LAG, HOSTS = (f"arn:aws:cloudwatch:us-west-2:123456789012:alarm:{name}" for name in ("lag", "hosts"))
ROLE = "arn:aws:iam::123456789012:role/ops"
ARGS = RegionSwitchArgs(
    plan_name="shop",
    regions=(EAST, WEST),
    groups=GROUPS,
    database=GlobalDatabase(identifier="shop", cluster_arns=CLUSTERS),
    traffic=Traffic(zone_id="Z1", name="www.holdfast.example"),
    health=HEALTH,
    tags=TAGS,
)
PAIR = ServicePair(
    label="web",
    cluster_arns={r: f"arn:aws:ecs:{r}:123456789012:cluster/shop" for r in (EAST, WEST)},
    service_arns={r: f"arn:aws:ecs:{r}:123456789012:service/shop/web" for r in (EAST, WEST)},
)
TRIGGER = Trigger(red={"replication": LAG}, green={"servers": HOSTS})


def run(args: RegionSwitchArgs = ARGS, *, preview: bool = False) -> Deployment:
    def program() -> None:
        switch = RegionSwitch("shop-switch", args)
        pulumi.export("arn", switch.arn)
        pulumi.export("checks", switch.health_check_ids)
        pulumi.export("fact", switch.recovery_fact)

    return deploy(program, preview=preview)


def plan(args: RegionSwitchArgs = ARGS) -> dict[str, Any]:
    return run(args).one("aws:arcregionswitch/plan:Plan").inputs


def statements(args: RegionSwitchArgs = ARGS) -> dict[str, Any]:
    """Action to resource of everything that the role may do."""
    policy = json.loads(run(args).one("RolePolicy").inputs["policy"])
    assert {s["Effect"] for s in policy["Statement"]} == {"Allow"}
    listed = [(s["Action"], s["Resource"]) for s in policy["Statement"]]
    return {
        a: where for actions, where in listed for a in ([actions] if isinstance(actions, str) else actions)
    }


def exported(deployment: Deployment) -> dict[str, Any]:
    return deployment.outputs[next(urn for urn in deployment.outputs if "pulumi:pulumi:Stack" in urn)]


CAPACITY = {
    "name": "start-servers",
    "executionBlockType": "EC2AutoScaling",
    "ec2AsgCapacityIncreaseConfigs": [
        {
            "asgs": [{"arn": GROUPS[EAST]}, {"arn": GROUPS[WEST]}],
            "capacityMonitoringApproach": "sampledMaxInLast24Hours",
            "targetPercent": 100,
            "timeoutMinutes": 10,
            "ungraceful": {"minimumSuccessPercentage": 50},
        }
    ],
}
DATABASE = {
    "name": "fail-over-database",
    "executionBlockType": "AuroraGlobalDatabase",
    "globalAuroraConfigs": [
        {
            "behavior": "switchoverOnly",
            "ungracefuls": [{"ungraceful": "failover"}],
            "globalClusterIdentifier": "shop",
            "databaseClusterArns": [CLUSTERS[EAST], CLUSTERS[WEST]],
            "timeoutMinutes": 10,
        }
    ],
}
SEND = {
    "name": "send-traffic",
    "executionBlockType": "Route53HealthCheck",
    "route53HealthCheckConfigs": [
        {"hostedZoneId": "Z1", "recordName": "www.holdfast.example", "timeoutMinutes": 2}
    ],
}
MOVE = {
    "name": "move",
    "executionBlockType": "Parallel",
    "parallelConfigs": [{"steps": [CAPACITY, DATABASE]}],
}


def test_regions_that_take_turns_can_each_be_activated() -> None:
    found = plan()
    assert found["recoveryApproach"] == "activePassive"
    assert (found["primaryRegion"], found["regions"]) == (EAST, [EAST, WEST])
    assert found["recoveryTimeObjectiveMinutes"] == 15
    assert found["workflows"] == [
        {"workflowTargetAction": "activate", "workflowTargetRegion": region, "steps": [MOVE, SEND]}
        for region in (WEST, EAST)
    ]
    assert found["tags"] == TAGS.resource("shop-switch-plan")
    assert "triggers" not in found


def test_regions_that_both_serve_can_be_taken_out_with_the_writer_and_back_in_without() -> None:
    found = plan(replace(ARGS, both_serve=True, trigger=TRIGGER))
    assert found["recoveryApproach"] == "activeActive"
    assert "primaryRegion" not in found
    steps = {(w["workflowTargetAction"], w["workflowTargetRegion"]): w["steps"] for w in found["workflows"]}
    assert steps["activate", EAST] == steps["activate", WEST] == [CAPACITY, SEND]
    assert steps["deactivate", WEST] == [MOVE, SEND]
    lossy = steps["deactivate", EAST][0]["parallelConfigs"][0]["steps"][1]["globalAuroraConfigs"][0]
    assert lossy["behavior"] == "failover"
    assert (found["triggers"][0]["action"], found["triggers"][0]["targetRegion"]) == ("deactivate", EAST)


def test_what_nothing_is_given_for_is_no_step() -> None:
    only = plan(replace(ARGS, groups={}, database=None))
    assert [w["steps"] for w in only["workflows"]] == [[SEND], [SEND]]
    child = plan(replace(ARGS, traffic=None, groups={}, children=["arn:child"]))
    assert child["workflows"][0]["steps"] == [
        DATABASE,
        {
            "name": "child-1",
            "executionBlockType": "ARCRegionSwitchPlan",
            "regionSwitchPlanConfigs": [{"arn": "arn:child"}],
        },
    ]


def test_a_trigger_waits_for_all_its_alarms_and_is_told_apart_from_health() -> None:
    found = plan(replace(ARGS, trigger=TRIGGER))
    assert found["triggers"] == [
        {
            "action": "activate",
            "targetRegion": WEST,
            "minDelayMinutesBetweenExecutions": 60,
            "conditions": [
                {"associatedAlarmName": "replication", "condition": "red"},
                {"associatedAlarmName": "servers", "condition": "green"},
            ],
            "description": f"{EAST} is gone and {WEST} can serve",
        }
    ]
    kinds = {a["mapBlockKey"]: (a["alarmType"], a["resourceIdentifier"]) for a in found["associatedAlarms"]}
    assert kinds == {
        "replication": ("trigger", LAG),
        "servers": ("trigger", HOSTS),
        f"health-{EAST}": ("applicationHealth", HEALTH[EAST]),
        f"health-{WEST}": ("applicationHealth", HEALTH[WEST]),
    }
    behavior = {
        w["workflowTargetRegion"]: w["steps"][0]["parallelConfigs"][0]["steps"][1]["globalAuroraConfigs"][0][
            "behavior"
        ]
        for w in found["workflows"]
    }
    assert behavior == {WEST: "failover", EAST: "switchoverOnly"}


def test_approval_comes_first() -> None:
    steps = plan(replace(ARGS, approval=Approval(role_arn=ROLE, minutes=3)))["workflows"][0]["steps"]
    assert steps == [
        {
            "name": "approve",
            "executionBlockType": "ManualApproval",
            "executionApprovalConfigs": [{"approvalRole": ROLE, "timeoutMinutes": 3}],
        },
        MOVE,
        SEND,
    ]


def test_the_report_goes_to_a_bucket() -> None:
    [report] = plan(replace(ARGS, report=Report(bucket="reports")))["reportConfigurations"]
    assert report == {
        "reportOutputs": [
            {"s3Configurations": [{"bucketPath": "reports/shop", "bucketOwner": "123456789012"}]}
        ]
    }


def test_the_role_may_do_what_the_steps_do_and_nothing_else() -> None:
    whole = statements(
        replace(
            ARGS, trigger=TRIGGER, report=Report(bucket="reports", key_arn="arn:key"), children=["arn:child"]
        )
    )
    own = "arn:aws:arc-region-switch::123456789012:plan/shop:*"
    role = "arn:aws:mock:us-east-1:123456789012:shop-switch-role"
    clusters = ["arn:aws:rds::123456789012:global-cluster:shop", CLUSTERS[EAST], CLUSTERS[WEST]]
    alarms = [HEALTH[EAST], HEALTH[WEST], LAG, HOSTS]
    assert whole == {
        "iam:SimulatePrincipalPolicy": role,
        "arc-region-switch:GetPlan": own,
        "arc-region-switch:GetPlanExecution": ["arn:child"],
        "arc-region-switch:ListPlanExecutions": ["arn:child"],
        "arc-region-switch:StartPlanExecution": ["arn:child"],
        "arc-region-switch:CancelPlanExecution": ["arn:child"],
        "arc-region-switch:UpdatePlanExecution": ["arn:child"],
        "autoscaling:DescribeAutoScalingGroups": "*",
        "autoscaling:UpdateAutoScalingGroup": [GROUPS[EAST], GROUPS[WEST]],
        "rds:DescribeGlobalClusters": "*",
        "rds:DescribeDBClusters": "*",
        "rds:FailoverGlobalCluster": clusters,
        "rds:SwitchoverGlobalCluster": clusters,
        "route53:ListResourceRecordSets": "arn:aws:route53:::hostedzone/Z1",
        "cloudwatch:DescribeAlarms": alarms,
        "cloudwatch:DescribeAlarmHistory": alarms,
        "s3:PutObject": "arn:aws:s3:::reports/*",
        "kms:GenerateDataKey": "arn:key",
        "kms:Encrypt": "arn:key",
    }
    assert set(statements(replace(ARGS, groups={}, database=None, health={}))) == {
        "iam:SimulatePrincipalPolicy",
        "arc-region-switch:GetPlan",
        "arc-region-switch:GetPlanExecution",
        "arc-region-switch:ListPlanExecutions",
        "route53:ListResourceRecordSets",
    }


def test_tasks_of_each_service_start_beside_the_writer() -> None:
    other = replace(PAIR, label="orders")
    found = plan(replace(ARGS, groups={}, services=[PAIR, other]))
    for workflow in found["workflows"]:
        steps = workflow["steps"][0]["parallelConfigs"][0]["steps"]
        assert [s["name"] for s in steps] == ["start-web", "start-orders", "fail-over-database"]
        assert steps[0]["executionBlockType"] == "ECSServiceScaling"
        assert steps[0]["ecsCapacityIncreaseConfigs"] == [
            {
                "services": [
                    {"clusterArn": PAIR.cluster_arns[r], "serviceArn": PAIR.service_arns[r]}
                    for r in (EAST, WEST)
                ],
                "capacityMonitoringApproach": "sampledMaxInLast24Hours",
                "targetPercent": 100,
                "timeoutMinutes": 10,
                "ungraceful": {"minimumSuccessPercentage": 50},
            }
        ]
    told = exported(run(replace(ARGS, groups={}, services=[PAIR])))["fact"]
    assert told["blocks"] == ["capacity", "dns", "global-aurora"]
    assert told["covers"][:2] == list(PAIR.service_arns.values())
    may = statements(replace(ARGS, groups={}, services=[PAIR]))
    assert may["ecs:UpdateService"] == may["ecs:DescribeServices"] == list(PAIR.service_arns.values())
    assert may["ecs:DescribeClusters"] == list(PAIR.cluster_arns.values())
    assert {a for a, where in may.items() if where == "*"} == {
        "ecs:ListServices",
        "cloudwatch:GetMetricStatistics",
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:DescribeScalableTargets",
        "rds:DescribeGlobalClusters",
        "rds:DescribeDBClusters",
    }


def test_only_the_service_takes_the_role_and_the_plan_waits_for_its_policy() -> None:
    deployment = run()
    trusted = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert [s["Principal"] for s in trusted] == [{"Service": "arc-region-switch.amazonaws.com"}]
    made = deployment.one("aws:arcregionswitch/plan:Plan")
    assert deployment.one("RolePolicy").urn in made.dependencies
    assert made.parent == deployment.one("holdfast:switch:RegionSwitch").urn
    assert deployment.one("aws:iam/role:Role").tags == TAGS.resource("shop-switch-role")


def test_the_checks_are_told_by_region_and_in_a_preview_not_at_all() -> None:
    deployment = run()
    assert exported(deployment)["checks"] == {EAST: "switch-us-east-1", WEST: "switch-us-west-2"}
    assert [token for token, _ in deployment.invokes].count(
        "aws:arcregionswitch/getRoute53HealthChecks:getRoute53HealthChecks"
    ) == 1
    assert exported(run(replace(ARGS, traffic=None)))["checks"] == {}
    assert run(preview=True).one("aws:arcregionswitch/plan:Plan").inputs["name"] == "shop"


def test_it_tells_what_it_takes_from_people() -> None:
    told = exported(run(replace(ARGS, trigger=TRIGGER)))["fact"]
    assert told["blocks"] == ["capacity", "dns", "global-aurora"]
    assert told["covers"] == [GROUPS[EAST], GROUPS[WEST], "shop", "www.holdfast.example"]
    assert (told["triggered"], told["approval"]) == (True, False)
    assert exported(run())["fact"]["triggered"] is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"plan_name": "-shop"}, "plan_name: got '-shop', allowed is 1 to 32 letters, digits and -"),
        ({"plan_name": "s" * 33}, "plan_name: got"),
        ({"regions": (EAST,)}, "regions: got \\['us-east-1'\\], allowed is two regions"),
        ({"regions": (EAST, EAST)}, "regions: got"),
        (
            {"minutes": Minutes(database=16)},
            "minutes.database: got 16, allowed is 1 to 15 minutes: the recovery time objective",
        ),
        ({"minutes": Minutes(capacity=0)}, "minutes.capacity: got 0, allowed is 1 to 15 minutes"),
        (
            {"minutes": Minutes(database=14)},
            "minutes: got 16, allowed is at most the recovery time objective of 15 minutes",
        ),
        ({"approval": Approval(role_arn=ROLE)}, "minutes: got 17, allowed is at most"),
        (
            {"groups": {EAST: "x"}},
            "groups: got \\['us-east-1'\\], allowed is one for each of us-east-1, us-west-2",
        ),
        (
            {"database": GlobalDatabase(identifier="shop", cluster_arns={WEST: "x"})},
            "database.cluster_arns: got \\['us-west-2'\\], allowed is one for each",
        ),
        (
            {"groups": {}, "database": None, "traffic": None},
            "steps: got none, allowed is groups, services, a database, stores, traffic or child plans",
        ),
        (
            {"services": [replace(PAIR, service_arns={EAST: "x"})]},
            "services\\[web\\].service_arns: got \\['us-east-1'\\], allowed is one for each",
        ),
        (
            {"services": [replace(PAIR, cluster_arns={WEST: "x"})]},
            "services\\[web\\].cluster_arns: got \\['us-west-2'\\], allowed is one for each",
        ),
        ({"services": [PAIR, PAIR]}, "services: got web more than once, allowed is each once"),
        (
            {"groups": {}, "services": [PAIR], "minutes": Minutes(capacity=16)},
            "minutes.capacity: got 16, allowed is 1 to 15 minutes",
        ),
        (
            {"health": {"eu-west-1": "x"}},
            "health: got 'eu-west-1', allowed is alarms of us-east-1, us-west-2",
        ),
        ({"trigger": Trigger(red={})}, "trigger.red: got \\[\\], allowed is 1 or more"),
        (
            {"trigger": Trigger(red={"lag": LAG}, green={"lag": HOSTS})},
            "trigger: got \\['lag'\\], allowed is names that are either red or green",
        ),
        (
            {"trigger": Trigger(red={"lag": LAG}, delay_minutes=0)},
            "trigger.delay_minutes: got 0, allowed is 1 or",
        ),
        ({"tags": replace(TAGS, rto_hours=200)}, "tags.rto_hours: got 12000, allowed is 1 to 10080 minutes"),
    ],
)
def test_refused(changes: dict[str, Any], message: str) -> None:
    deployment = Deployment()
    with pytest.raises(ValueError, match=message):
        deploy(lambda: RegionSwitch("shop", replace(ARGS, **changes)) and None, into=deployment)
    assert [r for r in deployment.resources if r.type != "pulumi:pulumi:Stack"] == []
