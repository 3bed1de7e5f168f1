"""The provider's rows of ECS and ECR, and policies written in a role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.emptied import emptied

SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
REPOSITORY, ROLE = "aws:ecr/repository:Repository", "aws:iam/role:Role"
CONTAINERS = json.dumps([{"name": "web", "image": "nginx", "memory": 512}])
FACTS = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]}
)


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "ecs", "ecr", "ec2", "elbv2")


def checked(provider: Provider, token: str, inputs: dict) -> dict:
    found, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    assert failures == []
    return found


def make(provider: Provider, token: str, inputs: dict) -> tuple[str, dict, dict]:
    wanted = checked(provider, token, inputs)
    id_, outputs = provider.create(token, wanted)
    assert id_ is not None
    assert provider.read(token, id_, wanted) is not None
    return id_, wanted, outputs


def refused(provider: Provider, token: str, inputs: dict) -> str:
    _, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    ((_, reason),) = failures
    return reason


@pytest.fixture
def world(provider, boto) -> dict[str, Any]:
    ec2 = boto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    cluster = make(
        provider, "aws:ecs/cluster:Cluster", {"settings": [{"name": "containerInsights", "value": "enabled"}]}
    )
    task = make(provider, TASK, {"family": "web", "containerDefinitions": CONTAINERS})
    return {"vpc": vpc, "subnets": subnets, "cluster": cluster[0], "task": task[2]["arn"]}


def test_the_life_of_a_service(provider, boto, world):
    network = {"subnets": world["subnets"], "assignPublicIp": False}
    given = {
        "cluster": world["cluster"],
        "taskDefinition": world["task"],
        "launchType": "FARGATE",
        "desiredCount": 3,
        "networkConfiguration": network,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "deploymentMaximumPercent": 200,
        "availabilityZoneRebalancing": "ENABLED",
        "tags": {"system": "shop"},
        "waitForSteadyState": True,
        "enableEcsManagedTags": True,
    }
    arn, inputs, outputs = make(provider, SERVICE, given)
    assert outputs["arn"] == arn
    ecs = boto("ecs")

    def state() -> dict:
        return ecs.describe_services(cluster=world["cluster"], services=[arn])["services"][0]

    assert state()["desiredCount"] == 3
    assert state()["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"

    more = {
        **inputs,
        "desiredCount": 6,
        "deploymentMaximumPercent": 150,
        "tags": {"system": "shop", "team": "web"},
    }
    more = checked(provider, SERVICE, {name: more[name] for name in more if name != "tagsAll"})
    changed = provider.diff(SERVICE, inputs, more)
    assert (changed.replaces, "desiredCount" in changed.diffs) == ([], True)
    provider.update(SERVICE, arn, inputs, outputs, more)
    assert state()["desiredCount"] == 6
    assert {"key": "team", "value": "web"} in ecs.list_tags_for_resource(resourceArn=arn)["tags"]
    assert provider.diff(SERVICE, inputs, {**inputs, "cluster": "other"}).replaces == ["cluster"]

    provider.delete(SERVICE, arn, more, outputs)
    assert provider.read(SERVICE, arn, more) is None


def test_a_name_that_others_call_a_service_by(provider, boto, world):
    name = {"portName": "web", "discoveryName": "web", "clientAlias": [{"dnsName": "web", "port": 8080}]}
    given = {
        "enabled": True,
        "namespace": "arn:aws:servicediscovery:us-east-1:1:namespace/ns-1",
        "services": [name],
    }
    inputs = {
        "cluster": world["cluster"],
        "taskDefinition": world["task"],
        "serviceConnectConfiguration": given,
    }
    make(provider, SERVICE, {**inputs, "desiredCount": 1})
    wrong = {**given, "services": [{**name, "alias": "web"}]}
    with pytest.raises(ProviderError, match="alias"):
        provider.create(SERVICE, checked(provider, SERVICE, {**inputs, "serviceConnectConfiguration": wrong}))


def test_a_service_that_aws_refuses(provider, boto, world):
    base = {"cluster": world["cluster"], "taskDefinition": world["task"], "launchType": "FARGATE"}
    assert "Network Configuration must be provided" in refused(provider, SERVICE, base)
    strategies = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    both = {
        **base,
        "networkConfiguration": {"subnets": world["subnets"]},
        "capacityProviderStrategies": strategies,
    }
    assert "launch type and capacity provider strategies" in refused(provider, SERVICE, both)
    elb = boto("elbv2")

    def target(kind: str) -> str:
        asked = {"Name": kind, "Protocol": "HTTP", "Port": 80, "VpcId": world["vpc"], "TargetType": kind}
        return elb.create_target_group(**asked)["TargetGroups"][0]["TargetGroupArn"]

    def served_by(arn: str) -> dict:
        balancers = [{"containerName": "web", "containerPort": 80, "targetGroupArn": arn}]
        return checked(
            provider,
            SERVICE,
            {**base, "networkConfiguration": {"subnets": world["subnets"]}, "loadBalancers": balancers},
        )

    lonely, wrong = target("ip"), target("instance")
    with pytest.raises(ProviderError, match="does not have an associated load balancer"):
        provider.create(SERVICE, served_by(lonely))
    front = elb.create_load_balancer(Name="front", Subnets=world["subnets"])["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    for port, arn in ((80, wrong), (81, lonely)):
        action = [{"Type": "forward", "TargetGroupArn": arn}]
        elb.create_listener(LoadBalancerArn=front, Port=port, Protocol="HTTP", DefaultActions=action)
    with pytest.raises(ProviderError, match="target type instance, which is incompatible with awsvpc"):
        provider.create(SERVICE, served_by(wrong))
    assert provider.create(SERVICE, served_by(lonely))[0]


def test_a_task_definition_is_registered_anew_by_every_change(provider, boto):
    given = {"family": "job", "containerDefinitions": CONTAINERS, "requiresCompatibilities": ["FARGATE"]}
    given |= {
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "volumes": [{"name": "v", "hostPath": "/x"}],
    }
    id_, inputs, outputs = make(provider, TASK, given)
    assert (id_, outputs["revision"], outputs["arn"]) == ("job", 1, outputs["arnWithoutRevision"] + ":1")
    task = boto("ecs").describe_task_definition(taskDefinition="job")["taskDefinition"]
    assert task["volumes"] == [{"name": "v", "host": {"sourcePath": "/x"}}]
    assert provider.diff(TASK, inputs, {**inputs, "memory": "1024"}).replaces == ["memory"]
    provider.delete(TASK, id_, inputs, outputs)
    assert boto("ecs").list_task_definitions()["taskDefinitionArns"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"memory": "4096"}, "No Fargate configuration exists for given values: 256 CPU, 4096 memory"),
        ({"cpu": "300"}, "No Fargate configuration exists for given values: 300 CPU, 512 memory"),
        ({"containerDefinitions": "web"}, "containerDefinitions: 'web' is not JSON"),
        (
            {"containerDefinitions": '[{"nam": "x"}]'},
            "containerDefinitions[0].nam: AWS's ContainerDefinition has no such",
        ),
    ],
)
def test_a_task_definition_that_aws_refuses(provider, change, said):
    given = {
        "family": "job",
        "containerDefinitions": CONTAINERS,
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
    }
    assert said in refused(provider, TASK, {**given, **change})


def test_the_life_of_a_repository_and_its_policy(provider, boto):
    key = boto("kms").create_key()["KeyMetadata"]["Arn"]
    given = {
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": key}],
    }
    id_, inputs, outputs = make(provider, REPOSITORY, given)
    assert outputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": key}]
    assert outputs["repositoryUrl"] == f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{id_}"
    more = {**inputs, "imageTagMutability": "MUTABLE"}
    assert provider.diff(REPOSITORY, inputs, more).replaces == []
    provider.update(REPOSITORY, id_, inputs, outputs, more)
    ecr = boto("ecr")
    assert ecr.describe_repositories()["repositories"][0]["imageTagMutability"] == "MUTABLE"

    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
        "action": {"type": "expire"},
    }
    policy = {"repository": id_, "policy": {"rules": [rule]}}
    token = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    _, written, _ = make(provider, token, policy)
    assert written["policy"] == json.dumps(policy["policy"], sort_keys=True, separators=(",", ":"))
    assert json.loads(ecr.get_lifecycle_policy(repositoryName=id_)["lifecyclePolicyText"]) == policy["policy"]
    provider.delete(token, id_, written, {})
    assert provider.read(token, id_, written) is None
    provider.delete(REPOSITORY, id_, more, outputs)
    assert ecr.describe_repositories()["repositories"] == []


def test_the_registrys_replication(provider, boto):
    token = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    rule = {
        "destinations": [{"region": "us-west-2", "registryId": "123456789012"}],
        "repositoryFilters": [{"filter": "shop/", "filterType": "PREFIX_MATCH"}],
    }
    id_, inputs, outputs = make(provider, token, {"replicationConfiguration": {"rules": [rule]}})
    assert (id_, outputs["registryId"]) == ("123456789012", "123456789012")
    assert boto("ecr").describe_registry()["replicationConfiguration"] == {"rules": [rule]}
    provider.delete(token, id_, inputs, outputs)
    assert boto("ecr").describe_registry()["replicationConfiguration"] == {"rules": []}
    assert provider.read(token, id_, inputs) is None


def test_policies_written_in_a_role_come_and_go_with_it(provider, boto):
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    given = {
        "assumeRolePolicy": trust,
        "inlinePolicies": [{"name": "a", "policy": FACTS}, {"name": "b", "policy": FACTS}],
    }
    id_, inputs, outputs = make(provider, ROLE, {**given, "managedPolicyArns": [managed]})
    iam = boto("iam")

    def policies() -> tuple[list[str], list[str]]:
        attached = iam.list_attached_role_policies(RoleName=id_)["AttachedPolicies"]
        return iam.list_role_policies(RoleName=id_)["PolicyNames"], [each["PolicyArn"] for each in attached]

    assert inputs["assumeRolePolicy"] == json.dumps(trust, sort_keys=True, separators=(",", ":"))
    assert policies() == (["a", "b"], [managed])
    more = {**inputs, "inlinePolicies": [{"name": "b", "policy": FACTS}], "managedPolicyArns": []}
    assert provider.diff(ROLE, inputs, more).replaces == []
    provider.update(ROLE, id_, inputs, outputs, more)
    assert policies() == (["b"], [])
    provider.delete(ROLE, id_, more, outputs)
    assert provider.read(ROLE, id_, more) is None


def test_a_role_whose_policy_is_refused_is_not_left_behind(provider, boto):
    before = len(boto("iam").list_roles()["Roles"])
    wanted = checked(
        provider, ROLE, {"assumeRolePolicy": FACTS, "inlinePolicies": [{"name": "a", "policy": "{}"}]}
    )
    with pytest.raises(ProviderError, match="MalformedPolicyDocument"):
        provider.create(ROLE, wanted)
    assert len(boto("iam").list_roles()["Roles"]) == before
