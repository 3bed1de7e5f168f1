"""Components of awsx under the Pulumi CLI: made by the sandbox's awsx, judged by the policy pack, removed again."""

from __future__ import annotations

import shutil

from sandbox.aws import server
from tests.engine.harness import Sandbox
from tests.sandbox.projects import PROGRAMS

SINGLE = """
import pulumi_awsx as awsx
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
awsx.ecs.FargateService(
    "web",
    cluster=aws.ecs.Cluster("apps").arn,
    desired_count=1,
    network_configuration={"subnets": [subnet.id], "assign_public_ip": True},
    task_definition_args={"container": {"name": "web", "image": "nginx:1.27", MORE}},
)
"""


def test_the_life_of_a_service(tmp_path):
    root = tmp_path / "containers"
    shutil.copytree(PROGRAMS / "containers", root)
    sandbox = Sandbox(root)
    try:
        first = sandbox("up").ok().stack("one")
        ecs = sandbox.boto("ecs")
        (cluster,) = ecs.list_clusters()["clusterArns"]
        (service,) = ecs.describe_services(cluster=cluster, services=[first["outputs"]["service"]])[
            "services"
        ]
        assert (service["desiredCount"], service["taskDefinition"].rsplit("/", 1)[-1]) == (
            6,
            f"{first['outputs']['family']}:1",
        )
        again = sandbox("up").ok()
        assert again.changes("one") == {}
        by_cli = {found["urn"] for found in again.stack("one")["resources"]}
        sandbox("down").ok()
        assert server.running(sandbox.state) is None
        by_runner = sandbox("up", engine="runner").ok().stack("one")["resources"]
        assert {found["urn"] for found in by_runner} == by_cli
    finally:
        sandbox.close()


def test_the_components_change_nothing_the_second_time(tmp_path):
    root = tmp_path / "service"
    shutil.copytree(PROGRAMS / "container_service", root)
    main = root / "__main__.py"
    main.write_text(main.read_text().replace("str(Path(__file__).parents[4])", repr(str(server.REPOSITORY))))
    sandbox = Sandbox(root)
    try:
        sandbox("up").ok()
        assert sandbox("up").ok().changes("one") == {}
        assert [
            found["repositoryName"]
            for found in sandbox.boto("ecr", "us-west-2").describe_repositories()["repositories"]
        ] == ["shop/test/web"]
        sandbox("down").ok()
    finally:
        sandbox.close()


def test_an_unknown_argument_is_named(sandbox):
    small = sandbox(SINGLE.replace("MORE", '"colour": "red"'), stacks={"one": {"aws:region": "us-east-1"}})
    assert (
        "unknown argument taskDefinitionArgs.container.colour; allowed are command," in small("up").errors()
    )


def test_policies_judge_the_children_on_both_engines(sandbox):
    small = sandbox(SINGLE.replace("MORE", ""), stacks={"one": {"aws:region": "us-east-1"}})
    (small.root / "policies").symlink_to(server.REPOSITORY / "policies", target_is_directory=True)
    found = {engine: small("preview", engine=engine).stack("one") for engine in ("pulumi", "runner")}
    judged = {
        engine: {(each["rule"], each["urn"]) for each in stack["violations"] if "awsx:" in each["urn"]}
        for engine, stack in found.items()
    }
    service = "awsx:ecs:FargateService$aws:ecs/service:Service::web"
    assert {rule for rule, urn in judged["runner"] if urn.endswith(service)} >= {"ecs-service-multi-az"}
    assert judged["pulumi"] == judged["runner"]
