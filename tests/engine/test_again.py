"""A second `up` with the Pulumi CLI: both stacks are planned side by side, and whatever has changed is seen. In the order of the file."""

from __future__ import annotations

import pytest

from tests.engine.harness import Sandbox
from tests.sandbox.projects import project

STACKS = {"dr": {"aws:region": "us-west-2"}, "prod": {"aws:region": "us-east-1"}}
PROGRAM = """
with open("runs", "a") as runs:
    runs.write(f"{pulumi.get_stack()} {pulumi.runtime.is_dry_run()}\\n")
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags={"Name": "v"})
pulumi.export("note", config.get("note") or "none")
if pulumi.get_stack() == "dr":
    pulumi.export("peer", pulumi.StackReference("organization/small/prod").require_output("note"))
    pulumi.export("of_aws", aws.ssm.get_parameter(name="shared", region="us-east-1").insecure_value)
else:
    aws.ssm.Parameter("first", name="shared", type="String", insecure_value="by the program",
                      opts=pulumi.ResourceOptions(ignore_changes=["insecureValue"]))
"""
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def small(args, report):
    if args.resource_type == "aws:ec2/vpc:Vpc" and args.props["cidrBlock"].endswith("/16"):
        report("a network of a /16 is large")

PolicyPack("small", policies=[ResourceValidationPolicy("small", "Small networks.", small, enforcement_level=EnforcementLevel.LEVEL)])
"""


class Project(Sandbox):
    """The project, its policy pack and the runs of its program."""

    def pack(self, level):
        (self.root / "policies" / "__main__.py").write_text(PACK.replace("LEVEL", level))

    def edit(self, before, after):
        main = self.root / "__main__.py"
        assert before in main.read_text()
        main.write_text(main.read_text().replace(before, after))

    def runs(self):
        """The runs of the program since the last time, as (stack, whether it was a plan)."""
        file = self.root / "runs"
        found = [tuple(line.split()) for line in file.read_text().splitlines()]
        file.unlink()
        return sorted((stack, dry == "True") for stack, dry in found)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    root = project(tmp_path_factory.mktemp("again") / "project", PROGRAM, stacks=STACKS)
    (root / "policies").mkdir()
    (root / "policies" / "PulumiPolicy.yaml").write_text("name: small\nruntime: python\n")
    found = Project(root)
    found.pack("ADVISORY")
    try:
        found.first = found("up").ok()
        yield found
    finally:
        found.close()


PLANS = [("dr", True), ("prod", True)]
UPDATED = [("dr", False), ("dr", True), ("prod", False), ("prod", True)]


def test_both_programs_run_once_and_change_nothing(deployed):
    deployed.runs()
    again = deployed("up").ok()
    assert deployed.runs() == PLANS
    assert (again.stack("prod")["steps"], again.stack("dr")["steps"]) == ({}, {})
    assert list(again.document["stacks"]) == ["prod", "dr"]
    assert again.told.index("prod planning") < again.told.index("dr planning")
    for stack in ("prod", "dr"):
        assert again.stack(stack)["outputs"] == deployed.first.stack(stack)["outputs"]
        assert [found["rule"] for found in again.stack(stack)["violations"]] == ["small"]


def test_what_the_first_stack_puts_out_anew_reaches_the_second(deployed):
    with deployed.changed("prod", lambda config: config.update(note="new")):
        noted = deployed("up").ok()
    assert noted.stack("dr")["outputs"]["peer"] == "new"
    runs = deployed.runs()
    # The plan of dr that was begun beside prod's is given up, sooner or later than its program runs.
    assert [run for i, run in enumerate(runs) if run not in runs[:i]] == UPDATED


def test_what_changed_in_aws_is_seen(deployed):
    deployed("up").ok()
    deployed.boto("ssm").put_parameter(Name="shared", Value="by hand", Type="String", Overwrite=True)
    deployed.runs()
    seen = deployed("up").ok()
    assert seen.stack("dr")["outputs"]["of_aws"] == "by hand"
    assert deployed.runs() == [("dr", False), *PLANS]


def test_what_changed_in_the_program_is_seen(deployed):
    deployed.edit('"Name": "v"', '"Name": pulumi.get_stack()')
    assert deployed("up").ok().changes("prod") == {"update": 1}
    assert {"Key": "Name", "Value": "dr"} in deployed.vpcs("us-west-2")[0]["Tags"]


def test_a_first_stack_that_fails_ends_the_command(deployed):
    with deployed.changed("prod", lambda config: config.update(bad=True)):
        deployed.edit(
            "import pulumi\n", "import pulumi\nif pulumi.Config().get('bad'): raise pulumi.RunError('bad')\n"
        )
        failed = deployed("up")
    assert failed.errors().startswith("bad\n")
    assert list(failed.document["stacks"]) == ["prod"]


def test_a_rule_that_became_strict_stops_what_changes_nothing(deployed):
    deployed.pack("MANDATORY")
    stopped = deployed("up")
    assert stopped.status == 1
    assert [found["level"] for found in stopped.stack("prod")["violations"]] == ["mandatory"]
    assert "dr" not in stopped.document["stacks"]
