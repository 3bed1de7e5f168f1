"""What programs in the wild do, on the Pulumi CLI with the sandbox's providers."""

from __future__ import annotations

import re

import pytest

from tests.engine.harness import Sandbox
from tests.sandbox.projects import project

ALL_IN_ONE = """
def tagged(args):
    if args.type_ != "aws:ec2/vpc:Vpc":
        return None
    props = {**args.props, "tags": {**(args.props.get("tags") or {}), "by": "transform"}}
    return pulumi.ResourceTransformResult(props, args.opts)

class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        self.vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))

class RandomPet(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("random:index/randomPet:RandomPet", name, {"length": 3})

box = Box("b", pulumi.ResourceOptions(transforms=[tagged]))
roles = [{"role_arn": "arn:aws:iam::123456789012:role/r"}]
west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"side": "west"}}, assume_roles=roles)
away = aws.Provider("away", region="eu-west-1", skip_credentials_validation=True)
for provider in (west, away):
    aws.ec2.Vpc(provider._name, cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))
pet = RandomPet("pet")
bucket = aws.s3.Bucket("assets", bucket=pet.id, force_destroy=True)
aws.s3.BucketObject("o", bucket=bucket, key="o", source=pulumi.FileAsset("beside.txt"))
read = aws.ec2.Vpc.get("read", box.vpc.id)
pulumi.export("pet", pet.id)
pulumi.export("cidr", read.cidr_block)
pulumi.export("tags", box.vpc.tags)
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """The program with everything, in a directory of its own within the project."""
    root = tmp_path_factory.mktemp("any") / "project"
    project(root, ALL_IN_ONE)
    (root / "app").mkdir()
    (root / "__main__.py").rename(root / "app" / "__main__.py")
    (root / "app" / "beside.txt").write_text("from a file")
    runtime = (
        "name: small\nmain: app\nruntime: {name: python, options: {toolchain: poetry, virtualenv: nosuch}}\n"
    )
    (root / "Pulumi.yaml").write_text(runtime)
    (root / "Pulumi.one.yaml").unlink()
    found = Sandbox(root)
    found.answer = found("up", "--config", "small:extra=1").ok()
    yield found
    found.close()


def test_transforms_reach_children(deployed):
    assert deployed.answer.stack("dev")["outputs"]["tags"] == {"by": "transform"}
    assert {"Key": "by", "Value": "transform"} in deployed.vpcs()[0]["Tags"]


def test_several_providers_have_each_its_region_and_tags(deployed):
    (west,), (away,) = deployed.vpcs("us-west-2"), deployed.vpcs("eu-west-1")
    assert {"Key": "side", "Value": "west"} in west["Tags"]
    assert "Tags" not in away or not away["Tags"]


def test_settings_that_change_nothing_are_said_once(deployed):
    assert deployed.answer.told.count("assumeRoles changes nothing here") == 1


def test_names_are_drawn_and_files_arrive(deployed):
    pet = deployed.answer.stack("dev")["outputs"]["pet"]
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", pet)
    body = deployed.boto("s3").get_object(Bucket=pet, Key="o")["Body"].read()
    assert body == b"from a file"


def test_existing_resources_are_read(deployed):
    assert deployed.answer.stack("dev")["outputs"]["cidr"] == "10.0.0.0/16"


def test_a_second_up_changes_nothing(deployed):
    assert deployed("up", "--config", "small:extra=1").ok().stack("dev")["steps"] == {}


def test_what_exists_is_imported_and_what_differs_refused(sandbox):
    small = sandbox(
        'aws.ec2.Vpc("first", cidr_block="10.0.0.0/16")\nif i := config.get("import"):\n'
        '    aws.ec2.Vpc("second", cidr_block=config.get("cidr"), opts=pulumi.ResourceOptions(import_=i))\n'
    )
    small("up").ok()
    default = next(vpc for vpc in small.boto("ec2").describe_vpcs()["Vpcs"] if vpc["IsDefault"])
    adopted = small(
        "up", "--config", f"import={default['VpcId']}", "--config", f"cidr={default['CidrBlock']}"
    ).ok()
    assert adopted.changes("one") == {"import": 1}
    wrong = small("up", "--config", f"import={default['VpcId']}", "--config", "cidr=10.9.0.0/16")
    assert "may not be replaced" in wrong.errors()
    assert [vpc["VpcId"] for vpc in small.vpcs()] != [default["VpcId"]]


def test_aliases_ignored_changes_and_what_is_kept(sandbox):
    small = sandbox("""
    if config.get("second"):
        aws.ec2.Vpc("new", cidr_block="10.0.0.0/16", tags={"t": "2"}, opts=pulumi.ResourceOptions(
            aliases=[pulumi.Alias(name="old")], ignore_changes=["tags", "tagsAll"]))
    else:
        aws.ec2.Vpc("old", cidr_block="10.0.0.0/16", tags={"t": "1"})
        aws.ec2.Vpc("kept", cidr_block="10.1.0.0/16", opts=pulumi.ResourceOptions(retain_on_delete=True))
    """)
    small("up").ok()
    before = {vpc["VpcId"] for vpc in small.vpcs()}
    small("up", "--config", "second=yes").ok()
    assert {vpc["VpcId"] for vpc in small.vpcs()} == before
    assert {tag["Value"] for vpc in small.vpcs() for tag in vpc.get("Tags", ())} == {"1"}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import pulumi_nosuch", "the program imports 'pulumi_nosuch', which "),
        (
            'class R(pulumi.CustomResource): pass\nR("docker:index/image:Image", "r", {})',
            "the provider of package 'docker' is not installed, and the sandbox has only aws, awsx and random",
        ),
        ('aws.ec2.Vpc.get("v", "vpc-none")', "vpc-none"),
    ],
    ids=["module", "provider", "get"],
)
def test_what_cannot_be_had_is_one_line(sandbox, program, said):
    message = sandbox(program)("up").errors()
    assert said in message
    assert len(message.strip().splitlines()) == 1


def test_projects_on_one_sandbox_read_each_other(sandbox, tmp_path):
    first = sandbox('pulumi.export("id", aws.ec2.Vpc("v", cidr_block="10.0.0.0/16").id)')
    made = first("up").ok().stack("one")["outputs"]["id"]
    root = project(
        tmp_path / "reader",
        'pulumi.export("read", pulumi.StackReference("organization/small/one").require_output("id"))',
        name="reader",
    )
    second = Sandbox(root)
    second.state = first.state
    assert second("up").ok().stack("one")["outputs"]["read"] == made
    assert "Still deployed: small/one" in second("down").ok().told
    assert [vpc["VpcId"] for vpc in first.vpcs()] == [made]
