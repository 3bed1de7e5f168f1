"""Arguments that awsx does not know or refuses, and components that the sandbox does not make."""

from __future__ import annotations

import grpc
import pytest

from sandbox.awsx.containers import _collation
from sandbox.awsx.sizes import task_size
from tests.sandbox.awsx.recording import construct

SERVICE, TASK, REPOSITORY = "awsx:ecs:FargateService", "awsx:ecs:FargateTaskDefinition", "awsx:ecr:Repository"
NETWORK = {"subnets": ["subnet-1"]}
CONTAINER = {"name": "web", "image": "nginx"}


def refused(port, token, **inputs):
    with pytest.raises(grpc.RpcError) as error:
        construct(port, token, "web", inputs)
    details = error.value.details()
    assert "\n" not in details
    return details


@pytest.mark.parametrize(
    ("token", "inputs", "said"),
    [
        (
            SERVICE,
            {"subnets": []},
            "awsx:ecs:FargateService 'web': unknown argument subnets; allowed are alarms,",
        ),
        (
            SERVICE,
            {"networkConfiguration": {**NETWORK, "publicIp": True}, "taskDefinition": "t"},
            "unknown argument networkConfiguration.publicIp; allowed are assignPublicIp, securityGroups, subnets",
        ),
        (
            SERVICE,
            {"loadBalancers": [{"containerName": "a"}, {"containerPorts": 1}]},
            "unknown argument loadBalancers[1].containerPorts; allowed are",
        ),
        (
            TASK,
            {"containers": {"web": {**CONTAINER, "portMapping": []}}},
            "unknown argument containers.web.portMapping; allowed are command,",
        ),
        (
            TASK,
            {"container": CONTAINER, "taskRole": {"args": {"policies": []}}},
            "unknown argument taskRole.args.policies; allowed are description,",
        ),
        (
            REPOSITORY,
            {"lifecyclePolicy": {"rule": []}},
            "unknown argument lifecyclePolicy.rule; allowed are rules, skip",
        ),
        (
            "awsx:ec2:Vpn",
            {},
            "awsx:ec2:Vpn 'web': the sandbox's awsx does not make it; it makes awsx:ecr:Repository,",
        ),
        ("awsx:ecr:Image", {}, "it builds an image with Docker"),
        (SERVICE, {"networkConfiguration": NETWORK}, "got none of taskDefinition, taskDefinitionArgs"),
        (
            SERVICE,
            {
                "networkConfiguration": NETWORK,
                "taskDefinition": "t",
                "taskDefinitionArgs": {"container": CONTAINER},
            },
            "got taskDefinition and taskDefinitionArgs, allowed is one of taskDefinition, taskDefinitionArgs",
        ),
        (SERVICE, {"taskDefinition": "t"}, "networkConfiguration is missing"),
        (TASK, {"container": CONTAINER, "containers": {"web": CONTAINER}}, "got container and containers"),
        (TASK, {}, "got none of container, containers"),
        (
            TASK,
            {"container": CONTAINER, "taskRole": {"roleArn": "r", "args": {}}},
            "role 'web-task': got roleArn and args",
        ),
        (
            TASK,
            {"container": CONTAINER, "logGroup": {"existing": {"arn": "arn:aws:s3:::x"}}},
            "logGroup.existing.arn: got 'arn:aws:s3:::x'",
        ),
        (TASK, {"container": CONTAINER, "logGroup": {"existing": {}}}, "existing: got none of arn, name"),
        (TASK, {"container": {**CONTAINER, "cpu": 40000}}, "they ask for 39.0625 vCPU and 0 GB together"),
        (
            TASK,
            {"container": {**CONTAINER, "portMappings": [{"targetGroup": "arn:t"}]}},
            "portMappings.targetGroup: got 'arn:t', allowed is a target group",
        ),
        (
            REPOSITORY,
            {"lifecyclePolicy": {"rules": [{"tagStatus": "any"}]}},
            "got none of maximumNumberOfImages, maximumAgeLimit",
        ),
        (
            REPOSITORY,
            {"lifecyclePolicy": {"rules": [{"tagStatus": "any", "maximumAgeLimit": 1}] * 2}},
            "2 with tagStatus any, allowed is one",
        ),
        (
            REPOSITORY,
            {"lifecyclePolicy": {"rules": [{"tagStatus": "tagged", "maximumAgeLimit": 1}]}},
            "tagPrefixList: got none",
        ),
    ],
)
def test_what_cannot_be_made_is_said(awsx_port, token, inputs, said):
    assert said in refused(awsx_port, token, **inputs)


@pytest.mark.parametrize(
    ("containers", "size"),
    [
        ([{}], ("256", "512")),
        (
            [{"cpu": 256, "memory": 512}, {"cpu": 1, "memoryReservation": 100, "memory": 4096}],
            ("512", "1024"),
        ),
        ([{"cpu": 2048, "memory": 512}], ("2048", "4096")),
        ([{"memory": 100 * 1024}], ("16384", "102400")),
        ([{"memory": 121 * 1024}], ("32768", "249856")),
    ],
)
def test_a_task_is_as_small_as_its_containers_allow(containers, size):
    assert task_size(containers) == size


def test_containers_are_sorted_as_awsx_sorts_them():
    names = ["b", "A", "a", "a-b", "a_b", "a1", "B", "1"]
    assert sorted(names, key=_collation) == ["1", "a", "A", "a_b", "a-b", "a1", "b", "B"]
