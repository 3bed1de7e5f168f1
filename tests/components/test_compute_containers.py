from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.compute import (
    BlueGreen,
    Connect,
    ContainerService,
    ContainerServiceArgs,
    Scaling,
    ServiceMetric,
    Target,
)
from components.compute.container_args import FARGATE_MIB
from components.tags import Tags
from policies.recovery import facts
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod",
    system="shop",
    owner="web",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=0.25,
    rpo_minutes=1,
)
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2"
REPOSITORY = "arn:aws:ecr:us-east-1:123456789012:repository/shop/web"
LISTENER, GROUP = "arn:aws:elb:listener", "arn:aws:elb:targetgroup/web/1"
TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
TASK_LAYERS = "awsx:ecs:FargateService$awsx:ecs:FargateTaskDefinition"


def arguments(**more: Any) -> ContainerServiceArgs:
    given = {
        "tags": TAGS,
        "subnet_ids": {"use1-az1": "subnet-1", "use1-az2": "subnet-2", "use1-az4": "subnet-4"},
        "security_group_ids": ["sg-app"],
        "image": IMAGE,
        "required": 4,
        "key_arn": "arn:aws:kms:key",
    }
    return ContainerServiceArgs(**{**given, **more})


def target(**more: Any) -> Target:
    parts = {"arn": GROUP, "arn_suffix": "targetgroup/web/1", "load_balancer_arn_suffix": "app/web/1"}
    return Target(**{**parts, "listener_arn": LISTENER, **more})


def service(*, preview: bool = False, **more: Any) -> Deployment:
    def program() -> None:
        made = ContainerService("web", arguments(**more))
        pulumi.export("names", [made.service_name, made.task_definition_arn, made.cluster_arn])

    return deploy(program, preview=preview)


def container(found: Deployment) -> dict[str, Any]:
    (one,) = json.loads(found.one("TaskDefinition").inputs["containerDefinitions"])
    return one


def policy(found: Deployment, name: str) -> list[dict[str, Any]]:
    return json.loads(found.one("RolePolicy", name).inputs["policy"])["Statement"]


def test_everything_is_made_in_its_place():
    found = service(
        alarm_topic_arn=TOPIC, statements=[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
    )
    component = found.one("holdfast:compute:ContainerService")
    below = sorted((r.type.rsplit(":", 1)[-1], r.name) for r in found.resources if r.parent == component.urn)
    assert below == [
        ("Cluster", "web-cluster"),
        ("FargateService", "web-service"),
        ("LogGroup", "web-logs"),
        ("MetricAlarm", "web-running"),
        ("Role", "web-execution"),
        ("Role", "web-task"),
        ("RolePolicy", "web-execution"),
        ("RolePolicy", "web-task"),
    ]
    assert found.one("aws:ecs/service:Service").parent == found.one("awsx:ecs:FargateService").urn
    assert found.one("aws:ecs/taskDefinition:TaskDefinition").parent.endswith(f"{TASK_LAYERS}::web-service")


def test_enough_tasks_run_for_the_loss_of_a_zone():
    found = service()
    inputs = found.one("aws:ecs/service:Service").inputs
    assert inputs["desiredCount"] == 6, "2 in each of three zones: 4 are left of one lost"
    assert inputs["tags"]["dr:required-capacity"] == "4"
    assert inputs["networkConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2", "subnet-4"],
        "securityGroups": ["sg-app"],
        "assignPublicIp": False,
    }
    assert (inputs["launchType"], inputs["availabilityZoneRebalancing"]) == ("FARGATE", "ENABLED")
    assert inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert (inputs["deploymentMinimumHealthyPercent"], inputs["deploymentMaximumPercent"]) == (100, 200)
    assert (inputs["enableExecuteCommand"], inputs["propagateTags"]) == (False, "SERVICE")
    assert inputs["waitForSteadyState"] is True
    assert "healthCheckGracePeriodSeconds" not in inputs
    assert inputs["cluster"] == "arn:aws:mock:us-east-1:123456789012:web-cluster"
    assert found.one("aws:ecs/cluster:Cluster").inputs["settings"] == [
        {"name": "containerInsights", "value": "enabled"}
    ]


def test_a_task_is_what_was_asked_for():
    found = service(
        cpu=1024,
        memory=3072,
        architecture="ARM64",
        environment={"B": "2", "A": "1"},
        secrets={"PASSWORD": "arn:s"},
        port=9000,
    )
    task = found.one("TaskDefinition").inputs
    assert (task["cpu"], task["memory"]) == ("1024", "3072")
    assert task["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert (task["requiresCompatibilities"], task["networkMode"]) == (["FARGATE"], "awsvpc")
    assert task["taskRoleArn"] == "arn:aws:mock:us-east-1:123456789012:web-task"
    assert task["executionRoleArn"] == "arn:aws:mock:us-east-1:123456789012:web-execution"
    assert container(found) == {
        "name": "app",
        "image": IMAGE,
        "essential": True,
        "readonlyRootFilesystem": True,
        "stopTimeout": 30,
        "portMappings": [{"containerPort": 9000, "hostPort": 9000, "protocol": "tcp"}],
        "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
        "secrets": [{"name": "PASSWORD", "valueFrom": "arn:s"}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "web-logs-1234567",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "app",
            },
        },
    }


def test_logs_are_encrypted_and_kept_for_a_while():
    found = service(log_retention_days=30).one("LogGroup")
    assert (found.inputs["retentionInDays"], found.inputs["kmsKeyId"]) == (30, "arn:aws:kms:key")
    assert found.tags["dr-tier"] == "3"


def test_the_execution_role_may_do_what_starting_this_task_takes():
    plain = policy(service(), "web-execution")
    logs = "arn:aws:mock:us-east-1:123456789012:web-logs"
    assert plain == [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{logs}:*"}
    ]
    more = policy(
        service(repository_arn=REPOSITORY, secrets={"P": "arn:s1", "Q": "arn:s2"}, secret_key_arns=["arn:k"]),
        "web-execution",
    )
    assert [(each["Action"], each["Resource"]) for each in more[1:]] == [
        ("ecr:GetAuthorizationToken", "*"),
        (["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], REPOSITORY),
        ("secretsmanager:GetSecretValue", ["arn:s1", "arn:s2"]),
        ("kms:Decrypt", ["arn:k"]),
    ]
    assert service().all("RolePolicyAttachment") == []


def test_containers_may_do_nothing_unless_it_is_given():
    assert [found.name for found in service().all("RolePolicy")] == ["web-execution"]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    assert policy(service(statements=[statement]), "web-task") == [statement]


def test_only_tasks_of_this_account_can_take_the_roles():
    for role in service().all("Role"):
        (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": "123456789012"},
            "ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"},
        }


def test_tasks_start_after_their_role_may_pull_and_log():
    found = service()
    task = found.one("TaskDefinition")
    assert found.one("RolePolicy", "web-execution").urn in task.property_dependencies["executionRoleArn"]


def test_a_load_balancer_serves_it():
    def program() -> None:
        import pulumi_aws as aws

        listener = aws.lb.Listener("l", load_balancer_arn="arn:lb", default_actions=[])
        ContainerService("web", arguments(target=target(listener_arn=listener.arn), grace_period=60))

    found = deploy(program)
    made = found.one("aws:ecs/service:Service")
    assert made.inputs["loadBalancers"] == [
        {"containerName": "app", "containerPort": 8080, "targetGroupArn": GROUP}
    ]
    assert made.inputs["healthCheckGracePeriodSeconds"] == 60
    assert found.one("Listener").urn in made.property_dependencies["loadBalancers"], (
        "ECS refuses an unused group"
    )


def test_it_is_told_when_too_few_tasks_run():
    found = service(alarm_topic_arn=TOPIC).one("MetricAlarm").inputs
    assert (found["namespace"], found["metricName"], found["statistic"]) == (
        "AWS/ECS",
        "CPUUtilization",
        "SampleCount",
    )
    assert found["dimensions"] == {
        "ClusterName": "arn:aws:mock:us-east-1:123456789012:web-cluster",
        "ServiceName": "web-service-1234567",
    }
    assert (found["comparisonOperator"], found["threshold"]) == ("LessThanThreshold", 4)
    assert (found["treatMissingData"], found["alarmActions"]) == ("breaching", [TOPIC])
    assert service().all("MetricAlarm") == []


def test_a_given_cluster_is_used():
    found = service(cluster_arn="arn:aws:ecs:us-east-1:123456789012:cluster/apps", alarm_topic_arn=TOPIC)
    assert found.all("aws:ecs/cluster:Cluster") == []
    assert found.one("aws:ecs/service:Service").inputs["cluster"].endswith("cluster/apps")
    assert found.one("MetricAlarm").inputs["dimensions"]["ClusterName"] == "apps"


def test_everything_taggable_carries_the_tags():
    found = service(alarm_topic_arn=TOPIC)
    assert len(found.taggable()) == 7
    for resource in found.taggable():
        assert resource.tags["system"] == "shop", resource.name
        assert resource.tags["Name"].startswith("web"), resource.name


def test_outputs_are_known_and_registered():
    found = service()
    component = found.one("holdfast:compute:ContainerService")
    outputs = found.outputs[component.urn]
    assert outputs["serviceName"] == "web-service-1234567"
    assert outputs["taskDefinitionArn"] == "arn:aws:mock:us-east-1:123456789012:web-service"
    assert outputs["desiredCount"] == 6
    assert set(outputs) == {
        *(
            "serviceName",
            "serviceArn",
            "clusterArn",
            "taskDefinitionArn",
            "taskRoleArn",
            "logGroupName",
            "desiredCount",
        )
    }


@pytest.mark.parametrize("more", [{}, {"scaling": Scaling(maximum=12)}])
def test_the_recovery_fact_is_what_the_estimator_reads(more: dict[str, Any]):
    made: list[ContainerService] = []
    found = deploy(lambda: made.append(ContainerService("web", arguments(target=target(), **more))))
    told = made[0].recovery_fact
    (read,) = facts(resources(found, "us-east-1"), stack="prod", region="us-east-1")["members"]
    assert told["name"] == read["name"] == "web-service"
    alike = ("kind", "desired", "launch", "tags", "tracked")
    assert {key: told[key] for key in alike} == {key: read[key] for key in alike}
    assert told["tracked"] is bool(more)
    assert (told["required"], read["tags"]["dr:required-capacity"]) == (4, "4")


def test_a_preview_shows_all_children():
    assert {r.urn for r in service(preview=True).resources} == {r.urn for r in service().resources}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"subnet_ids": {"use1-az1": "subnet-1"}}, "subnet_ids: got 1 zones, allowed is two zones or more"),
        ({"security_group_ids": []}, "security_group_ids: got none, allowed is one or more"),
        ({"required": 0}, "required: got 0, allowed is 1 or more tasks"),
        ({"image": ""}, "image: got an empty text"),
        ({"image": "nginx"}, "image: got 'nginx', allowed is an image with a tag other than latest"),
        ({"image": "registry:5000/nginx"}, "image: got 'registry:5000/nginx', allowed is"),
        ({"image": "nginx:latest"}, "image: got 'nginx:latest', allowed is"),
        ({"port": 0}, "port: got 0, allowed is 1 to 65535"),
        ({"grace_period": -1}, "grace_period: got -1, allowed is 0 s or more"),
        ({"cpu": 300}, "cpu: got 300, allowed is one of 256, 512, 1024, 2048, 4096, 8192, 16384"),
        ({"cpu": 256, "memory": 4096}, "memory: got 4096, allowed is with 256 CPU units 512, 1024, 2048 MiB"),
        ({"cpu": 8192, "memory": 17408}, "memory: got 17408, allowed is with 8192 CPU units 16384, 20480,"),
        ({"architecture": "ARM"}, "architecture: got 'ARM', allowed is one of X86_64, ARM64"),
        (
            {"environment": {"A": "1"}, "secrets": {"A": "arn"}},
            "environment and secrets: got A more than once",
        ),
        ({"stop_timeout": 121}, "stop_timeout: got 121, allowed is 2 to 120 s"),
        ({"log_retention_days": 31}, "log_retention_days: got 31, allowed is one of 1, 3, 5,"),
    ],
)
def test_what_cannot_be_is_refused(more, message):
    with pytest.raises(ArgumentError) as refused:
        arguments(**more).check()
    assert str(refused.value).startswith(message)


def test_a_digest_pins_an_image_and_an_output_is_taken():
    arguments(image=f"nginx@sha256:{'0' * 64}").check()
    found = deploy(lambda: ContainerService("web", arguments(image=pulumi.Output.from_input(IMAGE))) and None)
    assert container(found)["image"] == IMAGE


def test_the_sizes_are_those_of_aws():
    assert {cpu: (min(sizes), max(sizes), len(sizes)) for cpu, sizes in FARGATE_MIB.items()} == {
        256: (512, 2048, 3),
        512: (1024, 4096, 4),
        1024: (2048, 8192, 7),
        2048: (4096, 16384, 13),
        4096: (8192, 30720, 23),
        8192: (16384, 61440, 12),
        16384: (32768, 122880, 12),
    }


CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/apps"
SCALING = Scaling(maximum=12)
MORE = {
    "target": target(),
    "blue_green": BlueGreen(alternate_arn="arn:alt", rule_arn="arn:rule", bake_minutes=7),
    "rollback_alarms": ["web-errors"],
}
NAMES = Connect(namespace_arn="arn:namespace", name="web")


def test_what_scaling_and_takeovers_change_is_left_alone():
    found = service(scaling=SCALING)
    assert found.one("aws:ecs/service:Service").ignore_changes == ("desiredCount",)
    others = [r for r in found.resources if r.ignore_changes and r.type != "aws:ecs/service:Service"]
    assert others == []
    assert service().one("aws:ecs/service:Service").ignore_changes == ()


def test_the_range_of_tasks_begins_at_what_must_run():
    found = service(scaling=SCALING, cluster_arn=CLUSTER)
    ranged = found.one("aws:appautoscaling/target:Target").inputs
    assert (ranged["minCapacity"], ranged["maxCapacity"]) == (6, 12)
    assert ranged["resourceId"] == "service/apps/web-service-1234567"
    tracking = found.one("aws:appautoscaling/policy:Policy").inputs
    assert tracking["resourceId"] == ranged["resourceId"]
    kept = tracking["targetTrackingScalingPolicyConfiguration"]
    assert kept["targetValue"] == 50
    assert kept["predefinedMetricSpecification"] == {
        "predefinedMetricType": "ECSServiceAverageCPUUtilization"
    }
    assert not service().all("aws:appautoscaling/target:Target")


def test_requests_are_counted_for_each_task_of_its_target_group():
    found = service(target=target(), scaling=Scaling(maximum=12, metric=ServiceMetric.REQUESTS, target=900))
    kept = found.one("aws:appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    assert kept["predefinedMetricSpecification"] == {
        "predefinedMetricType": "ALBRequestCountPerTarget",
        "resourceLabel": "app/web/1/targetgroup/web/1",
    }


def test_a_backlog_is_what_waits_for_each_task_that_runs():
    backlog = Scaling(maximum=12, metric=ServiceMetric.BACKLOG, target=10, queue_name="web-queue")
    found = service(cluster_arn=CLUSTER, scaling=backlog)
    kept = found.one("aws:appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    waiting, running, wanted = kept["customizedMetricSpecification"]["metrics"]
    assert waiting["metricStat"]["metric"]["dimensions"] == [{"name": "QueueName", "value": "web-queue"}]
    assert running["metricStat"]["metric"]["metricName"] == "RunningTaskCount"
    assert {d["name"]: d["value"] for d in running["metricStat"]["metric"]["dimensions"]} == {
        "ClusterName": "apps",
        "ServiceName": "web-service-1234567",
    }
    assert [each["returnData"] for each in (waiting, running, wanted)] == [False, False, True]


def test_blue_green_moves_a_rule_and_goes_back_on_alarms():
    found = service(**MORE)
    inputs = found.one("aws:ecs/service:Service").inputs
    assert inputs["deploymentConfiguration"] == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "7"}
    assert inputs["alarms"] == {"alarmNames": ["web-errors"], "enable": True, "rollback": True}
    assert inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    (balancer,) = inputs["loadBalancers"]
    role = found.one("aws:iam/role:Role", "web-balancing")
    assert balancer["advancedConfiguration"] == {
        "alternateTargetGroupArn": "arn:alt",
        "productionListenerRule": "arn:rule",
        "roleArn": found.made[role.urn]["arn"],
    }
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Principal"] == {
        "Service": "ecs.amazonaws.com"
    }
    attached = found.one("RolePolicyAttachment", "web-balancing").inputs["policyArn"]
    assert attached == "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    assert attached
    assert role.urn in found.one("aws:ecs/service:Service").dependencies


def test_ecs_registers_tasks_with_lattice_by_the_port_s_name():
    for connect, name in ((None, "app"), (NAMES, "web")):
        found = service(lattice_target_arn="arn:targets", connect=connect)
        made = found.one("aws:ecs/service:Service")
        role = found.one("aws:iam/role:Role", "web-lattice")
        assert made.inputs["vpcLatticeConfigurations"] == [
            {"portName": name, "roleArn": found.made[role.urn]["arn"], "targetGroupArn": "arn:targets"}
        ]
        assert [port["name"] for port in container(found)["portMappings"]] == [name]
        assert json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Principal"] == {
            "Service": "ecs.amazonaws.com"
        }
        attached = found.one("RolePolicyAttachment", "web-lattice")
        assert attached.inputs["policyArn"].endswith(":policy/AmazonECSInfrastructureRolePolicyForVpcLattice")
        assert attached.urn in made.dependencies


def test_tags_of_its_tasks_stand_on_the_service_that_hands_them_down():
    tags = service(task_tags={"fis-ready": "true"}).one("aws:ecs/service:Service").inputs["tags"]
    assert (tags["fis-ready"], tags["Name"]) == ("true", "web-service")


def test_on_demand_as_many_as_must_run_and_spot_beyond():
    inputs = service(spot_above_base=True).one("aws:ecs/service:Service").inputs
    assert inputs["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "base": 6, "weight": 0},
        {"capacityProvider": "FARGATE_SPOT", "weight": 1},
    ]
    assert "launchType" not in inputs
    # A standby that takes over runs on demand too.
    standby = service(spot_above_base=True, running=3).one("aws:ecs/service:Service").inputs
    assert (standby["desiredCount"], standby["capacityProviderStrategies"][0]["base"]) == (3, 6)


def test_a_service_has_a_name_for_others():
    found = service(connect=NAMES, port=9000)
    inputs = found.one("aws:ecs/service:Service").inputs
    assert inputs["serviceConnectConfiguration"] == {
        "enabled": True,
        "namespace": "arn:namespace",
        "services": [
            {
                "portName": "web",
                "discoveryName": "web",
                "clientAlias": [{"dnsName": "web", "port": 9000}],
            }
        ],
    }
    assert container(found)["portMappings"] == [
        {"appProtocol": "http", "containerPort": 9000, "hostPort": 9000, "name": "web", "protocol": "tcp"}
    ]


def test_a_worker_listens_nowhere():
    found = service(port=None)
    assert container(found)["portMappings"] == []
    assert "serviceConnectConfiguration" not in found.one("aws:ecs/service:Service").inputs


def test_a_hung_container_is_found():
    health = container(service(health_command=["true"]))["healthCheck"]
    assert health == {
        "command": ["CMD", "true"],
        "interval": 10,
        "retries": 3,
        "startPeriod": 120,
        "timeout": 5,
    }
    assert "healthCheck" not in container(service())


def test_commands_are_logged_where_they_may_be_run():
    found = service(execute_command=True, command_log_arn="arn:log", read_only=False)
    assert found.one("aws:ecs/service:Service").inputs["enableExecuteCommand"] is True
    said = json.dumps(policy(found, "web-task"))
    assert "ssmmessages:OpenDataChannel" in said
    assert "arn:log:*" in said


@pytest.mark.parametrize(("running", "alarmed"), [(None, 4), (3, 3), (0, None)])
def test_what_stands_by_is_missed_only_where_it_runs(running, alarmed):
    found = service(running=running, alarm_topic_arn=TOPIC)
    alarms = found.all("MetricAlarm")
    assert [alarm.inputs["threshold"] for alarm in alarms] == ([] if alarmed is None else [alarmed])
    tags = found.one("aws:ecs/service:Service").inputs["tags"]
    assert ("dr:switched-off" in tags) is (running == 0)
    assert found.one("aws:ecs/service:Service").inputs["desiredCount"] == (6 if running is None else running)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"running": 2}, "running: got 2, allowed is 0, or 3 or more: one a zone"),
        (
            {"scaling": Scaling(maximum=5)},
            "scaling.maximum: got 5, allowed is 6 or more: 4 are left of them with a zone lost",
        ),
        ({"scaling": Scaling(maximum=9, target=0)}, "scaling.target: got 0, allowed is above 0"),
        (
            {"scaling": Scaling(maximum=9, target=101)},
            "scaling.target: got 101, allowed is at most 100 percent of CPU",
        ),
        (
            {"scaling": Scaling(maximum=9, metric=ServiceMetric.REQUESTS)},
            (
                "scaling.metric: got 'requests', allowed is any other without a load balancer, or with blue/green "
                "deployment: its target group changes"
            ),
        ),
        (
            {"scaling": Scaling(maximum=9, metric=ServiceMetric.BACKLOG)},
            "scaling.queue_name: got none, allowed is one exactly with backlog",
        ),
        (
            {"scaling": Scaling(maximum=9, queue_name="q")},
            "scaling.queue_name: got one, allowed is one exactly with backlog",
        ),
        (
            {**MORE, "target": None},
            "blue_green: got one without a target, allowed is none: there is no rule to move",
        ),
        (
            {**MORE, "rollback_alarms": []},
            "rollback_alarms: got none, allowed is one or more with blue_green",
        ),
        (
            {**MORE, "blue_green": BlueGreen(alternate_arn="a", rule_arn="b", bake_minutes=1441)},
            "blue_green.bake_minutes: got 1441, allowed is 0 to 1440 minutes",
        ),
        (
            {**MORE, "lattice_target_arn": "arn:targets"},
            "lattice_target_arn: got one, allowed is none with blue/green deployment, which moves the load balancer's rule alone",
        ),
        (
            {"port": None, "connect": None, "lattice_target_arn": "arn:targets"},
            "lattice_target_arn: got one, allowed is none without a port: nothing reaches the tasks",
        ),
        (
            {"port": None, "connect": None, "target": target()},
            "port: got none, allowed is one that the load balancer reaches",
        ),
        (
            {"execute_command": True, "command_log_arn": "arn:log"},
            "read_only: got true, allowed is false where commands may be run: their agent writes to the container's file system",
        ),
        ({"execute_command": True}, "command_log_arn: got none, allowed is one exactly with execute_command"),
    ],
)
def test_what_can_not_be_is_told(more, message):
    with pytest.raises(ArgumentError) as told:
        service(**more)
    assert str(told.value) == message
