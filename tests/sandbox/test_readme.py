"""README: its commands run, its keys and paths exist, its links lead somewhere.

Whatever stands there in code type is a command of one of the two tables below, a key, a path or a known word; anything else fails a test.
"""

from __future__ import annotations

import itertools
import json
import re
import shlex
import subprocess
from importlib.util import find_spec

import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ServiceModel

from architectures.registry import KINDS
from policies.recovery import __main__ as recovery
from sandbox import __main__ as cli
from sandbox.arguments import choices, parser
from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.engines import project as projects
from sandbox.engines.runner import engine as runner_engine
from tests.sandbox.projects import InProcess, project, state_of
from tests.test_documented import BY_KIND, SYSTEMS
from tests.test_settings import changed, load

ROOT = server.REPOSITORY
TEXT = (ROOT / "README.md").read_text()
FENCES = re.findall(r"```(\w*)\n(.*?)```", TEXT, re.DOTALL)
PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
SPANS = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", PROSE)]
TYPED = [
    line.removeprefix("$ ").partition(" # ")[0].strip()
    for language, block in FENCES
    if language == "console"
    for line in block.splitlines()
]
USAGE = next(span for span in SPANS if span.startswith("python -m sandbox up|"))

HERE = [
    "make up",
    "make preview",
    "make status",
    "make down",
    "aws elbv2 describe-load-balancers --region us-east-1",
    "aws rds describe-global-clusters --region us-west-2",
    "python -m policies.recovery prod.json dr.json",
    "python -m sandbox up --policy-pack-config rules.json",
    "python -m sandbox up --project ../shop --config aws:region=eu-west-1",
    "python -m sandbox down --project ../shop",
]
"""Commands that a test below runs: those of `make` with the Makefile's arguments, on a small project."""
_CLI = "needs the Pulumi CLI, and an account of AWS"
NOT_HERE = {
    "make": "stands for all of them",
    "make runbook": "only read: test_runbook.py runs what it calls",
    "make drill": "only read: drills/test_three_tier.py runs what it calls",
    "make report": "only read: test_report_command.py runs it",
    "make test": "only read: it runs this test",
    "make bench": "only read: it measures for minutes",
    "make up EXAMPLE=two-systems": "only read: tests/test_examples.py runs both stacks of each example",
    "python -m sandbox refresh": "only read: needs the Pulumi CLI, with which tests/engine/test_refresh.py runs it",
    USAGE: "a form, held against the parser",
    "export AWS_ENDPOINT_URL=$(cat .sandbox/endpoint) AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test": (
        "sets variables for what follows, which runs with the same"
    ),
    "aws secretsmanager rotate-secret --secret-id ARN": "needs a secret of a deployment; held against AWS's model",
    "python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt": (
        "installs packages; the Makefile's rule for .venv does the same before any test"
    ),
    "pulumi stack init prod && pulumi up --stack prod --policy-pack policies": _CLI,
    "pulumi stack init dr && pulumi up --stack dr --policy-pack policies": _CLI,
    "pulumi up": _CLI,
    "pulumi up --stack prod": _CLI,
    "pulumi up --stack prod --config-file examples/two-systems/prod.yaml": _CLI,
    "pulumi up --stack prod --policy-pack policies --policy-pack-config rules.json": _CLI,
    "pulumi stack export --stack prod > prod.json": _CLI,
    "pulumi stack ls": _CLI,
    "pulumi destroy": _CLI,
}
"""Commands that no test here runs, and why."""
OPTIONS = {"--config key=value", "--state DIR"}
WORDS = OPTIONS | {
    *("aws", "awsx", "random"),
    *("prod", "dr", "dev", "organization", "organization/<project>/<stack>", "Pulumi.<stack>.yaml"),
    *("next", "true", '"2026-12"', "<system>-db-master-secret-..."),
    *("pulumi.Stash", "pulumi.run(main)", "opts=pulumi.ResourceOptions(transforms=[patient])"),
}
"""Packages, names of stacks and of their files, outputs, values, Python."""
MADE = {".sandbox/", ".sandbox/endpoint", ".venv/bin/python"}
"""Paths that are there after the first command."""
_TOOLS = r"(make|python3?|pip|pulumi|aws|git|export|source|cd|docker)\b"


def squeezed(command):
    return " ".join(command.split())


def settings_key(span):
    """The setting that a span names, by its path, and the value that it gives it."""
    path, colon, value = span.removeprefix("holdfast:").partition(": ")
    places = (path, *(f"systems.{system}.{path}" for system in SYSTEMS.values()))
    known = {"systems", *itertools.chain.from_iterable(BY_KIND.values())}
    found = next((each for each in places if each in known), None)
    return found, yaml.safe_load(value) if colon else None


def is_path(span):
    return any((place / span).exists() for place in (ROOT, ROOT / "components"))


def test_blocks_are_of_languages_that_are_tested():
    assert {language for language, _ in FENCES} == {"console", "python", "yaml"}
    typed = [line for language, block in FENCES if language == "console" for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in typed)


def test_every_command_is_run_or_said_why_not():
    spans = [span for span in SPANS if re.match(_TOOLS, span) and span not in WORDS]
    written = {squeezed(command) for command in (*TYPED, *spans)}
    assert written - {*HERE, *NOT_HERE} == set(), "neither run nor said why not"
    assert {*HERE, *NOT_HERE} - written == set(), "README has it no more"
    assert not {*HERE} & {*NOT_HERE}


def test_everything_in_code_type_is_known():
    known = {*HERE, *NOT_HERE, *WORDS, *MADE, *KINDS}
    assert [
        span for span in SPANS if span not in known and not is_path(span) and not settings_key(span)[0]
    ] == []
    assert [span for span in WORDS | MADE if span not in SPANS] == []


def test_every_key_is_a_setting_and_takes_the_value_that_is_given():
    keys = {span: settings_key(span) for span in SPANS if span.startswith("holdfast:")}
    assert len(keys) > 5
    assert [span for span, (path, _) in keys.items() if path is None] == []
    for span, (path, value) in keys.items():
        if value is not None:
            assert load(changed(f"holdfast:{path}", value)), span


def headings(path):
    marks = re.compile(r"[^\w\- ]")
    found = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {marks.sub("", heading.lower()).replace(" ", "-") for heading in found}


def test_every_link_leads_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PROSE) if not link.startswith("https://")]
    assert len(links) > 15
    for link in links:
        path, _, heading = link.partition("#")
        target = ROOT / path if path else ROOT / "README.md"
        assert target.exists(), link
        assert not heading or heading in headings(target), link


def made(command):
    """What a target of the Makefile does, its last line, as words."""
    target = [*shlex.split(command), "--dry-run", "--no-print-directory"]
    done = subprocess.run(target, cwd=ROOT, capture_output=True, text=True, check=True)
    return shlex.split(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("command", [each for each in (*HERE, *NOT_HERE) if each.startswith("make ")])
def test_each_target_calls_a_module_that_is_there_with_options_that_it_takes(command):
    python, option, module, *arguments = made(command)
    assert (python, option) == (".venv/bin/python", "-m")
    assert find_spec(module) is not None
    if module == "sandbox":
        found = parser().parse_args(arguments)
        assert command.split()[1] == found.command
        assert [choice.name for choice in choices(projects.load(ROOT), found)] == ["prod", "dr"]


def options():
    return {
        option: action
        for action in parser()._actions
        for option in action.option_strings
        if option != "--help"
    }


def test_the_form_is_that_of_the_parser():
    commands, *_ = re.findall(r"sandbox (\S+)", USAGE)
    (given,) = (action for action in parser()._actions if action.dest == "command")
    assert commands.split("|") == list(given.choices)
    forms = dict(re.findall(r"\[(--[\w-]+)([^\]]*)\]", USAGE))
    known = {name: action for name, action in options().items() if name.startswith("--")}
    elsewhere = " ".join((*OPTIONS, *(each for each in HERE if each.startswith("python -m sandbox "))))
    said = {*forms, *re.findall(r"--[\w-]+", elsewhere)}
    assert said == set(known)
    for name, form in forms.items():
        words = known[name].metavar or "|".join(known[name].choices or ())
        assert form.split()[:1] == ([words] if words else []), name


@pytest.mark.parametrize(
    "command", [each for each in NOT_HERE if each.startswith("python -m sandbox ") and each != USAGE]
)
def test_what_needs_the_pulumi_cli_is_taken_by_the_parser(command):
    assert parser().parse_args(shlex.split(command)[3:])


@pytest.mark.parametrize(
    "command", [each for each in NOT_HERE if each.startswith("pulumi ") or "pip" in each]
)
def test_files_that_commands_for_aws_name_are_there(command):
    made_by_the_user = {"prod.json", "rules.json"}
    files = re.findall(r"(?:-r|--config-file|--policy-pack|--policy-pack-config|>) (\S+)", command)
    assert [file for file in files if file not in made_by_the_user and not (ROOT / file).exists()] == []


@pytest.mark.parametrize("command", [each for each in (*HERE, *NOT_HERE) if each.startswith("aws ")])
def test_calls_of_aws_are_ones_that_it_has(command, aws_endpoint):
    _, service, operation, *arguments = shlex.split(command)
    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    name = "".join(part.capitalize() for part in operation.split("-"))
    known = next(each for each in model.operation_names if each.lower() == name.lower())
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    region = given.pop("--region", "us-east-1")
    members = {"".join(part.capitalize() for part in option.strip("-").split("-")) for option in given}
    assert members <= set(model.operation_model(known).input_shape.members)
    if command in HERE:
        answer = getattr(client(aws_endpoint, service, region), operation.replace("-", "_"))()
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


BUCKET = 'aws.s3.Bucket("files", tags={"dr-tier": "3"})\n'


@pytest.fixture
def run(tmp_path, aws_endpoint, monkeypatch, capsys):
    """`run(command)` runs a command of the sandbox as README has it, where a small project stands in for this one."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    region = {"aws:region": "us-east-1"}
    for name in ("holdfast", "shop"):
        root = project(tmp_path / name, BUCKET, stacks={"prod": region, "dr": region}, name=name)
    root = tmp_path / "holdfast"
    (root / "policies").symlink_to(ROOT / "policies", target_is_directory=True)
    (root / "rules.json").write_text(json.dumps({"all": "advisory"}))
    monkeypatch.chdir(root)
    state = state_of(aws_endpoint, tmp_path / "state")
    monkeypatch.setattr(server, "stop", lambda _: True)  # it is this process

    def execute(command, *more):
        words = made(command)[3:] if command.startswith("make ") else shlex.split(command)[3:]
        status = cli.main([*words, *more], root=root, state=state)
        return status, capsys.readouterr().out

    return execute


def test_the_first_steps(run):
    """In README's order. The policies refuse such a project, which the file lets go."""
    runner, lenient = ("--engine", "runner"), ("--policy-pack-config", "rules.json")
    status, out = run("make up", *runner, *lenient)
    assert status == 0, out
    assert "AWS_ENDPOINT_URL" in out
    status, out = run("make preview", *lenient)
    assert status == 0, out
    status, out = run("make status")
    assert (status, "stacks: prod, dr" in out) == (0, True), out
    status, out = run("make down")
    assert (status, "The AWS on this machine is stopped." in out) == (0, True), out


def test_rules_are_configured_by_a_file(run):
    assert run("make up", "--engine", "runner")[0] == 1
    status, out = run("python -m sandbox up --policy-pack-config rules.json", "--engine", "runner")
    assert status == 0, out
    assert "policy advisory: " in out


def test_another_program_is_tried(run, boto):
    status, out = run(
        "python -m sandbox up --project ../shop --config aws:region=eu-west-1", "--engine", "runner"
    )
    assert status == 0, out
    names = [bucket["Name"] for bucket in boto("s3").list_buckets()["Buckets"]]
    assert len(names) == 2
    assert boto("s3").get_bucket_location(Bucket=names[0])["LocationConstraint"] == "eu-west-1"
    status, out = run("python -m sandbox down --project ../shop")
    assert status == 0, out


def test_what_is_deployed_is_judged(tmp_path, monkeypatch, capsys):
    command = "python -m policies.recovery prod.json dr.json"
    monkeypatch.chdir(tmp_path)
    for stack, region in (("prod", "us-east-1"), ("dr", "us-west-2")):
        token = "aws:dynamodb/table:Table"
        urn = f"urn:pulumi:{stack}::shop::{token}::orders"
        table = {"urn": urn, "type": token, "custom": True, "inputs": {}, "outputs": {"region": region}}
        (tmp_path / f"{stack}.json").write_text(
            json.dumps({"version": 3, "deployment": {"resources": [table]}})
        )
    assert recovery.main(shlex.split(command)[3:]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Recovery of dr, prod: unattainable")
    assert "unattainable: orders: DynamoDB table, region failure" in out
