"""A program with components of awsx on the runner: the children are AWS's resources like any other."""

from __future__ import annotations

import json

import pytest

from sandbox.report.recovery import judged
from tests.sandbox.projects import PROGRAMS, Runner, project, state_of

SERVICE = "awsx:ecs:FargateService"
TASK = f"{SERVICE}$awsx:ecs:FargateTaskDefinition"
HEAD = "import pulumi_awsx as awsx\n"


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    def make(program):
        root = project(tmp_path / "project", HEAD + program)
        return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)

    return make


def test_a_service_and_its_images(aws_endpoint, boto, tmp_path):
    runner = Runner(PROGRAMS / "containers", state_of(aws_endpoint, tmp_path))
    (planned,) = runner.preview()
    assert planned.errors == []
    (result,) = runner.up()
    assert result.errors == []
    found = {resource.urn.split("::", 2)[2]: resource for resource in result.resources}
    assert found.keys() == {each.urn.split("::", 2)[2] for each in planned.resources}
    children = {urn: found[urn].parent.split("::", 2)[2] for urn in found if urn.startswith("awsx:")}
    stack = "pulumi:pulumi:Stack::containers-one"
    assert children == {
        f"{SERVICE}::web": stack,
        f"{TASK}::web": f"{SERVICE}::web",
        f"{TASK}$aws:cloudwatch/logGroup:LogGroup::web": f"{TASK}::web",
        f"{TASK}$aws:iam/role:Role::web-task": f"{TASK}::web",
        f"{TASK}$aws:iam/role:Role::web-execution": f"{TASK}::web",
        f"{TASK}$aws:iam/rolePolicyAttachment:RolePolicyAttachment::web-execution-9a42f520": f"{TASK}::web",
        f"{TASK}$aws:ecs/taskDefinition:TaskDefinition::web": f"{TASK}::web",
        f"{SERVICE}$aws:ecs/service:Service::web": f"{SERVICE}::web",
        "awsx:ecr:Repository::Images": stack,
        "awsx:ecr:Repository$aws:ecr/repository:Repository::images": "awsx:ecr:Repository::Images",
        "awsx:ecr:Repository$aws:ecr/lifecyclePolicy:LifecyclePolicy::images": "awsx:ecr:Repository::Images",
    }
    ecs, (url, family) = boto("ecs"), (result.outputs["url"], result.outputs["family"])
    (service,) = ecs.describe_services(
        cluster=found["aws:ecs/cluster:Cluster::apps"].id, services=[result.outputs["service"]]
    )["services"]
    assert (service["desiredCount"], service["launchType"]) == (6, "FARGATE")
    assert service["loadBalancers"][0]["containerPort"] == 8080
    task = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
    assert (task["cpu"], task["memory"]) == ("512", "1024")
    assert task["containerDefinitions"][0]["image"] == f"{url}:1.27"
    assert {"key": "team", "value": "web"} in ecs.list_tags_for_resource(resourceArn=service["serviceArn"])[
        "tags"
    ]
    (repository,) = boto("ecr").describe_repositories()["repositories"]
    assert (repository["repositoryUri"], repository["imageTagMutability"]) == (url, "IMMUTABLE")
    policy = boto("ecr").get_lifecycle_policy(repositoryName=repository["repositoryName"])[
        "lifecyclePolicyText"
    ]
    assert [rule["selection"]["tagStatus"] for rule in json.loads(policy)["rules"]] == ["untagged", "any"]
    role = found[f"{TASK}$aws:iam/role:Role::web-task"].id
    assert boto("iam").list_role_policies(RoleName=role)["PolicyNames"] == ["facts"]


def test_the_components_deploy(aws_endpoint, boto, tmp_path):
    runner = Runner(PROGRAMS / "container_service", state_of(aws_endpoint, tmp_path))
    (result,) = runner.up()
    assert result.errors == []
    out, ecs = result.outputs, boto("ecs")
    (service,) = ecs.describe_services(cluster=out["cluster"], services=[out["service"]])["services"]
    assert service["desiredCount"] == 6
    assert service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    assert service["loadBalancers"][0]["containerName"] == "app"
    for region in ("us-east-1", "us-west-2"):
        (repository,) = boto("ecr", region).describe_repositories()["repositories"]
        assert (repository["repositoryName"], repository["imageTagMutability"]) == (
            "shop/test/web",
            "IMMUTABLE",
        )
        assert repository["encryptionConfiguration"]["encryptionType"] == "KMS"
    (rule,) = boto("ecr").describe_registry()["replicationConfiguration"]["rules"]
    assert rule["destinations"][0]["region"] == "us-west-2"
    zone = judged([result], ["one"]).as_json()["failures"]["zone"]
    (unit,) = (node for node in zone["nodes"] if node["name"] == "web-service")
    assert (unit["kind"], unit["verdict"]) == ("compute", "met"), "4 of 6 tasks are left, and enough"


def test_providers_and_protection_reach_the_children(runner, boto):
    west = runner(
        'west = aws.Provider("west", region="us-west-2")\n'
        'awsx.ecr.Repository("images", opts=pulumi.ResourceOptions(providers=[west], protect=True))'
    )
    (result,) = west.up()
    assert result.errors == []
    assert len(boto("ecr", "us-west-2").describe_repositories()["repositories"]) == 1
    assert boto("ecr").describe_repositories()["repositories"] == []
    assert [found.name for found in result.resources if found.protect] == ["images", "images", "images"]


TRANSFORMED = """
def more(args):
    if args.type_ == "aws:ecs/service:Service":
        return pulumi.ResourceTransformResult({**args.props, "desiredCount": 7}, args.opts)
    if args.type_ == "awsx:ecs:FargateService" and CHANGED:
        return pulumi.ResourceTransformResult({**args.props, "tags": {"team": "web"}}, args.opts)
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
awsx.ecs.FargateService(
    "web",
    cluster=aws.ecs.Cluster("apps").arn,
    network_configuration={"subnets": [subnet.id]},
    task_definition_args={
        "container": {"name": "web", "image": pulumi.Output.concat("nginx:", vpc.id)},
        "log_group": {"skip": True},
    },
    opts=pulumi.ResourceOptions(transforms=[more]),
)
"""


@pytest.mark.parametrize("changed", [True, False], ids=["with the component", "children only"])
def test_transforms_reach_the_component_and_its_children(runner, changed):
    (result,) = runner(f"CHANGED = {changed}\n{TRANSFORMED}").up()
    assert result.errors == []
    (service,) = (found for found in result.resources if found.type == "aws:ecs/service:Service")
    assert service.inputs["desiredCount"] == 7
    assert service.inputs.get("tags") == ({"team": "web"} if changed else None)
    (task,) = (found for found in result.resources if found.type == "aws:ecs/taskDefinition:TaskDefinition")
    assert json.loads(task.inputs["containerDefinitions"])[0]["image"].startswith("nginx:vpc-")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            'awsx.ecr.Repository("images", lifecycle_policy={"rule": []})',
            "awsx:ecr:Repository 'images': unknown argument lifecyclePolicy.rule; allowed are rules, skip",
        ),
        (
            'awsx.ecr.Image("i", repository_url="r", image_name="n")',
            "awsx:ecr:Image 'i': it builds an image with Docker",
        ),
        (
            'class R(pulumi.ComponentResource): pass\nR("eks:index:Cluster", "r", {}, None, True)',
            "can't do the remote component eks:index:Cluster ('r'); the Pulumi CLI can",
        ),
        (
            'awsx.ecr.Repository("images", name="Images", lifecycle_policy={"skip": True})',
            "InvalidParameterException: 'Images' (6 characters); allowed are 2 to 256 small letters and digits",
        ),
        (
            'awsx.ecr.Repository("images", lifecycle_policy={"rules": [{"tag_status": "any"}]})',
            "lifecyclePolicy.rules: got none of maximumNumberOfImages, maximumAgeLimit, exactly one is needed",
        ),
    ],
    ids=["argument", "docker", "other", "child", "in an output"],
)
def test_what_cannot_be_made_is_one_message(runner, boto, program, said):
    message = runner(program).fails(command="preview")
    assert said in message
    assert "Traceback" not in message
    assert "\n" not in message
    assert boto("ecr").describe_repositories()["repositories"] == []
