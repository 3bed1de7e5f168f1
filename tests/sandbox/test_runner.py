"""The runner: programs of a few lines, planned and deployed on the in-process AWS."""

from __future__ import annotations

import json
import textwrap

import pytest

from sandbox.engines.model import UNKNOWN, EngineError
from tests.sandbox.projects import PROGRAMS, Runner, project, state_of

VPC = 'aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")\n'
DYNAMIC = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Made(ResourceProvider):
    def create(self, props):
        return CreateResult("id", {})

class Thing(Resource):
    def __init__(self, name):
        super().__init__(Made(), name, {})

Thing("d")
"""
HOOKED = """
hook = pulumi.ResourceHook("h", lambda args: None)
bound = pulumi.ResourceHookBinding(after_create=[hook])
aws.ec2.Vpc("v", opts=pulumi.ResourceOptions(hooks=bound))
"""
POLICY = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy

def named(args, report):
    if args.resource_type == "aws:ec2/vpc:Vpc" and "Name" not in (args.props.get("tags") or {}):
        report("a VPC needs a name")

def few(args, report):
    found = [r for r in args.resources if r.resource_type == "aws:ec2/vpc:Vpc"]
    if len(found) > 2:
        report(f"{len(found)} VPCs", found[1].urn)

PolicyPack("small", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("vpc-named", "VPCs have names.", named),
    StackValidationPolicy("few-vpcs", "One VPC.", few),
])
"""


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    def make(program, *, process=False, **more):
        root = project(tmp_path / "project", program, **more)
        return Runner(root, state_of(aws_endpoint, tmp_path / "state"), None if process else monkeypatch)

    return make


def vpcs(boto, region="us-east-1"):
    return [v for v in boto("ec2", region).describe_vpcs()["Vpcs"] if not v["IsDefault"]]


def test_two_stacks_one_reading_the_other(aws_endpoint, boto, tmp_path):
    runner = Runner(PROGRAMS / "two_stacks", state_of(aws_endpoint, tmp_path))
    first, second = runner.up("first", "second")
    assert (first.ok, second.ok) == (True, True)
    assert [r.urn.split("::", 2)[2] for r in first.resources] == [
        "pulumi:pulumi:Stack::two-stacks-first",
        "test:network:Network::net",
        "test:network:Network$aws:ec2/vpc:Vpc::net-vpc",
        "test:network:Network$aws:ec2/securityGroup:SecurityGroup::net-group",
    ]
    stack, component, vpc, group = first.resources
    assert (component.parent, vpc.parent, group.parent) == (stack.urn, component.urn, component.urn)
    assert (component.custom, vpc.custom, vpc.protect, group.protect) == (False, True, True, False)
    assert vpc.kind == "simulated"
    assert first.outputs["vpcId"] == vpc.id == vpcs(boto)[0]["VpcId"]
    assert second.outputs["peerVpcId"] == vpc.id
    assert first.outputs["zones"] == ["use1-az1", "use1-az2"], "structured configuration arrives as JSON"
    assert first.secrets == {"password"}
    (there,) = vpcs(boto, "us-west-2")
    assert there["CidrBlock"] == "10.1.0.0/16", "the stack's region, and its value over the project's default"
    assert {"Key": "given", "Value": "by-default"} in there["Tags"]
    assert [e.action for e in runner.events if e.action in ("preview", "up")] == [
        "preview",
        "preview",
        "up",
        "up",
    ]

    again = runner.up("second")
    assert [result.name for result in again] == ["first", "second"], "the empty AWS would have lost `first`"
    assert all(result.ok for result in again)
    assert len(vpcs(boto)) == len(vpcs(boto, "us-west-2")) == 1


def test_a_preview_creates_nothing_and_leaves_what_aws_computes_unknown(
    aws_endpoint, boto, tmp_path, monkeypatch
):
    runner = Runner(PROGRAMS / "two_stacks", state_of(aws_endpoint, tmp_path), monkeypatch)
    first, second = runner.preview("first", "second")
    assert (first.ok, second.ok, first.preview) == (True, True, True)
    assert first.outputs["vpcId"] == second.outputs["peerVpcId"] == UNKNOWN
    assert vpcs(boto) == vpcs(boto, "us-west-2") == []
    assert runner.engine.left() == []


def test_a_peer_that_was_never_deployed_is_named(aws_endpoint, tmp_path, monkeypatch):
    runner = Runner(PROGRAMS / "two_stacks", state_of(aws_endpoint, tmp_path), monkeypatch)
    (second,) = runner.up("second")
    assert not second.ok
    (error, *_) = second.errors
    assert "'organization/two-stacks/first'" in error
    assert "never been deployed" in error
    assert "--stack first" in error


def test_an_output_that_the_peer_lacks_is_named(runner):
    program = """
    if pulumi.get_stack() == "two":
        pulumi.export("x", pulumi.StackReference("organization/small/one").require_output("missing"))
    """
    found = runner(program, stacks={"one": {"aws:region": "us-east-1"}, "two": {"aws:region": "us-east-1"}})
    one, two = found.preview("one", "two")
    assert one.ok
    assert "no output 'missing'" in two.errors[0]
    assert "Traceback" not in two.errors[0]


def test_a_stack_finds_nothing_of_itself_since_each_deployment_begins_anew(runner):
    program = """
    own = pulumi.StackReference("organization/small/one")
    pulumi.export("earlier", own.outputs.apply(lambda known: sorted(known)))
    """
    found = runner(program)
    for _ in range(2):
        [one] = found.up("one")
        assert (one.errors, one.outputs["earlier"]) == ([], [])


def test_an_aws_error_stops_the_run_and_says_what_was_made(runner, boto):
    program = (
        VPC + 'aws.ec2.Subnet("s", vpc_id=pulumi.Output.from_input("vpc-none"), cidr_block="10.0.0.0/24",'
        " opts=pulumi.ResourceOptions(depends_on=[v]))\n"
    ).replace('aws.ec2.Vpc("v"', 'v = aws.ec2.Vpc("v"')
    found = runner(
        program
        + 'aws.ec2.Vpc("later", cidr_block=s.arn)\n'.replace("s.arn", "v.arn.apply(lambda _: '10.9.0.0/16')")
    )
    message = found.fails()
    assert "InvalidVpcID.NotFound" in message
    assert "aws:ec2/subnet:Subnet::s" in message
    assert "Created before the error" in message
    assert "aws:ec2/vpc:Vpc::v" in message
    assert len(vpcs(boto)) >= 1
    assert found.engine.left() == []


def test_what_the_sandbox_cannot_do_is_an_error_for_each_before_anything_is_made(runner, boto):
    program = VPC + 'aws.qldb.Ledger("a", permissions_mode="STANDARD")\n'
    program += 'aws.qldb.Ledger("b", permissions_mode="STANDARD")\n'
    message = runner(program).fails()
    assert message.count("aws:qldb/ledger:Ledger: AWS has ended QLDB") == 2
    assert vpcs(boto) == []


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (VPC + VPC, "duplicate resource URN 'urn:pulumi:one::small::aws:ec2/vpc:Vpc::v'"),
        (
            'class R(pulumi.CustomResource): pass\nR("docker:index/image:Image", "r", {})',
            "the runner can't do resources of the package 'docker' (docker:index/image:Image)",
        ),
        (
            'class R(pulumi.ComponentResource): pass\nR("eks:index:Cluster", "r", {}, None, True)',
            "the remote component eks:index:Cluster ('r')",
        ),
        (
            'aws.ec2.Vpc("v", opts=pulumi.ResourceOptions(import_="vpc-1"))',
            "AWS has no aws:ec2/vpc:Vpc with id 'vpc-1'",
        ),
        ('aws.ec2.Vpc.get("v", "vpc-1")', "AWS has no aws:ec2/vpc:Vpc with id 'vpc-1'"),
        (
            DYNAMIC,
            "the runner can't do dynamic providers",
        ),
        (
            HOOKED,
            "the runner can't do resource hooks ('h')",
        ),
        ('pulumi.Stash("s")', "s (urn:pulumi:one::small::pulumi:index:Stash::s): input: missing required"),
        (
            'class R(pulumi.CustomResource): pass\nR("pulumi:index:Other", "r", {"input": 1})',
            "the runner can't do resources of the type pulumi:index:Other",
        ),
        ("import nosuch_package.inner", "the program imports 'nosuch_package', which "),
        ("aws.get_partition(bogus=1)", "bogus"),
        (
            "pulumi.runtime.invoke('aws:none/none:none', {})",
            "aws:none/none:none: the sandbox has no row for this function",
        ),
        ("import sys; sys.exit(3)", "ended itself with status 3"),
    ],
    ids=[
        "duplicate",
        "package",
        "remote",
        "import",
        "get",
        "dynamic",
        "hook",
        "stash of nothing",
        "builtin",
        "module",
        "argument",
        "invoke",
        "exit",
    ],
)
def test_what_cannot_be_had_is_said(runner, program, said):
    assert said in runner(program).fails(command="preview")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ('raise pulumi.RunError("zones: too few")', "zones: too few"),
        (
            'class SettingsError(ValueError): ...\nraise SettingsError("holdfast:zones is [], at least 2")',
            "holdfast:zones is [], at least 2",
        ),
        ('raise ValueError("cidr: /30 is too small")', "cidr: /30 is too small (__main__.py:5)"),
        (
            'pulumi.Output.from_input(1).apply(lambda _: (_ for _ in ()).throw(pulumi.RunError("in an apply")))',
            "in an apply",
        ),
        ("config.require('absent')", "Missing required configuration variable 'small:absent'"),
    ],
    ids=["RunError", "SettingsError", "ValueError", "apply", "missing configuration"],
)
def test_a_users_mistake_is_one_message_without_a_traceback(runner, program, message):
    found = runner(program).fails(command="preview")
    assert message in found
    assert "Traceback" not in found
    assert "File" not in found


def test_a_fault_of_the_program_has_a_traceback_that_begins_in_it(runner):
    found = runner("def f():\n    return {}['gone']\nf()").fails(command="preview")
    assert "KeyError: 'gone'" in found
    assert "__main__.py" in found.splitlines()[1]


def test_nothing_is_created_by_a_stack_while_a_later_one_has_no_valid_plan(runner, boto):
    program = VPC + 'if pulumi.get_stack() == "two": raise pulumi.RunError("two is wrong")'
    found = runner(program, stacks={name: {"aws:region": "us-east-1"} for name in ("one", "two")})
    one, two = found.up("one", "two")
    assert one.preview
    assert two.errors == ["two is wrong"]
    assert vpcs(boto) == []


def test_explicit_providers_have_their_own_region_and_tags(runner, boto):
    program = """
    there = aws.Provider("there", region="eu-west-1", default_tags={"tags": {"team": "x"}})
    aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=there))
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    (vpc,) = vpcs(boto, "eu-west-1")
    assert {"Key": "team", "Value": "x"} in vpc["Tags"]
    assert vpcs(boto) == []


def test_legacy_transformations_run(runner, boto):
    program = """
    def name(args):
        return pulumi.ResourceTransformationResult({**args.props, "tags": {"by": "transformation"}}, args.opts)
    pulumi.runtime.register_stack_transformation(lambda args: name(args) if args.type_.endswith(":Vpc") else None)
    """
    (result,) = runner(textwrap.dedent(program) + VPC).up()
    assert result.ok, result.errors
    assert {"Key": "by", "Value": "transformation"} in vpcs(boto)[0]["Tags"]


def test_existing_resources_are_read(runner):
    program = """
    v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
    pulumi.export("cidr", v.id.apply(lambda i: aws.ec2.Vpc.get("again", i).cidr_block))
    """
    (result,) = runner(program).up()
    assert result.outputs["cidr"] == "10.0.0.0/16"


IMPORTING = """
aws.ec2.Vpc("v", cidr_block=config.get("cidr"), opts=pulumi.ResourceOptions(import_=config.get("id")))
"""


def test_what_exists_is_imported_as_it_is(runner, boto):
    default = next(vpc for vpc in boto("ec2").describe_vpcs()["Vpcs"] if vpc["IsDefault"])
    given = {"aws:region": "us-east-1", "id": default["VpcId"], "cidr": default["CidrBlock"]}
    (planned,) = runner(IMPORTING, stacks={"one": given}).preview()
    assert planned.ok, planned.errors
    (found,) = [each for each in planned.resources if each.custom and each.type.startswith("aws:")]
    assert (found.id, found.outputs["cidrBlock"]) == (default["VpcId"], default["CidrBlock"])
    message = runner(IMPORTING, stacks={"one": {**given, "cidr": "10.9.0.0/16"}}).fails(command="preview")
    assert f"of {default['VpcId']!r} cidrBlock is {default['CidrBlock']!r}, not '10.9.0.0/16'" in message


def test_the_options_of_a_resource_are_taken(runner, boto):
    program = """
    first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(protect=True))
    opts = pulumi.ResourceOptions(
        aliases=[pulumi.Alias(name="old")], delete_before_replace=True, depends_on=[first], ignore_changes=["tags"],
        retain_on_delete=True, replace_on_changes=["cidr_block"], deleted_with=first,
        custom_timeouts=pulumi.CustomTimeouts(create="1m"), additional_secret_outputs=["arn"])
    second = aws.ec2.Vpc("second", cidr_block="10.1.0.0/16", opts=opts)
    pulumi.export("arn", second.arn)
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    assert result.secrets == {"arn"}
    first, second = (each for each in result.resources if each.type == "aws:ec2/vpc:Vpc")
    assert first.protect
    assert second.dependencies == [first.urn]
    assert len(vpcs(boto)) == 2


def test_a_resource_given_as_a_value_is_its_id(runner, boto):
    program = """
    bucket = aws.s3.Bucket("b")
    aws.s3.BucketVersioning("v", bucket=bucket, versioning_configuration={"status": "Enabled"})
    pulumi.export("name", bucket.id)
    """
    (result,) = runner(program).up()
    assert result.ok, result.errors
    assert boto("s3").get_bucket_versioning(Bucket=result.outputs["name"])["Status"] == "Enabled"


def test_a_provider_whose_settings_are_not_known_yet_plans_without_answers(runner, boto):
    program = """
    first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16")
    tags = first.id.apply(lambda i: {"tags": {"of": i}})
    later = aws.Provider("later", region="us-west-2", default_tags=tags)
    v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=later))
    pulumi.export("arn", v.arn)
    """
    found = runner(program)
    (planned,) = found.preview()
    assert planned.ok, planned.errors
    assert planned.outputs["arn"] == UNKNOWN
    (result,) = found.up()
    assert result.ok, result.errors
    assert {"Key": "of", "Value": vpcs(boto)[0]["VpcId"]} in vpcs(boto, "us-west-2")[0]["Tags"]


def test_settings_of_a_provider_that_change_nothing_are_said_once(runner):
    program = """
    roles = [{"role_arn": "arn:aws:iam::123456789012:role/r"}]
    other = aws.Provider("other", region="us-west-2", assume_roles=roles)
    aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=other))
    """
    found = runner(program, process=True)
    (result,) = found.up()
    assert result.ok, result.errors
    logged = [event.message for event in found.events if event.action == "log"]
    assert len([message for message in logged if "assumeRoles changes nothing here" in message]) == 1


def test_a_plan_that_fails_leaves_the_deployment_that_was_there(runner, boto):
    good = runner(VPC)
    (first,) = good.up()
    (made,) = vpcs(boto)
    (failed,) = runner(VPC + 'raise pulumi.RunError("no")').up()
    assert not failed.ok
    assert [vpc["VpcId"] for vpc in vpcs(boto)] == [made["VpcId"]]
    assert good.engine.left() == ["one"]
    assert first.ok


def test_a_new_stack_leaves_those_deployed_alone_and_any_order_works(runner, boto):
    stacks = {name: {"aws:region": "us-east-1"} for name in ("prod", "dr")}
    program = VPC.replace("aws.ec2", "v = aws.ec2") + 'pulumi.export("id", v.id)\n'
    program += 'if pulumi.get_stack() == "dr":\n'
    program += (
        '    pulumi.export("peer", pulumi.StackReference("organization/small/prod").require_output("id"))\n'
    )
    found = runner(program, stacks=stacks)
    (prod,) = found.up("prod")
    (dr,) = found.up("dr")
    assert dr.outputs["peer"] == prod.outputs["id"], "prod is still the one that was deployed"
    again = found.up("prod")
    assert [result.name for result in again] == ["prod", "dr"]
    assert all(result.ok for result in again)
    assert again[1].outputs["peer"] == again[0].outputs["id"]
    assert len(vpcs(boto)) == 2


def test_secret_inputs_stay_secret_in_outputs(runner):
    program = 'v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags=pulumi.Output.secret({"a": "b"}))\n'
    (result,) = runner(program + 'pulumi.export("tags", v.tags)\npulumi.export("id", v.id)').up()
    assert result.secrets == {"tags"}


def test_a_stash_answers_with_what_it_is_given(runner):
    program = 's = pulumi.Stash("s", input={"image": "ami-1"})\n'
    program += 'pulumi.export("kept", s.output)\npulumi.export("id", s.id)'
    for command in ("preview", "up"):
        (result,) = getattr(runner(program), command)()
        assert result.ok
        assert result.outputs["kept"] == {"image": "ami-1"}
    assert result.outputs["id"]


def test_what_the_program_prints_and_logs_is_passed_on(runner):
    found = runner(process=True, program='print("hello")\npulumi.log.warn("mind the gap")')
    (result,) = found.preview()
    assert result.ok
    logged = [event.message for event in found.events if event.action == "log"]
    assert "hello" in logged
    assert "warning: mind the gap" in logged


@pytest.fixture
def guarded(runner, tmp_path):
    def make(program):
        pack = tmp_path / "project" / "policies"
        pack.mkdir(parents=True)
        (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
        (pack / "__main__.py").write_text(POLICY)
        return runner(program)

    return make


def test_a_mandatory_violation_stops_up_before_anything_is_created(guarded, boto):
    (result,) = guarded(VPC).up()
    assert not result.ok
    (found,) = result.violations
    assert (found.rule, found.level) == ("vpc-named", "mandatory")
    assert found.urn == "urn:pulumi:one::small::aws:ec2/vpc:Vpc::v"
    assert "a VPC needs a name" in found.message
    assert vpcs(boto) == []


def test_the_stack_is_judged_as_a_whole(guarded, boto):
    named = 'aws.ec2.Vpc("{0}", cidr_block="10.0.0.0/16", tags={{"Name": "{0}"}})\n'
    (result,) = guarded("".join(map(named.format, "abc"))).up()
    assert [(found.rule, found.message.split("\n")[1]) for found in result.violations] == [
        ("few-vpcs", "3 VPCs")
    ]
    assert vpcs(boto) == []


def test_a_conforming_stack_passes_the_pack(guarded, boto):
    (result,) = guarded('aws.ec2.Vpc("a", cidr_block="10.0.0.0/16", tags={"Name": "a"})').up()
    assert (result.ok, result.policy_checked, result.violations) == (True, True, [])
    assert len(vpcs(boto)) == 1


def test_a_violation_that_only_real_values_show_stops_before_that_resource(guarded, boto):
    program = """
    v = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags={"Name": "v"})
    aws.ec2.Vpc("w", cidr_block="10.1.0.0/16", tags=v.id.apply(lambda i: {"Other": i}))
    """
    (result,) = guarded(program).up()
    assert any("vpc-named" in error for error in result.errors), result
    assert len(vpcs(boto)) == 1


def test_configuration_errors_come_before_anything_runs(runner):
    found = runner(VPC, stacks={"one": {"aws:region": "us-east-1", "key": {"secure": "v1:x"}}})
    with pytest.raises(EngineError, match="'small:key' is encrypted"):
        found.up()
    with pytest.raises(
        EngineError, match=r"stack 'none' has no configuration: .*Pulumi\.none\.yaml does not exist.*one"
    ):
        found.up("none")
    assert found.events == []


def test_a_child_that_dies_is_an_error_with_its_last_words(runner):
    with pytest.raises(EngineError, match=r"ended without a result(.|\n)*last words"):
        runner(process=True, program='import os, sys; print("last words", flush=True); os._exit(1)').preview()


def test_state_is_plain_json(runner, tmp_path):
    runner(VPC).up()
    (kept,) = (tmp_path / "state" / "runner").glob("*.json")
    assert json.loads(kept.read_text())["complete"] is True
