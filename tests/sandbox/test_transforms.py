"""Transforms on the runner: called back over the SDK's own server, before policies and AWS see a resource."""

from __future__ import annotations

import textwrap

import pytest

from tests.sandbox.projects import Runner, project, state_of
from tests.sandbox.test_runner import POLICY, vpcs

BOX = """
class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", tags={"made": "inside"}, opts=inside)

def tagged(**tags):
    def change(args):
        if args.type_ != "aws:ec2/vpc:Vpc":
            return None
        props = {**args.props, "tags": {**(args.props.get("tags") or {}), **tags}}
        return pulumi.ResourceTransformResult(props, args.opts)
    return change
"""


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    def make(program, **more):
        root = project(tmp_path / "project", BOX + textwrap.dedent(program), **more)
        return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)

    return make


def tags_of(found):
    return {tag["Key"]: tag["Value"] for tag in found["Tags"]}


def test_a_components_transform_changes_a_child_and_its_outputs(runner, boto):
    program = """
    box = Box("b", pulumi.ResourceOptions(transforms=[tagged(by="transform")]))
    pulumi.export("tags", box.vpc.tags)
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    (vpc,) = vpcs(boto)
    assert tags_of(vpc) == {"made": "inside", "by": "transform"}
    assert result.outputs["tags"] == {"made": "inside", "by": "transform"}


def test_own_transforms_come_first_then_the_parents_then_the_stacks(runner, boto):
    program = """
    pulumi.runtime.register_resource_transform(tagged(order="stack", stack="yes"))
    box = Box("b", pulumi.ResourceOptions(transforms=[tagged(order="parent", parent="yes")]))
    own = pulumi.ResourceOptions(parent=box, transforms=[tagged(order="own", own="yes")])
    aws.ec2.Vpc("mine", cidr_block="10.1.0.0/16", opts=own)
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    mine = next(vpc for vpc in vpcs(boto) if vpc["CidrBlock"] == "10.1.0.0/16")
    assert tags_of(mine) == {"order": "stack", "own": "yes", "parent": "yes", "stack": "yes"}


def test_options_can_be_changed(runner):
    program = """
    def kept(args):
        args.opts.protect = True
        return pulumi.ResourceTransformResult(args.props, args.opts)
    first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16")
    def after(args):
        return pulumi.ResourceTransformResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(depends_on=[first])))
    aws.ec2.Vpc("second", cidr_block="10.1.0.0/16", opts=pulumi.ResourceOptions(transforms=[kept, after]))
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    first, second = (found for found in result.resources if found.type == "aws:ec2/vpc:Vpc")
    assert (first.protect, second.protect) == (False, True)
    assert first.urn in second.dependencies


def test_unknown_and_secret_values_reach_a_transform_as_outputs(runner, boto):
    program = """
    v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
    def seen(args):
        assert isinstance(args.props["vpcId"], pulumi.Output), args.props
        assert isinstance(args.props["description"], pulumi.Output), args.props
        return pulumi.ResourceTransformResult({**args.props, "name": "given"}, args.opts)
    g = aws.ec2.SecurityGroup("g", vpc_id=v.id, description=pulumi.Output.secret("hidden"),
                              opts=pulumi.ResourceOptions(transforms=[seen]))
    pulumi.export("description", g.description)
    """
    found = runner(program)
    (planned,) = found.preview()
    assert planned.ok, planned.errors
    (result,) = found.up()
    assert result.ok, result.errors
    assert result.secrets == {"description"}
    groups = boto("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["given"]}])
    assert groups["SecurityGroups"][0]["Description"] == "hidden"


def test_invokes_are_transformed(runner):
    program = """
    def elsewhere(args):
        return pulumi.InvokeTransformResult({**args.args, "region": "us-west-2"}, args.opts)
    pulumi.runtime.register_invoke_transform(elsewhere)
    pulumi.export("zones", aws.get_availability_zones(state="available").names)
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    assert all(zone.startswith("us-west-2") for zone in result.outputs["zones"])


def test_policies_see_what_a_transform_made(runner, tmp_path, boto):
    pack = tmp_path / "project" / "policies"
    pack.mkdir(parents=True)
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text(POLICY)
    (plain,) = runner('Box("b")').up()
    assert [found.rule for found in plain.violations] == ["vpc-named"]
    (named,) = runner('Box("b", pulumi.ResourceOptions(transforms=[tagged(Name="n")]))').up()
    assert (named.ok, named.violations) == (True, [])


def test_a_transform_that_fails_is_named_with_its_reason(runner):
    program = """
    def wrong(args):
        raise ValueError("zones: too few")
    Box("b", pulumi.ResourceOptions(transforms=[wrong]))
    """
    message = runner(program).fails(command="preview")
    assert "a transform of 'b' failed: zones: too few" in message
    assert "Traceback" not in message
