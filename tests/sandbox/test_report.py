"""What the user sees."""

from __future__ import annotations

import dataclasses
import io
import json
import time
from pathlib import Path

from rich.console import Console

from sandbox.engines.model import HIDDEN, UNKNOWN, Event, Resource, StackResult, Violation
from sandbox.report.document import PENDING, document
from sandbox.report.progress import Progress
from sandbox.report.summary import short, summarize, way_in

STACK = Resource("urn:s", "pulumi:pulumi:Stack", "p-s", "", custom=False)
PART = Resource("urn:c", "holdfast:network:Vpc", "net", "urn:s", custom=False)
RESULT = StackResult(
    "prod",
    resources=[
        STACK,
        PART,
        Resource("urn:v", "aws:ec2/vpc:Vpc", "net-vpc", "urn:c", kind="simulated"),
        Resource("urn:l", "aws:rds/globalCluster:GlobalCluster", "db", "urn:c", kind="extended"),
        Resource("urn:a", "aws:globalaccelerator/accelerator:Accelerator", "acc", "urn:s", kind="recorded"),
    ],
    outputs={"id": "vpc-1", "password": "swordfish", "later": {"a": [UNKNOWN]}},
    secrets=frozenset({"password"}),
    violations=[
        Violation("tags-required", "urn:v", "advice\nin two lines", "advisory"),
        Violation("tags-required", "urn:z::other", "advice\nin two lines", "advisory"),
        Violation("multi-az", "urn:l", "must span zones", "mandatory"),
        Violation("tags-required", "urn:z::third", "other advice for third", "advisory"),
        Violation("objectives", "urn:z", "the worst", "mandatory"),
        Violation("objectives", "urn:a", "not so bad", "mandatory"),
    ],
    errors=["[bold]broken[/]"],
    changes={"create": 3, "delete": 0},
)


def text(results=(RESULT,), width=200):
    console = Console(file=io.StringIO(), width=width)
    summarize(console, list(results))
    return console.file.getvalue()


def test_the_tree_follows_parents_and_marks_what_moto_does_not_do_alone():
    lines = text().splitlines()
    (part,) = [line for line in lines if "net network.Vpc" in line]
    (vpc,) = [line for line in lines if "net-vpc ec2.Vpc" in line]
    (accelerator,) = [line for line in lines if "acc globalaccelerator.Accelerator" in line]
    assert part.index("net") < vpc.index("net-vpc"), "the child is indented under its component"
    assert "(recorded)" in accelerator
    assert "(" not in vpc
    assert not any("pulumi:pulumi:Stack" in line for line in lines)


def test_kinds_are_counted_and_listed():
    lines = text().splitlines()
    (extended,) = [line for line in lines if line.startswith("extended")]
    (recorded,) = [line for line in lines if line.startswith("recorded")]
    assert extended.split()[1:3] == ["1", "rds.GlobalCluster"]
    assert recorded.split()[1:3] == ["1", "globalaccelerator.Accelerator"]
    assert "3 AWS resources" in text()


def test_violations_name_rule_resource_and_level_mandatory_first():
    found = text()
    assert found.index("policy mandatory: multi-az") < found.index("policy advisory: tags-required")
    assert "  advice\n  in two lines" in found
    assert "urn:l" in found
    assert "and so for other\n" in found
    assert found.count("  advice\n  in two lines") == 1, "the same advice is told once"
    assert "  other advice for third\n" in found
    assert found.index("the worst") < found.index("not so bad"), "the order is the pack's"


def test_advice_that_waits_for_values_is_told_once_for_all():
    waits = "{0}: {0}-policy.policy is not known before the deployment, so this rule can't judge it yet"
    violations = [Violation("tls", f"urn:z::{name}", waits.format(name), "advisory") for name in "ab"]
    found = text([StackResult("x", violations=violations)])
    assert found.count("can't judge it yet") == 1
    assert "and so for b\n" in found


def test_without_violations_it_says_so_where_a_pack_was_asked():
    assert "policy: no violation" in text([StackResult("x", policy_checked=True)])
    assert "policy" not in text([StackResult("x")])


def test_outputs_hide_secrets_and_say_what_is_not_known():
    found = text()
    assert "swordfish" not in found
    assert HIDDEN in found
    assert PENDING in found
    assert UNKNOWN not in found


def test_nothing_is_cut_however_narrow_the_terminal():
    arn = "arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"
    outputs = {"group": {"z": "[last]", "keyArn": arn}, "recovery": {"schema": 1}}
    found = text([dataclasses.replace(RESULT, outputs=outputs)], width=40)
    assert f"outputs\n  group.keyArn  {arn}\n  group.z       [last]\n" in found
    assert "\u2026" not in found
    assert "globalaccelerator.Accelerator" in "".join(found.split())
    assert "outputs" not in text([dataclasses.replace(RESULT, outputs={"recovery": {}})])


def test_a_group_of_plain_values_within_a_group_stays_together():
    outputs = {"systems": {"web": {"site": "https://a.example", "agreement": {"kind": "k", "site": None}}}}
    found = text([dataclasses.replace(RESULT, outputs=outputs)])
    assert (
        '  systems.web.agreement  {"kind": "k", "site": null}\n  systems.web.site       https://a.example\n'
        in found
    )


def test_errors_and_changes_are_shown_as_they_are():
    assert "error: [bold]broken[/]" in text()
    assert "done: 3 create\n" in text()


def test_the_document_has_what_was_promised():
    found = json.loads(json.dumps(document("runner", 1.234, [RESULT], [])))
    assert (found["engine"], found["seconds"], found["errors"]) == ("runner", 1.23, [])
    stack = found["stacks"]["prod"]
    assert stack["resources"][2] == {"urn": "urn:v", "type": "aws:ec2/vpc:Vpc", "kind": "simulated"}
    assert stack["violations"][2] == {
        "rule": "multi-az",
        "urn": "urn:l",
        "message": "must span zones",
        "level": "mandatory",
    }
    assert stack["outputs"] == {"id": "vpc-1", "password": HIDDEN, "later": {"a": [PENDING]}}
    assert stack["errors"] == ["[bold]broken[/]"]


def test_progress_says_a_line_a_phase_where_there_is_no_terminal():
    console = Console(file=io.StringIO(), width=120)
    with Progress(console) as progress:
        progress(Event("prod", "preview"))
        progress(Event("prod", "planned", "aws:ec2/vpc:Vpc", "a"))
        progress(Event("prod", "planned", "aws:ec2/vpc:Vpc", "b"))
        progress(Event("prod", "log", message="[red]as it is[/]"))
        progress(Event("prod", "up"))
        progress(Event("prod", "created", "aws:ec2/vpc:Vpc", "a"))
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "prod [red]as it is[/]"
    assert lines[1].startswith("prod planning: 2 planned (")
    assert lines[2].startswith("prod deploying: 1 created (")


def test_progress_counts_from_when_a_phase_began():
    console = Console(file=io.StringIO(), width=120)
    with Progress(console) as progress:
        progress(Event("dr", "preview", since=time.monotonic() - 100))
    assert console.file.getvalue().startswith("dr planning: nothing (100.")


def test_progress_lives_on_a_terminal():
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    with Progress(console) as progress:
        progress(Event("prod", "up"))
        progress(Event("prod", "created", "aws:ec2/vpc:Vpc", "the-latest"))
    assert "the-latest" in console.file.getvalue()


def test_the_way_in_has_address_and_both_tools():
    console = Console(file=io.StringIO(), width=120)
    way_in(console, "http://127.0.0.1:1", "us-east-1", Path("there"), "make it end")
    found = console.file.getvalue()
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:1" in found
    assert "(also in there/endpoint) until `make it end`" in found
    assert "boto3" in found
    assert "aws --region us-east-1" in found


def test_short_names():
    assert short("aws:ec2/vpc:Vpc") == "ec2.Vpc"
    assert short("holdfast:data:Bucket") == "data.Bucket"
    assert short("odd") == "odd"
