"""ARC Region switch: a deployed plan is executed step by step against the sandbox's own AWS."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
from sandbox.aws.recorded import RECORDED
from sandbox.provider import Provider
from tests.pulumi_mocks import deploy
from tests.sandbox.emptied import emptied
from tests.sandbox.rds_world import global_database, members

EAST, WEST = "us-east-1", "us-west-2"
Boto = Callable[..., Any]

TAGS = Tags(
    environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=0.5, rpo_minutes=1
)
SITE = "www.holdfast.example"
PLAN = "aws:arcregionswitch/plan:Plan"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(
        aws_server,
        "rds",
        "autoscaling",
        "ec2",
        "route53",
        "s3",
        "cloudwatch",
        "ecs",
        "application-autoscaling",
    )


def group_of(boto: Boto, region: str, size: int) -> str:
    """An Auto Scaling group of that size; its ARN."""
    ec2, scaling = boto("ec2", region), boto("autoscaling", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=f"{region}a")
    template = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    made = ec2.create_launch_template(LaunchTemplateName="app", LaunchTemplateData=template)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=f"app-{region}", MinSize=size, MaxSize=9, DesiredCapacity=size,
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"},
        VPCZoneIdentifier=subnet["Subnet"]["SubnetId"],
    )  # fmt: skip
    [found] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    return str(found["AutoScalingGroupARN"])


def alarm(boto: Boto, name: str, region: str) -> str:
    """An alarm; its ARN."""
    watch = boto("cloudwatch", region)
    watch.put_metric_alarm(
        AlarmName=name, Namespace="AWS/RDS", MetricName="AuroraGlobalDBReplicationLag", Statistic="Maximum", Period=60,
        EvaluationPeriods=3, Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    return str(watch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"])


def put(provider: Provider, args: RegionSwitchArgs) -> str:
    """Make, by the provider, the plan that the component declares; its ARN."""
    inputs = deploy(lambda: RegionSwitch("switch", args) and None).one(PLAN).inputs
    checked, failures = provider.check(PLAN, f"urn:pulumi:prod::holdfast::{PLAN}::plan", {}, inputs)
    assert failures == []
    id_, outputs = provider.create(PLAN, checked)
    assert id_ == outputs["arn"]
    return str(id_)


@pytest.fixture
def world(boto: Boto, provider: Provider) -> Callable[..., dict[str, str]]:
    """Two regions with servers, a global database, records of a name, and a plan with a child plan for the name."""

    def make(**changes: Any) -> dict[str, str]:
        boto("s3", WEST).create_bucket(
            Bucket="reports", CreateBucketConfiguration={"LocationConstraint": WEST}
        )
        zone = boto("route53").create_hosted_zone(Name="holdfast.example", CallerReference="1")["HostedZone"][
            "Id"
        ]
        zone = zone.removeprefix("/hostedzone/")
        both = {"regions": (EAST, WEST), "tags": TAGS}
        child = put(
            provider, RegionSwitchArgs(plan_name="name", traffic=Traffic(zone_id=zone, name=SITE), **both)
        )
        checks = boto("arc-region-switch").list_route53_health_checks(arn=child)["healthChecks"]
        for check, role, address in zip(
            checks, ("PRIMARY", "SECONDARY"), ("192.0.2.1", "192.0.2.2"), strict=True
        ):
            record = {
                "Name": SITE,
                "Type": "A",
                "TTL": 60,
                "Failover": role,
                "SetIdentifier": check["region"],
            }
            record |= {"ResourceRecords": [{"Value": address}], "HealthCheckId": check["healthCheckId"]}
            upsert(boto, zone, record)
        east, west = global_database(boto)
        args = RegionSwitchArgs(
            plan_name="shop",
            groups={EAST: group_of(boto, EAST, 4), WEST: group_of(boto, WEST, 1)},
            database=GlobalDatabase(identifier="shop", cluster_arns={EAST: east, WEST: west}),
            children=[child],
            health={region: alarm(boto, f"health-{region}", region) for region in (EAST, WEST)},
            report=Report(bucket="reports"),
            **both,
        )
        return {"arn": put(provider, replace(args, **changes)), "child": child, "zone": zone}

    return make


def upsert(boto: Boto, zone: str, record: dict[str, Any]) -> None:
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    boto("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def waits(boto: Boto) -> Trigger:
    """A trigger on two alarms of the west."""
    return Trigger(red={"lag": alarm(boto, "lag", WEST)}, green={"hosts": alarm(boto, "hosts", WEST)})


def writer(boto: Boto, asked: str = WEST) -> str:
    """The region of the cluster that writes, as another region knows it."""
    return next(arn.split(":")[3] for arn, writes in members(boto, asked).items() if writes)


def group(boto: Boto, region: str) -> tuple[int, int, int]:
    """Minimum, desired, and instances in service."""
    [found] = boto("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
    serving = sum(i["LifecycleState"] == "InService" for i in found["Instances"])
    return found["MinSize"], found["DesiredCapacity"], serving


def answered(boto: Boto, zone: str) -> list[str]:
    found = boto("route53").test_dns_answer(HostedZoneId=zone, RecordName=SITE, RecordType="A")
    return list(found["RecordData"])


def run(boto: Boto, arn: str, region: str, **more: Any) -> dict[str, Any]:
    switch = boto("arc-region-switch", region)
    started = switch.start_plan_execution(planArn=arn, targetRegion=region, action="activate", **more)
    return dict(switch.get_plan_execution(planArn=arn, executionId=started["executionId"]))


def statuses(execution: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["status"] for step in execution["stepStates"]}


def lose(aws_server: Any, region: str) -> None:
    aws_server.app.faults.apply({"regions": {region: [503, "ServiceUnavailable"]}})


def test_a_planned_switch_there_and_back(world: Any, boto: Boto) -> None:
    out = world()
    assert (writer(boto), group(boto, WEST), answered(boto, out["zone"])) == (EAST, (1, 1, 1), ["192.0.2.1"])
    there = run(boto, out["arn"], WEST, comment="game day")
    assert there["executionState"] == "completed"
    assert statuses(there) == dict.fromkeys(
        ("move", "start-servers", "fail-over-database", "child-1"), "completed"
    )
    assert (writer(boto), group(boto, WEST), answered(boto, out["zone"])) == (WEST, (4, 4, 4), ["192.0.2.2"])
    assert group(boto, EAST) == (4, 4, 4), "nothing is scaled down"
    back = run(boto, out["arn"], EAST)
    assert back["executionState"] == "completed"
    assert (writer(boto), answered(boto, out["zone"])) == (EAST, ["192.0.2.1"])
    listed = boto("arc-region-switch", WEST).list_plan_executions(planArn=out["arn"])["items"]
    assert [(e["executionRegion"], e["mode"]) for e in listed] == [(WEST, "graceful"), (EAST, "graceful")]
    [one, two] = boto("s3", WEST).list_objects_v2(Bucket="reports", Prefix="shop/")["Contents"]
    report = json.loads(
        boto("s3", WEST).get_object(Bucket="reports", Key=f"shop/{there['executionId']}.json")["Body"].read()
    )
    assert {one["Key"], two["Key"]} == {f"shop/{e['executionId']}.json" for e in (there, back)}
    assert (report["executionState"], report["comment"]) == ("completed", "game day")


def test_the_lost_region_is_not_needed(world: Any, boto: Boto, aws_server: Any) -> None:
    out = world()
    lose(aws_server, EAST)
    there = run(boto, out["arn"], WEST, mode="ungraceful")
    assert there["executionState"] == "completed"
    assert (writer(boto), group(boto, WEST), answered(boto, out["zone"])) == (WEST, (4, 4, 4), ["192.0.2.2"])
    switch = boto("arc-region-switch", WEST)
    assert switch.get_plan_in_region(arn=out["arn"])["plan"]["name"] == "shop"
    with pytest.raises(ClientError, match="control plane is in us-east-1"):
        switch.get_plan(arn=out["arn"])
    aws_server.app.faults.reset()
    assert answered(boto, out["zone"]) == ["192.0.2.2"], "traffic goes back when somebody says so"


def test_a_switchover_without_the_other_region_stops_until_somebody_lets_it_lose_data(
    world: Any, boto: Boto, aws_server: Any
) -> None:
    out = world()
    assert run(boto, out["arn"], WEST)["executionState"] == "completed"
    lose(aws_server, WEST)
    switch = boto("arc-region-switch", EAST)
    held = run(boto, out["arn"], EAST)
    assert held["executionState"] == "pausedByFailedStep"
    assert statuses(held)["fail-over-database"] == statuses(held)["move"] == "failed"
    assert statuses(held)["child-1"] == "notStarted"
    assert answered(boto, out["zone"]) == ["192.0.2.2"], "nobody is sent to a region that can't write"
    events = switch.list_plan_execution_events(planArn=out["arn"], executionId=held["executionId"])["items"]
    assert any("A switchover needs every member" in e.get("error", "") for e in events)
    with pytest.raises(ClientError, match="IllegalStateException"):
        run(boto, out["arn"], EAST)
    switch.update_plan_execution_step(
        planArn=out["arn"], executionId=held["executionId"], stepName="fail-over-database",
        actionToTake="switchToUngraceful", comment="region is gone",
    )  # fmt: skip
    done = switch.get_plan_execution(planArn=out["arn"], executionId=held["executionId"])
    assert done["executionState"] == "completed"
    assert (writer(boto, EAST), answered(boto, out["zone"])) == (EAST, ["192.0.2.1"])


def test_capacity_that_does_not_come_holds_a_planned_run_and_half_of_it_is_enough_in_an_emergency(
    world: Any, boto: Boto
) -> None:
    out = world()
    scaling, switch = boto("autoscaling", WEST), boto("arc-region-switch", WEST)
    name = {"AutoScalingGroupName": f"app-{WEST}"}
    scaling.suspend_processes(**name, ScalingProcesses=["Launch"])
    held = run(boto, out["arn"], WEST)
    assert (statuses(held)["start-servers"], group(boto, WEST)) == ("failed", (4, 4, 1))
    same = {"planArn": out["arn"], "executionId": held["executionId"]}
    switch.update_plan_execution(**same, action="switchToUngraceful")
    assert switch.get_plan_execution(**same)["executionState"] == "pausedByFailedStep", (
        "one of four is no half"
    )
    scaling.resume_processes(**name, ScalingProcesses=["Launch"])
    scaling.update_auto_scaling_group(**name, MinSize=2, DesiredCapacity=2)
    scaling.suspend_processes(**name, ScalingProcesses=["Launch"])
    switch.update_plan_execution(**same, action="resume")
    assert (switch.get_plan_execution(**same)["executionState"], group(boto, WEST)) == (
        "completed",
        (4, 4, 2),
    )


def service_of(boto: Boto, region: str, tasks: int, scaled: dict[str, Any] | None = None) -> tuple[str, str]:
    """An ECS service that wants so many tasks; the ARNs of its cluster and of itself."""
    ecs = boto("ecs", region)
    cluster = ecs.create_cluster(clusterName="shop")["cluster"]["clusterArn"]
    ecs.register_task_definition(
        family="web", containerDefinitions=[{"name": "app", "image": "x:1", "memory": 512}]
    )
    made = ecs.create_service(
        cluster="shop", serviceName="web", taskDefinition="web", desiredCount=tasks, launchType="FARGATE"
    )
    if scaled is not None:
        key = ("application-autoscaling", region, "Target")
        request = {
            "ResourceId": "service/shop/web",
            "ScalableDimension": "ecs:service:DesiredCount",
            **scaled,
        }
        RECORDED.put(key, "web", {"request": request})
    return cluster, made["service"]["serviceArn"]


@pytest.fixture
def tasks(world: Any, boto: Boto) -> Iterator[Callable[..., str]]:
    """A plan that starts the tasks of a service; how many there are in each region, and what its execution was."""

    def make(scaled: dict[str, Any] | None = None) -> str:
        found = {r: service_of(boto, r, n, scaled) for r, n in ((EAST, 6), (WEST, 2))}
        pair = ServicePair(
            label="web",
            cluster_arns={r: cluster for r, (cluster, _) in found.items()},
            service_arns={r: service for r, (_, service) in found.items()},
        )
        out = world(groups={}, database=None, children=(), report=None, services=[pair])
        return str(out["arn"])

    yield make
    RECORDED.reset()


def wanted(boto: Boto, region: str) -> tuple[int, int]:
    [found] = boto("ecs", region).describe_services(cluster="shop", services=["web"])["services"]
    return found["desiredCount"], found["runningCount"]


def test_as_many_tasks_run_as_in_the_region_that_is_left_and_never_fewer(
    tasks: Any, boto: Boto, aws_server: Any
) -> None:
    arn = tasks({"MinCapacity": 2, "MaxCapacity": 9})
    lose(aws_server, EAST)
    there = run(boto, arn, WEST, mode="ungraceful")
    assert (there["executionState"], statuses(there)) == ("completed", {"start-web": "completed"})
    assert wanted(boto, WEST) == (6, 6)
    aws_server.app.faults.reset()
    boto("ecs", WEST).update_service(cluster="shop", service="web", desiredCount=3)
    assert run(boto, arn, EAST)["executionState"] == "completed"
    assert wanted(boto, EAST) == (6, 6), "nothing is scaled down"
    [kept] = boto("application-autoscaling", WEST).describe_scalable_targets(ServiceNamespace="ecs")[
        "ScalableTargets"
    ]
    assert (kept["ResourceId"], kept["MinCapacity"]) == ("service/shop/web", 6)


def test_a_service_that_nothing_scales_has_no_least_number(tasks: Any, boto: Boto) -> None:
    assert run(boto, tasks(), WEST)["executionState"] == "completed"
    assert wanted(boto, WEST) == (6, 6)
    scaling = boto("application-autoscaling", WEST)
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_a_service_that_is_gone_holds_the_plan(tasks: Any, boto: Boto) -> None:
    arn = tasks()
    boto("ecs", WEST).delete_service(cluster="shop", service="web", force=True)
    held = run(boto, arn, WEST)
    assert (held["executionState"], statuses(held)) == ("pausedByFailedStep", {"start-web": "failed"})


def test_nobody_is_moved_before_approval(world: Any, boto: Boto) -> None:
    out = world(approval=Approval(role_arn="arn:aws:iam::123456789012:role/ops"))
    for answer, state, where in (("decline", "canceled", EAST), ("approve", "completed", WEST)):
        waiting = run(boto, out["arn"], WEST)
        assert waiting["executionState"] == "pendingManualApproval"
        assert (statuses(waiting)["approve"], writer(boto)) == ("pendingApproval", EAST)
        switch = boto("arc-region-switch", WEST)
        same = {"planArn": out["arn"], "executionId": waiting["executionId"]}
        switch.approve_plan_execution_step(**same, stepName="approve", approval=answer)
        assert (switch.get_plan_execution(**same)["executionState"], writer(boto)) == (state, where)


def test_alarms_start_it_only_all_together_and_on_a_change(world: Any, boto: Boto, aws_server: Any) -> None:
    out = world(trigger=waits(boto))
    watch, switch = boto("cloudwatch", WEST), boto("arc-region-switch", WEST)

    def ring(name: str, state: str) -> int:
        watch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="drill")
        return len(switch.list_plan_executions(planArn=out["arn"])["items"])

    assert ring("hosts", "ALARM") == 0
    assert ring("lag", "ALARM") == 0, "the standby region has not said that it can serve"
    assert ring(f"health-{WEST}", "OK") == 0
    assert ring("lag", "OK") == ring("hosts", "OK") == 0
    lose(aws_server, EAST)
    assert ring("lag", "ALARM") == 1
    assert (writer(boto), answered(boto, out["zone"])) == (WEST, ["192.0.2.2"])
    assert ring("lag", "OK") == ring("lag", "ALARM") == 1, "not again within the delay"


def test_starting_twice_with_a_token_is_once(world: Any, boto: Boto) -> None:
    out = world()
    switch = boto("arc-region-switch", WEST)
    asked = {"planArn": out["arn"], "targetRegion": WEST, "action": "activate", "clientToken": "t" * 33}
    first, second = (switch.start_plan_execution(**asked)["executionId"] for _ in range(2))
    assert first == second
    with pytest.raises(ClientError, match="started in the region that it activates, not in us-east-1"):
        boto("arc-region-switch", EAST).start_plan_execution(**asked)


def test_evaluation_misses_the_checks_that_no_record_follows(world: Any, boto: Boto) -> None:
    out = world()
    switch = boto("arc-region-switch", WEST)
    assert switch.get_plan_evaluation_status(planArn=out["child"])["evaluationState"] == "passed"
    [east, west] = switch.list_route53_health_checks_in_region(arn=out["child"])["healthChecks"]
    assert [(c["region"], c["status"]) for c in (east, west)] == [(EAST, "healthy"), (WEST, "unhealthy")]
    zone = out["zone"]
    sets = boto("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    [primary] = [r for r in sets if r.get("SetIdentifier") == EAST]
    assert primary["HealthCheckId"] == east["healthCheckId"]
    upsert(boto, zone, {**primary, "HealthCheckId": west["healthCheckId"]})
    found = switch.get_plan_evaluation_status(planArn=out["child"])
    assert found["evaluationState"] == "actionRequired"
    [warning] = found["warnings"]
    assert f"record set for {EAST} does not follow health check" in warning["warningMessage"]


def test_a_changed_plan_keeps_its_checks_and_a_deleted_one_takes_them_along(
    boto: Boto, provider: Provider
) -> None:
    args = RegionSwitchArgs(
        plan_name="name", regions=(EAST, WEST), traffic=Traffic(zone_id="Z1", name=SITE), tags=TAGS
    )
    arn, switch = put(provider, args), boto("arc-region-switch")
    checks = switch.list_route53_health_checks(arn=arn)["healthChecks"]
    assert switch.list_tags_for_resource(arn=arn)["resourceTags"] == TAGS.resource("switch-plan")
    old, new = (
        deploy(lambda given=given: RegionSwitch("switch", given) and None).one(PLAN).inputs
        for given in (args, replace(args, minutes=Minutes(traffic=5)))
    )
    provider.update(PLAN, arn, old, {**old, "arn": arn}, new)
    changed = switch.get_plan(arn=arn)["plan"]
    [step] = changed["workflows"][0]["steps"]
    assert (
        changed["version"],
        step["executionBlockConfiguration"]["route53HealthCheckConfig"]["timeoutMinutes"],
    ) == ("2", 5)
    assert switch.list_route53_health_checks(arn=arn)["healthChecks"] == checks
    renamed = provider.diff(PLAN, old, {**old, "name": "other"})
    assert renamed.replaces == ["name"]
    provider.delete(PLAN, arn, old, {**old, "arn": arn})
    assert boto("route53").list_health_checks()["HealthChecks"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        switch.get_plan(arn=arn)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"workflows": [{"workflowTargetAction": "activate", "workflowTargetRegion": WEST, "steps": []}]}, "0 activate us-east-1"),
        ({"primaryRegion": "eu-west-1"}, "primaryRegion: an activePassive plan names one of its regions"),
        ({"recoveryApproach": "activeActive"}, "0 deactivate us-east-1, and a activeActive plan has one"),
        (
            {"triggers": [{"action": "activate", "targetRegion": WEST, "minDelayMinutesBetweenExecutions": 1,
                           "conditions": [{"associatedAlarmName": "a", "condition": "red"}]}]},
            "a is no associated alarm of type trigger",
        ),
    ],
)  # fmt: skip
def test_plans_that_aws_refuses(changes: dict[str, Any], message: str, boto: Boto) -> None:
    step = {"name": "send", "executionBlockType": "Route53HealthCheck"}
    step |= {
        "executionBlockConfiguration": {
            "route53HealthCheckConfig": {"hostedZoneId": "Z1", "recordName": SITE}
        }
    }
    plan = {
        "name": "shop", "regions": [EAST, WEST], "primaryRegion": EAST, "recoveryApproach": "activePassive",
        "executionRole": "arn:aws:iam::123456789012:role/r", "workflows": [{"workflowTargetAction": "activate", "steps": [step]}],
    }  # fmt: skip
    switch = boto("arc-region-switch")
    with pytest.raises(ClientError, match=message):
        switch.create_plan(**{**plan, **changes})
    assert switch.create_plan(**plan)["plan"]["version"] == "1"


def test_both_protocols_and_what_is_not_served(boto: Boto, aws_endpoint: str) -> None:
    switch = boto("arc-region-switch")
    with pytest.raises(ClientError, match=r"NotImplemented.*arc-region-switch:ListServiceQuotaWarnings"):
        switch.list_service_quota_warnings()
    scope = "Credential=x/20260101/us-east-1/arc-region-switch/aws4_request"
    headers = {"Authorization": scope, "X-Amz-Target": "ArcRegionSwitch.ListPlans"}
    asked = urllib.request.Request(aws_endpoint, data=b"{}", headers=headers, method="POST")
    with urllib.request.urlopen(asked) as answer:
        assert json.loads(answer.read()) == {"plans": []} == {"plans": switch.list_plans()["plans"]}
