"""The mocks see what a remote component makes: with plain ones it is alone and its outputs are nothing."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx
import pytest
from pulumi.runtime import rpc

from sandbox.engines.runner.registration import DeploymentError
from tests import pulumi_mocks
from tests.pulumi_mocks import deploy

SERVICE = "awsx:ecs:FargateService"


def program(**more):
    target = aws.lb.TargetGroup("t", port=8080, target_type="ip")
    repository = awsx.ecr.Repository("images")
    service = awsx.ecs.FargateService(
        "web",
        cluster=aws.ecs.Cluster("apps").arn,
        network_configuration={"subnets": ["subnet-1"]},
        task_definition_args={
            "container": {
                "name": "web",
                "image": pulumi.Output.concat(repository.url, ":1"),
                "port_mappings": [{"target_group": target}],
                **more,
            },
        },
        opts=pulumi.ResourceOptions(protect=True),
    )
    pulumi.export("service", service.service.apply(lambda found: found.name))


def test_children_of_remote_components_are_recorded():
    found = deploy(program)
    service, task = found.one("aws:ecs/service:Service"), found.one("TaskDefinition")
    component = found.one(SERVICE)
    assert (component.inputs, component.parent.rsplit("::", 1)[-1]) == ({}, "holdfast-prod")
    assert service.parent == component.urn
    assert task.parent == found.one("FargateTaskDefinition").urn
    assert service.protect
    assert task.protect
    assert service.inputs["cluster"] == "arn:aws:mock:us-east-1:123456789012:apps"
    target = found.one("TargetGroup")
    assert service.inputs["loadBalancers"] == [
        {
            "containerName": "web",
            "containerPort": 8080,
            "targetGroupArn": "arn:aws:mock:us-east-1:123456789012:t",
        }
    ]
    assert target.urn in service.property_dependencies["loadBalancers"]
    (container,) = json.loads(task.inputs["containerDefinitions"])
    assert container["image"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com/images-1234567:1"
    assert container["portMappings"] == [{"containerPort": 8080, "hostPort": 8080}]
    assert container["logConfiguration"]["options"]["awslogs-group"] == "web-1234567"
    assert (
        found.one("aws:ecr/repository:Repository").urn in task.property_dependencies["containerDefinitions"]
    )


def test_outputs_of_remote_components_are_known():
    outputs = [outputs for urn, outputs in deploy(program).outputs.items() if "pulumi:Stack" in urn]
    assert outputs == [{"service": "web-1234567"}]


def test_a_preview_leaves_unknown_what_is_not_known():
    found = deploy(program, preview=True)
    task = found.one("aws:ecs/taskDefinition:TaskDefinition")
    assert isinstance(task.inputs["containerDefinitions"], pulumi.output.Unknown)
    assert task.inputs["requiresCompatibilities"] == ["FARGATE"]


def test_what_awsx_does_not_know_is_refused_by_name():
    with pytest.raises(DeploymentError, match=r"unknown argument taskDefinitionArgs\.container\.colour"):
        deploy(lambda: program(colour="red"))


def test_the_sdk_works_out_no_positions(monkeypatch):
    """They would be a quarter of a run; by that name the SDK may have them again one day."""
    traces = []
    register = pulumi_mocks._Monitor.RegisterResource

    def noted(self, request):
        traces.append((len(request.stackTrace.frames), request.HasField("sourcePosition")))
        return register(self, request)

    monkeypatch.setattr(pulumi_mocks._Monitor, "RegisterResource", noted)
    deploy(lambda: aws.sqs.Queue("jobs") and None)
    assert set(traces) == {(0, False)}


def test_a_resource_that_is_put_out_whole_is_whole() -> None:
    """Its outputs are made when somebody asks: the SDK does, without naming one."""

    def whole() -> None:
        pulumi.export("queue", aws.sqs.Queue("q", delay_seconds=3))

    found = deploy(whole)
    out = next(iter(found.outputs.values()))["queue"]
    arn = "arn:aws:mock:us-east-1:123456789012:q"
    assert (out["delay_seconds"], out["arn"], out["id"]) == (3, arn, "q-id")
    assert "max_message_size" in out


def test_what_one_asks_for_is_what_the_mocks_answered() -> None:
    seen: dict[str, object] = {}

    def asks() -> None:
        queue = aws.sqs.Queue("q", delay_seconds=3, tags={"a": "b"})
        pulumi.Output.all(queue.arn, queue.delay_seconds, queue.tags).apply(
            lambda found: seen.update(all=found)
        )
        queue.arn.apply(lambda _arn: seen.update(later=queue.delay_seconds))

    found = deploy(asks)
    made = found.made[found.one("aws:sqs/queue:Queue").urn]
    assert seen["all"] == [made["arn"], 3, {"a": "b"}]
    assert isinstance(seen["later"], pulumi.Output)
    assert rpc.resolve_outputs is pulumi_mocks._RESOLVE, "what is deployed in this process is looked at"
